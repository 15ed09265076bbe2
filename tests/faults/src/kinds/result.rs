//! Paths into results that are known: those of integrations, of Pass states and of Parallel states.

use crate::edit::Editor;
use crate::typo::mistype;
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::Value;

/// What the API references say that comes back.
const RESULTS: &[(&str, &[&str])] = &[
    (
        "lambda:invoke",
        &[
            "Payload",
            "StatusCode",
            "ExecutedVersion",
            "SdkHttpMetadata",
            "SdkResponseMetadata",
            "LogResult",
            "FunctionError",
        ],
    ),
    ("http:invoke", &["Headers", "ResponseBody", "StatusCode", "StatusText"]),
    ("apigateway:invoke", &["Headers", "ResponseBody", "StatusCode", "StatusText"]),
    ("dynamodb:getItem", &["Item", "ConsumedCapacity", "SdkHttpMetadata"]),
    ("dynamodb:putItem", &["Attributes", "SdkHttpMetadata"]),
    ("dynamodb:updateItem", &["Attributes", "SdkHttpMetadata"]),
    ("dynamodb:query", &["Items", "Count", "ScannedCount", "LastEvaluatedKey"]),
    ("dynamodb:scan", &["Items", "Count", "ScannedCount", "LastEvaluatedKey"]),
    ("sns:publish", &["MessageId"]),
    ("sqs:sendMessage", &["MessageId", "MD5OfMessageBody"]),
    ("events:putEvents", &["Entries", "FailedEntryCount"]),
    ("states:startExecution", &["ExecutionArn", "StartDate"]),
    ("states:startExecution.sync:2", &["Output", "Status", "ExecutionArn", "Name", "Input"]),
    ("states:startExecution.sync", &["Output", "Status", "ExecutionArn", "Name", "Input"]),
    ("s3:listObjectsV2", &["Contents", "KeyCount", "IsTruncated", "Name", "NextContinuationToken"]),
    ("s3:getObject", &["Body", "ContentLength", "ContentType", "Metadata"]),
    ("bedrock:invokeModel", &["Body", "ContentType"]),
    ("athena:getQueryResults", &["ResultSet", "UpdateCount", "NextToken"]),
    ("athena:startQueryExecution.sync", &["QueryExecution"]),
    ("glue:startJobRun.sync", &["JobRunState", "Id", "JobName"]),
    ("rekognition:detectLabels", &["Labels", "OrientationCorrection"]),
    ("polly:startSpeechSynthesisTask", &["SynthesisTask"]),
    ("transcribe:getTranscriptionJob", &["TranscriptionJob"]),
    ("transcribe:startTranscriptionJob", &["TranscriptionJob"]),
    ("sfn:listExecutions", &["Executions", "NextToken"]),
    ("translate:translateText", &["TranslatedText", "SourceLanguageCode"]),
    ("comprehend:detectSentiment", &["Sentiment", "SentimentScore"]),
];

pub(super) fn fields(state: StateAt<'_>) -> &'static [&'static str] {
    let Some((_, call)) = state.text("Resource").and_then(|resource| resource.split_once(":::")) else {
        return &[];
    };
    let call = call.trim_start_matches("aws-sdk:");
    RESULTS.iter().find(|(name, _)| *name == call).map_or(&[], |(_, fields)| *fields)
}

/// Misspells the name of a path behind `prefix` if it is one of the fields.
fn misspell(editor: &mut Editor<'_>, path: &StringAt<'_>, prefix: &str, fields: &[&str]) {
    let Some(rest) = path.text.value.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')) else {
        return;
    };
    let length = rest.find(['.', '[', ' ', ',', ')']).unwrap_or(rest.len());
    let name = rest.get(..length).unwrap_or_default();
    if fields.contains(&name) {
        let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
        editor.replace_in(path.text, prefix.len() + 1, length, &typo);
    }
}

/// Where the result of a state is for the states after it: `$` or `$.a`; none if it is changed or dropped.
fn place_of_result(state: StateAt<'_>) -> Option<&str> {
    let changed = ["OutputPath", "ResultSelector"].iter().any(|field| state.get(field).is_some());
    match state.get("ResultPath") {
        _ if changed => None,
        None => Some("$"),
        Some(path) => path.as_str().filter(|path| !path.contains('[')),
    }
}

