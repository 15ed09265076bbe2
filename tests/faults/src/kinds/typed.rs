//! Values of the wrong type, which only shows when they are followed.

use super::expression::expressions;
use crate::edit::Editor;
use asl_compiler::json::{Kind, Value};

/// Operators and functions that are given what they never take.
pub(super) fn expression_of_known_types(editor: &mut Editor<'_>) {
    const WRONG: [&str; 7] = [
        "$now() + 3600",
        "$fromMillis($now())",
        "$string(1) + 1",
        "('a' & 'b') + 1",
        "$states.context.Execution.Id + 1",
        "$uppercase($count([1]))",
        "($t := 'a'; $t * 2)",
    ];
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign", "Arguments"].contains(&expression.field) {
            WRONG.iter().for_each(|wrong| editor.rename(expression.text, &format!("{{% {wrong} %}}")));
        }
    }
}

/// A placeholder in a number, and a name that the state after it misspells.
pub(super) fn after_a_placeholder(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let Some(value) = ["TimeoutSeconds", "HeartbeatSeconds", "Seconds", "MaxConcurrency"]
            .iter()
            .filter_map(|field| state.get(field))
            .find(|value| matches!(value.kind, Kind::Number(_)))
        else {
            continue;
        };
        for name in state.handlers().filter_map(|handler| handler.get("ErrorEquals")?.as_array()?.first()) {
            let Some(text) = name.as_text().filter(|text| text.value == "States.ALL") else { continue };
            let mut edits = [(value.span, "\"${Number}\""), (text.inner_span(), "States.Al")];
            edits.sort_by_key(|(span, _)| *span);
            let line = editor.workflow.line(text.span.start);
            editor.edit(&edits, line..=line, "a placeholder, and `States.Al`".to_owned());
        }
    }
}

/// `Items` that may be one item alone.
pub(super) fn items_of_a_sequence(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Map").into_iter().filter(|state| state.is_jsonata) {
        if let Some(text) = state.get("Items").and_then(Value::as_text) {
            editor.rename(text, "{% $states.input.orders[open = true] %}");
            editor.rename(text, "{% $filter($states.input.orders, function($order) { $order.open }) %}");
        }
    }
}
