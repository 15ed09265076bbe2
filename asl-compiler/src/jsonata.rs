//! JSONata expressions: `Account.Order.Product.(Price * Quantity) ~> $sum()`.
//!
//! In: the text of an expression. Out: its [tree], in the form that it is compiled from, or the first fault in it; and what [`check()`]
//! finds in it. Never evaluates.

pub mod alone;
pub mod check;
mod emit;
mod lexer;
mod parser;
pub(crate) mod presence;
mod references;
mod structure;
mod syntax;
pub mod tree;

pub use asl_language::jsonata as functions;
pub use asl_language::jsonata::Dialect;
pub use check::{Finding, FindingKind, check};
pub use emit::emit;
pub(crate) use emit::lints;
#[cfg(test)]
pub(crate) use parser::NESTING_LIMIT;
pub(crate) use references::bound;
pub use references::{Field, Reference, references};
pub use tree::Expression;

/// What the names of variables start with that are in the place of placeholders: no name of a person does.
pub(crate) const STAND_IN: &str = "\u{e000}";

/// Whether a variable is in the place of a placeholder, so that nothing is known of it.
pub(crate) fn is_stand_in(name: &str) -> bool {
    name.starts_with(STAND_IN)
}

use crate::code::Code;
use crate::source::Span;

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its code in JSONata.
    pub code: &'static str,
    /// The place in the text of the expression.
    pub span: Span,
    /// JSONata's own text without the code.
    pub message: String,
}

/// The code of a fault that JSONata itself does not have: the expression is too large to be compiled.
const TOO_MANY_PARTS: &str = "U1002";

impl Fault {
    /// What the compiler calls it.
    pub(crate) fn kind(&self) -> Code {
        if self.code == TOO_MANY_PARTS { Code::TooManyParts } else { Code::InvalidJsonata }
    }

    pub(crate) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into() }
    }
}

/// Reads an expression.
///
/// # Errors
///
/// The first fault in its syntax.
pub fn parse(text: &str) -> Result<Expression, Fault> {
    structure::build(parser::parse(text)?)
}

#[cfg(test)]
mod tests;
