//! Choice rules that compare wrongly.

use crate::edit::Editor;
use crate::typo::{mistype, other_case};
use asl_compiler::json::{Member, Value};

const STARTS: [&str; 5] = ["String", "Numeric", "Boolean", "Timestamp", "Is"];

/// The comparisons of states with JSON paths, each with the member that is the operator.
fn comparisons<'a>(editor: &Editor<'a>) -> Vec<(&'a Value, &'a Member)> {
    let states = editor.workflow.states().into_iter().filter(|state| !state.is_jsonata);
    let rules = states.flat_map(|state| state.choice_rules());
    let operator = |rule: &'a Value| {
        let is_one = |member: &&Member| STARTS.iter().any(|start| member.name().starts_with(start));
        rule.as_object()?.iter().find(is_one).map(|member| (rule, member))
    };
    rules.filter_map(operator).collect()
}

pub(super) fn operator_misspelt(editor: &mut Editor<'_>) {
    for (_, operator) in comparisons(editor) {
        let name = operator.name();
        let typos = [mistype(name, 0), mistype(name, 7), name.strip_suffix('s').map(str::to_owned)];
        for typo in typos.into_iter().flatten() {
            editor.rename(&operator.key, &typo);
        }
    }
}

pub(super) fn operator_in_other_case(editor: &mut Editor<'_>) {
    for (_, operator) in comparisons(editor) {
        editor.rename(&operator.key, &other_case(operator.name()));
    }
}

pub(super) fn operand_mistyped(editor: &mut Editor<'_>) {
    for (_, operator) in comparisons(editor) {
        let name = operator.name();
        let wrong: &[&str] = match name {
            _ if name.ends_with("Path") => &["5", "true", "\"x\""],
            _ if name.starts_with("String") => &["5", "true", "null"],
            _ if name.starts_with("Numeric") => &["\"5\"", "true"],
            _ if name.starts_with("Boolean") => &["\"true\"", "1"],
            _ if name.starts_with("Timestamp") => &["5", "\"yesterday\""],
            _ => &["\"true\"", "1"],
        };
        wrong.iter().for_each(|wrong| editor.replace(operator.value.span, wrong));
    }
}

pub(super) fn operator_missing(editor: &mut Editor<'_>) {
    for (rule, operator) in comparisons(editor) {
        editor.remove_member(rule.as_object().unwrap_or_default(), operator.name(), rule.span);
    }
}

/// The line of either operator is right.
pub(super) fn operator_twice(editor: &mut Editor<'_>) {
    for (_, operator) in comparisons(editor) {
        let other = if operator.name() == "IsNull" { "\"IsPresent\": true" } else { "\"IsNull\": true" };
        editor.add_member(operator, other);
        let first = editor.workflow.line(operator.span().start);
        if let Some(fault) = editor.faults.last_mut() {
            fault.lines = first..=*fault.lines.end();
        }
    }
}

pub(super) fn variable_missing(editor: &mut Editor<'_>) {
    for (rule, _) in comparisons(editor) {
        editor.remove_member(rule.as_object().unwrap_or_default(), "Variable", rule.span);
    }
}

pub(super) fn variable_no_path(editor: &mut Editor<'_>) {
    for (rule, _) in comparisons(editor) {
        let Some(variable) = rule.get("Variable") else { continue };
        for wrong in ["\"value\"", "\".value\"", "5", "\"\""] {
            editor.replace(variable.span, wrong);
        }
    }
}

pub(super) fn empty(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        if let Some(choices) = state.get("Choices") {
            editor.replace(choices.span, "[]");
        }
        for rule in state.choice_rules() {
            for list in ["And", "Or"].iter().filter_map(|list| rule.get(list)) {
                editor.replace(list.span, "[]");
                editor.replace(list.span, "{}");
            }
        }
    }
}
