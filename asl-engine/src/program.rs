//! A machine without its type: what the engine, which is compiled once, sees of all machines.
//!
//! A compiled machine is a table of functions ([`Code`]). The way from state to state ([`Program::advance`]) goes through the table; only when a
//! state asks for something does control come back through the interface.

use crate::context::{Context, MapItem};
use crate::error::Error;
use crate::generated::action::{Action, Job};
use crate::generated::state::{Entered, Left, Selected};
use crate::machine::{Effect, State, StateInfo, StateMachine, Transition};
use crate::turn::{Position, Turn};
use asl_value::Value;
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

    /// As [`StateMachine::resume`]. It may leave anything in place of the result.
    ///
    /// # Errors
    /// Those of the state.
    fn resume(
        &self,
        state: StateId,
        data: &mut Value,
        result: &mut Value,
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

/// A compiled machine as data: what its definition says, and the functions of its states. Generated code makes one, and everything that goes
/// through it is compiled once for all machines.
#[derive(Debug)]
pub struct Code {
    /// The name of the machine.
    pub name: &'static str,
    /// Where executions start.
    pub start_at: StateId,
    /// `TimeoutSeconds` of the definition.
    pub timeout: Option<Duration>,
    /// The text of the definition; empty for a machine that was written by hand.
    pub definition: &'static str,
    /// The states, by their numbers.
    pub states: &'static [StateCode],
}

/// A state of a compiled machine. Its functions may leave anything in place of the result, the error output and the item that they are given, and the caller drops it;
/// the data is as it was where they fail or ask for something.
#[derive(Clone, Copy, Debug)]
pub struct StateCode {
    /// What the definition says about it.
    pub info: StateInfo,
    /// As [`StateMachine::enter`].
    pub enter: fn(&mut Value, &Context<'_>) -> Entered,
    /// Where it leads when it is resumed, if that is all that it does then.
    pub leaves: Option<Transition<StateId>>,
    /// As [`StateMachine::resume`].
    pub resume: fn(&mut Value, &mut Value, &Context<'_>) -> Left,
    /// As [`StateMachine::catch`].
    pub catch: fn(&mut Value, usize, &mut Value, &Context<'_>) -> Left,
    /// As [`StateMachine::select_item`].
    pub select_item: fn(&Value, &mut Value, &Context<'_>) -> Selected,
    /// How the action is sent that a Task state calls, if the program knows that.
    pub action: Option<&'static Action>,
    /// How the job is waited for that the action starts.
    pub job: Option<&'static Job>,
}

impl StateCode {
    /// A state that does nothing: what is left of each where its fields say nothing.
    pub const NOTHING: Self = Self {
        info: StateInfo::NOTHING,
        enter: nothing::enter,
        leaves: None,
        resume: nothing::resume,
        catch: nothing::catch,
        select_item: nothing::select_item,
        action: None,
        job: None,
    };
}

/// What states do that have no function of their own.
mod nothing {
    use crate::context::Context;
    use crate::generated::state::{Entered, Left, Selected, end, never_asked};
    use asl_value::Value;
    use std::mem::take;

    pub(super) fn enter(_: &mut Value, _: &Context<'_>) -> Entered {
        end()
    }

    pub(super) fn resume(_: &mut Value, _: &mut Value, _: &Context<'_>) -> Left {
        never_asked()
    }

    pub(super) fn catch(_: &mut Value, _: usize, _: &mut Value, _: &Context<'_>) -> Left {
        never_asked()
    }

    pub(super) fn select_item(_: &Value, item: &mut Value, _: &Context<'_>) -> Selected {
        Ok(take(item))
    }
}

/// A machine without its type.
#[must_use]
pub const fn program<M: StateMachine>() -> &'static dyn Program {
    M::CODE
}

/// A state by its number.
pub(crate) fn state<S: State>(id: StateId) -> Result<S, Error> {
    S::ALL.get(usize::from(id)).copied().ok_or_else(|| no_state(id))
}

#[cold]
fn no_state(id: StateId) -> Error {
    Error::runtime(format!("there is no state number {id}"))
}

impl Code {
    #[inline]
    fn state(&self, id: StateId) -> Result<&'static StateCode, Error> {
        self.states.get(usize::from(id)).ok_or_else(|| no_state(id))
    }
}

impl Program for Code {
    fn name(&self) -> &'static str {
        self.name
    }

    fn start_at(&self) -> StateId {
        self.start_at
    }

    fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn definition(&self) -> &'static str {
        self.definition
    }

    fn info(&self, id: StateId) -> Result<&'static StateInfo, Error> {
        Ok(&self.state(id)?.info)
    }

    fn action(&self, id: StateId) -> (Option<&'static Action>, Option<&'static Job>) {
        self.state(id).map_or((None, None), |state| (state.action, state.job))
    }

    fn advance(&self, at: &mut Position, turn: &Turn<'_>, item: Option<&MapItem>) -> Result<Advance, Error> {
        for _ in 0..turn.transitions() {
            let state = self.state(at.state)?;
            let info = &state.info;
            turn.enter(at, info);
            let context = turn.context(info, &at.variables, 0, item);
            let entered = (state.enter)(&mut at.data, &context);
            let (assigned, entered_time) = (context.take_assigned(), context.known_entered_time());
            match entered {
                Ok(Effect::Go(transition)) => {
                    at.assign(assigned.as_ref());
                    turn.exit(at, info, assigned)?;
                    match transition {
                        Transition::Next(next) => {
                            turn.goes_to_another(at)?;
                            at.state = next;
                        }
                        Transition::End => return Ok(Advance::Ended),
                    }
                }
                Ok(effect) => {
                    at.task_token = context.take_task_token().map(Box::new);
                    at.assign(assigned.as_ref());
                    at.entered_time =
                        info.asks_for_context.then(|| entered_time.unwrap_or_else(|| turn.now()));
                    return Ok(Advance::Asked(Ok(effect)));
                }
                Err(error) => {
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
        Ok(Advance::Yielded)
    }

    fn enter(&self, id: StateId, data: &mut Value, context: &Context<'_>) -> Entered {
        (self.state(id)?.enter)(data, context)
    }

    fn resume(&self, id: StateId, data: &mut Value, result: &mut Value, context: &Context<'_>) -> Left {
        let state = self.state(id)?;
        state.leaves.map_or_else(|| (state.resume)(data, result, context), Ok)
    }

    fn catch(
        &self,
        id: StateId,
        data: &mut Value,
        catcher: usize,
        mut error_output: Value,
        context: &Context<'_>,
    ) -> Left {
        (self.state(id)?.catch)(data, catcher, &mut error_output, context)
    }

    fn select_item(&self, id: StateId, input: &Value, mut item: Value, context: &Context<'_>) -> Selected {
        (self.state(id)?.select_item)(input, &mut item, context)
    }
}
