//! What came of an execution, as Lambda answers it.

use asl_runtime::{ExecutionError, Value};
use lambda_runtime::Diagnostic;

/// The name of a failure to which the definition assigns none. It is what Step Functions says where a workflow starts another one that fails so.
const UNNAMED: &str = "States.TaskFailed";

/// An output is the answer; an error's name is the `errorType`, and its cause the `errorMessage`.
pub(crate) fn of(result: Result<Value, ExecutionError>) -> Result<Value, Diagnostic> {
    result.map_err(|error| Diagnostic {
        error_type: error.error().unwrap_or(UNNAMED).to_owned(),
        error_message: error.cause().unwrap_or_default().to_owned(),
    })
}
