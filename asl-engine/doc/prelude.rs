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
    use std::time::Duration;

    /// Calls `arn:aws:lambda:us-east-1:123456789012:function:Charge`, and rests for an hour.
    #[derive(Debug)]
    pub struct Machine;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum State {
        Charge,
        Pack,
    }

    const fn info(name: &'static str, state_type: StateType) -> StateInfo {
        StateInfo { name, state_type, retry: &[], catch: &[] }
    }

    static STATES: [StateInfo; 2] = [info("Charge", StateType::Task), info("Pack", StateType::Wait)];

    impl asl_engine::machine::State for State {
        const ALL: &'static [Self] = &[Self::Charge, Self::Pack];

        fn id(self) -> u16 {
            self as u16
        }

        fn info(self) -> &'static StateInfo {
            &STATES[self as usize]
        }
    }

    impl StateMachine for Machine {
        type State = State;

        const NAME: &'static str = "order";
        const START_AT: State = State::Charge;
        const TIMEOUT: Option<Duration> = None;

        fn enter(state: State, data: &mut Value, _: &Context<'_>) -> Result<Effect<State>, Error> {
            Ok(match state {
                State::Charge => Effect::Task(Box::new(Task::new(
                    "arn:aws:lambda:us-east-1:123456789012:function:Charge",
                    data.clone(),
                ))),
                State::Pack => Effect::Wait(Until::Elapsed(Duration::from_secs(3600))),
            })
        }

        fn resume(
            state: State,
            data: &mut Value,
            result: Value,
            _: &Context<'_>,
        ) -> Result<Transition<State>, Error> {
            Ok(match state {
                State::Charge => {
                    *data = result;
                    Transition::Next(State::Pack)
                }
                State::Pack => Transition::End,
            })
        }

        fn catch(
            _: State,
            _: &mut Value,
            _: usize,
            _: Value,
            _: &Context<'_>,
        ) -> Result<Transition<State>, Error> {
            Ok(Transition::End)
        }

        fn select_item(_: State, _: &Value, item: Value, _: &Context<'_>) -> Result<Value, Error> {
            Ok(item)
        }
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
