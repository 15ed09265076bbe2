//! `states:startExecution.sync` and `.sync:2`: waits for the end of an execution by asking for its description.

use super::{Aws, Call};
use crate::action::{Action, Part, Protocol, Shape, Type};
use crate::error::TaskError;
use crate::template::object;
use crate::value::{Text, Value};
use asl_language::errors;
use std::time::Duration;

/// How long after a look the next one is, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(5)];

const fn text(name: &'static str, wire: &'static str) -> Part {
    Part::new(name, wire, Type::String)
}

static DESCRIBE_EXECUTION: Action = Action {
    protocol: Protocol::Json10,
    prefix: "StepFunctions",
    endpoint: "states",
    signing: "states",
    target: "AWSStepFunctions",
    version: "",
    namespace: "",
    global: "",
    operation: "DescribeExecution",
    method: "POST",
    path: "/",
    host_prefix: "",
    root: "",
    errors: &["ExecutionDoesNotExistException", "InvalidArnException"],
    input: Type::Shape(0),
    output: Type::Shape(1),
    shapes: &[
        Shape::Structure(&[text("ExecutionArn", "executionArn")]),
        Shape::Structure(&[
            text("Cause", "cause"),
            text("Error", "error"),
            text("ExecutionArn", "executionArn"),
            text("Input", "input"),
            Part::new("InputDetails", "inputDetails", Type::Shape(2)),
            text("MapRunArn", "mapRunArn"),
            text("Name", "name"),
            text("Output", "output"),
            Part::new("OutputDetails", "outputDetails", Type::Shape(2)),
            Part::new("RedriveCount", "redriveCount", Type::Integer),
            Part::new("RedriveDate", "redriveDate", Type::Timestamp),
            text("RedriveStatus", "redriveStatus"),
            text("RedriveStatusReason", "redriveStatusReason"),
            Part::new("StartDate", "startDate", Type::Timestamp),
            text("StateMachineAliasArn", "stateMachineAliasArn"),
            text("StateMachineArn", "stateMachineArn"),
            text("StateMachineVersionArn", "stateMachineVersionArn"),
            text("Status", "status"),
            Part::new("StopDate", "stopDate", Type::Timestamp),
            text("TraceHeader", "traceHeader"),
        ]),
        Shape::Structure(&[Part::new("Included", "included", Type::Boolean)]),
    ],
};

impl Aws {
    /// The description of an execution when it has ended; one that did not succeed is an error.
    pub(super) async fn ended_execution(&self, started: &Value, as_json: bool) -> Result<Value, TaskError> {
        let arn = started.get("ExecutionArn").cloned().unwrap_or_default();
        let parameters = object([("ExecutionArn", arn)]);
        let call = Call { action: &DESCRIBE_EXECUTION, is_sdk: false };
        let [mut pause, longest] = PAUSES;
        loop {
            let described = self.call(call, &parameters).await?;
            let status = described.get("Status").and_then(Value::as_str).unwrap_or_default();
            if !matches!(status, "RUNNING" | "PENDING_REDRIVE") {
                return end(&described, status == "SUCCEEDED", as_json);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }
}

fn end(described: &Value, succeeded: bool, as_json: bool) -> Result<Value, TaskError> {
    let mut fields = described.as_object().cloned().unwrap_or_default();
    fields.remove("SdkHttpMetadata");
    fields.remove("SdkResponseMetadata");
    for name in ["Input", "Output"] {
        let json = fields.get(name).and_then(Value::as_str).and_then(|text| Value::from_json(text).ok());
        if let Some(json) = json.filter(|_| as_json) {
            fields.insert(name, json);
        }
    }
    let described = Value::from(fields);
    if succeeded {
        return Ok(described);
    }
    Err(TaskError::new(Text::new_static(errors::TASK_FAILED), described.to_string()))
}
