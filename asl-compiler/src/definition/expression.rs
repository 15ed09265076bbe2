//! JSONata expressions: strings of a JSONata state that start with `{%` and end with `%}`.
//!
//! In: a string. Out: an [`Expression`], parsed. Never knows which variables there are.

mod states;

use super::Reader;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::jsonata::{self, Fault};
use crate::source::Span;

/// A JSONata expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Its place: that of the whole string.
    pub span: Span,
    /// The field that it is the value of, as AWS names it: `Output/order/total`, `Choices[1]/Condition`.
    pub field: String,
    /// The expression itself, without the signs and blanks around it.
    pub text: String,
    /// The whole string, in which the expression starts at `start`.
    source: Text,
    start: usize,
    /// Its structure; absent if a fault in it was reported.
    pub tree: Option<jsonata::Expression>,
}

impl Expression {
    /// A place in the expression as one in the source.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        shifted(&self.source, self.start, span)
    }
}

/// The signs that an expression stands between.
const OPENING: &str = "{%";
const CLOSING: &str = "%}";

/// Whether a string of a JSONata state is an expression.
pub(super) fn is_expression(text: &Text) -> bool {
    between(&text.value).is_some()
}

fn between(text: &str) -> Option<&str> {
    text.strip_prefix(OPENING)?.strip_suffix(CLOSING)
}

/// The expression in a string that is one; it is the value of the field at hand.
pub(super) fn parse(text: &Text, reader: &mut Reader<'_>) -> Expression {
    let inner = between(&text.value).unwrap_or_default();
    let start = OPENING.len() + (inner.len() - inner.trim_start().len());
    let inner = inner.trim();
    let tree = match jsonata::parse(inner) {
        Ok(tree) => {
            let place = reader.place;
            states::check(&tree, place, |span| shifted(text, start, span), reader.diagnostics);
            Some(tree)
        }
        Err(fault) => {
            let diagnostic = invalid(text, start, &reader.field, &fault);
            reader.report(diagnostic);
            None
        }
    };
    Expression {
        span: text.span,
        field: reader.field.clone(),
        text: inner.to_owned(),
        source: text.clone(),
        start,
        tree,
    }
}

/// A place in the expression as one in the source; `start` is where the expression starts in its string.
fn shifted(text: &Text, start: usize, span: Span) -> Span {
    text.span_of(start + span.start..start + span.end)
}

/// A fault at its place in the string; `start` is where the expression starts in it.
fn invalid(text: &Text, start: usize, field: &str, fault: &Fault) -> Diagnostic {
    let message = format!("the expression of `{field}` is not JSONata");
    let mut reason = fault.message.chars();
    let first = reason.next().map(|letter| letter.to_ascii_lowercase());
    let reason: String = first.into_iter().chain(reason).collect();
    Diagnostic::new(Code::InvalidJsonata, shifted(text, start, fault.span), message).label(reason)
}
