//! Paths that are not followed: a text that looks like a path, where a path is only text.

mod calls;
mod expressions;
mod variables;
mod whole;

use super::{Checker, parameters};
use crate::code::Code;
use crate::definition::{
    Comparison, Condition, Fail, FailText, Found, Operand, PlainText, QueryLanguage, State, Template, Work,
    takes_paths,
};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{Kind, Text, Value};
use crate::path::Written;
use std::ops::Range;

pub(super) fn check(state: &State, all: Found<'_>, checker: &mut Checker<'_>) {
    for found in all.texts {
        if let Some(fault) = expressions::fault(found, state.query_language) {
            let is_refused = checker.refused.contains(&found.text.span);
            checker.report_accepted(if is_refused { fault.into_error() } else { fault });
            continue;
        }
        // What is wrong with the key is said of the key.
        if found.key.is_empty() || found.key.ends_with(".$") {
            continue;
        }
        if let Some(fault) = variables::fault(found, &checker.variables, state.query_language) {
            checker.report_accepted(fault);
        } else if looks_like_a_path(found.text) {
            if !is_for_others(found) {
                checker.report_accepted(in_template(found, state.query_language));
            }
        } else if !holds_paths(found)
            && let Some(place) = path_inside(found.text)
        {
            checker.report_accepted(inside_of_text(found, place, state.query_language));
        }
    }
    for member in all.dollar_members {
        let is_looked_up = matches!(member.value, Template::Expression(_))
            || parameters::constant_text(&member.value).is_some_and(looks_like_a_path);
        if is_looked_up {
            checker.report_accepted(expressions::dollar_key(&member.key, &member.value));
        }
    }
    calls::check(&all.calls, checker);
    variables::check_expressions(&all.expressions, checker);
    whole::check(state, checker);
    check_operands(state, checker);
    if let Work::Fail(fail) = &state.work {
        check_fail(fail, state.query_language, checker);
    }
    if let Work::Pass(pass) = &state.work
        && let Some(result) = pass.result.as_ref().filter(|_| state.query_language == QueryLanguage::JsonPath)
    {
        check_result(state, result, checker);
    }
}

/// Whether it is said of a text as a whole that what it refers to is not looked up.
pub(super) fn is_reported(found: PlainText<'_>, language: QueryLanguage) -> bool {
    expressions::fault(found, language).is_some() || is_untaken_path(found)
}

/// Whether a text looks like a path, and is not taken for one.
fn is_untaken_path(found: PlainText<'_>) -> bool {
    let is_of_key = found.key.is_empty() || found.key.ends_with(".$");
    !is_of_key && looks_like_a_path(found.text) && !is_for_others(found)
}

/// `Error` and `Cause` of a Fail state.
fn check_fail(fail: &Fail, language: QueryLanguage, checker: &mut Checker<'_>) {
    for (key, text) in [("Error", &fail.error), ("Cause", &fail.cause)] {
        let Some(FailText::Constant(text)) = text else { continue };
        let found = PlainText::of_field(key, text);
        if let Some(fault) = expressions::fault(found, language) {
            checker.report_accepted(fault);
        } else if looks_like_a_path(text) {
            let diagnostic = as_text(found);
            checker.report_accepted(match language {
                QueryLanguage::JsonPath => diagnostic
                    .label(format!("a path is followed only in `{key}Path`"))
                    .help(format!("name the field `{key}Path`")),
                QueryLanguage::Jsonata => with_expression(diagnostic, text),
            });
        }
    }
}

/// Texts that choice rules compare with.
fn check_operands(state: &State, checker: &mut Checker<'_>) {
    let Work::Choice(choice) = &state.work else { return };
    let mut open: Vec<_> = choice.rules.iter().filter_map(|rule| rule.condition.as_ref()).collect();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::And(inner) | Condition::Or(inner) => open.extend(inner),
            Condition::Not(inner) => open.push(inner),
            Condition::Test { comparison: Comparison::String(_, Operand::Constant(text)), .. } => {
                let found = PlainText::of_field("", text);
                if let Some(fault) = expressions::fault(found, QueryLanguage::JsonPath) {
                    checker.report_accepted(fault);
                }
                if !looks_like_a_path(text) {
                    continue;
                }
                let message = format!(
                    "the rule compares with the text `{}`, not with the value at that path",
                    text.value
                );
                checker.report_accepted(
                    Diagnostic::new(Code::PathAsText, text.span, message)
                        .label("a path is followed only by operators whose names end in `Path`")
                        .help("add `Path` to the name of the operator"),
                );
            }
            Condition::Test { .. } | Condition::Expression(_) | Condition::Constant(_) => {}
        }
    }
}

/// Where a path starts inside of a text: `/users/$.id`. One in quotes belongs to the text: SQL and JSON have paths of their own.
fn path_inside(text: &Text) -> Option<Range<usize>> {
    let value = text.value.as_str();
    let (at, _) = value.match_indices("$.").find(|(at, found)| {
        let before = value.get(..*at).and_then(|before| before.chars().next_back());
        let after = value.get(at + found.len()..).and_then(|after| after.chars().next());
        before.is_some_and(|before| " /=:,&([{".contains(before)) && after.is_some_and(char::is_alphabetic)
    })?;
    let rest = value.get(at + 2..)?;
    let length = rest.find(|c: char| !(c.is_alphanumeric() || "_.[]".contains(c))).unwrap_or(rest.len());
    Some(at..at + 2 + length)
}

