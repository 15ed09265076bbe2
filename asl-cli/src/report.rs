//! Diagnostics for people and for programs.
//!
//! In: a source file with its diagnostics. Out: text as `rustc` writes it, JSON, SARIF, or commands of GitHub Actions.

pub(crate) mod github;
pub(crate) mod sarif;

use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::Style;
use asl_compiler::source::{SourceFile, Span};
use serde_json::{Map, Value};
use std::io::IsTerminal;

/// Colours for a terminal, if the user has not switched them off for all programs.
pub(crate) fn style_for(output: &impl IsTerminal) -> Style {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if output.is_terminal() && !unwanted { Style::Coloured } else { Style::Plain }
}

/// All that a diagnostic says, as text of some lines.
fn text(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.label.is_empty() {
        text.push_str(&format!(": {}", diagnostic.label));
    }
    for help in &diagnostic.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}

/// The diagnostic as a JSON object.
pub(crate) fn to_json(source: &SourceFile, diagnostic: &Diagnostic) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let related = diagnostic.related.iter().map(|(span, label)| {
        let mut place = Map::new();
        place.insert("label".to_owned(), label.as_str().into());
        insert_place(&mut place, source, *span);
        Value::Object(place)
    });
    let mut object = Map::new();
    object.insert("code".to_owned(), diagnostic.code.as_str().into());
    object.insert("severity".to_owned(), severity.into());
    object.insert("message".to_owned(), diagnostic.message.as_str().into());
    object.insert("label".to_owned(), diagnostic.label.as_str().into());
    object.insert("help".to_owned(), diagnostic.help.clone().into());
    object.insert("file".to_owned(), source.name().into());
    object.extend(source.machine().map(|machine| ("machine".to_owned(), machine.into())));
    insert_place(&mut object, source, diagnostic.span);
    object.insert("related".to_owned(), related.collect());
    Value::Object(object)
}

fn insert_place(object: &mut Map<String, Value>, source: &SourceFile, span: Span) {
    let start = source.position(span.start);
    let end = source.position(span.end);
    object.insert("line".to_owned(), start.line.into());
    object.insert("column".to_owned(), start.column.into());
    object.insert("end_line".to_owned(), end.line.into());
    object.insert("end_column".to_owned(), end.column.into());
}
