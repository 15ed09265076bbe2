// For the examples in the documentation: the names by which programs know this crate, and a machine of two states, written by hand.

#[allow(unused_imports, reason = "no example needs all of them")]
mod asl_runtime {
    pub use asl_engine as engine;
    pub use asl_engine::context::{Context, ContextField, ExecutionContext, ItemOrigin, MapItem, Sources};
    pub use asl_engine::error::{Error, ExecutionError, Status, TaskError};
    pub use asl_engine::history::{Decision, Event, EventDetails, Needs, Observer, Told};
    pub use asl_engine::limits::Limits;
    pub use asl_engine::machine::{
        Effect, Iterations, State, StateInfo, StateMachine, StateType, Transition, Until,
    };
    pub use asl_engine::map_run::{Counts, MapRunLimits, MapRunProgress, Tolerance};
    pub use asl_engine::resource::{Pattern, Resource};
    pub use asl_engine::retry::{Catcher, Retrier};
    pub use asl_engine::task::Task;
    pub use asl_engine::{Timestamp, Value};
}

#[allow(dead_code, unused_imports, reason = "no example needs all of it")]
mod order {
    use super::asl_runtime::*;
    use asl_engine::program::{Code, StateCode};
    use std::time::Duration;

    /// Calls `arn:aws:lambda:us-east-1:123456789012:function:Charge`, and rests for an hour.
    #[derive(Debug)]
    pub struct Machine;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum State {
        Charge,
        Pack,
    }

    static CODE: Code = Code {
        name: "order",
        start_at: 0,
        timeout: None,
        definition: "",
        states: &[
            StateCode {
                info: StateInfo { name: "Charge", state_type: StateType::Task, ..StateInfo::NOTHING },
                enter: |data, _| {
                    let resource = "arn:aws:lambda:us-east-1:123456789012:function:Charge";
                    Ok(Effect::Task(Box::new(Task::new(resource, data.clone()))))
                },
                resume: |data, result, _| {
                    *data = std::mem::take(result);
                    Ok(Transition::Next(1))
                },
                ..StateCode::NOTHING
            },
            StateCode {
                info: StateInfo { name: "Pack", state_type: StateType::Wait, ..StateInfo::NOTHING },
                enter: |_, _| Ok(Effect::Wait(Until::Elapsed(Duration::from_secs(3600)))),
                resume: |_, _, _| Ok(Transition::End),
                ..StateCode::NOTHING
            },
        ],
    };

    impl asl_engine::machine::State for State {
        const ALL: &'static [Self] = &[Self::Charge, Self::Pack];

        fn id(self) -> u16 {
            self as u16
        }

        fn info(self) -> &'static StateInfo {
            &CODE.states[self as usize].info
        }
    }

    impl StateMachine for Machine {
        type State = State;

        const CODE: &'static Code = &CODE;
    }

    /// What is known of an execution of it.
    pub fn context(input: impl Into<Value>) -> ExecutionContext {
        ExecutionContext {
            id: asl_engine::Text::new_static("arn:aws:states:eu-central-1:123456789012:execution:order:A-1").into(),
            name: asl_engine::Text::new_static("A-1").into(),
            input: input.into(),
            role_arn: "arn:aws:iam::123456789012:role/order".into(),
            start_time: Timestamp::new(1_700_000_000, 0),
            state_machine_id: "arn:aws:states:eu-central-1:123456789012:stateMachine:order".into(),
            state_machine_name: "order".into(),
            redrive: None,
            is_synchronous: false,
        }
    }

    /// An execution of it that has asked for its task.
    pub fn started() -> asl_engine::Execution {
        let start = asl_engine::Start::new(context(60), [1, 2]);
        let now = start.context.start_time;
        let mut execution = asl_engine::Execution::start(asl_engine::program::<Machine>(), start);
        execution.run(now, &asl_engine::Pace::Endless);
        execution
    }
}
