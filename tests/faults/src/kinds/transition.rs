//! Transitions that lead somewhere else, or nowhere.

use crate::edit::{Editor, plain};
use crate::typo::mistype;
use crate::workflow::{MachineAt, StateAt};
use asl_compiler::json::{Text, Value};
use asl_compiler::source::Span;

fn misspell(editor: &mut Editor<'_>, text: Option<&Text>) {
    let Some(text) = text else { return };
    if let Some(typo) = mistype(&text.value, 0) {
        editor.rename(text, &typo);
    }
}

pub(super) fn next_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        misspell(editor, plain(state.value, "Next"));
    }
}

pub(super) fn default_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Choice") {
        misspell(editor, plain(state.value, "Default"));
    }
}

pub(super) fn start_at_misspelt(editor: &mut Editor<'_>) {
    for machine in editor.workflow.machines() {
        misspell(editor, plain(machine.value, "StartAt"));
    }
}

pub(super) fn rule_next_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for rule in state.elements("Choices") {
            misspell(editor, plain(rule, "Next"));
        }
    }
}

pub(super) fn catch_next_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for catcher in state.elements("Catch") {
            misspell(editor, plain(catcher, "Next"));
        }
    }
}

/// From a branch to a state outside of it.
pub(super) fn next_out_of_scope(editor: &mut Editor<'_>) {
    let states = editor.workflow.states();
    let Some(outside) = states.first().filter(|state| state.machine.is_top) else { return };
    for state in states.iter().filter(|state| !state.machine.is_top) {
        if let Some(next) = plain(state.value, "Next") {
            editor.rename(next, &outside.name.value);
        }
    }
}

pub(super) fn next_missing(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        editor.remove_field(state, "Next");
    }
}

pub(super) fn end_missing(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        editor.remove_field(state, "End");
    }
}

/// The line of the other field is as right as that of the new one.
pub(super) fn next_and_end(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let Some(next) = state.value.member("Next") else { continue };
        let end = next.span().end;
        let line = editor.workflow.line(end);
        editor.edit(&[(Span::new(end, end), ",\n\"End\": true")], line..=line + 1, "+ `End`".to_owned());
    }
}

/// The state that a transition leads to loses its name; the transition or the state that nothing leads to is the place.
pub(super) fn next_to_nowhere(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let Some(next) = plain(state.value, "Next") else { continue };
        editor.rename(next, "NoSuchState");
    }
}

/// A state in a branch gets the name of a state outside.
pub(super) fn state_name_twice(editor: &mut Editor<'_>) {
    let states = editor.workflow.states();
    let Some(outside) = states.first().filter(|state| state.machine.is_top) else { return };
    for state in states.iter().filter(|state| !state.machine.is_top && state.machine.states().len() == 1) {
        let Some(start) = plain(state.machine.value, "StartAt") else { continue };
        let name = &outside.name.value;
        let mut edits = [(start.inner_span(), name.as_str()), (state.name.inner_span(), name.as_str())];
        edits.sort_by_key(|(span, _)| span.start);
        let line = editor.workflow.line(state.name.span.start);
        editor.edit(&edits, line..=line, format!("`{}` -> `{name}`", state.name.value));
    }
}

/// A transition goes to its own state, so that nothing leads to where it led; the place is the state that is left.
pub(super) fn state_unreachable(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let Some(next) = plain(state.value, "Next") else { continue };
        let Some(target) = state.machine.states().into_iter().find(|other| other.name.value == next.value)
        else {
            continue;
        };
        let others = references(state.machine, &next.value);
        let ends = state.machine.states().iter().any(|other| ends(*other) && other.name.value != next.value);
        if others == 1 && ends && next.value != state.name.value {
            let line = editor.workflow.line(target.name.span.start);
            let what = format!("`{}` -> `{}`", next.value, state.name.value);
            editor.edit(&[(next.inner_span(), &state.name.value)], line..=line, what);
        }
    }
}

fn ends(state: StateAt<'_>) -> bool {
    state.get("End").is_some() || matches!(state.text("Type"), Some("Succeed" | "Fail"))
}

/// How many transitions of a machine lead to a state.
fn references(machine: MachineAt<'_>, name: &str) -> usize {
    let leads =
        |value: &Value, field: &str| usize::from(value.get(field).and_then(Value::as_str) == Some(name));
    let of_state = |state: &StateAt<'_>| {
        let rules: usize = state.elements("Choices").iter().map(|rule| leads(rule, "Next")).sum();
        let catchers: usize = state.elements("Catch").iter().map(|catcher| leads(catcher, "Next")).sum();
        rules + catchers + leads(state.value, "Next") + leads(state.value, "Default")
    };
    leads(machine.value, "StartAt") + machine.states().iter().map(of_state).sum::<usize>()
}
