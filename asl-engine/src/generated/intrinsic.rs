//! The intrinsic functions of payload templates (States Language, "Intrinsic Functions"; AWS, "Intrinsics for JSONPath states").
//!
//! Each takes its arguments as values and yields a value, or nothing where AWS says `Invalid arguments`.

mod encoding;
mod java;
mod json;
mod list;
mod math;
mod text;

pub use encoding::{base64_decode, base64_encode, hash};
pub use json::{json_merge, json_to_string, string_to_json};
pub use list::{
    array, array_contains, array_get_item, array_length, array_partition, array_range, array_unique,
};
pub use math::{math_add, math_random};
pub use text::{format, string_split, uuid};

use crate::error::Error;
use crate::generated::miss::Miss;
use crate::generated::path::{At, Path};
use asl_value::Value;

/// The value of a call.
///
/// # Errors
/// `States.Runtime` in AWS's words: the function has no value for its arguments. `text` is the whole call as the definition has it.
#[inline]
pub fn called(value: Option<Value>, function: &'static str, text: &'static str) -> Result<Value, Error> {
    value.ok_or_else(|| invalid_arguments(function, text))
}

#[cold]
fn invalid_arguments(function: &str, text: &str) -> Error {
    Error::runtime(format!(
        "There was an error while evaluating the intrinsic function: {text}. Invalid arguments in States.{function}"
    ))
}

/// An argument that is a path.
///
/// # Errors
/// `States.Runtime`: the path leads nowhere.
#[inline]
pub fn argument<'v>(
    start: impl Into<At<'v>>,
    path: &'static Path,
    text: &'static str,
    input: &Value,
) -> Result<&'v Value, Error> {
    argument_at(start.into(), path, text, input)
}

fn argument_at<'v>(
    start: At<'v>,
    path: &'static Path,
    text: &'static str,
    input: &Value,
) -> Result<&'v Value, Error> {
    match path.find(start) {
        Some(value) => Ok(value),
        None => Err(match path.why(start) {
            Miss::NotFound(_) => argument_not_found(path.0, text, input),
            Miss::Invalid(why) => argument_failed(text, &why),
        }),
    }
}

#[cold]
pub(super) fn argument_not_found(path: &str, text: &str, input: &Value) -> Error {
    Error::runtime(format!(
        "The function '{text}' had the following error: The JsonPath argument for the field '{path}' could not be found in the input '{input}'"
    ))
}

/// An argument that cannot be looked for.
#[cold]
pub(super) fn argument_failed(text: &str, why: &str) -> Error {
    Error::runtime(format!("The function '{text}' had the following error: {why}"))
}

/// A number as AWS takes it where a function wants a whole one: halves are rounded up, `-1.5` to `-1`.
fn rounded(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| asl_value::Number::from_f64((number.as_f64() + 0.5).floor())?.as_i64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_its_value_or_says_which_call_has_none() {
        let of = |value| called(value, "MathAdd", "States.MathAdd($.a, 1)");
        assert_eq!(of(Some(Value::from(3))).unwrap(), Value::from(3));
        let error = of(None).unwrap_err();
        assert!(error.is_fatal(), "no retrier and no catcher is asked");
        assert_eq!(
            error.cause().unwrap_or_default(),
            "There was an error while evaluating the intrinsic function: States.MathAdd($.a, 1). Invalid arguments in States.MathAdd"
        );
    }
}
