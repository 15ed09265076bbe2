//! What Step Functions does with `events:putEvents` and with no other action: its events name the execution, and one that is not taken is
//! an error.

use super::ActionCall;
use asl_engine::context::ExecutionContext;
use asl_engine::error::TaskError;
use asl_value::{Object, Value};

/// Whether the optimised integration puts events.
pub(super) fn are_put(call: ActionCall) -> bool {
    !call.is_sdk && call.action.operation == "PutEvents"
}

/// The parameters, in which the `Resources` of each event have the ARNs of the execution and of its machine too.
pub(super) fn naming(execution: &ExecutionContext, parameters: &Value) -> Value {
    let Some(fields) = parameters.as_object() else { return parameters.clone() };
    let Some(entries) = fields.get("Entries").and_then(Value::as_array) else { return parameters.clone() };
    let with = |entry: &Value| {
        let Some(entry) = entry.as_object() else { return entry.clone() };
        let mut resources = entry.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
        for arn in [&execution.id, &execution.state_machine_id] {
            resources.push(arn.clone());
        }
        let mut entry = entry.clone();
        entry.insert("Resources", resources);
        entry.into()
    };
    let mut fields = fields.clone();
    fields.insert("Entries", entries.iter().map(with).collect::<Vec<Value>>());
    fields.into()
}

/// The error of an answer that counts events which were not taken.
pub(super) fn check(call: ActionCall, answer: &Object) -> Result<(), TaskError> {
    if !are_put(call) || answer.get("FailedEntryCount").and_then(Value::as_i64) <= Some(0) {
        return Ok(());
    }
    let name = format!("{}.FailedEntry", call.action.prefix);
    Err(TaskError::new(name, Value::from(answer.clone()).to_string()))
}
