//! Events of executions that run here.

use super::{Event, Role, Step, What};
use asl_engine::history::{self, EventDetails};
use asl_engine::machine::StateType;

impl<'a> From<&'a history::Event> for Event<'a> {
    fn from(event: &'a history::Event) -> Self {
        Self {
            id: event.id,
            previous: event.previous_event_id,
            milliseconds: Some(event.timestamp.milliseconds()),
            what: what(&event.details),
        }
    }
}

fn what(details: &EventDetails) -> What<'_> {
    let failed = |role, error| What::Failed { role, name: None, error };
    let iteration = |name, index: usize, step| What::Iteration { name, index: index as u64, step };
    #[expect(clippy::wildcard_enum_match_arm, reason = "there may be more events than change a picture")]
    match details {
        EventDetails::StateEntered { state_type, name, .. } => {
            What::Entered { name, role: role(*state_type) }
        }
        EventDetails::StateExited { name, .. } => What::Exited { name },
        EventDetails::EvaluationFailed { state, error, .. } => {
            What::Failed { role: Role::Plain, name: Some(state), error: Some(error) }
        }
        EventDetails::TaskScheduled { .. } => What::Begun { items: None, role: Role::Plain },
        EventDetails::ParallelStateStarted => What::Begun { items: None, role: Role::Parallel },
        EventDetails::MapStateStarted { length } => {
            What::Begun { items: u64::try_from(*length).ok(), role: Role::Map }
        }
        EventDetails::TaskSucceeded { .. } => What::Succeeded { role: Role::Plain },
        EventDetails::ParallelStateSucceeded => What::Succeeded { role: Role::Parallel },
        EventDetails::MapStateSucceeded => What::Succeeded { role: Role::Map },
        EventDetails::TaskFailed { error, .. } => failed(Role::Plain, Some(error)),
        EventDetails::TaskTimedOut { .. } => failed(Role::Plain, Some(asl_language::errors::TIMEOUT)),
        EventDetails::ParallelStateFailed => failed(Role::Parallel, None),
        EventDetails::MapStateFailed => failed(Role::Map, None),
        EventDetails::MapRunFailed { error, .. } => failed(Role::Map, error.as_deref()),
        EventDetails::MapIterationStarted { name, index } => iteration(name, *index, Step::Started),
        EventDetails::MapIterationSucceeded { name, index } => iteration(name, *index, Step::Succeeded),
        EventDetails::MapIterationFailed { name, index } => iteration(name, *index, Step::Failed),
        EventDetails::MapIterationAborted { name, index } => iteration(name, *index, Step::Aborted),
        EventDetails::ExecutionSucceeded { .. } => What::ExecutionSucceeded,
        EventDetails::ExecutionFailed { .. } => What::ExecutionFailed,
        EventDetails::ExecutionTimedOut | EventDetails::ExecutionAborted { .. } => What::ExecutionStopped,
        EventDetails::ExecutionRedriven { .. } => What::Redriven,
        _ => What::Other,
    }
}

const fn role(state_type: StateType) -> Role {
    match state_type {
        StateType::Parallel => Role::Parallel,
        StateType::Map => Role::Map,
        StateType::Fail => Role::Fail,
        StateType::Task | StateType::Pass | StateType::Choice | StateType::Wait | StateType::Succeed => {
            Role::Plain
        }
    }
}
