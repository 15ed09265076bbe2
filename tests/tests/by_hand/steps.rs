//! Stepping a machine without a host: `enter`, `resume`, `catch` and `select_item`.

#![expect(clippy::expect_used, reason = "a test whose machine does not go on fails")]

use crate::order::{Machine, State};
use crate::{CHARGE, json};
use asl_runtime::{
    Context, Effect, ExecutionContext, MapItem, Object, Sources, State as _, StateMachine, Text, Timestamp,
    Transition, Until, Value,
};
use std::time::Duration;

/// Calls `step` with a context object.
fn in_context<T>(state: State, item: Option<&MapItem>, step: impl FnOnce(&Context<'_>) -> T) -> T {
    let execution = ExecutionContext {
        id: "arn:aws:states:local:000000000000:execution:order:1".into(),
        name: "1".into(),
        input: Value::Null,
        role_arn: "arn:aws:iam::000000000000:role/local".into(),
        start_time: Timestamp::new(0, 0),
        state_machine_id: "arn:aws:states:local:000000000000:stateMachine:order".into(),
        state_machine_name: "order".into(),
        redrive: None,
        is_synchronous: false,
    };
    step(&Context::new(&execution, state.name(), &Object::new(), &Epoch).with_map_item(item))
}

/// A world in which it is always the first moment of 1970, and nothing is left to chance.
struct Epoch;

impl Sources for Epoch {
    fn now(&self) -> Timestamp {
        Timestamp::new(0, 0)
    }

    fn random(&self) -> f64 {
        0.0
    }

    fn task_token(&self) -> Text {
        Text::from("token")
    }
}

fn enter(state: State, data: &mut Value) -> Effect<State> {
    in_context(state, None, |context| Machine::enter(state, data, context)).expect("the state is entered")
}

fn resume(state: State, data: &mut Value, result: impl Into<Value>) -> Transition<State> {
    in_context(state, None, |context| Machine::resume(state, data, result.into(), context))
        .expect("the state is resumed")
}

#[test]
fn a_state_that_only_transforms_goes_on_at_once() {
    let mut data = json(r#"{"amount":7}"#);
    assert_eq!(Machine::START_AT, State::Prepare);
    assert_eq!(enter(State::Prepare, &mut data), Effect::Go(Transition::Next(State::ChargeCard)));
    assert_eq!(data.to_string(), r#"{"amount":7,"defaults":{"currency":"EUR"}}"#);
    assert_eq!(enter(State::Large, &mut data), Effect::Go(Transition::Next(State::Pack)));
    assert_eq!(enter(State::Done, &mut data), Effect::Go(Transition::End));
}

#[test]
fn a_task_is_asked_for_and_resumed_with_its_result() {
    let mut data = json(r#"{"amount":7}"#);
    let Effect::Task(task) = enter(State::ChargeCard, &mut data) else { panic!("a task is asked for") };
    assert_eq!((task.resource.as_str(), task.parameters.to_string().as_str()), (CHARGE, r#"{"amount":7}"#));
    assert_eq!((task.timeout, task.heartbeat), (Some(Duration::from_secs(30)), None));
    assert_eq!(resume(State::ChargeCard, &mut data, "r-1"), Transition::Next(State::Large));
    assert_eq!(data.to_string(), r#"{"amount":7,"receipt":"r-1"}"#);
}

#[test]
fn a_catcher_is_gone_through_by_its_number() {
    let (state, mut data) = (State::ChargeCard, json(r#"{"amount":7}"#));
    let error = json(r#"{"Error":"CardDeclined"}"#);
    let caught = in_context(state, None, |context| Machine::catch(state, &mut data, 0, error, context));
    assert_eq!(caught, Ok(Transition::Next(State::Refuse)));
    assert_eq!(data.to_string(), r#"{"amount":7,"problem":{"Error":"CardDeclined"}}"#);
    let beyond = in_context(state, None, |context| Machine::catch(state, &mut data, 1, Value::Null, context));
    assert!(beyond.unwrap_err().is_fatal());
    let refused =
        in_context(State::Refuse, None, |context| Machine::enter(State::Refuse, &mut data, context))
            .unwrap_err();
    assert_eq!(
        (refused.error(), refused.cause(), refused.is_fatal()),
        ("Refused", Some("CardDeclined"), false)
    );
}

#[test]
fn a_wait_is_asked_for() {
    let mut data = json("{}");
    assert_eq!(enter(State::CoolDown, &mut data), Effect::Wait(Until::Elapsed(Duration::from_secs(60))));
    assert_eq!(resume(State::CoolDown, &mut data, ()), Transition::Next(State::Pack));
}

#[test]
fn branches_are_asked_for() {
    let mut data = json(r#"{"amount":7}"#);
    let branches = vec![State::TellCustomer, State::TellDepot];
    assert_eq!(enter(State::Tell, &mut data), Effect::Parallel { branches, input: data.clone() });
    assert_eq!(resume(State::Tell, &mut data, vec![Value::Null]), Transition::Next(State::Done));
    assert_eq!(data, json(r#"{"amount":7}"#));
}

#[test]
fn iterations_are_asked_for_and_their_input_is_selected() {
    let (state, mut data) = (State::Pack, json(r#"{"amount":7,"items":["a","b"]}"#));
    let Effect::Map(map) = enter(state, &mut data) else { panic!("iterations are asked for") };
    assert_eq!((map.processor, map.items.len(), map.max_concurrency), (State::Wrap, 2, Some(2)));
    let item = MapItem::new(1, "b".into());
    let select = |context: &Context<'_>| Machine::select_item(state, &map.input, "b".into(), context);
    assert_eq!(in_context(state, Some(&item), select), Ok(json(r#"{"item":"b","of":7}"#)));
    assert_eq!(resume(state, &mut data, vec![Value::Null]), Transition::Next(State::Tell));
}

#[test]
fn a_step_that_a_state_does_not_have_is_an_error() {
    let (state, mut data) = (State::Prepare, Value::Null);
    let resumed = in_context(state, None, |context| Machine::resume(state, &mut data, Value::Null, context));
    assert!(resumed.unwrap_err().is_fatal());
}
