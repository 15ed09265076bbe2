//! Definitions as JSON without their places.
//!
//! In: a text, or what the compiler has read of it. Out: a value, nested as deeply as the compiler takes it: readers of JSON for other purposes stop
//! earlier, and what they cannot read would count as if it were not there.

use super::written;
use asl_compiler::json::{Kind, Number, Value};
use serde_json::json;

/// The value of a definition, if it is JSON.
pub(crate) fn value(text: &str) -> Option<serde_json::Value> {
    written(text).as_ref().map(as_json)
}

/// What the compiler has read, as JSON.
#[must_use]
pub fn as_json(value: &Value) -> serde_json::Value {
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Number(Number::Int(number)) => json!(number),
        Kind::Number(Number::Uint(number)) => json!(number),
        Kind::Number(Number::Float(number)) => json!(number),
        Kind::String(text) => json!(text.value),
        Kind::Array(elements) => elements.iter().map(as_json).collect(),
        Kind::Object(members) => {
            members.iter().map(|member| (member.name().to_owned(), as_json(&member.value))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_read_as_deeply_as_it_is_compiled() {
        let nested = |levels| format!(r#"{{ "a": {}1.5{} }}"#, "[".repeat(levels), "]".repeat(levels));
        let deepest = value(&nested(199)).unwrap();
        let innermost = std::iter::successors(deepest.get("a"), |value| value.get(0)).last();
        assert_eq!(innermost, Some(&json!(1.5)));
        assert_eq!((value(&nested(200)), value("{")), (None, None));
        assert_eq!(
            value(r#"[null, true, -1, 18446744073709551615, "t"]"#),
            Some(json!([null, true, -1, u64::MAX, "t"]))
        );
    }
}
