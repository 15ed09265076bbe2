//! Texts that were meant to be evaluated, and are taken as they are.

use super::expression::expressions;
use crate::edit::{Editor, plain};
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::{Kind, Member, Value};

/// The fields whose texts may be anything.
const PAYLOADS: [&str; 3] = ["Arguments", "Output", "Assign"];

/// A text with an expression in it.
pub(super) fn expression_inside_of_text(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        if PAYLOADS.contains(&expression.field) && expression.text.value.contains('$') {
            let text = expression.text.inner_span();
            let inner = editor.workflow.slice(text).to_owned();
            editor.replace(text, &format!("id: {inner}"));
            editor.replace(text, &format!("{inner}/items"));
        }
    }
}

/// An expression without its signs.
pub(super) fn signs_missing(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        let text = expression.text.value.trim_start_matches("{%").trim_end_matches("%}").trim();
        if PAYLOADS.contains(&expression.field)
            && text.starts_with("$states.")
            && !text.contains(['"', '\\', '\n'])
        {
            editor.rename(expression.text, text);
        }
    }
}

/// A key as those of JSON paths end.
pub(super) fn dollar_key_in_jsonata(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata) {
        for member in payload_members(state, &["Arguments", "Output"]) {
            if member.value.as_str().is_some_and(|text| text.starts_with("{%")) {
                editor.rename(&member.key, &format!("{}.$", member.name()));
            }
        }
    }
}

/// The members of the objects in fields, on whatever level.
fn payload_members<'a>(state: StateAt<'a>, fields: &[&str]) -> Vec<&'a Member> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = fields.iter().filter_map(|field| state.get(field)).collect();
    while let Some(value) = open.pop() {
        match &value.kind {
            Kind::Object(members) => {
                found.extend(members);
                open.extend(members.iter().map(|member| &member.value));
            }
            Kind::Array(elements) => open.extend(elements),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }
    found
}

/// JSONata in the payload of a state whose language is JSONPath.
pub(super) fn expression_in_json_path_payload(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for member in payload_members(state, &["Parameters", "ItemSelector", "ResultSelector"]) {
            let is_looked_up = member.name().ends_with(".$") && member.value.as_str().is_some();
            if let Some(name) = member.name().strip_suffix(".$").filter(|_| is_looked_up) {
                let (key, value) = (member.key.inner_span(), member.value.span);
                let line = editor.workflow.line(key.start);
                editor.edit(
                    &[(key, name), (value, "\"{% $states.input.order.id %}\"")],
                    line..=line,
                    format!("`{name}` is an expression"),
                );
            }
        }
    }
}

/// Paths and calls in the texts of Fail states.
pub(super) fn path_as_cause(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Fail").into_iter().filter(|state| !state.is_jsonata) {
        for field in ["Error", "Cause"] {
            if let Some(text) = plain(state.value, field) {
                editor.rename(text, "$.error.Cause");
                editor.rename(text, "States.Format('failed: {}', $.error.Cause)");
            }
        }
    }
}

/// A path in the middle of a text.
pub(super) fn path_inside_of_text(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| !state.is_jsonata) {
        for member in payload_members(state, &["Parameters"]) {
            if let Some(text) = member.value.as_text()
                && ["Message", "Subject", "ApiEndpoint", "Key", "Path", "Body"].contains(&member.name())
            {
                editor.rename(text, "https://orders.example.com/orders/$.order.id");
            }
        }
    }
}

/// A path in the place of the text that a rule compares with.
pub(super) fn path_as_operand(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Choice") {
        for rule in state.choice_rules() {
            for operator in ["StringEquals", "NumericEquals", "NumericGreaterThan", "BooleanEquals"] {
                if let Some(value) = rule.get(operator) {
                    editor.replace(value.span, "\"$.wanted\"");
                }
            }
        }
    }
}

/// Paths and expressions in the place of numbers.
pub(super) fn path_as_number(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for field in ["Seconds", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency"] {
            if let Some(value) = state.get(field).filter(|value| matches!(value.kind, Kind::Number(_))) {
                editor.replace(value.span, "\"$.delay\"");
                if !state.is_jsonata {
                    editor.replace(value.span, "\"{% $states.input.delay %}\"");
                }
            }
        }
    }
}

/// The signs of other languages around an expression.
pub(super) fn other_signs(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        let text = expression.text.value.trim_start_matches("{%").trim_end_matches("%}").trim();
        if PAYLOADS.contains(&expression.field)
            && text.starts_with("$states.")
            && !text.contains(['"', '\\', '\n'])
        {
            for (open, close) in [("{{ ", " }}"), ("<% ", " %>"), ("{", "}"), ("=", "")] {
                editor.rename(expression.text, &format!("{open}{text}{close}"));
            }
        }
    }
}

