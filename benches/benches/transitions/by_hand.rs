//! The logic of the machines as one writes it by hand: async functions over `serde_json::Value`.
//!
//! States are straight-line code, data is moved where it can be, and cloned where the workflow needs it twice. A field that is not
//! there is an error, as it is in the machines.

use asl_runtime::Timestamp;
use serde_json::{Map, Value, json};
use std::fmt;
use std::time::Duration;

mod records;

pub(crate) use records::{group, join, merge, sort};

include!(concat!(env!("OUT_DIR"), "/digit.rs"));

/// The resource of the machine `charge`.
pub(crate) const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

/// What a workflow yields.
pub(crate) type Outcome = Result<Value, Failure>;

/// Why a workflow failed.
#[derive(Debug, PartialEq)]
pub(crate) struct Failure(&'static str);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Failure {}

fn field<'v>(value: &'v Value, name: &'static str) -> Result<&'v Value, Failure> {
    value.get(name).ok_or(Failure(name))
}

fn field_mut<'v>(value: &'v mut Value, name: &'static str) -> Result<&'v mut Value, Failure> {
    value.get_mut(name).ok_or(Failure(name))
}

fn integer(value: &Value, name: &'static str) -> Result<i64, Failure> {
    field(value, name)?.as_i64().ok_or(Failure(name))
}

fn take(value: &mut Value, name: &'static str) -> Result<Value, Failure> {
    field_mut(value, name).map(Value::take)
}

fn put(value: &mut Value, name: &str, new: Value) -> Result<(), Failure> {
    value.as_object_mut().ok_or(Failure("no object"))?.insert(name.to_owned(), new);
    Ok(())
}

/// `hello`
pub(crate) async fn hello(_input: Value) -> Outcome {
    Ok(json!({ "greeting": "hello" }))
}

/// `sums`
pub(crate) async fn sums(document: Value) -> Outcome {
    let number = |value: &Value, name| field(value, name)?.as_f64().ok_or(Failure(name));
    let turns = number(&document, "n")?;
    let items = field(&document, "items")?.as_array().ok_or(Failure("items"))?;
    let (mut turn, mut sum) = (0.0, 0.0);
    while turn < turns {
        for item in items {
            let price = number(item, "price")?;
            if price > turn % 80.0 {
                sum += price * number(item, "qty")?;
            }
        }
        turn += 1.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "both are whole numbers")]
    let output = json!({ "i": turn as i64, "acc": sum as i64 });
    Ok(output)
}

/// `count`: as the definition says it, a new object in each turn.
pub(crate) async fn count(mut document: Value) -> Outcome {
    loop {
        let count = integer(&document, "count")? + 1;
        let limit = take(&mut document, "limit")?;
        document = json!({ "count": count, "limit": limit });
        if count >= integer(&document, "limit")? {
            return Ok(document);
        }
    }
}

/// `count`: one object that is changed, because the difference is not seen.
pub(crate) async fn count_in_place(mut document: Value) -> Outcome {
    loop {
        let count = field_mut(&mut document, "count")?;
        let next = count.as_i64().ok_or(Failure("count"))? + 1;
        *count = next.into();
        if next >= integer(&document, "limit")? {
            return Ok(document);
        }
    }
}

/// `chain`
pub(crate) async fn chain(mut document: Value) -> Outcome {
    for step in 0..200_u32 {
        match step % 7 {
            0 => {
                let label = label(field(&document, "order")?)?;
                put(&mut document, "label", label)?;
            }
            1 => put(&mut document, "audit", json!({ "checked": true, "step": step }))?,
            2 => {
                let lines = field(field(&document, "order")?, "lines")?.clone();
                put(&mut document, "picked", lines)?;
            }
            3 => {
                let invoice = invoice(field(&document, "picked")?)?;
                put(&mut document, "invoice", invoice)?;
            }
            4 => {
                let mut only = Map::new();
                for name in ["order", "label", "audit", "picked", "invoice"] {
                    only.insert(name.to_owned(), take(&mut document, name)?);
                }
                document = Value::Object(only);
            }
            5 => put(field_mut(field_mut(&mut document, "order")?, "history")?, "revision", step.into())?,
            // The document goes into a field and out of it again.
            _ => {}
        }
    }
    Ok(document)
}

