//! The small language of intrinsic functions: `States.Format('Hello {}', $.name)`.
//!
//! In: a decoded JSON string. Out: a [`WrittenCall`], whose functions exist and whose arguments fit them as far as that is known before
//! the machine runs. Never evaluates.

mod arguments;
mod functions;
mod parser;

pub(crate) use arguments::faults_of_values;
pub(crate) use functions::{Gives, takes};
#[cfg(feature = "inspect")]
pub(crate) use functions::{in_words, names as function_names};
pub(crate) use functions::{name, of_fail_states};

use crate::diagnostic::Diagnostics;
use crate::json::Text;
use crate::path::{Path, PathPlace};
use crate::source::Span;
use crate::vocabulary::{self, Constant, Function};

/// How deep calls may be in calls, the outermost included.
pub(crate) const NESTING_LIMIT: usize = 10;

/// A call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenCall {
    /// From the name to the closing parenthesis.
    pub span: Span,
    /// The place of the name.
    pub name_span: Span,
    /// The function.
    pub function: Function,
    /// The arguments; their number fits the function.
    pub arguments: Vec<Argument>,
}

/// An argument of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A literal: a string, a number, `true`, `false` or `null`.
    Constant(Span, Constant),
    /// A path.
    Path(Path),
    /// A call.
    Call(WrittenCall),
}

impl Argument {
    /// Its place.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Constant(span, _) => *span,
            Self::Path(path) => path.span,
            Self::Call(call) => call.span,
        }
    }
}

/// Whether a string is meant as a call of an intrinsic function.
#[must_use]
pub(crate) fn is_intrinsic(text: &Text) -> bool {
    text.value.starts_with("States.")
}

/// Reads a call; reports what is wrong with it and its arguments.
pub(crate) fn parse(text: &Text, place: PathPlace, diagnostics: &mut Diagnostics) -> Option<WrittenCall> {
    let call = parser::parse(text, place, diagnostics)?;
    arguments::check(&call, text, diagnostics).then_some(call)
}

impl WrittenCall {
    /// The type of its value.
    #[must_use]
    pub(crate) fn gives(&self) -> Gives {
        functions::row_of(self.function).map_or(Gives::Any, |row| row.gives)
    }

    /// The call without its places.
    #[must_use]
    pub fn lower(&self) -> vocabulary::Call {
        let arguments = self.arguments.iter().map(|argument| match argument {
            Argument::Constant(_, constant) => vocabulary::Argument::Constant(constant.clone()),
            Argument::Path(path) => vocabulary::Argument::Path(path.lower()),
            Argument::Call(call) => vocabulary::Argument::Call(call.lower()),
        });
        vocabulary::Call { function: self.function, arguments: arguments.collect() }
    }

    /// The paths among its arguments and theirs.
    pub fn paths<'c>(&'c self, found: &mut Vec<&'c Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Constant(..) => {}
                Argument::Path(path) => found.push(path),
                Argument::Call(call) => call.paths(found),
            }
        }
    }
}
