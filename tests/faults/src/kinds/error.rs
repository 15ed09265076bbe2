//! Retriers and catchers that wait for the wrong errors, or wrongly.

use crate::edit::Editor;
use crate::typo::mistype;
use asl_compiler::json::Value;

fn names(handler: &Value) -> &[Value] {
    handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default()
}

/// A name of one's own can be anything; one with the prefix of AWS cannot.
fn is_of_aws(name: &str) -> bool {
    ["States.", "Lambda.", "DynamoDB.", "DynamoDb.", "Glue.", "Sqs.", "Sns.", "S3.", "ECS.", "Batch."]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

pub(super) fn misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for name in state.handlers().flat_map(names).filter_map(Value::as_text) {
            let Some((prefix, rest)) = name.value.split_once('.').filter(|_| is_of_aws(&name.value)) else {
                continue;
            };
            let rest_typo = mistype(rest, 0).unwrap_or_else(|| format!("{rest}X"));
            if prefix == "States" {
                editor.replace_in(name, prefix.len() + 1, rest.len(), &rest_typo);
            }
        }
    }
}

/// Services may have errors that are not documented, and functions raise what they like.
pub(super) fn misspelt_of_service(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for name in state.handlers().flat_map(names).filter_map(Value::as_text) {
            let Some((prefix, rest)) = name.value.split_once('.').filter(|_| is_of_aws(&name.value)) else {
                continue;
            };
            if prefix == "States" {
                editor.replace_in(name, 0, prefix.len(), "State");
                editor.replace_in(name, 0, name.value.len(), &name.value.to_ascii_lowercase());
                continue;
            }
            let rest_typo = mistype(rest, 0).unwrap_or_else(|| format!("{rest}X"));
            editor.replace_in(name, prefix.len() + 1, rest.len(), &rest_typo);
            if let Some(typo) = mistype(prefix, 0) {
                editor.replace_in(name, 0, prefix.len(), &typo);
            }
        }
    }
}

pub(super) fn service_in_other_case(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for name in state.handlers().flat_map(names).filter_map(Value::as_text) {
            for (right, wrong) in [("DynamoDB.", "DynamoDb."), ("Lambda.", "lambda.")] {
                if name.value.starts_with(right) {
                    editor.replace_in(name, 0, right.len(), wrong);
                }
            }
        }
    }
}

/// The list of the last handler is copied behind it, with another error.
pub(super) fn states_all_not_last(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for field in ["Retry", "Catch"] {
            let Some(last) = state.elements(field).last() else { continue };
            if !names(last).iter().any(|name| name.as_str() == Some("States.ALL")) {
                continue;
            }
            let copy = editor.workflow.slice(last.span).replace("States.ALL", "States.Timeout");
            let end = last.span.end;
            let lines = editor.workflow.line(last.span.start)
                ..=editor.workflow.line(end) + copy.matches('\n').count() + 1;
            let edit = (asl_compiler::source::Span::new(end, end), format!(",\n{copy}"));
            editor.edit(&[(edit.0, &edit.1)], lines, format!("a handler behind `States.ALL` in `{field}`"));
        }
    }
}

pub(super) fn states_all_not_alone(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for name in state.handlers().flat_map(names) {
            if name.as_str() == Some("States.ALL") {
                editor.replace(name.span, "\"States.ALL\", \"States.Timeout\"");
                editor.replace(name.span, "\"MyError\", \"States.ALL\"");
            } else {
                editor.replace(
                    name.span,
                    &format!("{}, \"States.ALL\"", editor.workflow.slice(name.span).to_owned()),
                );
            }
        }
    }
}

pub(super) fn no_list(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for list in state.handlers().filter_map(|handler| handler.get("ErrorEquals")) {
            for wrong in ["\"States.ALL\"", "[]", "[5]", "{}"] {
                editor.replace(list.span, wrong);
            }
        }
    }
}

const NUMBERS: &[(&str, &[&str])] = &[
    ("IntervalSeconds", &["0", "-1", "\"2\"", "1.5"]),
    ("MaxAttempts", &["-1", "\"3\"", "1.5", "1000000000"]),
    ("BackoffRate", &["0.5", "-1", "\"2\"", "0"]),
    ("MaxDelaySeconds", &["0", "-1", "\"60\""]),
    ("JitterStrategy", &["\"FUL\"", "\"full\"", "true"]),
];

pub(super) fn retrier_number_wrong(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for retrier in state.elements("Retry") {
            for (field, values) in NUMBERS {
                let Some(value) = retrier.get(field) else { continue };
                values.iter().for_each(|wrong| editor.replace(value.span, wrong));
            }
        }
    }
}
