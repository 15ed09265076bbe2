//! What is wrong with a definition, in the words of the API.
//!
//! In: the diagnostics of the compiler. Out: codes, texts and places as AWS gives them. Where AWS has a text of its own, that is what it says; else
//! the compiler's message says more.

use asl_compiler::code::Code;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::json::{Kind, Value};
use asl_compiler::source::{SourceFile, Span};
use asl_compiler::{Options, read};

/// All state types in AWS's order.
const STATE_TYPES: &str = "Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map";

/// `Invalid State Machine Definition: '..'`, with all errors.
pub(crate) fn invalid_definition(
    source: &SourceFile,
    options: &Options,
    diagnostics: &[Diagnostic],
) -> String {
    let value = read(source, options);
    let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let faults: Vec<String> = errors.map(|error| fault(value.as_ref(), error)).collect();
    format!("Invalid State Machine Definition: '{}'", faults.join(", "))
}

/// `CODE: text at /States/Name/Field`
fn fault(value: Option<&Value>, error: &Diagnostic) -> String {
    let place = value.map(|value| place(value, error.span)).unwrap_or_default();
    let (code, message) = (code(error.code), message(value, error, &place));
    format!("{code}: {message} at {}", if place.is_empty() { "/" } else { &place })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "AWS has one code for most faults, and no text of its own"
)]
const fn code(code: Code) -> &'static str {
    match code {
        Code::InvalidJson | Code::InvalidYaml | Code::InvalidUtf8 => "INVALID_JSON_DESCRIPTION",
        Code::UnknownState | Code::TransitionOutOfScope | Code::UnreachableState => {
            "MISSING_TRANSITION_TARGET"
        }
        Code::NoTerminalState => "MISSING_END_STATE",
        Code::DuplicateStateName => "DUPLICATE_STATE_NAME",
        _ => "SCHEMA_VALIDATION_FAILED",
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "AWS has one code for most faults, and no text of its own"
)]
fn message(value: Option<&Value>, error: &Diagnostic, place: &str) -> String {
    let written = value.and_then(|value| deepest(value, error.span));
    let text = written.and_then(Value::as_str).unwrap_or_default();
    match error.code {
        Code::UnknownStateType => {
            format!("The field 'Type' should have one of these values: [{STATE_TYPES}]")
        }
        Code::InvalidTimestamp => "String does not match RFC3339 timestamp".to_owned(),
        Code::UnknownState | Code::TransitionOutOfScope => format!("Missing 'Next' target: {text}"),
        Code::UnreachableState => {
            format!("State \"{}\" is not reachable.", place.rsplit('/').next().unwrap_or_default())
        }
        Code::NoTerminalState => "Workflow has no terminal state".to_owned(),
        Code::InvalidValue if written.is_some_and(is_empty) => "Value cannot be empty".to_owned(),
        _ => error.message.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Array(elements) => elements.is_empty(),
        Kind::Object(members) => members.is_empty(),
        Kind::String(text) => text.value.is_empty(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => false,
    }
}

/// The way to the innermost value around a place: `/States/Fork/Branches[0]`. A key stands for its value.
fn place(value: &Value, span: Span) -> String {
    match step(value, span) {
        None => String::new(),
        Some((step, inner)) => step + &place(inner, span),
    }
}

fn deepest(value: &Value, span: Span) -> Option<&Value> {
    match step(value, span) {
        None => Some(value),
        Some((_, inner)) => deepest(inner, span),
    }
}

fn step(value: &Value, span: Span) -> Option<(String, &Value)> {
    let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    match &value.kind {
        Kind::Object(members) => {
            let member = members.iter().find(|member| holds(member.key.span) || holds(member.value.span))?;
            Some((format!("/{}", member.name()), &member.value))
        }
        Kind::Array(elements) => {
            let (number, element) = elements.iter().enumerate().find(|(_, element)| holds(element.span))?;
            Some((format!("[{number}]"), element))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    }
}