/// A `Condition` without signs, or with something beside them.
pub(super) fn condition_without_signs(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Choice").into_iter().filter(|state| state.is_jsonata) {
        for text in state.elements("Choices").iter().filter_map(|rule| plain(rule, "Condition")) {
            let inner = text.inner_span();
            let written = editor.workflow.slice(inner).to_owned();
            let bare = written.trim_start_matches("{%").trim_end_matches("%}").trim();
            editor.replace(inner, bare);
            editor.replace(inner, &format!("{written} = true"));
        }
    }
}

/// A path in a `Result`, which is taken as it is.
pub(super) fn path_in_result(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Pass").into_iter().filter(|state| !state.is_jsonata) {
        for member in payload_members(state, &["Result"]) {
            if member.value.as_text().is_some() && !member.name().ends_with("Path") {
                editor.replace(member.value.span, "\"$.order.id\"");
                editor.replace(member.value.span, "\"States.Format('order {}', $.order.id)\"");
            }
        }
    }
}

/// The arguments of calls, and paths.
fn paths<'a>(editor: &Editor<'a>) -> Vec<StringAt<'a>> {
    let states = editor.workflow.states().into_iter().filter(|state| !state.is_jsonata);
    states.flat_map(|state| state.strings()).filter(|path| path.key.ends_with(".$")).collect()
}

/// A path in quotes among the arguments of a call.
pub(super) fn path_in_quotes(editor: &mut Editor<'_>) {
    for call in paths(editor).into_iter().filter(|path| path.text.value.starts_with("States.")) {
        let Some(start) = call.text.value.find("$.") else { continue };
        let rest = call.text.value.get(start..).unwrap_or_default();
        let length = rest.find([',', ')', ' ', '[']).unwrap_or(rest.len());
        let path = rest.get(..length).unwrap_or_default();
        let is_free = call.text.value.get(..start).is_some_and(|before| before.ends_with(['(', ' ', ',']));
        if is_free && length > 2 {
            editor.replace_in(call.text, start, length, &format!("'{path}'"));
        }
    }
}

/// One dollar sign before what the context object has.
pub(super) fn context_in_data(editor: &mut Editor<'_>) {
    for path in paths(editor) {
        for known in ["$$.Execution.Id", "$$.Execution.Name", "$$.StateMachine.Id", "$$.Task.Token"] {
            if path.text.value == known {
                editor.replace_in(path.text, 0, 1, "");
            }
        }
    }
}

/// Regular expressions, and patterns of SQL.
pub(super) fn pattern_of_another_language(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Choice").into_iter().filter(|state| !state.is_jsonata) {
        for rule in state.choice_rules() {
            for operator in ["StringEquals", "StringMatches"] {
                if let Some(member) = rule.member(operator).filter(|member| member.value.as_text().is_some())
                {
                    for pattern in ["^order-.*$", "[a-z]+", "(done|failed)", "order%"] {
                        let line = editor.workflow.line(member.span().start);
                        let new = format!("\"StringMatches\": \"{pattern}\"");
                        editor.edit(&[(member.span(), &new)], line..=line, new.clone());
                    }
                }
            }
        }
    }
}

/// A list of paths in place of one path.
pub(super) fn paths_under_one_key(editor: &mut Editor<'_>) {
    for path in paths(editor).into_iter().filter(|path| path.text.value.starts_with("$.")) {
        let written = editor.workflow.slice(path.text.span).to_owned();
        editor.replace(path.text.span, &format!("[{written}]"));
        editor.replace(path.text.span, &format!("{{ \"value\": {written} }}"));
        editor.replace(path.text.inner_span(), &format!("{}, $.order.id", path.text.value));
    }
}

/// Two paths in a `ResultPath`, and others that cannot be written to.
pub(super) fn result_paths_two(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        if let Some(text) = plain(state.value, "ResultPath").filter(|_| !state.is_jsonata) {
            for wrong in ["$.order, $.total", "order", "$.orders[*].id", "$$.order", "$order"] {
                editor.rename(text, wrong);
            }
        }
    }
}

/// Choice rules, and Choice states, that end an execution.
pub(super) fn choice_ends(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Choice") {
        for rule in state.elements("Choices") {
            if let Some(member) = rule.member("Next") {
                editor.replace(member.span(), "\"End\": true");
            }
        }
    }
}
