//! Errors in the form of the API: a type, a text, and status 400.

use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt;

/// Why an action was refused, or failed.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// Its `__type`: `StateMachineDoesNotExist`.
    pub kind: Cow<'static, str>,
    /// Its text; without one, clients show the type alone.
    pub message: String,
    status: u16,
}

impl ApiError {
    /// An error of the caller.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), message: message.into(), status: 400 }
    }

    /// An error in the form `Execution Does Not Exist: 'what'`, as most of the API's are: the text is made of the type.
    pub fn about(kind: &'static str, what: &str) -> Self {
        Self::new(kind, format!("{}: '{what}'", spaced(kind)))
    }

    /// `ValidationException`
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The caller may not ask.
    pub fn forbidden(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), message: message.into(), status: 403 }
    }

    /// More was sent than is read.
    #[must_use]
    pub fn too_large() -> Self {
        let message = "Request size exceeds the maximum".to_owned();
        Self { kind: "RequestEntityTooLargeException".into(), message, status: 413 }
    }

    /// `ResourceNotFound`
    #[must_use]
    pub fn resource_not_found(arn: &str) -> Self {
        Self::new("ResourceNotFound", format!("Resource not found: '{arn}'"))
    }

    /// The server itself is at fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { kind: "InternalFailure".into(), message: message.into(), status: 500 }
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(&self) -> Value {
        json!({ "__type": self.kind, "message": self.message })
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for ApiError {}

/// `Execution Does Not Exist` for `ExecutionDoesNotExist`.
fn spaced(kind: &str) -> String {
    let mut text = String::with_capacity(kind.len() + 8);
    for letter in kind.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_made_of_the_type() {
        let error = ApiError::about("ExecutionDoesNotExist", "arn");
        assert_eq!(
            error.body(),
            json!({ "__type": "ExecutionDoesNotExist", "message": "Execution Does Not Exist: 'arn'" })
        );
        assert_eq!(ApiError::about("InvalidArn", "x").message, "Invalid Arn: 'x'");
    }
}
