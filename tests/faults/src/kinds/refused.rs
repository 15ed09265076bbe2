//! What a service refuses although it is of the right type: names that are nearly right, paths in place of names, parts of a message.

use super::expression::expressions;
use crate::edit::{Editor, plain};
use crate::workflow::StateAt;
use asl_compiler::json::{Member, Value};

/// The parameters of tasks that call a service, each with its state.
fn parameters<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, &'a Value)> {
    let states = editor.workflow.states_of("Task").into_iter();
    let calls = states.filter(|state| state.text("Resource").is_some_and(|text| text.contains(":states:::")));
    calls
        .filter_map(|state| {
            let field = if state.is_jsonata { "Arguments" } else { "Parameters" };
            Some((state, state.get(field)?))
        })
        .collect()
}

fn members(value: &Value) -> &[Member] {
    value.as_object().unwrap_or_default()
}

/// Parameters that hold a name or an address.
const ADDRESSES: [&str; 8] = [
    "FunctionName",
    "TableName",
    "QueueUrl",
    "TopicArn",
    "StateMachineArn",
    "JobName",
    "TaskDefinition",
    "Cluster",
];

/// A path in place of a name, without `.$` at the key.
pub(super) fn path_as_address(editor: &mut Editor<'_>) {
    for (_, given) in parameters(editor) {
        for member in members(given) {
            if let Some(name) = member.name().strip_suffix(".$") {
                if ADDRESSES.contains(&name)
                    && member.value.as_str().is_some_and(|path| path.starts_with("$."))
                {
                    editor.rename(&member.key, name);
                }
            } else if let Some(text) = member.value.as_text().filter(|_| ADDRESSES.contains(&member.name())) {
                editor.rename(text, "$.config.name");
                editor.rename(text, "$$.Execution.Input.name");
            }
        }
    }
}

/// A parameter by a shorter or longer name.
pub(super) fn parameter_shortened(editor: &mut Editor<'_>) {
    const NAMES: [(&str, &str); 6] = [
        ("MessageBody", "Message"),
        ("MessageBody", "Body"),
        ("TableName", "Table"),
        ("FunctionName", "Function"),
        ("QueueUrl", "Queue"),
        ("TaskDefinition", "TaskDefinitionArn"),
    ];
    for (_, given) in parameters(editor) {
        for member in members(given) {
            let (name, ending) = match member.name().strip_suffix(".$") {
                Some(name) => (name, ".$"),
                None => (member.name(), ""),
            };
            for (_, short) in NAMES.iter().filter(|(long, _)| *long == name) {
                editor.rename(&member.key, &format!("{short}{ending}"));
            }
        }
    }
}

/// A word that a service has, in small letters.
pub(super) fn value_in_other_case(editor: &mut Editor<'_>) {
    const CHOSEN: [&str; 6] =
        ["InvocationType", "ReturnValues", "LaunchType", "Method", "ReturnConsumedCapacity", "LogType"];
    for (_, given) in parameters(editor) {
        for text in CHOSEN.iter().filter_map(|name| plain(given, name)) {
            if !text.value.starts_with("{%") {
                editor.rename(text, &text.value.to_lowercase());
            }
        }
    }
}

/// Attributes of a message without their type, or with one that there is not.
pub(super) fn attribute_without_type(editor: &mut Editor<'_>) {
    for (_, given) in parameters(editor) {
        let attributes = given.get("MessageAttributes").map(members).unwrap_or_default();
        for attribute in attributes.iter().map(|member| &member.value) {
            if let Some(text) = plain(attribute, "DataType") {
                editor.rename(text, "Text");
                editor.rename(text, "string");
                editor.remove_member(members(attribute), "DataType", attribute.span);
            }
        }
    }
}

/// Values of placeholders without an expression, sets without elements, and the new item of a put.
pub(super) fn dynamo_without_sense(editor: &mut Editor<'_>) {
    let of_dynamo = parameters(editor)
        .into_iter()
        .filter(|(state, _)| state.text("Resource").is_some_and(|text| text.contains(":dynamodb:")));
    for (state, given) in of_dynamo.collect::<Vec<_>>() {
        const VALUES: &str = "\"ExpressionAttributeValues\": { \":none\": { \"S\": \"a\" } }";
        let expressions: Vec<_> =
            members(given).iter().filter(|member| member.name().contains("Expression")).collect();
        if let [only] = expressions.as_slice() {
            let line = editor.workflow.line(only.span().start);
            editor.edit(&[(only.span(), VALUES)], line..=line, VALUES.to_owned());
        }
        let item = given.get("Item").map(members).unwrap_or_default();
        for value in item.iter().map(|attribute| &attribute.value).filter(|value| value.as_object().is_some())
        {
            editor.replace(value.span, "{ \"SS\": [] }");
        }
        if state.text("Resource").is_some_and(|text| text.ends_with(":putItem"))
            && let Some(table) = plain(given, "TableName")
        {
            let line = editor.workflow.line(table.span.start);
            let more = format!("\"{}\", \"ReturnValues\": \"ALL_NEW\"", table.value);
            editor.edit(&[(table.span, &more)], line..=line, "+ `ALL_NEW`".to_owned());
        }
    }
}

/// Fields of the context object as the API or other languages call them.
pub(super) fn context_by_another_name(editor: &mut Editor<'_>) {
    rename_in_context(editor, false);
}

/// The same in JSONata, where what is not there is nothing.
pub(super) fn context_by_another_name_in_expressions(editor: &mut Editor<'_>) {
    rename_in_context(editor, true);
}

fn rename_in_context(editor: &mut Editor<'_>, in_jsonata: bool) {
    const NAMES: [(&str, &str); 9] = [
        ("Execution.Id", "Execution.Arn"),
        ("Execution.Id", "Execution.ExecutionArn"),
        ("Execution.Name", "Execution.ExecutionName"),
        ("Task.Token", "Task.TaskToken"),
        ("Map.Item.Value", "Map.Value"),
        ("Map.Item.Index", "Map.Index"),
        ("Execution.Id", "Execution.ExecutionId"),
        ("Execution.Input", "Execution.input"),
        ("Execution.Name", "name"),
    ];
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata == in_jsonata) {
        for string in state.strings() {
            let (is_read, start) = if state.is_jsonata {
                (string.is_expression(), "$states.context.")
            } else {
                (string.is_path(), "$$.")
            };
            for (right, wrong) in NAMES.iter().filter(|_| is_read) {
                let whole = format!("{start}{right}");
                if let Some(at) = string.text.value.find(&whole) {
                    editor.replace_in(string.text, at + start.len(), right.len(), wrong);
                }
            }
        }
    }
}

/// Methods, which data have not.
pub(super) fn field_called(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign", "Arguments"].contains(&expression.field) {
            for wrong in ["$states.input.name.toUpperCase()", "$states.input.list.join(',')", "$sqrt(-1)"] {
                editor.rename(expression.text, &format!("{{% {wrong} %}}"));
            }
        }
    }
}

/// Errors that only other states raise.
pub(super) fn error_of_another_state(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let is_service = state.text("Resource").is_some_and(|text| {
            let is_own = ["lambda", "waitForTaskToken", "activity", "http:invoke"]
                .iter()
                .any(|part| text.contains(part));
            text.starts_with("arn:aws:states:::") && !is_own
        });
        for handler in state.handlers().filter(|_| is_service) {
            let names = handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default();
            if let [only] = names
                && let Some(text) = only.as_text()
            {
                editor.rename(text, "States.BranchFailed");
                editor.rename(text, "States.NoChoiceMatched");
                editor.rename(text, "States.Http.StatusCode.404");
            }
        }
    }
}
