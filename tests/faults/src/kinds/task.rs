//! Resources that there are not, and parameters that their actions do not take.

use crate::edit::Editor;
use crate::typo::{mistype, other_case};
use crate::workflow::StateAt;
use asl_compiler::json::{Kind, Member, Text, Value};

/// `arn:aws:states:::service:action.pattern`, or the same with `aws-sdk:`.
pub(super) struct Integration<'a> {
    text: &'a Text,
    /// Where the service begins.
    start: usize,
    service: &'a str,
    action: &'a str,
    pattern: Option<&'a str>,
    is_sdk: bool,
}

fn integration(state: StateAt<'_>) -> Option<Integration<'_>> {
    let text = state.get("Resource")?.as_text()?;
    let at = text.value.find(":states:")?;
    let rest = text.value.get(at + ":states:".len()..)?;
    let (region, rest) = rest.split_once(':')?;
    let (account, rest) = rest.split_once(':')?;
    let mut start = at + ":states:".len() + region.len() + account.len() + 2;
    let sdk = rest.strip_prefix("aws-sdk:");
    if sdk.is_some() {
        start += "aws-sdk:".len();
    }
    let (service, action) = sdk.unwrap_or(rest).split_once(':')?;
    if rest.contains("${") || service == "activity" {
        return None;
    }
    let (action, pattern) =
        action.split_once('.').map_or((action, None), |(action, pattern)| (action, Some(pattern)));
    Some(Integration { text, start, service, action, pattern, is_sdk: sdk.is_some() })
}

pub(super) fn integrations<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, Integration<'a>)> {
    let states = editor.workflow.states_of("Task").into_iter();
    states.filter_map(|state| Some((state, integration(state)?))).collect()
}

pub(super) fn service_misspelt(editor: &mut Editor<'_>) {
    for (_, task) in integrations(editor) {
        let typo = mistype(task.service, 0).unwrap_or_else(|| format!("{}x", task.service));
        editor.replace_in(task.text, task.start, task.service.len(), &typo);
    }
}

pub(super) fn action_misspelt(editor: &mut Editor<'_>) {
    for (_, task) in integrations(editor) {
        for turn in 0..2 {
            if let Some(typo) = mistype(task.action, turn) {
                let start = task.start + task.service.len() + 1;
                editor.replace_in(task.text, start, task.action.len(), &typo);
            }
        }
    }
}

pub(super) fn action_in_other_case(editor: &mut Editor<'_>) {
    for (_, task) in integrations(editor) {
        let start = task.start + task.service.len() + 1;
        editor.replace_in(task.text, start, task.action.len(), &other_case(task.action));
    }
}

pub(super) fn pattern_misspelt(editor: &mut Editor<'_>) {
    for (_, task) in integrations(editor) {
        let Some(pattern) = task.pattern else { continue };
        let start = task.start + task.service.len() + task.action.len() + 2;
        let typo = mistype(pattern, 0);
        for wrong in typo.into_iter().chain([format!("{pattern}:3"), "async".to_owned()]) {
            editor.replace_in(task.text, start, pattern.len(), &wrong);
        }
    }
}

/// A job of what is none, and a callback of what has none.
pub(super) fn pattern_there_is_not(editor: &mut Editor<'_>) {
    let no_jobs = ["lambda", "dynamodb", "sns", "sqs", "events", "s3", "http"];
    for (_, task) in integrations(editor) {
        if task.pattern.is_some() || !(task.is_sdk || no_jobs.contains(&task.service)) {
            continue;
        }
        let end = task.text.value.len();
        editor.replace_in(task.text, end, 0, ".sync");
        if task.service == "dynamodb" && !task.is_sdk {
            editor.replace_in(task.text, end, 0, ".waitForTaskToken");
        }
    }
}

pub(super) fn resource_broken(editor: &mut Editor<'_>) {
    for (_, task) in integrations(editor) {
        for (part, wrong) in
            [("arn:", "anr:"), (":states:", ":stats:"), (":states:::", ":states::"), (":::", "::::")]
        {
            if let Some(at) = task.text.value.find(part) {
                editor.replace_in(task.text, at, part.len(), wrong);
            }
        }
        editor.replace(task.text.inner_span(), "");
    }
}

