//! An operator has the same result however its sides are written: as data, as a field of it, or as a number or text that was just computed.

use super::*;
use crate::operand::ToData;
use crate::test_world::evaluating;

/// A side in one of the ways to write it.
#[derive(Clone, Copy, Debug)]
enum Written<'a> {
    View(View<'a>),
    Field(Field<'a>),
    Number(Option<f64>),
    Text(&'a str),
}

impl Side for Written<'_> {
    fn quick_number(self) -> Option<f64> {
        match self {
            Self::View(view) => view.quick_number(),
            Self::Field(field) => field.quick_number(),
            Self::Number(number) => number.quick_number(),
            Self::Text(text) => text.quick_number(),
        }
    }

    fn quick_text(&self) -> Option<&str> {
        match self {
            Self::View(view) => view.quick_text(),
            Self::Field(field) => field.quick_text(),
            Self::Number(number) => number.quick_text(),
            Self::Text(text) => text.quick_text(),
        }
    }

    fn other(&self) -> Other<'_> {
        match self {
            Self::View(view) => view.other(),
            Self::Field(field) => field.other(),
            Self::Number(number) => number.other(),
            Self::Text(text) => text.other(),
        }
    }
}

/// What an operator that needs an evaluation comes to, as JSON, or the code of its failure.
fn evaluated(
    act: impl FnOnce(&Evaluation<'_>) -> Result<Data>,
) -> std::result::Result<String, Option<&'static str>> {
    let data = evaluating(act).map_err(|failure| failure.code())?;
    Ok(data.settled().into_json().unwrap_or_default().to_string())
}

/// What sides may be; in an object, so that each is a field as well.
fn holders() -> Vec<Value> {
    let values = r#"[null, true, 0, 1, -1, 2, 7, -7, 2.5, 1e10, "", "a", "b", "\ud83d\ude00", "\uffff", [], [1, 2], {}]"#;
    let values = Value::from_json(values).unwrap();
    let values = values.as_array().unwrap().iter().cloned();
    values.map(|value| Value::Object(std::iter::once(("side", value)).collect())).collect()
}

fn as_number(value: &Value) -> Option<f64> {
    View::Value(value).as_f64()
}

fn ways(holder: &Value) -> Vec<Written<'_>> {
    let value = holder.get("side").unwrap();
    let mut ways = vec![Written::View(View::Value(value)), Written::Field(side(View::Value(holder), "side"))];
    ways.extend(as_number(value).map(|number| Written::Number(Some(number))));
    ways.extend(value.as_str().map(Written::Text));
    ways
}

/// All pairs of values, in all ways to write them.
fn pairs(mut see: impl FnMut(&Value, &Value, Written<'_>, Written<'_>)) {
    let holders = holders();
    for (left, right) in holders.iter().flat_map(|left| holders.iter().map(move |right| (left, right))) {
        for one in ways(left) {
            for other in ways(right) {
                see(left.get("side").unwrap(), right.get("side").unwrap(), one, other);
            }
        }
    }
}

#[test]
fn numbers_are_calculated_with_and_nothing_else() {
    pairs(|left, right, one, other| {
        let found = [
            add(one, other),
            subtract(one, other),
            multiply(one, other),
            divide(one, other),
            remainder(one, other),
        ];
        let expected = as_number(left).zip(as_number(right));
        let Some((left, right)) = expected else {
            let refused: Vec<_> = found.iter().map(|found| found.as_ref().map_err(Failure::code)).collect();
            let side = if as_number(left).is_none() { "T2001" } else { "T2002" };
            assert!(refused.iter().all(|found| *found == Err(Some(side))), "{one:?} {other:?}: {refused:?}");
            return;
        };
        let expected = [left + right, left - right, left * right, left / right, left % right];
        for (found, expected) in found.into_iter().zip(expected) {
            let found = found.unwrap().unwrap();
            assert!(found == expected || found.is_nan() && expected.is_nan(), "{one:?} {other:?}: {found}");
        }
    });
}

