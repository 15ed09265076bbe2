//! What services mean by their parameters, and no model says: which go together, which exclude each other, and the form of texts.

use crate::edit::{Editor, plain};
use asl_compiler::json::{Member, Text, Value};

/// The parameters of tasks that ask a model of Anthropic by its name.
fn conversations<'a>(editor: &Editor<'a>) -> Vec<&'a Value> {
    let mut found = calls(editor, "bedrock:invokeModel");
    found.retain(|given| {
        plain(given, "ModelId").is_some_and(|model| model.value.starts_with("anthropic.claude-3"))
    });
    found
}

/// The parameters of tasks that call this.
fn calls<'a>(editor: &Editor<'a>, action: &str) -> Vec<&'a Value> {
    let states = editor.workflow.states_of("Task").into_iter();
    states
        .filter(|state| state.text("Resource").is_some_and(|resource| resource.contains(action)))
        .filter_map(|state| state.get(if state.is_jsonata { "Arguments" } else { "Parameters" }))
        .collect()
}

/// All members of an object and of what is in it.
fn members<'a>(value: &'a Value, found: &mut Vec<&'a Member>) {
    for member in value.as_object().unwrap_or_default() {
        found.push(member);
        members(&member.value, found);
    }
    value.as_array().unwrap_or_default().iter().for_each(|element| members(element, found));
}

fn named<'a>(value: &'a Value, name: &str) -> Option<&'a Member> {
    let mut found = Vec::new();
    members(value, &mut found);
    found.into_iter().find(|member| member.name() == name)
}

/// Writes one more member before another.
fn add(editor: &mut Editor<'_>, before: &Member, more: &str) {
    let line = editor.workflow.line(before.key.span.start);
    let text = format!("{more}, \"{}\"", before.name());
    editor.edit(&[(before.key.span, &text)], line..=line, format!("+ {more}"));
}

/// A member that does not go together with one that is there.
pub(super) fn exclusive_given(editor: &mut Editor<'_>) {
    const MORE: [(&str, &str, &str); 8] = [
        ("glue:startJobRun", "WorkerType", "\"MaxCapacity\": 2"),
        (
            "ecs:runTask",
            "LaunchType",
            "\"CapacityProviderStrategy\": [{ \"CapacityProvider\": \"FARGATE_SPOT\" }]",
        ),
        ("ecs:runTask", "LaunchType", "\"PlacementStrategy\": [{ \"Type\": \"random\" }]"),
        ("cloudwatch:putMetricAlarm", "Statistic", "\"ExtendedStatistic\": \"p99\""),
        ("sagemaker:createTrainingJob", "TrainingImage", "\"AlgorithmName\": \"trees\""),
        ("secretsmanager:putSecretValue", "SecretString", "\"SecretBinary\": \"YQ==\""),
        ("dynamodb:query", "KeyConditionExpression", "\"Select\": \"SPECIFIC_ATTRIBUTES\""),
        ("bedrock:invokeModel", "ModelId", "\"Input\": { \"S3Uri\": \"s3://bucket/key\" }"),
    ];
    for (action, name, more) in MORE {
        for given in calls(editor, action) {
            if let Some(member) = named(given, name) {
                // The later of two is at fault, wherever that is.
                let lines = editor.workflow.line(given.span.start)..=editor.workflow.line(given.span.end);
                let text = format!("{more}, \"{name}\"");
                editor.edit(&[(member.key.span, &text)], lines, format!("+ {more}"));
            }
        }
    }
    for given in calls(editor, "sqs:sendMessage") {
        let is_standard =
            |url: &str| url.starts_with("https://sqs.") && !url.contains("${") && !url.ends_with(".fifo");
        let url = given.as_object().unwrap_or_default().iter().find(|member| member.name() == "QueueUrl");
        if let Some(url) = url.filter(|url| url.value.as_str().is_some_and(is_standard)) {
            add(editor, url, "\"MessageDeduplicationId\": \"a\"");
        }
    }
}

/// Without a member that another needs.
pub(super) fn companion_missing(editor: &mut Editor<'_>) {
    const NEEDED: [(&str, &str, &str); 3] = [
        ("scheduler:createSchedule", "FlexibleTimeWindow", "MaximumWindowInMinutes"),
        ("sqs:createQueue", "", "Attributes"),
        ("sqs:sendMessage", "amount", "StringValue"),
    ];
    for (action, owner, needed) in NEEDED {
        for given in calls(editor, action) {
            let owner =
                if owner.is_empty() { Some(given) } else { named(given, owner).map(|owner| &owner.value) };
            if let Some(owner) = owner {
                editor.remove_member(owner.as_object().unwrap_or_default(), needed, owner.span);
            }
        }
    }
}

/// A text of another form.
pub(super) fn misformed(editor: &mut Editor<'_>) {
    const FORMS: [(&str, &str, &str); 15] = [
        ("sagemaker:createTrainingJob", "TrainingJobName", "train_orders"),
        ("sagemaker:createTrainingJob", "S3OutputPath", "models/orders"),
        ("sagemaker:createTrainingJob", "InstanceType", "m5.large"),
        ("sagemaker:createTrainingJob", "RoleArn", "trainer"),
        ("scheduler:createSchedule", "ScheduleExpression", "cron(30 24 * * ? *)"),
        ("scheduler:createSchedule", "ScheduleExpression", "cron(30 2 ? * MONDAY *)"),
        ("scheduler:createSchedule", "ScheduleExpressionTimezone", "Berlin"),
        ("scheduler:createSchedule", "ScheduleExpressionTimezone", "CET/Berlin"),
        ("scheduler:createSchedule", "Arn", "report"),
        ("ssm:getParametersByPath", "Path", "shop/eu"),
        ("sqs:sendMessage", "StringValue", "twelve"),
        ("sqs:createQueue", "VisibilityTimeout", "50000"),
        ("sqs:createQueue", "FifoQueue", "yes"),
        ("dynamodb:putItem", "TableName", "my orders"),
        ("cloudwatch:putMetricAlarm", "TreatMissingData", "ignored"),
    ];
    for (action, name, text) in FORMS {
        for given in calls(editor, action) {
            let old = named(given, name).and_then(|member| member.value.as_text());
            // Only numbers of attributes are to be numbers.
            let has_form = |old: &&Text| name != "StringValue" || old.value.parse::<f64>().is_ok();
            if let Some(old) = old.filter(has_form) {
                editor.rename(old, text);
            }
        }
    }
}

