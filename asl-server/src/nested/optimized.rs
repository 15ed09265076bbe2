//! `arn:aws:states:::states:startExecution`, with `.sync` and `.sync:2`.

use super::{from_json, pascal, to_json};
use crate::actions::{self, By, Request, Started};
use crate::executions::Description;
use crate::model;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_runtime::{Invocation, Pattern, Status, TaskError, Text, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Starts an execution, and waits for its end if the pattern says so. A task that is done again meets the execution that it has started.
pub(super) async fn start_execution(server: Arc<Inner>, invocation: Invocation) -> Result<Value, TaskError> {
    let refused = |error: ApiError| failed(&server, &error);
    let begun = match invocation.submitted_before() {
        Some(answer) => Started::before(answer),
        None => {
            let begun = begin(&server, &invocation).await.map_err(refused)?;
            if invocation.pattern() != Pattern::Sync {
                return Ok(started(&server, &begun));
            }
            invocation.submitted(started(&server, &begun));
            begun
        }
    };
    // If the task is given up, the keeper of the executions stops what it has started.
    let Some(ended) = begun.ended(&server).await.map_err(refused)? else {
        return Err(TaskError::runtime("The execution is lost."));
    };
    match ended.status {
        Status::Succeeded => Ok(described(&ended, invocation.resource().ends_with(".sync:2"))),
        Status::Running | Status::Failed | Status::TimedOut | Status::Aborted => {
            // The cause has texts in it, whichever way the result would be told.
            Err(TaskError::new("States.TaskFailed", described(&ended, false).to_string()))
        }
    }
}

/// Starts the execution that a task asks for. Without a name it gets one that is the same when the task is done again.
async fn begin(server: &Arc<Inner>, invocation: &Invocation) -> Result<Started, ApiError> {
    let parameters = invocation.parameters();
    let mut request = Map::new();
    let text = |name: &str| parameters.get(name).and_then(Value::as_str).map(Json::from);
    request.extend(text("StateMachineArn").map(|arn| ("stateMachineArn".to_owned(), arn)));
    let name = text("Name").unwrap_or_else(|| (*invocation.idempotency_uuid()).into());
    request.insert("name".to_owned(), name);
    let input = parameters.get("Input").filter(|input| !input.is_null());
    let input = input.map(|input| input.as_str().map_or_else(|| input.to_string(), str::to_owned));
    request.extend(input.map(|input| ("input".to_owned(), input.into())));
    let request = model::validate("StartExecution", request.into())?;
    actions::begin(server, &Request::new(request), By::Task(invocation)).await
}

/// The answer of `StartExecution`, with what this integration adds to answers.
fn started(server: &Inner, begun: &Started) -> Value {
    let (arn, start_date) = (&*begun.arn, Json::from(begun.start_date));
    let seconds = start_date.as_f64().unwrap_or_default();
    let (id, length) = (server.new_id(), body_length(arn, seconds).to_string());
    let date = crate::protocol::date::http(crate::Date::now());
    let kind = "application/x-amz-json-1.0";
    from_json(&json!({
        "ExecutionArn": arn,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {
                "connection": ["keep-alive"],
                "x-amzn-RequestId": [id],
                "Content-Length": [length],
                "Date": [date],
                "Content-Type": [kind],
            },
            "HttpHeaders": {
                "connection": "keep-alive",
                "Content-Length": length,
                "Content-Type": kind,
                "Date": date,
                "x-amzn-RequestId": id,
            },
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": { "RequestId": id },
        "StartDate": milliseconds(Some(&start_date)),
    }))
}

/// How long AWS's answer is, which writes dates as `1.732876327123E9`.
fn body_length(arn: &str, seconds: f64) -> usize {
    let date = format!("{seconds:E}");
    format!(r#"{{"executionArn":"{arn}","startDate":{date}}}"#).len()
}

/// A date of the API as this integration tells it.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of any date in use fit into 53 bits")]
fn milliseconds(date: Option<&Json>) -> Json {
    let seconds = date.and_then(Json::as_f64).unwrap_or_default();
    ((seconds * 1000.0).round() as i64).into()
}

/// What `DescribeExecution` answers, in the order of the names; with the data as text, or as what the text says.
fn described(ended: &Description, as_values: bool) -> Value {
    let mut fields = BTreeMap::new();
    for (name, value) in actions::description(ended, None, false) {
        let value = match name.as_str() {
            "startDate" | "stopDate" | "redriveDate" => milliseconds(Some(&value)),
            "input" if as_values => to_json(&ended.input),
            "output" if as_values => ended.output.as_ref().map(to_json).unwrap_or_default(),
            "inputDetails" | "outputDetails" => json!({ "Included": true }),
            _ => value,
        };
        fields.insert(pascal(&name), value);
    }
    let fields: Map<String, Json> = fields.into_iter().collect();
    from_json(&fields.into())
}

fn failed(server: &Inner, error: &ApiError) -> TaskError {
    let kind = error.kind.trim_end_matches("Exception");
    let cause = format!(
        "{} (Service: AWSStepFunctions; Status Code: {}; Error Code: {}; Request ID: {}; Proxy: null)",
        error.message,
        error.status(),
        error.kind,
        server.new_id()
    );
    TaskError::new(Text::from(format!("StepFunctions.{kind}Exception")), cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_as_long_as_those_of_aws() {
        let arn = "arn:aws:states:us-east-1:123456789012:execution:statemachine_create_and_record_execution_12345678:TestStartTarget";
        assert_eq!(body_length(arn, 1_723_111_111.123), 161);
    }
}