/// The parameters of a task, and the name of the field that they are in.
pub(super) fn parameters<'a>(state: StateAt<'a>) -> Option<(&'a Member, &'a [Member])> {
    let field = if state.is_jsonata { "Arguments" } else { "Parameters" };
    let member = state.value.member(field)?;
    Some((member, member.value.as_object()?))
}

pub(super) fn parameter_misspelt(editor: &mut Editor<'_>) {
    for (state, _) in integrations(editor) {
        let Some((_, members)) = parameters(state) else { continue };
        for member in members {
            let name = member.name().trim_end_matches(".$");
            if let Some(typo) = mistype(name, 0) {
                editor.replace_in(&member.key, 0, name.len(), &typo);
            }
        }
    }
}

pub(super) fn parameter_in_other_case(editor: &mut Editor<'_>) {
    for (state, task) in integrations(editor) {
        let Some((_, members)) = parameters(state).filter(|_| task.service != "apigateway") else { continue };
        for member in members {
            let name = member.name().trim_end_matches(".$");
            editor.replace_in(&member.key, 0, name.len(), &other_case(name));
        }
    }
}

pub(super) fn parameter_unknown(editor: &mut Editor<'_>) {
    for (state, _) in integrations(editor) {
        if let Some(last) = parameters(state).and_then(|(_, members)| members.last()) {
            editor.add_member(last, "\"Bogus\": \"x\"");
        }
    }
}

/// What the API references say that an action needs.
const REQUIRED: &[(&str, &[&str])] = &[
    ("lambda:invoke", &["FunctionName"]),
    ("dynamodb:putItem", &["TableName", "Item"]),
    ("dynamodb:getItem", &["TableName", "Key"]),
    ("dynamodb:updateItem", &["TableName", "Key"]),
    ("dynamodb:deleteItem", &["TableName", "Key"]),
    ("dynamodb:query", &["TableName"]),
    ("dynamodb:scan", &["TableName"]),
    ("sns:publish", &["Message"]),
    ("sqs:sendMessage", &["QueueUrl", "MessageBody"]),
    ("events:putEvents", &["Entries"]),
    ("states:startExecution", &["StateMachineArn"]),
    ("s3:getObject", &["Bucket", "Key"]),
    ("s3:putObject", &["Bucket", "Key"]),
    ("s3:listObjectsV2", &["Bucket"]),
    ("s3:copyObject", &["Bucket", "CopySource", "Key"]),
    ("batch:submitJob", &["JobName", "JobQueue", "JobDefinition"]),
    ("ecs:runTask", &["TaskDefinition"]),
    ("glue:startJobRun", &["JobName"]),
    ("glue:startCrawler", &["Name"]),
    ("http:invoke", &["ApiEndpoint", "Method"]),
    ("apigateway:invoke", &["ApiEndpoint", "Method"]),
    ("bedrock:invokeModel", &["ModelId"]),
    ("athena:getQueryResults", &["QueryExecutionId"]),
    ("codebuild:startBuild", &["ProjectName"]),
    ("rekognition:detectLabels", &["Image"]),
    ("sfn:sendTaskSuccess", &["Output", "TaskToken"]),
];

pub(super) fn parameter_missing(editor: &mut Editor<'_>) {
    for (state, members, required) in requiring(editor) {
        for parameter in required {
            for written in [(*parameter).to_owned(), format!("{parameter}.$")] {
                editor.remove_member(members, &written, state.value.span);
            }
        }
    }
}

/// The tasks whose parameters are known to be required, with what they give.
fn requiring<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, &'a [Member], &'static [&'static str])> {
    let of = |(state, task): (StateAt<'a>, Integration<'a>)| {
        let (_, members) = parameters(state)?;
        let name = format!("{}:{}", task.service, task.action);
        let (_, required) = REQUIRED.iter().find(|(action, _)| *action == name)?;
        Some((state, members, *required))
    };
    integrations(editor).into_iter().filter_map(of).collect()
}