/// The id of something else.
pub(super) fn id_of_another_kind(editor: &mut Editor<'_>) {
    for given in calls(editor, "ecs:runTask") {
        for (list, id) in [("Subnets", "\"sg-0a1b2c3d\""), ("SecurityGroups", "\"subnet-0a1b2c3d\"")] {
            let ids = named(given, list).and_then(|list| list.value.as_array()).unwrap_or_default();
            ids.iter().take(1).for_each(|old| editor.replace(old.span, id));
        }
    }
}

/// A number that is more than the one that limits it, or no multiple of what it has to be.
pub(super) fn numbers_in_disorder(editor: &mut Editor<'_>) {
    for given in calls(editor, "cloudwatch:putMetricAlarm") {
        if let Some(period) = given.get("Period") {
            editor.replace(period.span, "45");
        }
        if let Some(periods) = given.get("EvaluationPeriods") {
            editor.replace(periods.span, "1");
        }
    }
}

/// Parts of a pattern that are no lists, and conditions that there are not.
pub(super) fn event_pattern_without_lists(editor: &mut Editor<'_>) {
    for given in calls(editor, "eventbridge:putRule") {
        let Some(pattern) = given.get("EventPattern") else { continue };
        let mut found = Vec::new();
        members(pattern, &mut found);
        for member in found {
            if member.value.as_array().is_some() {
                editor.replace(member.value.span, "\"shop\"");
                editor.replace(member.value.span, "[]");
            } else if member.name() == "prefix" {
                editor.rename(&member.key, "startsWith");
            }
        }
    }
}

/// Headers that Step Functions does not send.
pub(super) fn header_forbidden(editor: &mut Editor<'_>) {
    for given in calls(editor, "apigateway:invoke") {
        for header in given.get("Headers").and_then(Value::as_object).unwrap_or_default() {
            editor.rename(&header.key, "Authorization");
            editor.rename(&header.key, "X-Forwarded-For");
        }
    }
}

/// Who speaks in a conversation, and what a model wants to know.
pub(super) fn conversation_misformed(editor: &mut Editor<'_>) {
    for given in conversations(editor) {
        if let Some(body) = given.get("Body").filter(|body| body.as_object().is_some()) {
            for name in ["max_tokens", "anthropic_version"] {
                editor.remove_member(body.as_object().unwrap_or_default(), name, body.span);
            }
        }
        if let Some(role) = named(given, "role").and_then(|role| role.value.as_text()) {
            editor.rename(role, "system");
            editor.rename(role, "assistant");
        }
        if let Some(messages) =
            named(given, "messages").filter(|messages| messages.value.as_array().is_some())
        {
            editor.replace(messages.value.span, "[]");
        }
    }
}

/// Paths that overlap, keys that are changed, functions without what they need, filters on keys.
pub(super) fn dynamo_expression_meaningless(editor: &mut Editor<'_>) {
    const OTHERS: [(&str, &str, &str); 8] = [
        ("UpdateExpression", "REMOVE draft", "REMOVE price"),
        ("UpdateExpression", "SET price", "SET id"),
        ("UpdateExpression", "if_not_exists(visits, :p)", "if_not_exists(:p)"),
        ("UpdateExpression", "if_not_exists(visits, :p)", "size(visits)"),
        ("ConditionExpression", "attribute_exists(price)", "attribute_exists(:p)"),
        ("FilterExpression", "amount", "sk"),
        ("KeyConditionExpression", "id = :i", "id > :i"),
        ("KeyConditionExpression", "sk > :s", "sk > :s AND amount = :a"),
    ];
    for (name, old, new) in OTHERS {
        for given in calls(editor, "dynamodb:") {
            let Some(text) = plain(given, name) else { continue };
            if let Some(at) = text.value.find(old) {
                editor.replace_in(text, at, old.len(), new);
            }
        }
    }
}

/// Keys of types that keys do not have, numbers that DynamoDB does not have, and sets with duplicates.
pub(super) fn dynamo_value_meaningless(editor: &mut Editor<'_>) {
    for given in calls(editor, "dynamodb:") {
        for key in given.get("Key").and_then(Value::as_object).unwrap_or_default() {
            for value in ["{ \"BOOL\": true }", "{ \"S\": \"\" }", "{ \"L\": [] }"] {
                editor.replace(key.value.span, value);
            }
        }
        for attribute in given.get("Item").and_then(Value::as_object).unwrap_or_default() {
            for (name, value) in
                [("N", "\"NaN\""), ("N", "\"1e200\""), ("SS", "[\"new\", \"new\"]"), ("NULL", "false")]
            {
                if let Some(old) = attribute.value.get(name) {
                    editor.replace(old.span, value);
                }
            }
        }
    }
}
