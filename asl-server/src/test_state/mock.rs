//! What comes of the state's effect by the mock, checked against what could come of it.

use super::Refusal;
use super::definition::State;
use super::request::{ErrorOutput, FieldValidationMode, Mock, Request};
use super::schema;
use asl_language::state_type::StateType;
use asl_runtime::TaskError;
use asl_value::Value;

/// The outcome, if there is a mock.
pub(super) fn outcome(request: &Request, state: &State) -> Result<Option<Result<Value, TaskError>>, Refusal> {
    match &request.mock {
        None => Ok(None),
        Some(Mock { error_output: Some(error), .. }) => Ok(Some(Err(failure(error)))),
        Some(Mock { result, field_validation_mode, .. }) => {
            let text = result.as_deref().unwrap_or("null");
            let result = Value::from_json(text)
                .map_err(|_| Refusal::validation("Mocked result must be valid JSON"))?;
            match state.state_type {
                StateType::Parallel => parallel(&result, state)?,
                StateType::Map => map(&result, state, request)?,
                StateType::Task
                | StateType::Pass
                | StateType::Choice
                | StateType::Wait
                | StateType::Succeed
                | StateType::Fail => task(&result, state, *field_validation_mode)?,
            }
            Ok(Some(Ok(result)))
        }
    }
}

fn failure(error: &ErrorOutput) -> TaskError {
    let name = error.error.clone().unwrap_or_default();
    match &error.cause {
        Some(cause) => TaskError::new(name, cause.clone()),
        None => TaskError::named(name),
    }
}

const NO_ARRAY: &str = "Mocked result must be an array.";

fn parallel(result: &Value, state: &State) -> Result<(), Refusal> {
    match result.as_array() {
        None => Err(Refusal::validation(NO_ARRAY)),
        Some(results) if results.len() != state.branches() => Err(Refusal::validation(
            "Mocked result must contain the same number of items as number of Parallel branches.",
        )),
        Some(_) => Ok(()),
    }
}

/// Where the results are written elsewhere, the result says where.
fn map(result: &Value, state: &State, request: &Request) -> Result<(), Refusal> {
    if state.has("ResultWriter") {
        return match result {
            Value::Object(_) => Ok(()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(Refusal::validation("Mocked result must be a JSON object."))
            }
        };
    }
    let Some(results) = result.as_array() else { return Err(Refusal::validation(NO_ARRAY)) };
    let failed = request.configuration.map_iteration_failure_count.unwrap_or_default();
    if usize::try_from(failed).map_or(true, |failed| failed > results.len()) {
        return Err(Refusal::validation(
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ));
    }
    Ok(())
}

fn task(result: &Value, state: &State, mode: FieldValidationMode) -> Result<(), Refusal> {
    let is_complete = match mode {
        FieldValidationMode::Strict => true,
        FieldValidationMode::Present => false,
        FieldValidationMode::None => return Ok(()),
    };
    schema::check(result, state.resource(), is_complete)
        .map_err(|fault| Refusal::validation(format!("Mock result schema validation error: {fault}")))
}
