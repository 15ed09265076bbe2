//! Work on large data: documents of many fields, and records that are grouped, sorted and joined.

use super::{Failure, Outcome, field, field_mut, integer, take, text};
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::HashMap;

/// `merge`: the variable is a reference, as nothing is written to it.
pub(crate) async fn merge(document: Value) -> Outcome {
    let kept = field(&document, "document")?;
    let before = field(kept, "row-00042")?.clone();
    let mut merged = kept.as_object().ok_or(Failure("document"))?.clone();
    for (name, value) in field(&document, "patch")?.as_object().ok_or(Failure("patch"))? {
        merged.insert(name.clone(), value.clone());
    }
    Ok(json!({ "before": before, "merged": Value::Object(merged) }))
}

/// `group`
pub(crate) async fn group(document: Value) -> Outcome {
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for record in records(&document)? {
        *sums.entry(text(record, "city")?).or_default() += integer(record, "amount")?;
    }
    Ok(Value::Object(sums.into_iter().map(|(city, sum)| (city.to_owned(), sum.into())).collect()))
}

/// `sort`: the records are moved, and their numbers looked up once for each comparison.
pub(crate) async fn sort(mut document: Value) -> Outcome {
    let mut records = take(&mut document, "records")?;
    let sorted = records.as_array_mut().ok_or(Failure("records"))?;
    sorted.sort_by_key(|record| Reverse(record.get("amount").and_then(Value::as_i64)));
    Ok(records)
}

/// `join`: by a table of the customers.
pub(crate) async fn join(mut document: Value) -> Outcome {
    let mut names: HashMap<String, Value> = HashMap::new();
    for customer in field_mut(&mut document, "customers")?.as_array_mut().ok_or(Failure("customers"))? {
        names.insert(text(customer, "id")?.to_owned(), take(customer, "name")?);
    }
    let joined = records(&document)?.iter().map(|record| {
        let mut output = Map::new();
        output.insert(String::from("id"), field(record, "id")?.clone());
        if let Some(name) = names.get(text(record, "customer")?) {
            output.insert(String::from("name"), name.clone());
        }
        Ok(Value::Object(output))
    });
    joined.collect::<Result<_, _>>().map(Value::Array)
}

fn records(document: &Value) -> Result<&[Value], Failure> {
    Ok(field(document, "records")?.as_array().ok_or(Failure("records"))?)
}
