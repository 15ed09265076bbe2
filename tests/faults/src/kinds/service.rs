//! Parameters that fit their types, and that a service refuses all the same.

use crate::edit::{Editor, plain};
use crate::typo::mistype;
use asl_compiler::json::Value;
use asl_compiler::source::Span;

const EXPRESSIONS: [&str; 4] =
    ["UpdateExpression", "ConditionExpression", "KeyConditionExpression", "FilterExpression"];

fn parameters<'a>(editor: &Editor<'a>, service: &str) -> Vec<&'a Value> {
    let states = editor.workflow.states_of("Task").into_iter();
    let of_service = states.filter(|state| {
        state.text("Resource").is_some_and(|resource| resource.contains(&format!(":{service}:")))
    });
    of_service.filter_map(|state| state.get("Parameters").or_else(|| state.get("Arguments"))).collect()
}

/// A placeholder of DynamoDB without a value.
pub(super) fn placeholder_misspelt(editor: &mut Editor<'_>) {
    for parameters in parameters(editor, "dynamodb") {
        for (map, sign) in [("ExpressionAttributeValues", ':'), ("ExpressionAttributeNames", '#')] {
            let Some(keys) = parameters.get(map).and_then(Value::as_object) else { continue };
            let names: Vec<&str> = keys.iter().map(|key| key.name().trim_end_matches(".$")).collect();
            for text in EXPRESSIONS.iter().filter_map(|name| plain(parameters, name)) {
                for name in &names {
                    let typo = mistype(name.trim_start_matches(sign), 0).map(|typo| format!("{sign}{typo}"));
                    let Some(typo) = typo.filter(|typo| !names.contains(&typo.as_str())) else { continue };
                    if let Some(at) = text.value.find(name) {
                        editor.replace_in(text, at, name.len(), &typo);
                    }
                }
            }
        }
    }
}

/// What is not a number in an attribute that is one.
pub(super) fn number_attribute_of_letters(editor: &mut Editor<'_>) {
    for parameters in parameters(editor, "dynamodb") {
        for holder in ["Item", "Key", "ExpressionAttributeValues"] {
            for member in parameters.get(holder).and_then(Value::as_object).unwrap_or_default() {
                if let Some(text) = plain(&member.value, "N") {
                    editor.rename(text, "five");
                }
            }
        }
    }
}

/// ARNs that lack a part, and URLs that are ARNs.
pub(super) fn address_broken(editor: &mut Editor<'_>) {
    for (service, name) in [("sns", "TopicArn"), ("states", "StateMachineArn")] {
        for text in parameters(editor, service).into_iter().filter_map(|given| plain(given, name)) {
            editor.rename(text, &format!("arn:aws:{service}:us-east-1:orders"));
            editor.rename(text, &format!("aws:{service}:us-east-1:123456789012:orders"));
        }
    }
    for parameters in parameters(editor, "sqs") {
        if let Some(text) = parameters.get("QueueUrl").and_then(Value::as_text) {
            editor.rename(text, "arn:aws:sqs:us-east-1:123456789012:orders");
        }
    }
}

/// A message that goes nowhere.
pub(super) fn target_missing(editor: &mut Editor<'_>) {
    for parameters in parameters(editor, "sns") {
        let members = parameters.as_object().unwrap_or_default();
        for name in ["TopicArn", "TopicArn.$", "TargetArn"] {
            if members.len() > 1 {
                let holder = Span::new(parameters.span.start, parameters.span.end);
                editor.remove_member(members, name, holder);
            }
        }
    }
}

/// A name of an error a second time.
pub(super) fn error_twice(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for handler in state.handlers() {
            let names = handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default();
            if let Some(name) = names.last().filter(|name| name.as_str() != Some("States.ALL")) {
                let (end, text) = (name.span.end, editor.workflow.slice(name.span).to_owned());
                let line = editor.workflow.line(end);
                editor.edit(
                    &[(Span::new(end, end), &format!(", {text}"))],
                    line..=line,
                    format!("{text} twice"),
                );
            }
        }
    }
}

