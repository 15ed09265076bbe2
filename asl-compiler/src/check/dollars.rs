//! Paths that nobody follows: a text that looks like a path, where a path is only text.

use super::Checker;
use crate::code::Code;
use crate::definition::{PlainText, QueryLanguage, State, Work};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{Kind, Text, Value};
use crate::path::Written;

pub(super) fn check(state: &State, checker: &mut Checker<'_>) {
    for found in state.texts() {
        if !found.key.is_empty() && looks_like_a_path(found.text) && !takes_paths(found.key) {
            checker.diagnostics.push(in_template(found, state.query_language));
        }
        if state.query_language == QueryLanguage::Jsonata && looks_like_an_expression(&found.text.value) {
            checker.diagnostics.push(half_an_expression(found.text));
        }
    }
    if let Work::Pass(pass) = &state.work
        && let Some(result) = pass.result.as_ref().filter(|_| state.query_language == QueryLanguage::JsonPath)
    {
        check_result(state, result, checker);
    }
}

/// Whether a text is a path to something, or a call of an intrinsic function.
fn looks_like_a_path(text: &Text) -> bool {
    let value = text.value.as_str();
    if value.starts_with("States.") {
        return value.ends_with(')') && value.contains('(');
    }
    if !["$.", "$[", "$$."].iter().any(|start| value.starts_with(start))
        || value.contains(char::is_whitespace)
    {
        return false;
    }
    Written::parse(text, &mut Diagnostics::default()).is_some_and(|path| !path.segments.is_empty())
}

/// Whether a text of a JSONata state, which is no expression, was perhaps to be one.
fn looks_like_an_expression(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{%") || text.ends_with("%}") || text.starts_with("$states.")
}

fn half_an_expression(text: &Text) -> Diagnostic {
    let message = format!("`{}` is a text, and not what it leads to", shortened(&text.value));
    Diagnostic::new(Code::PathAsText, text.span, message)
        .label("an expression starts with `{%` and ends with `%}`, with nothing around them")
}

/// The start of a text that is long.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 60;
    let mut shown: String = text.chars().take(LENGTH).collect();
    if shown.len() < text.len() {
        shown.push_str("..");
    }
    shown
}

/// Parameters of services that follow paths of their own.
fn takes_paths(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.ends_with("query")
        || ["path", "expression", "selector", "pattern"].iter().any(|part| key.contains(part))
}

fn in_template(found: PlainText<'_>, language: QueryLanguage) -> Diagnostic {
    let PlainText { key, text, in_array } = found;
    let shown = &text.value;
    let what = if in_array { format!("an element of `{key}`") } else { format!("`{key}`") };
    let message = format!("{what} is the text `{shown}`, and not what it leads to");
    let diagnostic = Diagnostic::new(Code::PathAsText, text.span, message);
    match language {
        QueryLanguage::JsonPath => {
            diagnostic.label("a path is followed only in a field whose name ends in `.$`").help(if in_array {
                format!("write `\"{key}.$\": \"States.Array({shown}, ..)\"`")
            } else {
                format!("name the field `{key}.$`")
            })
        }
        QueryLanguage::Jsonata => {
            let diagnostic = diagnostic.label("JSONata states have no paths");
            match shown.strip_prefix("$.") {
                Some(rest) => diagnostic.help(format!("write `{{% $states.input.{rest} %}}`")),
                None => diagnostic,
            }
        }
    }
}

/// Only the first: whoever takes `Result` for a template does so in all of it.
fn check_result(state: &State, result: &Value, checker: &mut Checker<'_>) {
    if let Some(text) = first_path(result) {
        let message = format!("`Result` of state `{}` is taken as it is", state.name.value);
        checker.diagnostics.push(
            Diagnostic::new(Code::PathAsText, text.span, message)
                .label("nothing is looked up here")
                .help("use `Parameters` in place of `Result`"),
        );
    }
}

fn first_path(value: &Value) -> Option<&Text> {
    match &value.kind {
        Kind::Object(members) => members.iter().find_map(|member| match member.value.as_text() {
            Some(text) if member.name().ends_with(".$") && looks_like_a_path(text) => Some(&member.key),
            Some(_) => None,
            None => first_path(&member.value),
        }),
        Kind::Array(values) => values.iter().find_map(first_path),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    }
}
