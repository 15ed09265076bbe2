//! Query strings and URL-encoded bodies, as recorded from AWS: a space is `%20`, never `+`.
//!
//! In: names and JSON values. Out: text that needs no further encoding.

use asl_value::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How an array is written in a URL-encoded body (`Transform.RequestEncodingOptions.ArrayFormat`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ArrayFormat {
    /// `items[0]=a&items[1]=b`
    #[default]
    Indices,
    /// `items=a&items=b`
    Repeat,
    /// `items=a,b`
    Commas,
    /// `items[]=a&items[]=b`
    Brackets,
}

/// `name=value&name=value`
pub(in crate::integrations) fn encode_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut encoded = String::new();
    for (name, value) in pairs {
        add_pair(&mut encoded, name, value);
    }
    encoded
}

/// A body in the form of a query string. Fields of an object in an object are named `outer[inner]`; empty arrays and objects
/// leave no trace.
pub(super) fn encode_form(fields: &asl_value::Object, format: ArrayFormat) -> String {
    let mut encoded = String::new();
    for (name, value) in fields.iter() {
        add_value(&mut encoded, name, value, format);
    }
    encoded
}

fn add_value(encoded: &mut String, name: &str, value: &Value, format: ArrayFormat) {
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields.iter() {
                add_value(encoded, &format!("{name}[{field}]"), inner, format);
            }
        }
        Value::Array(elements) => add_array(encoded, name, elements, format),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            add_pair(encoded, name, &scalar_text(value));
        }
    }
}

fn add_array(encoded: &mut String, name: &str, elements: &[Value], format: ArrayFormat) {
    // Only scalars can be joined; elements that are objects or arrays themselves keep their fields apart by position.
    let nested = elements.iter().any(|element| matches!(element, Value::Array(_) | Value::Object(_)));
    if format == ArrayFormat::Commas && !nested && !elements.is_empty() {
        let joined: Vec<String> = elements.iter().map(scalar_text).collect();
        add_pair(encoded, name, &joined.join(","));
        return;
    }
    for (position, element) in elements.iter().enumerate() {
        match format {
            ArrayFormat::Indices | ArrayFormat::Commas => {
                add_value(encoded, &format!("{name}[{position}]"), element, format);
            }
            ArrayFormat::Repeat => add_value(encoded, name, element, format),
            ArrayFormat::Brackets => add_value(encoded, &format!("{name}[]"), element, format),
        }
    }
}

/// The text of a value that is not nested: a string without quotes, `null` as nothing.
pub(super) fn scalar_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_string(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn add_pair(encoded: &mut String, name: &str, value: &str) {
    if !encoded.is_empty() {
        encoded.push('&');
    }
    encoded.extend(utf8_percent_encode(name, RESERVED));
    encoded.push('=');
    encoded.extend(utf8_percent_encode(value, RESERVED));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(json: &str, format: ArrayFormat) -> String {
        encode_form(Value::from_json(json).unwrap().as_object().unwrap(), format)
    }

    #[test]
    fn arrays_are_written_as_the_format_says() {
        let json = r#"{"items": ["red green", "blue+gold"]}"#;
        for (format, expected) in [
            (ArrayFormat::Indices, "items%5B0%5D=red%20green&items%5B1%5D=blue%2Bgold"),
            (ArrayFormat::Repeat, "items=red%20green&items=blue%2Bgold"),
            (ArrayFormat::Brackets, "items%5B%5D=red%20green&items%5B%5D=blue%2Bgold"),
            (ArrayFormat::Commas, "items=red%20green%2Cblue%2Bgold"),
        ] {
            assert_eq!(form(json, format), expected);
        }
    }

    #[test]
    fn nested_objects_scalars_and_empty_values_have_a_form() {
        assert_eq!(
            form(
                r#"{"nested": {"count": 2, "yes": true}, "none": null, "empty": [], "é": "ç"}"#,
                ArrayFormat::Indices
            ),
            "nested%5Bcount%5D=2&nested%5Byes%5D=true&none=&%C3%A9=%C3%A7"
        );
        assert_eq!(form(r#"{"a": [{"b": 1}]}"#, ArrayFormat::Commas), "a%5B0%5D%5Bb%5D=1");
    }
}
