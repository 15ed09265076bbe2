//! `arn:aws:states:::states:startExecution` and its forms with `.sync`, served by machines that are known to a host.

use crate::execution::Launch;
use crate::host::Host;
use crate::invocation::Invocation;
use crate::shell::{Machine, Shell};
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, Status, TaskError};
use asl_engine::generated::template::object;
use asl_engine::resource::{Pattern, Resource};
use asl_language::errors;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::fmt;
use std::sync::Arc;

/// An execution that a task starts: what it is of, and how it is reported.
#[doc(hidden)]
#[derive(Clone)]
pub struct Nested {
    machine: Arc<dyn Machine>,
    context: ExecutionContext,
    as_json: bool,
}

impl Nested {
    /// What a task starts, if it starts an execution of a machine that the host has.
    #[must_use]
    pub fn of(host: &dyn Host, invocation: &Invocation) -> Option<Self> {
        let Resource::Service { service: "states", .. } = Resource::parse(invocation.resource()) else {
            return None;
        };
        let parameters = invocation.parameters();
        let arn = parameters.get("StateMachineArn")?.as_str()?;
        let machine = host.machine(arn)?;
        let input = match parameters.get("Input") {
            None => Value::empty_object(),
            // Input may be given as JSON text, as the API wants it.
            Some(Value::String(text)) => {
                Value::from_json(text).unwrap_or_else(|_| Value::String(text.clone()))
            }
            Some(input) => input.clone(),
        };
        let launch = Launch::new(host, &*machine, Some(arn), input, Some(name(invocation)));
        let context = launch.context().clone();
        let as_json = invocation.resource().ends_with(".sync:2");
        Some(Self { machine, context, as_json })
    }

    /// The same, which starts at this moment.
    #[must_use]
    pub const fn at(mut self, moment: Timestamp) -> Self {
        self.context.start_time = moment;
        self
    }

    /// Its machine.
    #[must_use]
    pub fn machine(&self) -> &dyn Machine {
        &*self.machine
    }

    /// Its facts.
    #[must_use]
    pub const fn context(&self) -> &ExecutionContext {
        &self.context
    }

    /// What `StartExecution` answers.
    #[must_use]
    pub fn started(&self) -> Value {
        object([
            ("ExecutionArn", self.context.id.clone().into()),
            ("StartDate", self.context.start_time.milliseconds().into()),
        ])
    }

    /// What comes of the task when the execution has ended, if it waits for that.
    ///
    /// # Errors
    /// The execution did not succeed.
    pub fn ended(
        &self,
        stop_date: Timestamp,
        result: Result<Value, ExecutionError>,
    ) -> Result<Value, TaskError> {
        described(&self.context, stop_date, result, self.as_json)
    }
}

impl fmt::Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Nested").field("execution", &self.context.id).finish_non_exhaustive()
    }
}

/// Starts an execution, and waits for its end if the pattern says so.
pub(super) async fn start(
    host: &dyn Host,
    invocation: &Invocation,
    nested: Nested,
) -> Result<Value, TaskError> {
    let launch = Launch::of(&*nested.machine, nested.context.clone());
    if invocation.pattern() != Pattern::Sync {
        // The child runs on its own; what comes of it is seen by the host's observer.
        let (background, core) = (host.handle(), launch.core(host));
        tokio::spawn(async move { background.clock().drive(&mut Shell::new(&*background, core)).await });
        return Ok(nested.started());
    }
    invocation.submitted(nested.started());
    let core = host.begin(&*nested.machine, launch.start(host), Some(invocation));
    let result = Shell::new(host, core).await;
    nested.ended(host.clock().now(), result)
}

/// The name of the execution. One that was given none has the same name whenever the task is done again, so that it is not started twice.
fn name(invocation: &Invocation) -> Text {
    let name = invocation.parameters().get("Name").and_then(Value::as_str);
    name.map_or_else(|| invocation.idempotency_uuid(), Text::from)
}

/// The host has no machine of which a task starts an execution.
pub(super) fn does_not_exist(invocation: &Invocation) -> TaskError {
    let arn = invocation.parameters().get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
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
