//! A machine without its type: what the driver, which exists once for each host, sees of all machines.
//!
//! The way from state to state is compiled for each machine ([`Program::advance`]) and knows every type; only when a state
//! asks for something does control come back through this interface.

use crate::context::{Context, ExecutionContext, MapItem, Sources};
use crate::error::Error;
use crate::history::{Decision, Event, EventDetails, Observer};
use crate::limits::Limits;
use crate::machine::{Effect, Iterations, State, StateInfo, StateMachine, StateType, Transition};
use asl_language::limits::VALUE_DEPTH;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The number of a state in its machine.
pub type StateId = u16;

/// After this many transitions without an effect an execution lets others run, and can be stopped.
pub const TRANSITIONS_AT_ONCE: u32 = 4096;

/// Where an execution, a branch or an iteration stands.
#[derive(Debug)]
pub struct Position {
    pub state: StateId,
    /// The input of the state; in the end, the output.
    pub data: Value,
    /// When the state was entered, if it asked for something.
    pub entered_time: Option<Timestamp>,
    /// The event of entering the state.
    pub entered_event: u64,
    /// How many events before that of entering the state the one stands that it follows. An execution that waits keeps this, so it is
    /// small; more than four thousand million are not told apart.
    entered_after: u32,
    /// The last event of this line of events.
    pub last_event: u64,
    /// The token that the parameters of the state's task hold.
    pub task_token: Option<Text>,
    /// After this many transitions without an effect others may run.
    pub transitions_at_once: u32,
    /// This is a branch of a Parallel state.
    pub in_branch: bool,
    /// The variables of this line and of those around it.
    pub variables: Object,
}

impl Position {
    pub const fn new(state: StateId, data: Value, variables: Object, last_event: u64) -> Self {
        Self {
            state,
            data,
            entered_time: None,
            entered_event: 0,
            entered_after: 0,
            last_event,
            task_token: None,
            transitions_at_once: TRANSITIONS_AT_ONCE,
            in_branch: false,
            variables,
        }
    }

    /// Sets the variables that a state has assigned.
    #[inline]
    pub fn assign(&mut self, assigned: Option<&Object>) {
        if let Some(assigned) = assigned {
            self.variables.extend(assigned.iter().map(|(name, value)| (name, value.clone())));
        }
    }
}

/// How far an execution came by itself.
#[derive(Debug)]
pub enum Advance {
    /// To its end.
    Ended,
    /// Far enough for now.
    Yielded,
    /// To a state that asks for something, or whose retriers and catchers may see an error.
    Asked(Result<Effect<StateId>, Error>),
}

/// What stays the same through an execution.
pub struct Facts<'a> {
    pub context: Box<ExecutionContext>,
    pub observer: Option<&'a dyn Observer>,
    pub sources: &'a (dyn Sources + Sync),
    /// Where there are any.
    pub limits: Option<Box<Limits>>,
    /// Events are numbered even where nobody hears about them, because error texts name the event of entering a state.
    pub events: AtomicU64,
    /// The execution has ended, or will, with an error that nothing catches: what it leaves undone is not told any more.
    pub over: AtomicBool,
}

impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Facts").field(&self.context).finish()
    }
}

