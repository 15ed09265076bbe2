//! What is known of the data as it flows on: kinds of values, results that were asked for, and texts that stand for data.

use super::expression::expressions;
use crate::edit::Editor;
use crate::typo::mistype;
use crate::workflow::StateAt;
use asl_compiler::json::{Kind, Text, Value};

/// An operator of another type than the field of a result that it looks at.
pub(super) fn operator_of_another_type(editor: &mut Editor<'_>) {
    const WRONG: [&str; 2] = ["\"NumericEquals\": 1", "\"BooleanEquals\": true"];
    let states = editor.workflow.states_of("Choice").into_iter().filter(|state| !state.is_jsonata);
    for rule in states.flat_map(|state| state.choice_rules()) {
        let members = rule.as_object().unwrap_or_default();
        let variable = rule.get("Variable").and_then(Value::as_str).unwrap_or_default();
        let is_known = variable.ends_with(".JobRun.JobRunState");
        for operator in members.iter().filter(|member| is_known && member.name().ends_with("Equals")) {
            WRONG.iter().for_each(|wrong| editor.replace(operator.span(), wrong));
        }
    }
}

/// `"price": "$tariff.day"`, and `$tariff.day` without the signs of an expression.
pub(super) fn variable_as_text(editor: &mut Editor<'_>) {
    let is_part = |text: &str| {
        text.starts_with('$')
            && !["$.", "$$", "$states"].iter().any(|start| text.starts_with(start))
            && text.contains('.')
            && text.chars().all(|c| c.is_alphanumeric() || "$._".contains(c))
    };
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for (key, text) in looked_up(state) {
            if is_part(text) {
                editor.replace_in(key, key.value.len() - 2, 2, "");
            }
        }
    }
    for (_, expression) in expressions(editor) {
        let inner = expression.text.value.trim_start_matches("{%").trim_end_matches("%}").trim();
        if ["Output", "Assign", "Arguments"].contains(&expression.field) && is_part(inner) {
            editor.rename(expression.text, inner);
            editor.rename(expression.text, &format!("{{{{ {inner} }}}}"));
        }
    }
}

/// `'order $states.input.id'`, as other languages put values into texts.
pub(super) fn value_in_a_text(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign"].contains(&expression.field) {
            editor.rename(expression.text, "{% 'order $states.input.id' %}");
            editor.rename(
                expression.text,
                "{% 'of ' & 'https://x.example.org/$states.context.Execution.Id/y' %}",
            );
        }
    }
}

/// A call of an intrinsic function in a field that takes it as a text.
pub(super) fn call_as_text(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for (key, text) in looked_up(state) {
            let is_call = text.starts_with("States.") && text.ends_with(')') && !text.contains("${");
            if is_call && !key.value.to_ascii_lowercase().contains("path") {
                editor.replace_in(key, key.value.len() - 2, 2, "");
            }
        }
    }
}

/// An index that counts from the end.
pub(super) fn index_from_the_end(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for (_, text) in looked_up(state) {
            let is_definite =
                text.starts_with("$.") && !text.contains(['*', '?', ':']) && !text.contains("..");
            let Some(at) = text.find("[0]").filter(|_| is_definite) else { continue };
            let strings = state.strings();
            if let Some(path) = strings.iter().find(|string| std::ptr::eq(string.text.value.as_str(), text)) {
                editor.replace_in(path.text, at + 1, 1, "-1");
            }
        }
    }
}

/// A field of a result that is there only where it is asked for.
pub(super) fn result_that_was_not_asked_for(editor: &mut Editor<'_>) {
    const ACTIONS: [&str; 3] = ["dynamodb:putItem", "dynamodb:updateItem", "dynamodb:deleteItem"];
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| !state.is_jsonata) {
        let is_one = |resource: &str| ACTIONS.iter().any(|action| resource.ends_with(action));
        let asks = state.get("Parameters").is_none_or(|given| given.get("ReturnValues").is_some());
        if asks || !state.text("Resource").is_some_and(is_one) || state.get("ResultSelector").is_some() {
            continue;
        }
        if let Some(resource) = state.members().iter().find(|member| member.name() == "Resource") {
            editor.add_member(resource, "\"ResultSelector\": { \"old.$\": \"$.Attributes.id.S\" }");
        }
    }
}

/// Expressions that fail for what they make themselves.
pub(super) fn own_data_refused(editor: &mut Editor<'_>) {
    const WRONG: [&str; 9] = [
        "($l := [{ 'a': [1] }, { 'a': [2] }]; $l^(a))",
        "$reduce([1, 2], function($sum, $n) { $sum + $n }, '')",
        "(($f := function($n) { $n }; 1); $f(1))",
        "($l := [{ 'k': 'x' }]; $l{ k: 1 } + 1)",
        "($l := [{ 'n': 1 }, { 'n': 'x' }]; $sum($l.n))",
        "$match('abc', /b/)[0].group",
        "$fromMillis($toMillis($states.context.Execution.StartDate))",
        "$append($nobody, [1])",
        "{ 'n': 1 }.m + 1",
    ];
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign"].contains(&expression.field) {
            WRONG.iter().for_each(|wrong| editor.rename(expression.text, &format!("{{% {wrong} %}}")));
        }
    }
}

/// `{% 4 + 1 %}` in a state with JSON paths.
pub(super) fn constant_expression_in_json_path(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| !state.is_jsonata) {
        let parameters = state.get("Parameters").and_then(|given| given.get("Payload"));
        for member in parameters.and_then(Value::as_object).unwrap_or_default() {
            if matches!(member.value.kind, Kind::Number(_) | Kind::Bool(_))
                || member.value.as_str().is_some_and(|_| !member.name().ends_with(".$"))
            {
                editor.replace(member.value.span, "\"{% 4 + 1 %}\"");
            }
        }
    }
}

/// A field misspelt where an expression goes on without it.
pub(super) fn field_misspelt_in_a_text(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        let text = &expression.text.value;
        for name in ["StatusCode", "Payload"] {
            let end = format!("$states.input.{name} %}}");
            let Some(start) = text.strip_suffix(end.as_str()).map(str::len) else { continue };
            if let Some(typo) = mistype(name, 2).filter(|_| expression.field == "Output") {
                let wrong = format!("'is ' & $states.input.{typo} %}}");
                editor.replace_in(expression.text, start, text.len() - start, &wrong);
            }
        }
    }
}

/// The keys of a state whose values are looked up, each with what it says.
fn looked_up<'a>(state: StateAt<'a>) -> Vec<(&'a Text, &'a str)> {
    super::path::keys(state).into_iter().filter(|(key, _)| key.value.ends_with(".$")).collect()
}