fn inside_of_text(found: PlainText<'_>, place: Range<usize>, language: QueryLanguage) -> Diagnostic {
    let PlainText { key, text, .. } = found;
    let path = text.value.get(place.clone()).unwrap_or_default();
    let message = format!("`{path}` in the text of `{key}` is not what it leads to");
    let diagnostic = Diagnostic::new(Code::PathAsText, text.span_of(place.clone()), message)
        .label("nothing is looked up inside of a text");
    let diagnostic = if speaks(&text.value) { diagnostic.into_warning() } else { diagnostic };
    let around = |filler: &str| {
        let (before, after) = (text.value.get(..place.start), text.value.get(place.end..));
        format!("{}{filler}{}", before.unwrap_or_default(), after.unwrap_or_default())
    };
    match language {
        QueryLanguage::JsonPath => {
            diagnostic.help(format!("write `\"{key}.$\": \"States.Format('{}', {path})\"`", around("{}")))
        }
        QueryLanguage::Jsonata => diagnostic,
    }
}

/// Whether a text is long enough to speak about paths, as prompts and scripts do, where a short one is put together from what they lead to.
fn speaks(text: &str) -> bool {
    const LENGTH: usize = 160;
    text.len() > LENGTH || text.contains('\n')
}

/// Whether a text is a path to something, or a call of an intrinsic function.
fn looks_like_a_path(text: &Text) -> bool {
    let value = text.value.as_str();
    if value.starts_with("States.") {
        return is_call(text);
    }
    if !["$.", "$[", "$$."].iter().any(|start| value.starts_with(start))
        || value.contains(char::is_whitespace)
    {
        return false;
    }
    Written::parse(text, &mut Diagnostics::default()).is_some_and(|path| !path.segments.is_empty())
}

/// Whether a text is a call of an intrinsic function.
fn is_call(text: &Text) -> bool {
    let value = text.value.as_str();
    value.starts_with("States.") && value.ends_with(')') && value.contains('(')
}

/// Whether a path is for the service that gets it: `"InputPathsMap": { "id": "$.detail.id" }`.
fn is_for_others(found: PlainText<'_>) -> bool {
    found.for_others || takes_paths(found.key)
}

/// Whether paths inside of a text are for the service that gets it, or for the machine that it defines. One in a URL is for neither:
/// `"Path": "/users/$.id"`.
fn holds_paths(found: PlainText<'_>) -> bool {
    found.key == "Definition" || (is_for_others(found) && !found.text.value.starts_with('/'))
}

/// Says that a text which looks like a path is only a text.
fn as_text(found: PlainText<'_>) -> Diagnostic {
    let PlainText { key, text, in_array, .. } = found;
    let what = if in_array { format!("an element of `{key}`") } else { format!("`{key}`") };
    let message = format!("{what} is the literal text `{}`, not the value that it refers to", text.value);
    let diagnostic = Diagnostic::new(Code::PathAsText, text.span, message);
    if is_price(&text.value) { diagnostic.into_warning() } else { diagnostic }
}

/// `$.50`
fn is_price(text: &str) -> bool {
    text.strip_prefix("$.").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn in_template(found: PlainText<'_>, language: QueryLanguage) -> Diagnostic {
    let PlainText { key, text, in_array, .. } = found;
    let (shown, diagnostic) = (&text.value, as_text(found));
    match language {
        QueryLanguage::JsonPath => {
            diagnostic.label("a path is followed only in a field whose name ends in `.$`").help(if in_array {
                format!("write `\"{key}.$\": \"States.Array({shown}, ..)\"`")
            } else {
                format!("name the field `{key}.$`")
            })
        }
        QueryLanguage::Jsonata => with_expression(diagnostic, text),
    }
}

/// Shows the expression that says what a path says.
fn with_expression(diagnostic: Diagnostic, text: &Text) -> Diagnostic {
    let diagnostic = diagnostic.label("JSONata states have no paths");
    match text.value.strip_prefix("$.") {
        Some(rest) => diagnostic.help(format!("write `{{% $states.input.{rest} %}}`")),
        None => diagnostic,
    }
}

/// Only the first: a definition that takes `Result` for a template does so in all of it.
fn check_result(state: &State, result: &Value, checker: &mut Checker<'_>) {
    let fault = first_text(result, &|text| {
        expressions::fault(PlainText::of_field("Result", text), QueryLanguage::JsonPath)
    });
    fault.into_iter().for_each(|fault| checker.report_accepted(fault));
    if let Some(text) = first_path(result) {
        let message = format!("`Result` of state `{}` is taken as it is", state.name.value);
        checker.report_accepted(
            Diagnostic::new(Code::PathAsText, text.span, message)
                .label("nothing is looked up here")
                .help("use `Parameters` in place of `Result`"),
        );
    }
}

/// What is found in the first text of a value in which it is.
fn first_text<T>(value: &Value, find: &dyn Fn(&Text) -> Option<T>) -> Option<T> {
    match &value.kind {
        Kind::Object(members) => members.iter().find_map(|member| first_text(&member.value, find)),
        Kind::Array(values) => values.iter().find_map(|value| first_text(value, find)),
        Kind::String(text) => find(text),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => None,
    }
}

/// The first path in a value; for a field that ends in `.$` its name.
fn first_path(value: &Value) -> Option<&Text> {
    match &value.kind {
        Kind::Object(members) => members.iter().find_map(|member| match member.value.as_text() {
            _ if takes_paths(member.name()) => None,
            Some(text) if member.name().ends_with(".$") && looks_like_a_path(text) => Some(&member.key),
            Some(_) | None => first_path(&member.value),
        }),
        Kind::Array(values) => values.iter().find_map(first_path),
        Kind::String(text) => Some(text).filter(|text| looks_like_a_path(text)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => None,
    }
}
