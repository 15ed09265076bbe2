//! Events of executions that run here.

use super::{Event, IterationStep, Role, What};
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
        EventDetails::MapIterationStarted { name, index } => iteration(name, *index, IterationStep::Started),
        EventDetails::MapIterationSucceeded { name, index } => {
            iteration(name, *index, IterationStep::Succeeded)
        }
        EventDetails::MapIterationFailed { name, index } => iteration(name, *index, IterationStep::Failed),
        EventDetails::MapIterationAborted { name, index } => iteration(name, *index, IterationStep::Aborted),
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

#[cfg(test)]
mod tests {
    use super::*;
    use asl_engine::history::Event as Own;
    use asl_language::timestamp::Timestamp;
    use asl_value::{Text, Value};

    /// One of each kind that is of interest, of a task of each family.
    fn events() -> Vec<EventDetails> {
        use EventDetails as E;
        const RESOURCES: [&str; 3] = [
            "arn:aws:states:::sqs:sendMessage",
            "arn:aws:lambda:eu-west-1:123456789012:function:Pack",
            "arn:aws:states:eu-west-1:123456789012:activity:Pack",
        ];
        let (name, error) = (|| Text::new_static("Pack"), || Text::new_static("Busy"));
        let mut events = vec![
            E::ExecutionSucceeded { output: Value::Null },
            E::ExecutionFailed { error: Some(error()), cause: None },
            E::ExecutionTimedOut,
            E::ExecutionAborted { error: None, cause: None },
            E::ExecutionRedriven { redrive_count: 1 },
            E::StateAborted { state_type: StateType::Task },
            E::EvaluationFailed { error: error(), cause: None, location: None, state: name() },
            E::ParallelStateStarted,
            E::ParallelStateSucceeded,
            E::ParallelStateFailed,
            E::MapStateStarted { length: 3 },
            E::MapStateSucceeded,
            E::MapStateFailed,
            E::MapRunStarted { map_run_arn: name() },
            E::MapRunRedriven { map_run_arn: name(), redrive_count: 1 },
            E::MapRunSucceeded,
            E::MapRunFailed { error: Some(error()), cause: None },
            E::MapIterationStarted { name: name(), index: 2 },
            E::MapIterationSucceeded { name: name(), index: 2 },
            E::MapIterationFailed { name: name(), index: 2 },
            E::MapIterationAborted { name: name(), index: 2 },
        ];
        for state_type in [StateType::Parallel, StateType::Map, StateType::Fail, StateType::Task] {
            events.push(E::StateEntered { state_type, name: name(), input: Value::Null });
            let output = Value::Null;
            events.push(E::StateExited { state_type, name: name(), output, assigned: None });
        }
        for resource in RESOURCES.map(Text::new_static) {
            events.push(E::TaskScheduled {
                effect: asl_engine::execution::EffectId::EXECUTION,
                resource: resource.clone(),
                region: name(),
                parameters: Value::Null,
                credentials: None,
                timeout: None,
                heartbeat: None,
            });
            events.push(E::TaskStarted { resource: resource.clone(), worker_name: None });
            events.push(E::TaskSubmitted { resource: resource.clone(), output: Value::Null });
            events.push(E::TaskSucceeded { resource: resource.clone(), output: Value::Null });
            events.push(E::TaskFailed { resource: resource.clone(), error: error(), cause: None });
            events.push(E::TaskTimedOut { resource });
        }
        events
    }

    #[test]
    fn an_event_is_the_same_when_it_was_printed_in_between() {
        for (id, details) in (1..).zip(events()) {
            let event = Own::new(id, id - 1, Timestamp::from_milliseconds(1_763_845_322_250), details);
            let printed = serde_json::to_value(&event).expect("JSON");
            assert_eq!(Event::read(&printed), Some(Event::from(&event)), "{printed}");
        }
    }
}