impl Facts<'_> {
    /// Numbers an event, and tells the observer.
    #[inline]
    pub fn event(&self, last_event: &mut u64, details: impl FnOnce() -> EventDetails) {
        match self.observer {
            Some(observer) => self.tell(observer, last_event, details()),
            None if self.limits.is_some() => *last_event = self.events.fetch_add(1, Ordering::Relaxed) + 1,
            // Nobody compares the numbers of different lines: each line counts for itself, and lines that run at once on several
            // threads share nothing.
            None => *last_event += 1,
        }
    }

    /// Numbers an event that follows another than the last one of its line, and tells the observer.
    fn event_after(&self, follows: u64, last_event: &mut u64, details: impl FnOnce() -> EventDetails) {
        if self.observer.is_some() {
            *last_event = follows;
        }
        self.event(last_event, details);
    }

    /// The event that the first state of an execution follows: none, not even the start of the execution. Where each line counts for
    /// itself, it counts on from the start.
    pub const fn first_event(&self, started: u64) -> u64 {
        if self.observer.is_some() || self.limits.is_some() { 0 } else { started }
    }

    /// Notes that the execution is over.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Numbers an event that nothing follows, and tells the observer.
    pub fn event_beside(&self, mut last_event: u64, details: impl FnOnce() -> EventDetails) {
        self.event(&mut last_event, details);
    }

    /// Tells what histories do not.
    #[cold]
    pub fn decided(&self, decision: impl FnOnce() -> Decision) {
        if let Some(observer) = self.observer {
            observer.decision(&self.context, &decision());
        }
    }

    #[cold]
    fn tell(&self, observer: &dyn Observer, last_event: &mut u64, details: EventDetails) {
        let id = self.events.fetch_add(1, Ordering::Relaxed) + 1;
        observer.event(&self.context, &Event::new(id, *last_event, self.sources.now(), details));
        *last_event = id;
    }

    #[inline]
    fn entered(&self, at: &mut Position, info: &'static StateInfo) {
        let StateInfo { state_type, name, .. } = *info;
        let data = &at.data;
        let event_before = at.last_event;
        self.event(&mut at.last_event, || EventDetails::StateEntered {
            state_type,
            name,
            input: data.clone(),
        });
        at.entered_event = at.last_event;
        at.entered_after = u32::try_from(at.entered_event.saturating_sub(event_before)).unwrap_or(u32::MAX);
    }

    /// A state is done: its output is in `at`.
    #[inline]
    pub fn exited(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        assigned: Option<Object>,
    ) -> Result<(), Error> {
        if at.data.depth() > VALUE_DEPTH {
            return Err(nested_too_deeply().in_state(info.name, at.entered_event).after_event(at.last_event));
        }
        if let Some(limits) = &self.limits {
            self.check_limits(limits, at, info.name, assigned.as_ref())
                .map_err(|error| error.after_event(at.last_event))?;
        }
        let StateInfo { state_type, name, .. } = *info;
        let data = &at.data;
        self.event(&mut at.last_event, || EventDetails::StateExited {
            state_type,
            name,
            output: data.clone(),
            assigned,
        });
        Ok(())
    }
}

impl Facts<'_> {
    /// An error of entering a state. A failed evaluation follows what the state follows, and not the event of entering it, except
    /// in Wait states (recorded from AWS).
    #[cold]
    pub fn failed_to_enter(&self, error: Error, at: &mut Position, info: &'static StateInfo) -> Error {
        let back = if info.state_type == StateType::Wait { 0 } else { u64::from(at.entered_after) };
        let follows = at.entered_event.saturating_sub(back);
        self.failed_after(error, follows, info, at.entered_event, &mut at.last_event)
    }

    /// An error within a state.
    #[cold]
    pub fn failed(
        &self,
        error: Error,
        info: &'static StateInfo,
        entered_event: u64,
        last_event: &mut u64,
    ) -> Error {
        self.failed_after(error, *last_event, info, entered_event, last_event)
    }

    fn failed_after(
        &self,
        error: Error,
        follows: u64,
        info: &'static StateInfo,
        entered_event: u64,
        last_event: &mut u64,
    ) -> Error {
        let mut error = error.in_state(info.name, entered_event);
        if let Some(evaluation) = error.take_evaluation() {
            self.event_after(follows, last_event, || EventDetails::EvaluationFailed {
                error: Text::from(error.error()),
                cause: error.cause().map(str::to_owned),
                location: evaluation.location,
                state: info.name,
            });
        }
        error.after_event(*last_event)
    }

    #[cold]
    fn check_limits(
        &self,
        limits: &Limits,
        at: &Position,
        state: &str,
        assigned: Option<&Object>,
    ) -> Result<(), Error> {
        if let Some(assigned) = assigned {
            limits.variables(state, assigned, &at.variables)?;
        }
        limits.output(state, &at.data)?;
        limits.events(self.events.load(Ordering::Relaxed))
    }
}

