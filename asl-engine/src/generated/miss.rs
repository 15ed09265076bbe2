//! Why a path leads nowhere, in the words of the library that AWS evaluates paths with.
//!
//! In: a path that failed, and what it failed on. Out: the text for the error, and whether a filter or a wildcard around it passes it over.

use crate::generated::path::{At, PathStep};
use asl_value::Value;
use std::fmt::Write;

/// A path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// There is no such place. Where someone passes this over, it has no text.
    NotFound(String),
    /// It asks for something that the value cannot give, such as an element of a string. Nothing passes this over.
    Invalid(String),
}

impl Miss {
    /// The text, whatever happened.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::NotFound(text) | Self::Invalid(text) => text,
        }
    }

    /// `fragments` is the path from the step on that fails, as [`fragments`] writes it.
    #[cold]
    pub(super) fn no_array(fragments: &str, value: &Value) -> Self {
        let value = context(value);
        Self::Invalid(format!(
            "Filter: {fragments} can only be applied to arrays. Current context is: {value}"
        ))
    }

    #[cold]
    pub(super) fn primitive(fragments: &str, value: &Value) -> Self {
        let value = context(value);
        Self::Invalid(format!(
            "Filter: {fragments} can not be applied to primitives. Current context is: {value}"
        ))
    }
}

/// Why steps from a value on lead nowhere. `rest` are the fragments of the path after them.
#[cold]
pub(super) fn why(start: At<'_>, steps: &[PathStep], rest: &str) -> Miss {
    let Some(mut value) = start.get() else {
        return Miss::NotFound(format!("No results for path: ${}", fragments(steps)));
    };
    let mut way = String::from("$");
    for (number, step) in steps.iter().enumerate() {
        let after = steps.get(number..).unwrap_or_default();
        match (step, value) {
            (PathStep::Name(_), Value::Object(_))
            | (PathStep::Index(_) | PathStep::FromEnd(_), Value::Array(_)) => {}
            (PathStep::Name(name), _) => {
                return Miss::NotFound(format!("Property ['{name}'] not found in path {way}"));
            }
            (_, Value::Null) => return Miss::NotFound(format!("The path {way} is null")),
            (_, _) => return Miss::no_array(&format!("{}{rest}", fragments(after)), value),
        }
        push_place(&mut way, step, value);
        let Some(next) = At::from(value).step(step).get() else {
            return Miss::NotFound(match step {
                PathStep::Name(_) if after.len() == 1 && rest.is_empty() => {
                    format!("No results for path: {way}")
                }
                PathStep::Name(_) => format!("Missing property in path {way}"),
                PathStep::Index(_) | PathStep::FromEnd(_) => out_of_bounds(&way),
            });
        };
        value = next;
    }
    Miss::NotFound(format!("No results for path: {way}"))
}

pub(super) fn out_of_bounds(way: &str) -> String {
    format!("Index out of bounds when evaluating path {way}")
}

/// The place that a step leads to from a value: an index from the end is the index that it is there.
pub(super) fn push_place(way: &mut String, step: &PathStep, value: &Value) {
    match step {
        PathStep::FromEnd(offset) => {
            let length = value.as_array().map_or(0, |array| array.len());
            push_index(way, i64::try_from(length).unwrap_or(i64::MAX).saturating_add(*offset));
        }
        PathStep::Name(_) | PathStep::Index(_) => push_fragment(way, step),
    }
}

pub(super) fn push_index(way: &mut String, index: i64) {
    // Writing to a string does not fail.
    let _ = write!(way, "[{index}]");
}

fn push_fragment(text: &mut String, step: &PathStep) {
    let _ = match step {
        PathStep::Name(name) => write!(text, "['{name}']"),
        PathStep::Index(index) => write!(text, "[{index}]"),
        PathStep::FromEnd(offset) => write!(text, "[@.size(){offset}]"),
    };
}

fn fragments(steps: &[PathStep]) -> String {
    let mut text = String::new();
    steps.iter().for_each(|step| push_fragment(&mut text, step));
    text
}

/// A value as the library shows it: objects as Java's maps, and what is in arrays as JSON.
pub(super) fn context(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Object(object) => {
            let fields: Vec<_> =
                object.iter().map(|(name, value)| format!("{name}={}", context(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json(text).unwrap()
    }

    fn text(data: &str, steps: &[PathStep]) -> String {
        why(At::from(&json(data)), steps, "").into_text()
    }

    #[test]
    fn a_path_that_leads_nowhere_says_where_it_ended() {
        let (a, b, first, last) =
            (PathStep::Name("a"), PathStep::Name("b"), PathStep::Index(0), PathStep::FromEnd(-1));
        for (data, steps, expected) in [
            ("{}", &[a][..], "No results for path: $['a']"),
            ("{}", &[a, b], "Missing property in path $['a']"),
            (r#"{"a":1}"#, &[a, b], "Property ['b'] not found in path $['a']"),
            (r#"{"a":[]}"#, &[a, first], "Index out of bounds when evaluating path $['a'][0]"),
            (r#"{"a":[]}"#, &[a, last, b], "Index out of bounds when evaluating path $['a'][-1]"),
            (r#"{"a":null}"#, &[a, first], "The path $['a'] is null"),
            (
                r#"{"a":{"k":"v","l":[{"m":1}]}}"#,
                &[a, last, b],
                r#"Filter: [@.size()-1]['b'] can only be applied to arrays. Current context is: {k=v, l=[{"m":1}]}"#,
            ),
        ] {
            assert_eq!(text(data, steps), expected);
        }
    }
}
