//! `arn:aws:states:::states:startExecution` and its forms with `.sync`, served by compiled machines that are known to the host.

use super::InMemory;
use crate::driver;
use crate::execution::new_execution;
use crate::host::{Clock, Host};
use crate::integration::BoxFuture;
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, Status, TaskError};
use asl_engine::generated::template::object;
use asl_engine::program::Program;
use asl_engine::resource::Pattern;
use asl_engine::task::Task;
use asl_language::errors;
use asl_value::{Object, Text, Value};
use std::future::pending;

impl<C: Clock> InMemory<C> {
    /// Whether the machine is known here that `StateMachineArn` names.
    pub(super) fn has_machine(&self, task: &Task) -> bool {
        let arn = task.parameters.get("StateMachineArn").and_then(Value::as_str);
        arn.is_some_and(|arn| self.inner.machines.contains_key(arn))
    }

    /// Starts an execution of the machine that `StateMachineArn` names, and waits for its end if the pattern says so.
    pub(super) async fn start_execution(&self, task: &Task, pattern: Pattern) -> Result<Value, TaskError> {
        let arn = task.parameters.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
        let Some(program) = self.inner.machines.get(arn).copied() else { return Err(does_not_exist(arn)) };
        let input = match task.parameters.get("Input") {
            None => Value::empty_object(),
            // Input may be given as JSON text, as the API wants it.
            Some(Value::String(text)) => {
                Value::from_json(text).unwrap_or_else(|_| Value::String(text.clone()))
            }
            Some(input) => input.clone(),
        };
        let name = task.parameters.get("Name").and_then(Value::as_str).map(Text::from);
        let child = Child::new(self, program, arn, input, name);
        let started = child.started();
        if pattern != Pattern::Sync {
            // The child runs on its own; what comes of it is seen by the host's observer.
            tokio::spawn({
                let (host, context) = (self.clone(), child.context);
                async move { host.drive(execute(&host, program, context)).await }
            });
            return Ok(started);
        }
        task.submitted(started);
        let result = execute(self, program, child.context.clone()).await;
        let as_json = task.resource.ends_with(".sync:2");
        child.ended(self, result, as_json)
    }
}

/// Boxed, because an execution may start another of the same kind.
fn execute<'a, H: Host>(
    host: &'a H,
    program: &'static dyn Program,
    context: Box<ExecutionContext>,
) -> BoxFuture<'a, Result<Value, ExecutionError>> {
    Box::pin(driver::execute(host, program, context, host.observer(), pending()))
}

fn does_not_exist(arn: &str) -> TaskError {
    TaskError::new(
        "StepFunctions.StateMachineDoesNotExistException",
        format!(
            "State Machine Does Not Exist: '{arn}' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist)"
        ),
    )
}

/// An execution that another one started.
struct Child {
    context: Box<ExecutionContext>,
}

impl Child {
    fn new<H: Host>(
        host: &H,
        program: &'static dyn Program,
        arn: &str,
        input: Value,
        name: Option<Text>,
    ) -> Self {
        let mut context = new_execution(host, program.name(), input, name);
        context.state_machine_id = arn.into();
        Self { context }
    }

    /// What `StartExecution` answers.
    fn started(&self) -> Value {
        object([
            ("ExecutionArn", self.context.id.clone().into()),
            ("StartDate", self.context.start_time.milliseconds().into()),
        ])
    }

    /// What `DescribeExecution` answers; a child that did not succeed is the error `States.TaskFailed` with that as its cause.
    fn ended<H: Host>(
        &self,
        host: &H,
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
        fields.insert("ExecutionArn", self.context.id.clone());
        fields.insert("Input", payload(&self.context.input));
        fields.insert("InputDetails", details());
        fields.insert("Name", self.context.name.clone());
        if let Ok(output) = &result {
            fields.insert("Output", payload(output));
            fields.insert("OutputDetails", details());
        }
        fields.insert("RedriveCount", 0);
        fields.insert("RedriveStatus", if result.is_ok() { "NOT_REDRIVABLE" } else { "REDRIVABLE" });
        if result.is_ok() {
            fields.insert("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
        }
        fields.insert("StartDate", self.context.start_time.milliseconds());
        fields.insert("StateMachineArn", self.context.state_machine_id.clone());
        fields.insert("Status", status.as_str());
        fields.insert("StopDate", host.clock().now().milliseconds());
        let described = Value::from(fields);
        match result {
            Ok(_) => Ok(described),
            Err(_) => Err(TaskError::new(Text::new_static(errors::TASK_FAILED), described.to_string())),
        }
    }
}
