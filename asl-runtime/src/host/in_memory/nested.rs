//! `arn:aws:states:::states:startExecution` and its forms with `.sync`, served by machines that are known to a host.

use crate::execution::Launch;
use crate::host::Host;
use crate::invocation::Invocation;
use crate::shell::{Machine, Shell};
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, Status, TaskError};
use asl_engine::generated::template::object;
use asl_engine::resource::Pattern;
use asl_language::errors;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::sync::Arc;

/// The machine that `StateMachineArn` names, if the host has it.
pub(super) fn machine(host: &dyn Host, invocation: &Invocation) -> Option<Arc<dyn Machine>> {
    host.machine(invocation.parameters().get("StateMachineArn")?.as_str()?)
}

/// Starts an execution of the machine that `StateMachineArn` names, and waits for its end if the pattern says so.
pub(super) async fn start_execution(host: &dyn Host, invocation: &Invocation) -> Result<Value, TaskError> {
    let parameters = invocation.parameters();
    let arn = parameters.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
    let Some(machine) = host.machine(arn) else { return Err(does_not_exist(arn)) };
    let input = match parameters.get("Input") {
        None => Value::empty_object(),
        // Input may be given as JSON text, as the API wants it.
        Some(Value::String(text)) => Value::from_json(text).unwrap_or_else(|_| Value::String(text.clone())),
        Some(input) => input.clone(),
    };
    let name = name(invocation);
    let launch = Launch::new(host, &*machine, Some(arn), input, Some(name));
    let context = launch.context().clone();
    let started = object([
        ("ExecutionArn", context.id.clone().into()),
        ("StartDate", context.start_time.milliseconds().into()),
    ]);
    if invocation.pattern() != Pattern::Sync {
        // The child runs on its own; what comes of it is seen by the host's observer.
        let (background, core) = (host.handle(), launch.core(host));
        tokio::spawn(async move { background.clock().drive(&mut Shell::new(&*background, core)).await });
        return Ok(started);
    }
    invocation.submitted(started);
    let result = launch.shell(host, None).await;
    let as_json = invocation.resource().ends_with(".sync:2");
    described(&context, host.clock().now(), result, as_json)
}

/// The name of the execution. One that was given none has the same name whenever the task is done again, so that it is not started twice.
fn name(invocation: &Invocation) -> Text {
    let name = invocation.parameters().get("Name").and_then(Value::as_str);
    name.map_or_else(|| invocation.idempotency_uuid(), Text::from)
}

fn does_not_exist(arn: &str) -> TaskError {
    TaskError::new(
        "StepFunctions.StateMachineDoesNotExistException",
        format!(
            "State Machine Does Not Exist: '{arn}' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist)"
        ),
    )
}

/// What `DescribeExecution` answers; a child that did not succeed is the error `States.TaskFailed` with that as its cause.
fn described(
    context: &ExecutionContext,
    stop_date: Timestamp,
    result: Result<Value, ExecutionError>,
    as_json: bool,
) -> Result<Value, TaskError> {
    let payload = |value: &Value| if as_json { value.clone() } else { value.to_string().into() };
    let details = || object([("Included", true.into())]);
    let status = result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded);
    let mut fields = Object::new();
    if let Err(error) = &result {
        fields.extend(error.cause().map(|cause| ("Cause", cause)));
        fields.extend(error.error().map(|name| ("Error", name)));
    }
    fields.insert("ExecutionArn", context.id.clone());
    fields.insert("Input", payload(&context.input));
    fields.insert("InputDetails", details());
    fields.insert("Name", context.name.clone());
    if let Ok(output) = &result {
        fields.insert("Output", payload(output));
        fields.insert("OutputDetails", details());
    }
    fields.insert("RedriveCount", context.redrive_count());
    fields.insert("RedriveStatus", if result.is_ok() { "NOT_REDRIVABLE" } else { "REDRIVABLE" });
    if result.is_ok() {
        fields.insert("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
    }
    fields.insert("StartDate", context.start_time.milliseconds());
    fields.insert("StateMachineArn", context.state_machine_id.clone());
    fields.insert("Status", status.as_str());
    fields.insert("StopDate", stop_date.milliseconds());
    let described = Value::from(fields);
    match result {
        Ok(_) => Ok(described),
        Err(_) => Err(TaskError::new(Text::new_static(errors::TASK_FAILED), described.to_string())),
    }
}