/// Without any parameters the input is sent, which may have them.
pub(super) fn parameters_missing(editor: &mut Editor<'_>) {
    for (state, members, required) in requiring(editor) {
        // What a part of a parameter can stand for is not removed with it.
        if parameters_are_required(members, required) {
            editor.remove_field(state, if state.is_jsonata { "Arguments" } else { "Parameters" });
        }
    }
}

fn parameters_are_required(members: &[Member], required: &[&str]) -> bool {
    required.iter().all(|name| members.iter().any(|member| member.name().trim_end_matches(".$") == *name))
}

/// What takes any JSON.
const ANYTHING: &[&str] = &[
    "Payload",
    "Input",
    "RequestBody",
    "QueryParameters",
    "Message",
    "MessageBody",
    "Detail",
    "Body",
    "Output",
    "Headers",
    "Parameters",
    "DocumentDetails",
    "Document",
];

pub(super) fn parameter_mistyped(editor: &mut Editor<'_>) {
    for (state, _) in integrations(editor) {
        let Some((_, members)) = parameters(state) else { continue };
        for member in members.iter().filter(|member| !ANYTHING.contains(&member.name())) {
            let wrong: &[&str] = match &member.value.kind {
                // A boolean or a number as a string may be taken as what it says.
                Kind::String(text) if !state.is_jsonata || !text.value.starts_with("{%") => {
                    if member.name().ends_with(".$") {
                        &["5", "{ \"a\": 1 }"]
                    } else {
                        &["{ \"a\": 1 }", "[1]", "5"]
                    }
                }
                Kind::Object(_) => &["\"x\"", "5", "[1]"],
                Kind::Array(_) => &["\"x\"", "5"],
                Kind::Number(_) => &["\"x\"", "{}"],
                Kind::Bool(_) => &["\"x\"", "5"],
                Kind::String(_) | Kind::Null => &[],
            };
            wrong.iter().for_each(|wrong| editor.replace(member.value.span, wrong));
        }
    }
}

/// Parameters with a few values.
const CHOSEN: &[&str] = &[
    "InvocationType",
    "LogType",
    "ReturnValues",
    "ReturnConsumedCapacity",
    "LaunchType",
    "Method",
    "AuthType",
    "MessageStructure",
    "OutputFormat",
    "VoiceId",
    "Engine",
    "LanguageCode",
    "Select",
    "WorkerType",
];

pub(super) fn parameter_value_misspelt(editor: &mut Editor<'_>) {
    for (state, _) in integrations(editor) {
        let Some((_, members)) = parameters(state) else { continue };
        for member in members.iter().filter(|member| CHOSEN.contains(&member.name())) {
            let Some(text) = member.value.as_text().filter(|text| !text.value.contains("${")) else {
                continue;
            };
            if member.name() != "MessageStructure" && !text.value.starts_with("{%") {
                let typo = mistype(&text.value, 0).unwrap_or_else(|| format!("{}X", text.value));
                editor.rename(text, &typo);
            }
        }
    }
}

/// Fields of what parameters hold, by the parameter.
const WITHIN: &[&str] = &[
    "Entries",
    "NetworkConfiguration",
    "Overrides",
    "ContainerOverrides",
    "ResultConfiguration",
    "QueryExecutionContext",
    "MetricData",
    "Image",
    "S3Object",
    "Delete",
    "Filters",
    "Tags",
    "Media",
    "Settings",
    "JobDriver",
    "Target",
    "FlexibleTimeWindow",
];

pub(super) fn parameter_within_misspelt(editor: &mut Editor<'_>) {
    for (state, _) in integrations(editor) {
        let Some((_, members)) = parameters(state) else { continue };
        for member in members.iter().filter(|member| WITHIN.contains(&member.name())) {
            misspell_fields(editor, &member.value);
        }
    }
}

fn misspell_fields(editor: &mut Editor<'_>, value: &Value) {
    let elements = value
        .as_array()
        .unwrap_or_default()
        .iter()
        .flat_map(|element| element.as_object().unwrap_or_default());
    for member in elements.chain(value.as_object().unwrap_or_default()) {
        let name = member.name().trim_end_matches(".$");
        if let Some(typo) = mistype(name, 0) {
            editor.replace_in(&member.key, 0, name.len(), &typo);
        }
    }
}
