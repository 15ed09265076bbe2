//! A machine without its type: what the engine, which is compiled once, sees of all machines.
//!
//! The way from state to state is compiled for each machine ([`Program::advance`]) and knows every type; only when a state
//! asks for something does control come back through this interface.

use crate::context::{Context, MapItem};
use crate::error::Error;
use crate::generated::action::{Action, Job};
use crate::machine::{Effect, Iterations, State, StateInfo, StateMachine, Transition};
use crate::turn::{Position, Turn};
use asl_value::Value;
use std::marker::PhantomData;
use std::time::Duration;

/// The number of a state in its machine.
pub type StateId = u16;

/// How far a lane came by itself.
#[derive(Debug)]
pub enum Advance {
    /// To its end.
    Ended,
    /// Far enough for now.
    Yielded,
    /// To an evaluation that takes long, and was given up: the state has been entered, and is to be entered again.
    Interrupted,
    /// To a state that asks for something, or whose retriers and catchers may see an error.
    Asked(Result<Effect<StateId>, Error>),
}

/// A machine without its type. [`program`] returns that of a [`StateMachine`].
pub trait Program: Send + Sync {
    /// The name of the machine.
    fn name(&self) -> &'static str;
    /// Where executions start.
    fn start_at(&self) -> StateId;
    /// `TimeoutSeconds` of the definition.
    fn timeout(&self) -> Option<Duration>;
    /// The text of the definition; empty for a machine that was written by hand.
    fn definition(&self) -> &'static str;

    /// What the definition says about a state.
    ///
    /// # Errors
    /// There is no such state.
    fn info(&self, state: StateId) -> Result<&'static StateInfo, Error>;

    /// How the action is sent that a Task state calls, and how its job is waited for, if the program knows that.
    fn action(&self, state: StateId) -> (Option<&'static Action>, Option<&'static Job>);

    /// Enters states one after the other until one asks for something.
    ///
    /// # Errors
    /// What nothing catches in the state that the position is at then.
    fn advance(&self, at: &mut Position, turn: &Turn<'_>, item: Option<&MapItem>) -> Result<Advance, Error>;

    /// As [`StateMachine::enter`].
    ///
    /// # Errors
    /// Those of the state.
    fn enter(
        &self,
        state: StateId,
        data: &mut Value,
        context: &Context<'_>,
    ) -> Result<Effect<StateId>, Error>;

    /// As [`StateMachine::resume`].
    ///
    /// # Errors
    /// Those of the state.
    fn resume(
        &self,
        state: StateId,
        data: &mut Value,
        result: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error>;

    /// As [`StateMachine::catch`].
    ///
    /// # Errors
    /// Those of the catcher.
    fn catch(
        &self,
        state: StateId,
        data: &mut Value,
        catcher: usize,
        error_output: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error>;

    /// As [`StateMachine::select_item`].
    ///
    /// # Errors
    /// Those of the `ItemSelector`.
    fn select_item(
        &self,
        state: StateId,
        input: &Value,
        item: Value,
        context: &Context<'_>,
    ) -> Result<Value, Error>;
}

impl dyn Program + '_ {
    /// What the definition says about all states, in their order.
    #[must_use]
    pub fn states(&self) -> Vec<&'static StateInfo> {
        (0..=StateId::MAX).map_while(|id| self.info(id).ok()).collect()
    }
}

struct Typed<M>(PhantomData<fn() -> M>);

/// A machine without its type.
#[must_use]
pub const fn program<M: StateMachine>() -> &'static dyn Program {
    &Typed::<M>(PhantomData)
}

fn state<M: StateMachine>(id: StateId) -> Result<M::State, Error> {
    M::State::ALL
        .get(usize::from(id))
        .copied()
        .ok_or_else(|| Error::runtime(format!("there is no state number {id}")))
}

impl<M: StateMachine> Program for Typed<M> {
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn start_at(&self) -> StateId {
        M::START_AT.id()
    }

    fn timeout(&self) -> Option<Duration> {
        M::TIMEOUT
    }

