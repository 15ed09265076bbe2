//! Handlers that wait for nothing, or look for the error in the wrong place; loops without a pause; results that are thrown away.

use super::result::{fields, only_followers};
use crate::edit::{Editor, plain};
use crate::typo::mistype;
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::Value;

fn names<'a>(state: StateAt<'a>) -> impl Iterator<Item = &'a Value> {
    state
        .handlers()
        .flat_map(|handler| handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default())
}

/// A star in the name of an error is not a wildcard.
pub(super) fn error_with_star(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for text in names(state).filter_map(Value::as_text) {
            editor.rename(text, "*");
            editor.rename(text, "Lambda.*");
            editor.rename(text, "States.*");
        }
    }
}

/// `$.Error` beside the field that the `ResultPath` of the catcher names.
pub(super) fn error_read_beside_its_place(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for catcher in state.elements("Catch") {
            let Some(place) = plain(catcher, "ResultPath").filter(|place| is_field(&place.value)) else {
                continue;
            };
            let states = state.machine.states().into_iter();
            let only = states
                .filter(|other| leads_to(*other, plain(catcher, "Next").map(|next| next.value.as_str())));
            if only.count() != 1 {
                continue;
            }
            for handler in state.machine.states() {
                let is_handler = plain(catcher, "Next").is_some_and(|next| next.value == handler.name.value);
                let is_named =
                    state.machine.value.get("StartAt").and_then(Value::as_str) == Some(&handler.name.value);
                if !is_handler || is_named || handler.get("InputPath").is_some() || handler.is_jsonata {
                    continue;
                }
                for path in handler.strings().into_iter().filter(|path| sees_input(path)) {
                    for field in ["Error", "Cause"] {
                        if path.text.value == format!("{}.{field}", place.value) {
                            editor.rename(path.text, &format!("$.{field}"));
                        }
                    }
                }
            }
        }
    }
}

fn is_field(path: &str) -> bool {
    path.strip_prefix("$.").is_some_and(|name| !name.contains(['.', '[']))
}

/// Whether a path is one into the input of its state.
fn sees_input(path: &StringAt<'_>) -> bool {
    path.is_path() && ["Parameters", "ErrorPath", "CausePath"].contains(&path.field)
}

fn leads_to(state: StateAt<'_>, name: Option<&str>) -> bool {
    let rules = state.elements("Choices").iter().chain(state.elements("Catch"));
    let next = rules.filter_map(|rule| rule.get("Next")?.as_str());
    next.chain(state.text("Next")).chain(state.text("Default")).any(|target| Some(target) == name)
}

/// The two fields of the Error Output, misspelt in a catcher.
pub(super) fn error_output_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata) {
        for text in state.strings().into_iter().filter(|text| text.field == "Catch" && text.is_expression()) {
            for field in ["Error", "Cause"] {
                let whole = format!("$states.errorOutput.{field}");
                if let Some(at) = text
                    .text
                    .value
                    .find(&whole)
                    .filter(|_| text.text.value.trim_matches(['{', '%', '}', ' ']) == whole)
                {
                    let start = at + whole.len() - field.len();
                    editor.replace_in(text.text, start, field.len(), &mistype(field, 0).unwrap_or_default());
                    editor.replace_in(text.text, start, field.len(), &field.to_lowercase());
                }
            }
        }
    }
}

/// The result of a task is discarded, and the next state reads it.
pub(super) fn result_thrown_away(editor: &mut Editor<'_>) {
    for pass in editor.workflow.states_of("Pass").into_iter().filter(|state| !state.is_jsonata) {
        let known = pass.get("Result").and_then(Value::as_object).unwrap_or_default();
        if known.is_empty() || ["ResultPath", "OutputPath"].iter().any(|field| pass.get(field).is_some()) {
            continue;
        }
        for task in only_followers(pass).into_iter().filter(|task| !task.is_jsonata) {
            let path = task.value.member("ResultPath").filter(|path| path.value.as_text().is_some());
            let Some(path) = path.filter(|_| task.get("OutputPath").is_none()) else { continue };
            let place = path.value.as_str().unwrap_or_default().to_owned();
            for next in only_followers(task) {
                for read in
                    next.strings().into_iter().filter(|read| read.field == "Parameters" && read.is_path())
                {
                    if read.text.value.starts_with(&format!("{place}.")) {
                        let line = editor.workflow.line(read.text.span.start);
                        editor.edit(
                            &[(path.value.span, "null")],
                            line..=line,
                            "the result is discarded".to_owned(),
                        );
                    }
                }
            }
        }
    }
}

/// A task with a known result that leads to itself.
pub(super) fn task_to_itself(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let waits = state
            .text("Resource")
            .is_none_or(|resource| resource.contains(['.', '$']) || resource.contains(":activity:"));
        if let Some(text) = plain(state.value, "Next").filter(|_| !waits && !fields(state).is_empty()) {
            editor.rename(text, &state.name.value);
        }
    }
}

/// A Choice that leads to itself.
pub(super) fn choice_to_itself(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Choice") {
        let changes =
            ["Assign", "Output", "InputPath", "OutputPath"].iter().any(|field| state.get(field).is_some());
        if let Some(text) = plain(state.value, "Default").filter(|_| !changes) {
            editor.rename(text, &state.name.value);
        }
    }
}
