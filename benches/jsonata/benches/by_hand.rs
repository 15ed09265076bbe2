//! The expressions as one writes them by hand, over the same values.
//!
//! Straight loops without intermediate arrays; what is not there or is of another kind makes the whole nothing.

use asl_runtime::{Object, Text, Value};
use std::fmt::Write as _;

/// An expression by hand.
pub(crate) type ByHand = fn(&Inputs, &Value) -> Option<Value>;

/// What the expressions see beside `$i`.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) acc: Value,
    pub(crate) n: Value,
    pub(crate) items: Value,
}

/// What does the work of an expression, by its name; those after the first eight are in the file beside the workloads.
pub(crate) fn find(name: &str) -> Option<ByHand> {
    let table: [(&str, ByHand); 13] = [
        ("sum_map_filter", |inputs, i| sum_map_filter(inputs, i, 80.0)),
        ("inc", inc),
        ("less", less),
        ("path_filter", path_filter),
        ("object", |inputs, i| object(inputs, i, "basket-")),
        ("group", group),
        ("sort", sort),
        ("text", text),
        ("e1_sum_map_filter", |inputs, i| sum_map_filter(inputs, i, 90.0)),
        ("e2_inc", inc),
        ("e3_less", less),
        ("e4_path_filter", path_filter),
        ("e5_object", |inputs, i| object(inputs, i, "ord-")),
    ];
    table.into_iter().find(|(other, _)| *other == name).map(|(_, by_hand)| by_hand)
}

#[inline]
fn number(value: &Value) -> Option<f64> {
    value.as_number().map(asl_runtime::Number::as_f64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the result is compared")]
fn result(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number { whole.into() } else { number.into() }
}

/// The sum of price times quantity of what costs more.
fn worth(items: &Value, least: f64) -> Option<f64> {
    let mut sum = 0.0;
    for item in items.as_array()?.iter() {
        let price = number(item.get("price")?)?;
        if price > least {
            sum += price * number(item.get("qty")?)?;
        }
    }
    Some(sum)
}

fn sum_map_filter(inputs: &Inputs, i: &Value, remainder: f64) -> Option<Value> {
    Some(result(number(&inputs.acc)? + worth(&inputs.items, number(i)? % remainder)?))
}

fn inc(_: &Inputs, i: &Value) -> Option<Value> {
    Some(result(number(i)? + 1.0))
}

fn less(inputs: &Inputs, i: &Value) -> Option<Value> {
    Some((number(i)? < number(&inputs.n)?).into())
}

fn path_filter(inputs: &Inputs, i: &Value) -> Option<Value> {
    worth(&inputs.items, number(i)?).map(result)
}

fn object(inputs: &Inputs, i: &Value, start: &str) -> Option<Value> {
    let items = inputs.items.as_array()?;
    let mut total = 0.0;
    for item in items.iter() {
        total += number(item.get("price")?)?;
    }
    let skus: Vec<Value> = items.iter().filter_map(|item| item.get("sku").cloned()).collect();
    let mut object = Object::new();
    object.insert("id", format!("{start}{}", number(i)?));
    object.insert("total", result(total));
    object.insert("skus", Value::Array(skus.into()));
    Some(object.into())
}

fn group(inputs: &Inputs, _: &Value) -> Option<Value> {
    let mut sums: Vec<(&Text, f64)> = Vec::new();
    for item in inputs.items.as_array()?.iter() {
        if number(item.get("qty")?)? <= 4.0 {
            continue;
        }
        let Value::String(tag) = item.get("tag")? else { return None };
        let price = number(item.get("price")?)?;
        match sums.iter_mut().find(|(other, _)| *other == tag) {
            Some((_, sum)) => *sum += price,
            None => sums.push((tag, price)),
        }
    }
    Some(sums.into_iter().map(|(tag, sum)| (tag.clone(), result(sum))).collect::<Object>().into())
}

fn sort(inputs: &Inputs, i: &Value) -> Option<Value> {
    let least = number(i)?;
    let mut kept = Vec::new();
    for item in inputs.items.as_array()?.iter() {
        let price = number(item.get("price")?)?;
        if price > least {
            kept.push((price, item.get("sku")?));
        }
    }
    kept.sort_by(|one, other| other.0.total_cmp(&one.0));
    Some(Value::Array(kept.into_iter().map(|(_, sku)| sku.clone()).collect()))
}

fn text(inputs: &Inputs, _: &Value) -> Option<Value> {
    let mut text = String::new();
    for item in inputs.items.as_array()?.iter() {
        let tag = item.get("tag")?.as_str()?;
        if tag != "a" {
            continue;
        }
        let comma = if text.is_empty() { "" } else { "," };
        let sku = item.get("sku")?.as_str()?.to_uppercase();
        let _ = write!(text, "{comma}{}-{sku}", tag.to_uppercase());
    }
    Some(text.into())
}

/// The machine.
pub(crate) async fn sums(input: &Value, remainder: f64) -> Option<Value> {
    let items = input.get("items")?;
    let n = number(input.get("n")?)?;
    let (mut i, mut acc) = (0.0, 0.0);
    loop {
        acc += worth(items, i % remainder)?;
        i += 1.0;
        if i >= n {
            break;
        }
    }
    let output = [("i", result(i)), ("acc", result(acc))];
    Some(output.into_iter().collect::<Object>().into())
}