fn label(order: &Value) -> Outcome {
    let customer = field(order, "customer")?;
    Ok(json!({
        "order": field(order, "number")?,
        "to": { "name": field(customer, "name")?, "city": field(field(customer, "address")?, "city")? },
        "from": "warehouse"
    }))
}

fn invoice(picked: &Value) -> Outcome {
    let lines = picked.as_array().ok_or(Failure("no array"))?;
    let [first, second, ..] = lines.as_slice() else { return Err(Failure("too few lines")) };
    let all: Vec<_> = lines.iter().filter_map(|line| line.get("article")).collect();
    Ok(json!({ "first": field(first, "article")?, "price": field(second, "price")?, "all": all }))
}

/// `document`
pub(crate) async fn document(mut document: Value) -> Outcome {
    for step in 0..100_u32 {
        if step % 2 == 0 {
            put(&mut document, "step", step.into())?;
        } else {
            let rows = field(field(&document, "table")?, "length")?.clone();
            put(&mut document, "last", json!({ "rows": rows, "step": step }))?;
        }
    }
    Ok(document)
}

/// `codes`
pub(crate) async fn codes(mut document: Value) -> Outcome {
    while let Some(digit) = digit(text(&document, "code")?) {
        let count = integer(&document, "count")?;
        let codes = take(&mut document, "codes")?;
        let place = usize::try_from(count).map_err(|_| Failure("count"))?;
        let code = codes.get(place).ok_or(Failure("code"))?.clone();
        document = json!({ "count": count + 1, "codes": codes, "code": code, "digit": digit });
    }
    Ok(document)
}

/// `grid`
pub(crate) async fn grid(mut document: Value) -> Outcome {
    let Value::Array(rows) = take(&mut document, "rows")? else { return Err(Failure("no array")) };
    let mut outputs = Vec::with_capacity(rows.len());
    for mut row in rows {
        let Value::Array(mut parcels) = take(&mut row, "parcels")? else { return Err(Failure("no array")) };
        for parcel in &mut parcels {
            let is_heavy = number(parcel, "kilos")? > 20.0;
            put(parcel, "carrier", if is_heavy { "truck" } else { "bike" }.into())?;
        }
        outputs.push(Value::Array(parcels));
    }
    Ok(Value::Array(outputs))
}

/// `label`
pub(crate) async fn label_all(mut document: Value) -> Outcome {
    let Value::Array(parcels) = take(&mut document, "parcels")? else { return Err(Failure("no array")) };
    let mut labelled = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        labelled.push(label_one(parcel).await?);
    }
    Ok(Value::Array(labelled))
}

async fn label_one(mut parcel: Value) -> Outcome {
    let (number, kilos) = (take(&mut parcel, "number")?, take(&mut parcel, "kilos")?);
    let city = field(&parcel, "city")?.as_str().ok_or(Failure("city"))?;
    let label = format!("parcel {number} to {city}");
    let carrier = if kilos.as_f64().is_some_and(|kilos| kilos > 20.0) { "truck" } else { "bike" };
    Ok(json!({ "number": number, "kilos": kilos, "label": label, "carrier": carrier }))
}

/// `fan`
pub(crate) async fn fan(document: Value) -> Outcome {
    fan_out(1, &document).await
}

/// `long_fan`
pub(crate) async fn long_fan(document: Value) -> Outcome {
    fan_out(5, &document).await
}

async fn fan_out(times: u32, document: &Value) -> Outcome {
    let mut outputs = Vec::with_capacity(50);
    for branch in 0..50_u32 {
        let mut output = document.clone();
        for _ in 0..times {
            output = one_branch(branch, output).await?;
        }
        outputs.push(output);
    }
    Ok(Value::Array(outputs))
}

async fn one_branch(branch: u32, mut document: Value) -> Outcome {
    document = json!({ "branch": branch, "seed": take(&mut document, "seed")? });
    put(&mut document, "state", "packed".into())?;
    document = json!({ "branch": take(&mut document, "branch")?, "seed": take(&mut document, "seed")?, "state": "sent" });
    put(&mut document, "sent", branch.into())?;
    Ok(document)
}