    fn definition(&self) -> &'static str {
        M::DEFINITION
    }

    fn info(&self, id: StateId) -> Result<&'static StateInfo, Error> {
        Ok(state::<M>(id)?.info())
    }

    fn action(&self, id: StateId) -> (Option<&'static Action>, Option<&'static Job>) {
        state::<M>(id).map_or((None, None), M::action)
    }

    fn advance(&self, at: &mut Position, turn: &Turn<'_>, item: Option<&MapItem>) -> Result<Advance, Error> {
        let mut state = state::<M>(at.state)?;
        for _ in 0..turn.transitions() {
            let info = state.info();
            turn.enter(at, info);
            let context = turn.context(info, &at.variables, 0, item);
            let entered = M::enter(state, &mut at.data, &context);
            let (assigned, entered_time) = (context.take_assigned(), context.known_entered_time());
            match entered {
                Ok(Effect::Go(transition)) => {
                    at.assign(assigned.as_ref());
                    if let Err(error) = turn.exit(at, info, assigned) {
                        at.state = state.id();
                        return Err(error);
                    }
                    match transition {
                        Transition::Next(next) => {
                            if let Err(error) = turn.goes_to_another(at) {
                                at.state = state.id();
                                return Err(error);
                            }
                            state = next;
                        }
                        Transition::End => return Ok(Advance::Ended),
                    }
                }
                Ok(effect) => {
                    at.task_token = context.take_task_token().map(Box::new);
                    at.assign(assigned.as_ref());
                    at.state = state.id();
                    at.entered_time = Some(entered_time.unwrap_or_else(|| turn.now()));
                    return Ok(Advance::Asked(Ok(untyped(effect))));
                }
                Err(error) => {
                    at.state = state.id();
                    at.entered_time = entered_time;
                    if error.is_interruption() {
                        at.is_entered = true;
                        return Ok(Advance::Interrupted);
                    }
                    let is_met = info.state_type.has_retriers() && !error.is_fatal();
                    return if is_met { Ok(Advance::Asked(Err(error))) } else { Err(error) };
                }
            }
        }
        at.state = state.id();
        Ok(Advance::Yielded)
    }

    fn enter(&self, id: StateId, data: &mut Value, context: &Context<'_>) -> Result<Effect<StateId>, Error> {
        M::enter(state::<M>(id)?, data, context).map(untyped)
    }

    fn resume(
        &self,
        id: StateId,
        data: &mut Value,
        result: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error> {
        M::resume(state::<M>(id)?, data, result, context).map(untyped_transition)
    }

    fn catch(
        &self,
        id: StateId,
        data: &mut Value,
        catcher: usize,
        error_output: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error> {
        M::catch(state::<M>(id)?, data, catcher, error_output, context).map(untyped_transition)
    }

    fn select_item(
        &self,
        id: StateId,
        input: &Value,
        item: Value,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        M::select_item(state::<M>(id)?, input, item, context)
    }
}

fn untyped<S: State>(effect: Effect<S>) -> Effect<StateId> {
    match effect {
        Effect::Go(transition) => Effect::Go(untyped_transition(transition)),
        Effect::Task(task) => Effect::Task(task),
        Effect::Wait(until) => Effect::Wait(until),
        Effect::Parallel { branches, input } => {
            // A loop is far less to compile than an iterator.
            let mut ids = Vec::with_capacity(branches.len());
            for branch in &branches {
                ids.push(branch.id());
            }
            Effect::Parallel { branches: ids, input }
        }
        Effect::Map(iterations) => {
            let Iterations { processor, items, input, max_concurrency, tolerance } = *iterations;
            let processor = processor.id();
            Effect::Map(Box::new(Iterations { processor, items, input, max_concurrency, tolerance }))
        }
        Effect::MapRun(run) => Effect::MapRun(Box::new(run.with_state(State::id))),
    }
}

fn untyped_transition<S: State>(transition: Transition<S>) -> Transition<StateId> {
    match transition {
        Transition::Next(state) => Transition::Next(state.id()),
        Transition::End => Transition::End,
    }
}
