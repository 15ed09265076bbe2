//! What templates of CloudFormation write in the place of texts and policies: functions, and the policy templates of AWS SAM.
//!
//! In: values of a template. Out: texts with `${..}` for what is known when it is deployed, and policy documents. Never knows a template as a whole.

use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The policy templates of SAM by their names, made by `cargo xtask policy-templates`.
static POLICIES: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("sam.json")).unwrap_or_default());

/// A value as a text with `${..}` for what is known when it is deployed. The depth is that of the JSON.
pub(super) fn text(value: &Value) -> Option<String> {
    let members = match value {
        Value::String(text) => return Some(text.clone()),
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
    };
    let (function, argument) = members.iter().next()?;
    let text = match (function.as_str(), argument) {
        ("Ref" | "Fn::GetAtt", Value::String(name)) => format!("${{{name}}}"),
        ("Fn::GetAtt", Value::Array(names)) => {
            let names: Option<Vec<_>> = names.iter().map(Value::as_str).collect();
            format!("${{{}}}", names?.join("."))
        }
        ("Fn::Sub", Value::String(text)) => text.clone(),
        ("Fn::Sub", Value::Array(parts)) => substituted(parts)?,
        ("Fn::Join", Value::Array(parts)) => {
            let with = parts.first().and_then(Value::as_str)?;
            let texts: Option<Vec<_>> = parts.get(1)?.as_array()?.iter().map(self::text).collect();
            texts?.join(with)
        }
        _ => String::from("${Value}"),
    };
    Some(text)
}

/// The text of a `Fn::Sub` with the values that it has beside it.
fn substituted(parts: &[Value]) -> Option<String> {
    let mut found = parts.first()?.as_str()?.to_owned();
    for (name, value) in parts.get(1).and_then(Value::as_object).into_iter().flatten() {
        // A value with names of its own is as it is: nothing in it is replaced again.
        found = found.replace(&format!("${{{name}}}"), &text(value)?);
    }
    Some(found)
}

/// The document of a policy template of SAM, in an element of `Policies`: `{ "S3ReadPolicy": { "BucketName": "b" } }`.
pub(super) fn policy(element: &Value) -> Option<(&str, Value)> {
    let members = element.as_object().filter(|members| members.len() == 1)?;
    let (name, parameters) = members.iter().next()?;
    let document = POLICIES.get(name)?;
    Some((name, with(document, parameters)))
}

/// A document in which the parameters have their values. The depth is that of the policy templates.
fn with(document: &Value, parameters: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let value = members.get("Ref").and_then(Value::as_str).and_then(|name| parameters.get(name));
            value.cloned().unwrap_or_else(|| {
                members.iter().map(|(key, value)| (key.clone(), with(value, parameters))).collect()
            })
        }
        Value::Array(elements) => elements.iter().map(|element| with(element, parameters)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => document.clone(),
    }
}