/// `charge`
pub(crate) async fn charge_all(mut document: Value) -> Outcome {
    loop {
        let mut attempts = 0;
        let count = loop {
            let parameters =
                json!({ "amount": field(&document, "price")?, "count": field(&document, "count")? });
            match charge(parameters).await {
                Err(Failure("Busy")) if attempts < 2 => {
                    tokio::time::sleep(Duration::from_secs(1 << attempts)).await;
                    attempts += 1;
                }
                Err(refused) if refused == Failure("Refused") => {
                    put(&mut document, "refused", json!({ "Error": refused.0 }))?;
                    return Ok(document);
                }
                other => break other?,
            }
        };
        put(&mut document, "count", count)?;
        if integer(&document, "count")? >= integer(&document, "limit")? {
            return Ok(document);
        }
    }
}

async fn charge(parameters: Value) -> Outcome {
    let (amount, count) = (integer(&parameters, "amount")?, integer(&parameters, "count")?);
    if amount > 0 { Ok((count + 1).into()) } else { Err(Failure("Refused")) }
}

/// `collect`
pub(crate) async fn collect(document: Value) -> Outcome {
    let limit = integer(&document, "limit")?;
    let (mut all, mut count) = (Vec::new(), 0);
    while count < limit {
        all.push(Value::from(count));
        count += 1;
    }
    Ok(json!({ "all": all }))
}

/// `route`
pub(crate) async fn route(mut document: Value) -> Outcome {
    loop {
        match holds(&document)? {
            Route::Enough => return Ok(document),
            Route::Wrong => return Err(Failure("a rule held that must not")),
            Route::Add => {
                let count = integer(&document, "count")? + 1;
                let (limit, order) = (take(&mut document, "limit")?, take(&mut document, "order")?);
                document = json!({ "count": count, "limit": limit, "order": order });
            }
        }
    }
}

/// Where the rules lead.
enum Route {
    Add,
    Enough,
    Wrong,
}

/// The twenty rules in their order, each of which looks up what it compares.
fn holds(document: &Value) -> Result<Route, Failure> {
    let order = field(document, "order")?;
    let count = number(document, "count")?;
    let early = is(order, "status", "CANCELLED")?
        || number(order, "total")? > 5000.0
        || (flag(order, "paid")? && flag(order, "gift")?)
        || (is(order, "country", "FR")? || is(order, "country", "IT")?)
        || matches(text(order, "file")?, &["orders/", "/part-", ".csv"]);
    if early {
        return Ok(Route::Wrong);
    }
    if count < 100.0 {
        return Ok(Route::Add);
    }
    let late = order.get("coupon").is_some()
        || moment(order, "placed")? > Timestamp::new(1_735_689_600, 0)
        || !field(order, "lines")?.is_number()
        || field(order, "note")?.is_string()
        || (number(order, "weight")? >= 100.0 && number(order, "weight")? < 200.0)
        || text(order, "status")? < "A"
        || !(flag(order, "paid")? || is(order, "status", "OPEN")?)
        || moment(order, "due")? < moment(order, "placed")?
        || text(order, "country")? == text(order, "status")?
        || number(order, "total")? == 0.0
        || matches(text(order, "id")?, &["test-", ""])
        || number(order, "weight")? > number(order, "total")?;
    let limit = number(document, "limit")?;
    Ok(match (late, count < limit, count <= limit) {
        (false, true, _) => Route::Add,
        (false, false, true) => Route::Enough,
        _ => Route::Wrong,
    })
}

fn text<'v>(value: &'v Value, name: &'static str) -> Result<&'v str, Failure> {
    field(value, name)?.as_str().ok_or(Failure(name))
}

fn is(value: &Value, name: &'static str, expected: &str) -> Result<bool, Failure> {
    Ok(text(value, name)? == expected)
}

fn number(value: &Value, name: &'static str) -> Result<f64, Failure> {
    field(value, name)?.as_f64().ok_or(Failure(name))
}

fn flag(value: &Value, name: &'static str) -> Result<bool, Failure> {
    field(value, name)?.as_bool().ok_or(Failure(name))
}

fn moment(value: &Value, name: &'static str) -> Result<Timestamp, Failure> {
    Timestamp::parse(text(value, name)?).ok_or(Failure(name))
}

/// Whether a text is made of these parts with anything between them.
fn matches(text: &str, parts: &[&str]) -> bool {
    let [first, middle @ .., last] = parts else { return false };
    let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    middle.iter().all(|part| {
        let after = rest.split_once(part).map(|(_, after)| after);
        rest = after.unwrap_or(rest);
        after.is_some()
    })
}
