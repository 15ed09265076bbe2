//! What an evaluation comes to, in a form in which two can be compared.

use serde_json::{Value as Json, json};
use std::fmt;

/// What an evaluation comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// No value.
    Nothing,
    /// JSON.
    Value(Json),
    /// An error of the language.
    Failed { code: String, message: String },
}

impl Outcome {
    pub(crate) fn of(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Value(serde_json::from_str(&text).unwrap()))
    }

    pub(crate) fn failed(code: &str, message: &str) -> Self {
        Self::Failed { code: code.to_owned(), message: message.to_owned() }
    }

    /// From a line of a recording.
    pub(crate) fn recorded(text: &str) -> Self {
        let outcome: Json = serde_json::from_str(text).unwrap();
        match (outcome.get("result"), outcome.get("error").and_then(Json::as_str)) {
            (Some(result), _) => Self::Value(result.clone()),
            (None, Some(code)) => Self::failed(code, ""),
            (None, None) => Self::Nothing,
        }
    }

    /// Whether it is what a recording says, the code of an error included; where the reference itself broke, any error will do.
    pub(crate) fn is_as(&self, recorded: &Self) -> bool {
        match (self, recorded) {
            (Self::Failed { code, .. }, Self::Failed { code: wanted, .. }) => {
                code == wanted || wanted.contains(' ')
            }
            _ => self.agrees(recorded),
        }
    }

    pub(crate) const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }

    /// Whether it is a failure with one of some codes.
    pub(crate) fn is_failure_of(&self, codes: &[&str]) -> bool {
        matches!(self, Self::Failed { code, .. } if codes.contains(&code.as_str()))
    }

    /// Whether the other is the same but for arrays of one around values.
    pub(crate) fn is_in_arrays_of_one(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(one), Self::Value(other)) => same(&bare(one), &bare(other)),
            _ => false,
        }
    }

    /// Whether two agree. Which of two errors an expression fails with is not compared here.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Value(one), Self::Value(other)) => same(one, other),
            _ => self.is_failure() && other.is_failure(),
        }
    }

    /// As JSON.
    pub(crate) fn described(&self) -> Json {
        match self {
            Self::Nothing => json!({ "undefined": true }),
            Self::Value(value) => json!({ "result": value }),
            Self::Failed { code, message } => json!({ "error": code, "message": message }),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.described())
    }
}

/// A value without the arrays of one in it.
fn bare(value: &Json) -> Json {
    match value {
        Json::Array(elements) => match elements.as_slice() {
            [one] => bare(one),
            elements => elements.iter().map(bare).collect(),
        },
        Json::Object(members) => members.iter().map(|(key, member)| (key.clone(), bare(member))).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}

/// Whether two values are the same, with a little room for how numbers are rounded.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => close(one.as_f64(), other.as_f64()),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

fn close(one: Option<f64>, other: Option<f64>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    (one - other).abs() <= 1e-12 * one.abs().max(other.abs())
}
