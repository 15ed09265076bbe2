//! The places of a definition that is text inside of another file.
//!
//! In: the text, which knows where each of its characters is in the file. Out: its value, and problems, with places of the file: each step of
//! the inner text is put on top of the steps of the outer one.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::read_value;
use crate::json::{Kind, Text, Value};
use crate::source::{SourceFile, Span};

/// The value that a text is, JSON or YAML as the name says.
pub(crate) fn parse_text(text: &Text, name: &str, diagnostics: &mut Diagnostics) -> Option<Value> {
    let source = SourceFile::new(name, text.value.as_str());
    let mut found = Diagnostics::default();
    let value = read_value(&source, &mut found);
    for problem in found.into_sorted() {
        diagnostics.push(placed_diagnostic(problem, text));
    }
    let mut value = value?;
    place(&mut value, text);
    Some(value)
}

fn placed_diagnostic(mut diagnostic: Diagnostic, outer: &Text) -> Diagnostic {
    diagnostic.span = placed(diagnostic.span, outer);
    for (span, _) in &mut diagnostic.related {
        *span = placed(*span, outer);
    }
    diagnostic
}

fn placed(span: Span, outer: &Text) -> Span {
    outer.span_of(span.range())
}

/// Gives a value that was read in a text the places of that.
pub(crate) fn place(value: &mut Value, outer: &Text) {
    value.span = placed(value.span, outer);
    match &mut value.kind {
        Kind::String(text) => place_text(text, outer),
        Kind::Array(elements) => elements.iter_mut().for_each(|element| place(element, outer)),
        Kind::Object(members) => {
            for member in members {
                place_text(&mut member.key, outer);
                place(&mut member.value, outer);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}

fn place_text(text: &mut Text, outer: &Text) {
    let starts = text.steps();
    let ends = starts.iter().skip(1).map(|(decoded, _)| *decoded).chain([text.value.len()]);
    let mut steps = Vec::with_capacity(starts.len());
    for (&(decoded, inner), end) in starts.iter().zip(ends) {
        steps.push((decoded, outer.span_of(inner..inner).start));
        let within = inner..inner + end.saturating_sub(decoded);
        steps.extend(outer.steps_within(within).map(|(at, source)| (decoded + (at - inner), source)));
    }
    text.escapes = steps;
    text.span = placed(text.span, outer);
}