/// The states that are right after a state and no other.
pub(super) fn only_followers<'a>(state: StateAt<'a>) -> Vec<StateAt<'a>> {
    let next = state.text("Next");
    let states = state.machine.states();
    let leads = |other: &StateAt<'_>| {
        let rules = other.elements("Choices").iter().chain(other.elements("Catch"));
        let mut targets = rules
            .filter_map(|rule| rule.get("Next")?.as_str())
            .chain(other.text("Next"))
            .chain(other.text("Default"));
        targets.any(|target| Some(target) == next)
    };
    let ways = states.iter().filter(|other| leads(other)).count();
    let is_start = state.machine.value.get("StartAt").and_then(Value::as_str) == next;
    if ways != 1
        || is_start
        || state.elements("Catch").iter().any(|catcher| catcher.get("Next").and_then(Value::as_str) == next)
    {
        return Vec::new();
    }
    states.into_iter().filter(|other| Some(other.name.value.as_str()) == next).collect()
}

/// The paths of a state that see its input.
fn input_paths<'a>(state: StateAt<'a>) -> Vec<StringAt<'a>> {
    let shaped = state.get("InputPath").is_some();
    let sees = move |path: &StringAt<'_>| match path.field {
        "InputPath" | "Choices" => true,
        "Parameters" | "ItemsPath" | "SecondsPath" | "TimestampPath" => !shaped,
        _ => false,
    };
    state.strings().into_iter().filter(|path| path.is_path() && sees(path)).collect()
}

pub(super) fn field_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| !state.is_jsonata) {
        let Some(place) = place_of_result(state) else { continue };
        for path in only_followers(state).into_iter().flat_map(input_paths) {
            misspell(editor, &path, place, fields(state));
        }
    }
}

/// In `ResultSelector`, and in `OutputPath` if nothing is between.
pub(super) fn field_misspelt_in_own_state(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| !state.is_jsonata) {
        for path in state.strings().into_iter().filter(StringAt::is_path) {
            match path.field {
                "ResultSelector" => misspell(editor, &path, "$", fields(state)),
                "Assign" => misspell(editor, &path, "$", fields(state)),
                "OutputPath" if state.get("ResultSelector").is_none() => {
                    let place = state.get("ResultPath").map_or(Some("$"), Value::as_str).unwrap_or("$.no");
                    misspell(editor, &path, place, fields(state));
                }
                _ => {}
            }
        }
    }
}

/// In expressions, `$states.result` and its fields.
pub(super) fn field_misspelt_in_variable(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task").into_iter().filter(|state| state.is_jsonata) {
        for text in state.strings().into_iter().filter(StringAt::is_expression) {
            for (at, prefix) in text.text.value.match_indices("$states.result.") {
                let start = at + prefix.len();
                let rest = text.text.value.get(start..).unwrap_or_default();
                let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let name = rest.get(..length).unwrap_or_default();
                if fields(state).contains(&name) {
                    let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
                    editor.replace_in(text.text, start, length, &typo);
                }
            }
        }
    }
}

pub(super) fn pass_field_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Pass").into_iter().filter(|state| !state.is_jsonata) {
        let template = if state.get("Result").is_some() { "Result" } else { "Parameters" };
        let Some(result) = state.get(template).and_then(Value::as_object) else { continue };
        let names: Vec<_> = result.iter().map(|member| member.name().trim_end_matches(".$")).collect();
        let Some(place) = place_of_result(state) else { continue };
        for path in only_followers(state).into_iter().flat_map(input_paths) {
            misspell(editor, &path, place, &names);
        }
    }
}

/// The result of a Parallel or a Map is an array, and has no fields.
pub(super) fn field_of_array(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        let is_array = match state.text("Type") {
            Some("Parallel") => true,
            Some("Map") => state.get("ResultWriter").is_none(),
            _ => false,
        };
        let Some(place) = place_of_result(state).filter(|_| is_array) else { continue };
        for path in only_followers(state).into_iter().flat_map(input_paths) {
            let rest = path.text.value.strip_prefix(place).unwrap_or_default();
            if rest.starts_with('[') {
                editor.replace_in(path.text, place.len(), 0, ".result");
            }
        }
    }
}
