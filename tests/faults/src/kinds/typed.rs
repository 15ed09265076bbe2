//! Values of the wrong type, which only shows when they are followed.

use super::expression::expressions;
use crate::edit::Editor;
use crate::typo::mistype;
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::{Kind, Member, Value};
use asl_compiler::source::Span;

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

/// Paths of JSONPath states, each with its field and key.
fn paths<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, StringAt<'a>)> {
    let states = editor.workflow.states().into_iter().filter(|state| !state.is_jsonata);
    let of = |state: StateAt<'a>| {
        state.strings().into_iter().filter(StringAt::is_path).map(move |path| (state, path))
    };
    states.flat_map(of).collect()
}

/// A text where a number or an array is wanted.
pub(super) fn number_from_text(editor: &mut Editor<'_>) {
    const NUMBERS: [&str; 5] = [
        "TimeoutSecondsPath",
        "HeartbeatSecondsPath",
        "MaxConcurrencyPath",
        "ItemsPath",
        "ToleratedFailureCountPath",
    ];
    for (_, path) in paths(editor).into_iter().filter(|(_, path)| NUMBERS.contains(&path.key)) {
        editor.rename(path.text, "$$.State.Name");
    }
    for (_, path) in paths(editor).into_iter().filter(|(_, path)| path.key.ends_with(".$")) {
        editor.rename(path.text, "States.MathAdd($$.State.Name, 1)");
        editor.rename(path.text, "States.ArrayLength($$.Execution.Id)");
        editor.rename(path.text, "States.JsonMerge($$.Execution.Id, $.a, false)");
    }
}

/// A number where a service wants a text.
pub(super) fn text_from_number(editor: &mut Editor<'_>) {
    const TEXTS: [&str; 6] =
        ["TableName.$", "FunctionName.$", "QueueUrl.$", "TopicArn.$", "S.$", "StateMachineArn.$"];
    for (state, path) in paths(editor) {
        let calls = state.text("Resource").is_some_and(|resource| resource.contains(":states:::"));
        if calls && path.field == "Parameters" && TEXTS.contains(&path.key) {
            editor.rename(path.text, "$$.State.RetryCount");
            editor.rename(path.text, "States.MathAdd(1, 2)");
        }
    }
}

/// Functions that Step Functions adds, given what they do not take; those without the argument that a context would be.
pub(super) fn function_of_wrong_type(editor: &mut Editor<'_>) {
    const WRONG: [&str; 7] = [
        "$hash(5, 'MD5')",
        "$parse({'a': 1})",
        "$partition([1, 2], 'two')",
        "$range(1, 'a', 1)",
        "$split(',')",
        "$power(2)",
        "$uuid",
    ];
    replace_payloads(editor, &WRONG);
}

/// Texts that a function cannot read.
pub(super) fn argument_that_cannot_be_read(editor: &mut Editor<'_>) {
    const WRONG: [&str; 6] = [
        "$number('12 pieces')",
        "$parse('{')",
        "$hash('a', 'SHA256')",
        "$toMillis('yesterday')",
        "$reduce([1, 2], function($sum) { $sum })",
        "{'a': 1, 'a': 2}",
    ];
    replace_payloads(editor, &WRONG);
}

fn replace_payloads(editor: &mut Editor<'_>, wrong: &[&str]) {
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign", "Arguments"].contains(&expression.field) {
            wrong.iter().for_each(|wrong| editor.rename(expression.text, &format!("{{% {wrong} %}}")));
        }
    }
}

/// The whole expressions of a state that read a field of a known result or template in the state before, with the name of the field.
fn known_fields<'a>(editor: &Editor<'a>) -> Vec<(StringAt<'a>, &'a str)> {
    let mut found = Vec::new();
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata) {
        let names: Vec<&str> = match (state.get("Output"), state.text("Type")) {
            (Some(output), _) => output.as_object().unwrap_or_default().iter().map(Member::name).collect(),
            (None, Some("Task")) => super::result::fields(state).to_vec(),
            _ => Vec::new(),
        };
        for next in super::result::only_followers(state).into_iter().filter(|next| next.is_jsonata) {
            for text in next.strings() {
                let inner = text.text.value.trim_matches(['{', '%', '}', ' ']);
                let name = inner.strip_prefix("$states.input.").filter(|name| names.contains(name));
                if let Some(name) = name.filter(|_| text.is_expression() && text.field != "Choices") {
                    found.push((text, name));
                }
            }
        }
    }
    found
}

/// A field that does not exist, behind a variable, a function, a filter or `$merge`.
pub(super) fn field_lost_in_binding(editor: &mut Editor<'_>) {
    for (text, name) in known_fields(editor) {
        let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
        for wrong in [
            format!("($in := $states.input; $in.{typo})"),
            format!("$merge([$states.input, {{'more': 1}}]).{typo}"),
            format!("($in := $states.input; $uppercase($in.{typo}))"),
            format!("$states.input.{typo} + 1"),
        ] {
            editor.rename(text.text, &format!("{{% {wrong} %}}"));
        }
    }
}

/// An order of a number and a field that does not exist.
pub(super) fn order_with_nothing(editor: &mut Editor<'_>) {
    for (text, name) in known_fields(editor) {
        let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
        for wrong in [format!("$states.input.{typo} > 1"), format!("0 <= $states.input.{typo}")] {
            editor.rename(text.text, &format!("{{% {wrong} %}}"));
        }
    }
}

/// A field as in JavaScript.
pub(super) fn field_in_brackets(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        let inner = expression.text.value.trim_matches(['{', '%', '}', ' ']);
        if let Some((before, name)) = inner.rsplit_once('.')
            && inner.starts_with("$states.input.")
            && before != "$states"
            && name.chars().all(|c| c.is_ascii_alphanumeric())
        {
            editor.rename(expression.text, &format!("{{% {before}['{name}'] %}}"));
        }
    }
}

/// A placeholder in a field that is not a text, and a path into the result that the field does not change.
pub(super) fn field_after_placeholder(editor: &mut Editor<'_>) {
    const FIELDS: [&str; 4] =
        ["TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency", "ToleratedFailurePercentage"];
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| !state.is_jsonata) {
        let is_kept =
            ["ResultPath", "OutputPath", "ResultSelector"].iter().any(|field| state.get(field).is_some());
        let Some(last) = state
            .members()
            .last()
            .filter(|_| !is_kept && FIELDS.iter().all(|field| state.get(field).is_none()))
        else {
            continue;
        };
        for next in
            super::result::only_followers(state).into_iter().filter(|next| next.get("InputPath").is_none())
        {
            for path in next.strings().into_iter().filter(|path| path.field == "Parameters" && path.is_path())
            {
                let Some(name) = path
                    .text
                    .value
                    .strip_prefix("$.")
                    .filter(|name| super::result::fields(state).contains(name))
                else {
                    continue;
                };
                let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
                let end = last.span().end;
                let at = path.text.inner_span();
                let line = editor.workflow.line(at.start);
                let mut edits = [
                    (Span::new(end, end), ", \"TimeoutSeconds\": \"${Limit}\"".to_owned()),
                    (at, format!("$.{typo}")),
                ];
                edits.sort_by_key(|(span, _)| *span);
                let edits: Vec<_> = edits.iter().map(|(span, new)| (*span, new.as_str())).collect();
                editor.edit(&edits, line..=line, format!("a placeholder, and `$.{typo}`"));
            }
        }
    }
}