/// An error that nothing catches.
pub(super) fn runtime_error_caught(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for handler in state.handlers() {
            let names = handler.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default();
            for text in names.iter().filter_map(Value::as_text).filter(|_| names.len() == 1) {
                editor.rename(text, "States.Runtime");
            }
        }
    }
}

/// Buckets by their ARN or address.
pub(super) fn bucket_that_is_an_address(editor: &mut Editor<'_>) {
    let mut holders = parameters(editor, "s3");
    for state in editor.workflow.states_of("Map") {
        let readers = ["ItemReader", "ResultWriter"].iter().filter_map(|field| state.get(field));
        holders.extend(
            readers.filter_map(|reader| reader.get("Parameters").or_else(|| reader.get("Arguments"))),
        );
    }
    for text in holders.into_iter().filter_map(|given| given.get("Bucket")?.as_text()) {
        for wrong in ["arn:aws:s3:::orders", "s3://orders", "orders/today"] {
            editor.rename(text, wrong);
        }
    }
}

/// A message to a FIFO queue or topic without its group.
pub(super) fn fifo_without_group(editor: &mut Editor<'_>) {
    for (service, name, address) in [
        ("sqs", "QueueUrl", "https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo"),
        ("sns", "TopicArn", "arn:aws:sns:us-east-1:123456789012:orders.fifo"),
    ] {
        for given in parameters(editor, service) {
            let has_group =
                ["MessageGroupId", "MessageGroupId.$"].iter().any(|name| given.get(name).is_some());
            let sends =
                given.get("MessageBody").or_else(|| given.get("MessageBody.$")).is_some() || service == "sns";
            if let Some(text) = given.get(name).and_then(Value::as_text).filter(|_| sends && !has_group) {
                let lines = editor.workflow.line(given.span.start)..=editor.workflow.line(given.span.end);
                editor.edit(&[(text.inner_span(), address)], lines, format!("`{name}` is a FIFO one"));
            }
        }
    }
}

/// Events without a part that every event has, or with one that is none.
pub(super) fn event_without_part(editor: &mut Editor<'_>) {
    for given in parameters(editor, "events") {
        for entry in given.get("Entries").and_then(Value::as_array).unwrap_or_default() {
            let members = entry.as_object().unwrap_or_default();
            for name in ["Source", "DetailType", "Detail"] {
                if members.len() > 1 {
                    editor.remove_member(members, name, entry.span);
                }
            }
            if let Some(detail) = entry.get("Detail") {
                let line = editor.workflow.line(detail.span.start);
                editor.edit(&[(detail.span, "\"an order\"")], line..=line, "`Detail` is a text".to_owned());
            }
        }
    }
}

/// The body of an object is a text, and has no fields.
pub(super) fn body_that_is_a_text(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        if state.text("Resource").is_some_and(|resource| resource.ends_with(":s3:getObject")) {
            for path in
                state.strings().into_iter().filter(|path| path.field == "ResultSelector" && path.is_path())
            {
                editor.rename(path.text, "$.Body.items");
                editor.rename(path.text, "$.Body[0]");
            }
            for path in
                state.strings().into_iter().filter(|path| path.field == "Output" && path.is_expression())
            {
                editor.rename(path.text, "{% $states.result.Body.items %}");
            }
        }
    }
}

/// Names that no execution has.
pub(super) fn execution_name_wrong(editor: &mut Editor<'_>) {
    let states = editor.workflow.states_of("Task").into_iter();
    let starts = states.filter(|state| {
        state.text("Resource").is_some_and(|resource| resource.contains(":::states:startExecution"))
    });
    let given = starts.filter_map(|state| state.get("Parameters").or_else(|| state.get("Arguments")));
    for given in given.collect::<Vec<_>>() {
        for member in given.as_object().unwrap_or_default() {
            if member.name().trim_end_matches(".$") == "Name" {
                let line = editor.workflow.line(member.span().start);
                for wrong in ["my order", "order:1", "a/b"] {
                    let new = format!("\"Name\": \"{wrong}\"");
                    editor.edit(&[(member.span(), &new)], line..=line, new.clone());
                }
            }
        }
    }
}
