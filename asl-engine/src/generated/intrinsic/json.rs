//! JSON as text, and objects.

use asl_language::limits::VALUE_WEIGHT;
use asl_value::{Number, Value};

/// `States.StringToJson`: an empty or blank text yields null.
#[must_use]
pub fn string_to_json(text: &Value) -> Option<Value> {
    let text = text.as_str()?;
    if text.trim().is_empty() {
        Some(Value::Null)
    } else {
        Value::from_json(text).ok().map(without_negative_zero)
    }
}

/// `-0` is the whole number 0.
fn without_negative_zero(value: Value) -> Value {
    let negative_zero = |number: Number| number.as_f64() == 0.0 && number.as_f64().is_sign_negative();
    if value.as_number().is_some_and(negative_zero) { 0.into() } else { value }
}

/// `States.JsonToString`: compact. In a text nothing is shared.
#[must_use]
pub fn json_to_string(value: &Value) -> Option<Value> {
    (value.size().weight <= VALUE_WEIGHT).then(|| value.to_string().into())
}

/// `States.JsonMerge`, shallow: the third argument has to be `false`.
#[must_use]
pub fn json_merge(left: &Value, right: &Value, deep: &Value) -> Option<Value> {
    if deep.as_bool() != Some(false) {
        return None;
    }
    let mut merged = left.as_object()?.clone();
    merged.merge(right.as_object()?);
    Some(merged.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_json_and_back() {
        let read = |text: &str| string_to_json(&text.into()).map(|value| value.to_string());
        assert_eq!(read(" "), Some("null".into()));
        assert_eq!(read("-0"), Some("0".into()));
        assert_eq!(read(r#"{"a": [1, 2.5]}"#), Some(r#"{"a":[1,2.5]}"#.into()));
        assert_eq!(read("{"), None);
        assert_eq!(json_to_string(&"x".into()), Some("\"x\"".into()));
    }

    #[test]
    fn what_would_be_too_long_is_no_text() {
        let doubled = |value: Value, _| Value::from(vec![value.clone(), value]);
        assert_eq!(json_to_string(&(0..30).fold(Value::Null, doubled)), None);
    }

    #[test]
    fn a_merge_is_shallow_and_the_second_object_wins() {
        let json = |text: &str| Value::from_json(text).unwrap();
        let merged =
            json_merge(&json(r#"{"a":{"x":1},"b":1}"#), &json(r#"{"a":{"y":2},"c":3}"#), &false.into())
                .unwrap();
        assert_eq!(merged.to_string(), r#"{"a":{"y":2},"b":1,"c":3}"#);
        assert_eq!(json_merge(&merged, &merged, &true.into()), None);
        assert_eq!(json_merge(&merged, &1.into(), &false.into()), None);
    }
}