#[cold]
fn nested_too_deeply() -> Error {
    Error::runtime(format!("The output of the state is nested more than {VALUE_DEPTH} levels deep."))
}

/// A machine without its type.
pub trait Program: Send + Sync {
    fn name(&self) -> &'static str;
    fn start_at(&self) -> StateId;
    fn timeout(&self) -> Option<Duration>;
    fn info(&self, state: StateId) -> Result<&'static StateInfo, Error>;

    /// Enters states one after the other until one asks for something.
    fn advance(&self, at: &mut Position, facts: &Facts<'_>, item: Option<&MapItem>)
    -> Result<Advance, Error>;

    fn enter(
        &self,
        state: StateId,
        data: &mut Value,
        context: &Context<'_>,
    ) -> Result<Effect<StateId>, Error>;

    fn resume(
        &self,
        state: StateId,
        data: &mut Value,
        result: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error>;

    fn catch(
        &self,
        state: StateId,
        data: &mut Value,
        catcher: usize,
        error_output: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error>;

    fn select_item(
        &self,
        state: StateId,
        input: &Value,
        item: Value,
        context: &Context<'_>,
    ) -> Result<Value, Error>;
}

struct Typed<M>(PhantomData<fn() -> M>);

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

    fn info(&self, id: StateId) -> Result<&'static StateInfo, Error> {
        Ok(state::<M>(id)?.info())
    }

    fn advance(
        &self,
        at: &mut Position,
        facts: &Facts<'_>,
        item: Option<&MapItem>,
    ) -> Result<Advance, Error> {
        let mut state = state::<M>(at.state)?;
        for _ in 0..at.transitions_at_once {
            let info = state.info();
            facts.entered(at, info);
            let context = context(facts, info, &at.variables, 0, item);
            let entered = M::enter(state, &mut at.data, &context);
            let (assigned, entered_time) = (context.take_assigned(), context.known_entered_time());
            let task_token = context.take_task_token();
            at.assign(assigned.as_ref());
            match entered {
                Ok(Effect::Go(Transition::Next(next))) => {
                    facts.exited(at, info, assigned)?;
                    state = next;
                }
                Ok(Effect::Go(Transition::End)) => {
                    facts.exited(at, info, assigned)?;
                    return Ok(Advance::Ended);
                }
                Ok(effect) => {
                    at.state = state.id();
                    at.task_token = task_token;
                    at.entered_time = Some(entered_time.unwrap_or_else(|| facts.sources.now()));
                    return Ok(Advance::Asked(Ok(untyped(effect))));
                }
                Err(error) => {
                    at.state = state.id();
                    at.entered_time = entered_time;
                    let error = facts.failed_to_enter(error, at, info);
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

/// The context of a state that is entered now, or was entered before.
#[inline]
pub fn context<'a>(
    facts: &'a Facts<'_>,
    info: &'static StateInfo,
    variables: &'a Object,
    retry_count: u32,
    item: Option<&'a MapItem>,
) -> Context<'a> {
    let mut context = Context::new(&facts.context, info.name, variables, facts.sources).with_map_item(item);
    if let Some(limits) = &facts.limits {
        context = context.with_evaluation_limits(&limits.evaluation);
    }
    match info.state_type {
        StateType::Task | StateType::Parallel | StateType::Map => context.with_retry_count(retry_count),
        StateType::Pass | StateType::Choice | StateType::Wait | StateType::Succeed | StateType::Fail => {
            context
        }
    }
}

fn untyped<S: State>(effect: Effect<S>) -> Effect<StateId> {
    match effect {
        Effect::Go(transition) => Effect::Go(untyped_transition(transition)),
        Effect::Task(task) => Effect::Task(task),
        Effect::Wait(until) => Effect::Wait(until),
        Effect::Parallel { branches, input } => {
            Effect::Parallel { branches: branches.iter().map(|state| state.id()).collect(), input }
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
