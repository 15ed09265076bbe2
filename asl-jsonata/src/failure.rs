//! Why an evaluation failed.

use crate::view::View;
use std::fmt;

/// The result of evaluating something.
pub type Result<T> = std::result::Result<T, Failure>;

/// Why an evaluation failed: a code and a text of the reference implementation, or a text without a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure(Box<Fault>);

#[derive(Clone, PartialEq, Eq)]
struct Fault {
    code: Option<&'static str>,
    message: String,
}

/// The code of an evaluation that was given up; no code of the reference implementation looks like it.
const INTERRUPTION: &str = "interruption";

impl Failure {
    /// A failure with a code of the reference implementation and its text.
    #[must_use]
    #[cold]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Fault { code: Some(code), message: message.into() }))
    }

    /// A failure without a code: mostly a bound of time, stack or memory.
    #[must_use]
    #[cold]
    pub fn bound(message: impl Into<String>) -> Self {
        Self(Box::new(Fault { code: None, message: message.into() }))
    }

    /// Something has to be done with an argument that is nothing: the reference implementation breaks there, with an error of
    /// ECMAScript instead of one of its own.
    #[must_use]
    #[cold]
    pub(super) fn undefined(property: &str) -> Self {
        Self::bound(format!("Cannot read properties of undefined (reading '{property}')"))
    }

    /// The evaluation has taken too long.
    #[must_use]
    pub fn timeout() -> Self {
        Self::bound("Expression evaluation timeout")
    }

    /// The evaluation was given up, because others are to have their turns; it may be tried again.
    #[must_use]
    #[cold]
    pub fn interruption() -> Self {
        Self::new(INTERRUPTION, "the evaluation was given up")
    }

    /// Whether the evaluation was given up.
    #[must_use]
    pub fn is_interruption(&self) -> bool {
        self.0.code == Some(INTERRUPTION)
    }

    /// Calls are nested too deeply.
    #[must_use]
    pub fn stack_overflow() -> Self {
        Self::bound(
            "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
        )
    }

    /// The evaluation takes too much memory.
    #[must_use]
    pub fn out_of_memory() -> Self {
        Self::bound("Expression evaluation memory limit exceeded: Check for excessive memory usage")
    }

    /// A number is infinite.
    #[must_use]
    #[cold]
    pub fn out_of_range() -> Self {
        Self::new("D1001", "Number out of range: null")
    }

    /// Data as the texts of failures show it: JSON, or `undefined`.
    #[must_use]
    pub fn shown(view: View<'_>) -> String {
        match view {
            View::Nothing => String::from("undefined"),
            View::Value(value) => value.to_string(),
            View::Data(_) => view.to_json().to_string(),
        }
    }

    /// The code, as `T1006`; bounds have none.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        self.0.code
    }

    /// The text without the code.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

/// Code and text.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.code {
            Some(code) => write!(f, "{code}: {}", self.0.message),
            None => f.write_str(&self.0.message),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}
