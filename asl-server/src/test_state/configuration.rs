//! What the state, the mock and the configuration of a test demand of each other.

use super::Refusal;
use super::definition::State;
use super::request::{Configuration, Request};
use asl_engine::resource::{Pattern, Resource};
use asl_language::state_type::StateType;
use asl_value::Value;

pub(super) fn check(request: &Request, state: &State) -> Result<(), Refusal> {
    match &request.mock {
        Some(mock) => {
            if mock.result.is_some() && mock.error_output.is_some() {
                let text = "A test mock should have only one of the following fields: [result, errorOutput].";
                return Err(Refusal::validation(text));
            }
            if !can_be_mocked(state.state_type) {
                let name = state.state_type.name();
                let text = format!("State type '{name}' is not supported when a mock is specified");
                return Err(Refusal::validation(text));
            }
            Ok(())
        }
        None => {
            without_mock(&request.configuration)?;
            unmocked(request, state)
        }
    }
}

/// What asks for something that a mock can stand for.
const fn can_be_mocked(state_type: StateType) -> bool {
    match state_type {
        StateType::Task | StateType::Parallel | StateType::Map => true,
        StateType::Pass | StateType::Choice | StateType::Wait | StateType::Succeed | StateType::Fail => false,
    }
}

fn without_mock(configuration: &Configuration) -> Result<(), Refusal> {
    let Configuration {
        retrier_retry_count,
        error_caused_by_state,
        map_iteration_failure_count,
        map_item_reader_data,
    } = configuration;
    let given = [
        (retrier_retry_count.is_some(), "RetrierRetryCount"),
        (error_caused_by_state.is_some(), "ErrorCausedByState"),
        (map_iteration_failure_count.is_some(), "MapIterationFailureCount"),
        (map_item_reader_data.is_some(), "MapItemReaderData"),
    ];
    match given.iter().find(|(is_given, _)| *is_given) {
        Some((_, name)) => {
            let text = format!("TestState does not support {name} when a mock is not specified.");
            Err(Refusal::validation(text))
        }
        None => Ok(()),
    }
}

fn unmocked(request: &Request, state: &State) -> Result<(), Refusal> {
    match state.state_type {
        StateType::Parallel | StateType::Map => Err(Refusal::definition(
            "TestState API does not support Map or Parallel states. \
             Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        )),
        StateType::Task => {
            let resource = Resource::parse(state.resource());
            if resource == Resource::Activity {
                return Err(Refusal::definition("TestState API does not support Activity tasks"));
            }
            if resource.pattern() != Pattern::RequestResponse {
                let text = "TestState API does not support '.sync' or '.waitForTaskToken' service integration patterns";
                return Err(Refusal::definition(text));
            }
            if request.role_arn.is_none() {
                return Err(Refusal::validation("RoleArn must be specified when testing a Task state"));
            }
            Ok(())
        }
        StateType::Pass | StateType::Choice | StateType::Wait | StateType::Succeed | StateType::Fail => {
            Ok(())
        }
    }
}

/// What the `ItemReader` has read.
pub(super) fn items(request: &Request) -> Result<Option<Value>, Refusal> {
    let data = request.configuration.map_item_reader_data.as_deref();
    let read = data.map(Value::from_json).transpose();
    read.map_err(|_| Refusal::validation("MapItemReaderData must be valid JSON"))
}
