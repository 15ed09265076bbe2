//! Attribute values of DynamoDB, from JSON.
//!
//! In: `{"S": "text"}` and its like, wherever parameters hold them. Out: the SDK's values, or the reasons why not. What the
//! service itself checks, such as the digits of a number, is left to it.

use crate::integrations::parameters::{Reasons, present};
use asl_value::{Object, Value};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, AttributeValueUpdate, ExpectedAttributeValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;

/// The data types; an attribute value has exactly one of them.
const TYPES: &[&str] = &["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"];

/// A field that maps attribute names to values.
pub(super) fn attributes(
    fields: &Object,
    field: &str,
    reasons: &mut Reasons,
) -> Option<HashMap<String, AttributeValue>> {
    map(fields, field, reasons, attribute)
}

/// A field that maps attribute names to the conditions of the older API.
pub(super) fn expected(
    fields: &Object,
    field: &str,
    reasons: &mut Reasons,
) -> Option<HashMap<String, ExpectedAttributeValue>> {
    map(fields, field, reasons, |name, value, reasons| {
        let fields = structure(name, value, reasons)?;
        reasons.unknown(fields, &["Value", "Exists", "ComparisonOperator", "AttributeValueList"]);
        let value = present(fields, "Value").and_then(|value| attribute("Value", value, reasons));
        let list = reasons.array(fields, "AttributeValueList");
        let list = list.map(|list| attribute_list("AttributeValueList", list, reasons));
        let expected = ExpectedAttributeValue::builder()
            .set_value(value)
            .set_exists(reasons.boolean(fields, "Exists"))
            .set_comparison_operator(reasons.text(fields, "ComparisonOperator").map(Into::into))
            .set_attribute_value_list(list);
        Some(expected.build())
    })
}

/// A field that maps attribute names to the actions of the older API.
pub(super) fn updates(
    fields: &Object,
    field: &str,
    reasons: &mut Reasons,
) -> Option<HashMap<String, AttributeValueUpdate>> {
    map(fields, field, reasons, |name, value, reasons| {
        let fields = structure(name, value, reasons)?;
        reasons.unknown(fields, &["Value", "Action"]);
        let update = AttributeValueUpdate::builder()
            .set_value(present(fields, "Value").and_then(|value| attribute("Value", value, reasons)))
            .set_action(reasons.text(fields, "Action").map(Into::into));
        Some(update.build())
    })
}

/// A field that maps names to texts.
pub(super) fn names(fields: &Object, field: &str, reasons: &mut Reasons) -> Option<HashMap<String, String>> {
    map(fields, field, reasons, text)
}

/// A field that lists texts.
pub(super) fn texts(fields: &Object, field: &str, reasons: &mut Reasons) -> Option<Vec<String>> {
    list(fields, field, reasons, text)
}

fn attribute(name: &str, value: &Value, reasons: &mut Reasons) -> Option<AttributeValue> {
    let fields = structure(name, value, reasons)?;
    reasons.unknown(fields, TYPES);
    let mut given = fields.iter().filter(|(name, value)| !value.is_null() && TYPES.contains(name));
    let (Some((data_type, _)), None) = (given.next(), given.next()) else {
        reasons.add(format!(
            "The value for the field '{name}' must have exactly one of these fields: [{}]",
            TYPES.join(", ")
        ));
        return None;
    };
    match data_type {
        "S" => owned(fields, "S", reasons).map(AttributeValue::S),
        "N" => owned(fields, "N", reasons).map(AttributeValue::N),
        "B" => binary("B", fields.get("B")?, reasons).map(AttributeValue::B),
        "SS" => texts(fields, "SS", reasons).map(AttributeValue::Ss),
        "NS" => texts(fields, "NS", reasons).map(AttributeValue::Ns),
        "BS" => list(fields, "BS", reasons, binary).map(AttributeValue::Bs),
        "M" => attributes(fields, "M", reasons).map(AttributeValue::M),
        "L" => reasons.array(fields, "L").map(|list| AttributeValue::L(attribute_list("L", list, reasons))),
        "NULL" => reasons.boolean(fields, "NULL").map(AttributeValue::Null),
        _ => reasons.boolean(fields, "BOOL").map(AttributeValue::Bool),
    }
}

fn attribute_list(field: &str, values: &[Value], reasons: &mut Reasons) -> Vec<AttributeValue> {
    values.iter().filter_map(|value| attribute(field, value, reasons)).collect()
}

fn structure<'a>(name: &str, value: &'a Value, reasons: &mut Reasons) -> Option<&'a Object> {
    let fields = value.as_object();
    if fields.is_none() {
        reasons.must_be(name, "a STRUCTURE");
    }
    fields
}

fn owned(fields: &Object, field: &str, reasons: &mut Reasons) -> Option<String> {
    reasons.text(fields, field).map(str::to_owned)
}

fn text(name: &str, value: &Value, reasons: &mut Reasons) -> Option<String> {
    let text = value.as_str();
    if text.is_none() {
        reasons.must_be(name, "a STRING");
    }
    text.map(str::to_owned)
}

/// Bytes are Base64 in JSON.
fn binary(name: &str, value: &Value, reasons: &mut Reasons) -> Option<Blob> {
    let text = text(name, value, reasons)?;
    let bytes = STANDARD.decode(text);
    if bytes.is_err() {
        reasons.invalid(name);
    }
    bytes.ok().map(Blob::new)
}

fn map<T>(
    fields: &Object,
    field: &str,
    reasons: &mut Reasons,
    read: impl Fn(&str, &Value, &mut Reasons) -> Option<T>,
) -> Option<HashMap<String, T>> {
    let entries = reasons.object(fields, field)?;
    Some(
        entries
            .iter()
            .filter_map(|(name, value)| Some((name.to_owned(), read(name, value, reasons)?)))
            .collect(),
    )
}

fn list<T>(
    fields: &Object,
    field: &str,
    reasons: &mut Reasons,
    read: impl Fn(&str, &Value, &mut Reasons) -> Option<T>,
) -> Option<Vec<T>> {
    let elements = reasons.array(fields, field)?;
    Some(elements.iter().filter_map(|element| read(field, element, reasons)).collect())
}