#[test]
fn numbers_and_texts_are_in_order() {
    pairs(|left, right, one, other| {
        let numbers =
            as_number(left).zip(as_number(right)).and_then(|(left, right)| left.partial_cmp(&right));
        let texts = left.as_str().zip(right.as_str());
        let order = numbers.or(texts.map(|(left, right)| left.encode_utf16().cmp(right.encode_utf16())));
        let found =
            [less(one, other), less_or_equal(one, other), greater(one, other), greater_or_equal(one, other)];
        let Some(order) = order else {
            assert!(found.iter().all(Result::is_err), "{one:?} {other:?}: {found:?}");
            return;
        };
        let expected = [order.is_lt(), order.is_le(), order.is_gt(), order.is_ge()];
        assert_eq!(found.map(|found| found.unwrap()), expected.map(Some), "{one:?} {other:?}");
    });
}

#[test]
fn equal_values_are_equal_however_they_are_written() {
    pairs(|left, right, one, _| {
        let expected = left == right;
        let (left_view, right_view) = (View::Value(left), View::Value(right));
        assert_eq!(equal(left_view, right_view), expected, "{left} {right}");
        assert_eq!(not_equal(left_view, right_view), !expected, "{left} {right}");
        if let Some(text) = right.as_str() {
            assert_eq!(equal_text(one, text), expected, "{one:?} {text}");
        }
        if let Some(number) = as_number(right) {
            assert_eq!(equal_number(one, Some(number)), expected, "{one:?} {number}");
        }
        // Of objects only the same one is in an array, and of an array its elements are looked for.
        if !matches!(left, Value::Array(_) | Value::Object(_)) {
            let list = Value::Array(std::iter::once(right.clone()).collect());
            assert_eq!(includes(left_view, View::Value(&list)), expected, "{left} in [{right}]");
        }
    });
}

#[test]
fn nothing_is_neither_equal_nor_in_order() {
    let (one, list) = (Value::from(1), Value::from_json("[]").unwrap());
    for (left, right) in [
        (View::Nothing, View::Value(&one)),
        (View::Value(&one), View::Nothing),
        (View::Nothing, View::Nothing),
    ] {
        assert!(!equal(left, right) && !not_equal(left, right) && !includes(left, right));
        assert_eq!(less(left, right).unwrap(), None);
        assert_eq!(add(left, right).unwrap(), None);
    }
    assert!(less(View::Nothing, View::Value(&list)).is_err());
    assert!(!equal_number(View::Nothing, Some(0.0)) && !equal_text(View::Nothing, ""));
    assert_eq!(Operand::View(View::Nothing).count(), 0);
    assert_eq!(Operand::View(View::Value(&list)).count(), 0);
    assert_eq!(Operand::View(View::Value(&one)).count(), 1);
}

#[test]
fn the_sides_of_a_range_are_whole_numbers() {
    let values = [Value::from(1), Value::from(3), Value::from(1.5), Value::from("a"), Value::Null];
    let [one, three, fraction, text, null] = values.each_ref().map(View::Value);
    let found = |left, right| evaluated(|evaluation| range(evaluation, left, right));
    for (left, right, expected) in [
        (one, three, Ok("[1,2,3]")),
        (three, one, Ok("null")),
        (View::Nothing, three, Ok("null")),
        (one, View::Nothing, Ok("null")),
        (fraction, three, Err(Some("T2003"))),
        (text, three, Err(Some("T2003"))),
        (null, View::Nothing, Err(Some("T2003"))),
        (one, fraction, Err(Some("T2004"))),
        (View::Nothing, text, Err(Some("T2004"))),
    ] {
        assert_eq!(found(left, right), expected.map(str::to_owned), "{left:?}..{right:?}");
    }
}

#[test]
fn a_copy_is_what_it_is_a_copy_of() {
    let value = Value::from_json(r#"[1, {"a": "b"}]"#).unwrap();
    let copy = ToData::to_data(&View::Value(&value));
    assert_eq!(ToData::to_data(&copy).into_json(), Some(value));
}

#[test]
fn only_numbers_that_json_has_are_negated() {
    let negated = |number: f64| negate(Data::from(Some(number)).view()).map_err(|failure| failure.code());
    assert_eq!((negated(2.5), negated(-0.5)), (Ok(Some(-2.5)), Ok(Some(0.5))));
    assert_eq!(negated(f64::NAN), Err(Some("D1002")));
    assert_eq!(negated(f64::INFINITY), Err(Some("D1001")));
    assert_eq!(negate(View::Nothing).unwrap(), None);
}
