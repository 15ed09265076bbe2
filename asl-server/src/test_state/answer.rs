//! The answer: what AWS says of what was tried, at each level of inspection.

use super::definition::State;
use super::request::{InspectionLevel, Request};
use super::text::text;
use asl_engine::error::Error;
use asl_engine::trial::{AfterError, MapLimits, Stage, TrialEnd, Tried};
use asl_language::state_type::StateType;
use asl_runtime::{Exchange, HttpRequest, HttpResponse};
use asl_value::Value;
use serde_json::{Map, json};

type Fields = Map<String, serde_json::Value>;

pub(super) fn answer(
    request: &Request,
    state: &State,
    tried: &Tried,
    seen: Option<&Exchange>,
) -> serde_json::Value {
    let mut answer = Fields::new();
    if request.inspection_level != InspectionLevel::Info {
        let mut data = inspection(request, state, tried);
        if let Some(seen) = seen {
            exchange(&mut data, seen);
        }
        put(&mut answer, "inspectionData", data);
    }
    match &tried.end {
        // Only what is left of a task that was not done.
        TrialEnd::Asks(_) => put(&mut answer, "status", "FAILED"),
        TrialEnd::Succeeded { output, next } => {
            put(&mut answer, "status", "SUCCEEDED");
            put(&mut answer, "output", output_text(request, state, output));
            put_some(&mut answer, "nextState", next.as_deref());
        }
        TrialEnd::Failed { error, then, .. } => failed(&mut answer, error, then),
    }
    answer.into()
}

fn failed(answer: &mut Fields, error: &Error, then: &AfterError) {
    put_some(answer, "error", error.name().as_deref());
    put_some(answer, "cause", error.cause());
    match then {
        AfterError::Fails => put(answer, "status", "FAILED"),
        AfterError::Retries { .. } => put(answer, "status", "RETRIABLE"),
        AfterError::Catches { output, next, .. } => {
            put(answer, "status", "CAUGHT_ERROR");
            put(answer, "output", text(output));
            put_some(answer, "nextState", next.as_deref());
        }
    }
}

/// A Choice hands its input on with the text that it came with.
fn output_text(request: &Request, state: &State, output: &Value) -> String {
    if state.state_type == StateType::Choice && *output == request.input {
        request.input_text.clone()
    } else {
        text(output)
    }
}

fn inspection(request: &Request, state: &State, tried: &Tried) -> Fields {
    let mut data = Fields::new();
    put(&mut data, "input", request.input_text.as_str());
    for (stage, value) in &tried.stages {
        if let Some(name) = shown(*stage, state) {
            put(&mut data, name, text(value));
        }
    }
    let MapLimits { max_concurrency, tolerated_failure_count, tolerated_failure_percentage } = tried.limits;
    put_some(&mut data, "maxConcurrency", max_concurrency);
    put_some(&mut data, "toleratedFailureCount", tolerated_failure_count);
    put_some(&mut data, "toleratedFailurePercentage", tolerated_failure_percentage);
    if !tried.variables.is_empty() {
        put(&mut data, "variables", text(&tried.variables.clone().into()));
    }
    put_some(&mut data, "errorDetails", error_details(&tried.end));
    data
}

/// The name of a stage, if states of this kind show it (recorded from AWS).
fn shown(stage: Stage, state: &State) -> Option<&'static str> {
    let is_task = state.state_type == StateType::Task;
    let shows_selection = match state.state_type {
        StateType::Parallel => false,
        StateType::Task
        | StateType::Map
        | StateType::Pass
        | StateType::Choice
        | StateType::Wait
        | StateType::Succeed
        | StateType::Fail => !state.is_jsonata,
    };
    let (name, is_shown) = match stage {
        Stage::AfterInputPath => ("afterInputPath", shows_selection),
        Stage::AfterParameters if state.is_jsonata => ("afterArguments", is_task),
        Stage::AfterParameters => ("afterParameters", shows_selection),
        Stage::AfterItemsPath => ("afterItemsPath", !state.is_jsonata),
        Stage::AfterItemSelector => {
            ("afterItemSelector", state.has("ItemSelector") || state.has("Parameters"))
        }
        Stage::AfterItemBatcher => ("afterItemBatcher", true),
        Stage::Result => ("result", is_task || !state.is_jsonata),
        Stage::AfterResultSelector => ("afterResultSelector", !state.is_jsonata),
        Stage::AfterResultPath => ("afterResultPath", !state.is_jsonata),
    };
    is_shown.then_some(name)
}

/// What an HTTP task sent, and what came back.
fn exchange(data: &mut Fields, seen: &Exchange) {
    let Some(HttpRequest { method, url, headers, body }) = seen.request() else { return };
    let protocol = url.split(':').next().unwrap_or_default();
    let headers = listed(&headers);
    let request =
        json!({ "protocol": protocol, "method": method, "url": url, "headers": headers, "body": body });
    put(data, "request", request);
    let Some(HttpResponse { status, reason, headers, body }) = seen.response() else { return };
    let (status, headers) = (status.to_string(), listed(&headers));
    let response = json!({
        "protocol": protocol,
        "statusCode": status,
        "statusMessage": reason,
        "headers": headers,
        "body": body,
    });
    put(data, "response", response);
}

/// `[a: b, c: d]`
fn listed(headers: &[(String, String)]) -> String {
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("[{}]", headers.join(", "))
}

/// Which retrier and which catcher an error was for.
fn error_details(end: &TrialEnd) -> Option<Fields> {
    let TrialEnd::Failed { retrier, then, .. } = end else { return None };
    let mut details = Fields::new();
    put_some(&mut details, "retryIndex", *retrier);
    match then {
        AfterError::Fails => {}
        AfterError::Retries { seconds } => put(&mut details, "retryBackoffIntervalSeconds", whole(*seconds)),
        AfterError::Catches { catcher, .. } => put(&mut details, "catchIndex", *catcher),
    }
    (!details.is_empty()).then_some(details)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "delays are not negative, and the largest will do"
)]
const fn whole(seconds: f64) -> u64 {
    seconds as u64
}

fn put(fields: &mut Fields, name: &str, value: impl Into<serde_json::Value>) {
    fields.insert(name.to_owned(), value.into());
}

fn put_some<T: serde::Serialize>(fields: &mut Fields, name: &str, value: Option<T>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), json!(value));
    }
}
