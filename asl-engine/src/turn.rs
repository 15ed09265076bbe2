//! A turn of a lane: what pure code may know while it goes from state to state, and what is counted and told of it.
//!
//! In: where the lane is. Out: the same, further on. A turn touches nothing but its own lane, so turns of different lanes may be
//! taken side by side; their events are numbered from the same number on then, and moved to their own when they are put in order.

use crate::context::{Context, ExecutionContext, Late, MapItem, OfExecution, Sources};
use crate::error::Error;
use crate::history::{Decision, Event, EventDetails, Needs, Told};
use crate::limits::Limits;
use crate::machine::{StateInfo, StateType};
use crate::program::StateId;
use crate::random::{STEP, mix, token_of, unit};
use asl_language::limits::{VALUE_DEPTH, VALUE_WEIGHT};
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// After this many transitions without an effect a lane lets others run.
pub(crate) const TRANSITIONS_AT_ONCE: u32 = 4096;
/// What is larger than it may be where it shares nothing is gone through once in so many states, because it can be far larger than what a
/// state does.
const GONE_THROUGH_EVERY: u32 = 64;
/// It is gone through at once where a state lets it grow by more than this.
const GROWTH: u32 = VALUE_WEIGHT / GONE_THROUGH_EVERY;

/// Where an execution, a branch or an iteration is.
#[derive(Debug)]
#[doc(hidden)]
pub struct Position {
    pub(crate) state: StateId,
    /// This is a branch of a Parallel state.
    pub(crate) in_branch: bool,
    /// The state has been entered, but not gone through: its evaluation took too long for one turn.
    pub(crate) is_entered: bool,
    /// How many states have been entered.
    pub(crate) entered: u32,
    /// The input of the state; in the end, the output.
    pub(crate) data: Value,
    /// The variables of this line and of those around it.
    pub(crate) variables: Object,
    /// When the state was entered, if it asked for something.
    pub(crate) entered_time: Option<Timestamp>,
    /// The event of entering the state.
    pub(crate) entered_event: u64,
    /// The last event of this line of events.
    pub(crate) last_event: u64,
    /// The token that the parameters of the state's task hold.
    pub(crate) task_token: Option<Box<Text>>,
}

impl Position {
    pub(crate) const fn new(state: StateId, data: Value, variables: Object, last_event: u64) -> Self {
        Self {
            state,
            in_branch: false,
            is_entered: false,
            entered: 0,
            data,
            variables,
            entered_time: None,
            entered_event: 0,
            last_event,
            task_token: None,
        }
    }

    /// Sets the variables that a state has assigned.
    #[inline]
    pub(crate) fn assign(&mut self, assigned: Option<&Object>) {
        if let Some(assigned) = assigned {
            self.variables.merge(assigned);
        }
    }

    /// Moves the numbers of the events since `from` on.
    pub(crate) fn renumber(&mut self, from: u64, by: u64) {
        for event in [&mut self.entered_event, &mut self.last_event] {
            *event = renumbered(*event, from, by);
        }
    }
}

/// Moves the number of an event on, if it is one of those since `from`.
pub(crate) const fn renumbered(event: u64, from: u64, by: u64) -> u64 {
    if event > from { event + by } else { event }
}

/// How long pure code may go on.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::Pace;
/// use std::sync::atomic::AtomicBool;
///
/// // In another thread, something can say that it is enough.
/// let enough = AtomicBool::new(false);
/// let pace = Pace::Until(&enough);
/// assert!(matches!(pace, Pace::Until(_)));
/// # }
/// ```
#[derive(Debug)]
pub enum Pace<'a> {
    /// As long as it takes.
    Endless,
    /// For so many looks at this, each of them after a thousand steps of an evaluation.
    Short(Cell<u32>),
    /// Until it is stopped.
    Until(&'a AtomicBool),
}

impl Pace<'_> {
    /// For about a millisecond.
    #[must_use]
    pub const fn short() -> Self {
        Self::Short(Cell::new(100))
    }

    fn goes_on(&self) -> bool {
        match self {
            Self::Endless => true,
            Self::Short(left) => {
                let now = left.get().saturating_sub(1);
                left.set(now);
                now > 0
            }
            Self::Until(enough) => !enough.load(Ordering::Relaxed),
        }
    }
}

/// What all turns of an execution share.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Where there are any.
    pub(crate) limits: Option<Box<Limits>>,
    /// Where chance begins.
    pub(crate) chance: u64,
    /// Where task tokens come from, which must not be guessed from anything else that came of chance.
    pub(crate) tokens: u64,
    /// What observers receive of events, if there are any.
    pub(crate) tells: Option<Needs>,
    /// What is left of it when it fails is kept.
    pub(crate) is_redrivable: bool,
}

impl Facts {
    /// What is known of an execution in its first turn.
    pub(crate) fn of_first_turn(limits: Limits) -> Self {
        Self { limits: limits.boxed(), chance: 0, tokens: 0, tells: None, is_redrivable: false }
    }
}

/// The time of a turn, which most turns never ask for.
#[derive(Clone, Copy)]
pub(crate) enum Moment<'a> {
    /// It is known.
    Known(Timestamp),
    /// It is found out when it is asked for, and is the same one then whenever it is.
    Late(&'a dyn Fn() -> Timestamp),
}

impl Moment<'_> {
    fn read(self) -> Timestamp {
        match self {
            Self::Known(now) => now,
            Self::Late(now) => now(),
        }
    }
}

/// What pure code may know during a turn of a lane, and what is counted of it.
#[doc(hidden)]
pub struct Turn<'a> {
    execution: OfExecution<'a>,
    facts: &'a Facts,
    pace: &'a Pace<'a>,
    now: Moment<'a>,
    /// Where the chance of the lane begins.
    seed: u64,
    transitions: u32,
    /// How large the input of the state is that the lane is in.
    input_weight: Cell<u32>,
    /// What draws: a state, an attempt and a part of its work.
    draws_for: Cell<u64>,
    drawn: Cell<u64>,
    /// The last event of the execution.
    events: Cell<u64>,
    told: RefCell<Vec<Told>>,
}

/// The parts of a state's work that have separate chances.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WorkPart {
    Enter = 0,
    Settle = 1,
    Select = 2,
    Engine = 3,
}

/// How far a turn had come, to go back to.
#[derive(Debug)]
pub(crate) struct Mark {
    events: u64,
    told: usize,
}

impl<'a> Turn<'a> {
    pub(crate) const fn new(
        execution: &'a ExecutionContext,
        facts: &'a Facts,
        pace: &'a Pace<'a>,
        now: Moment<'a>,
        events: u64,
    ) -> Self {
        Self::of(OfExecution::Known(execution), facts, pace, now, events)
    }

    /// The first turn of an execution whose facts are not known yet.
    pub(crate) const fn first(
        execution: &'a dyn Late,
        facts: &'a Facts,
        pace: &'a Pace<'a>,
        now: Moment<'a>,
        events: u64,
    ) -> Self {
        Self::of(OfExecution::Late(execution), facts, pace, now, events)
    }

    const fn of(
        execution: OfExecution<'a>,
        facts: &'a Facts,
        pace: &'a Pace<'a>,
        now: Moment<'a>,
        events: u64,
    ) -> Self {
        Self {
            execution,
            facts,
            pace,
            now,
            seed: 0,
            transitions: TRANSITIONS_AT_ONCE,
            input_weight: Cell::new(0),
            draws_for: Cell::new(0),
            drawn: Cell::new(0),
            events: Cell::new(events),
            told: RefCell::new(Vec::new()),
        }
    }

    /// The same for a lane whose chance begins here.
    pub(crate) const fn of_lane(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same for fewer transitions.
    pub(crate) const fn at_most(mut self, transitions: u32) -> Self {
        self.transitions = transitions;
        self
    }

    /// How many transitions the turn may have.
    #[must_use]
    pub const fn transitions(&self) -> u32 {
        self.transitions
    }

    /// Whether the input of a state has to be there still when the state has failed on its way out.
    pub(crate) const fn keeps_input(&self) -> bool {
        self.facts.is_redrivable
    }

    /// The time of the turn.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now.read()
    }

    /// Where the chance of the lane begins, and what task tokens come from.
    fn seed(&self) -> [u64; 2] {
        match self.execution {
            OfExecution::Known(_) => [self.seed, self.facts.tokens],
            // Its only lane begins where the execution does.
            OfExecution::Late(execution) => execution.seed(),
        }
    }

    /// How many events there have been, and what there is to tell.
    pub(crate) fn end(self) -> (u64, Vec<Told>) {
        (self.events.get(), self.told.into_inner())
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { events: self.events.get(), told: self.told.borrow().len() }
    }

    pub(crate) fn back_to(&self, mark: &Mark) {
        self.events.set(mark.events);
        self.told.borrow_mut().truncate(mark.told);
    }

    /// Chance is drawn for this from now on.
    #[inline]
    pub(crate) fn draw_for(&self, visit: u32, attempt: u32, part: WorkPart) {
        // A name for each piece of work in a lane. Chance depends on it and on the seed of the lane, never on the order in which lanes
        // have their turns.
        self.draws_for.set(u64::from(visit) << 32 | u64::from(attempt) << 2 | part as u64);
        self.drawn.set(0);
    }

    /// The turn begins in a state with this input.
    pub(crate) fn input(&self, data: &Value) {
        self.input_weight.set(data.size().weight);
    }

    /// The context of a state that is entered now, or was entered before.
    #[inline]
    pub(crate) fn context<'c>(
        &'c self,
        info: &'static StateInfo,
        variables: &'c Object,
        retry_count: u32,
        item: Option<&'c MapItem>,
    ) -> Context<'c> {
        let mut context = Context::of(self.execution, info.name, variables, self).with_map_item(item);
        if let Some(limits) = &self.facts.limits {
            context = context.with_evaluation_limits(&limits.evaluation);
        }
        match info.state_type {
            StateType::Task | StateType::Parallel | StateType::Map => context.with_retry_count(retry_count),
            StateType::Pass | StateType::Choice | StateType::Wait | StateType::Succeed | StateType::Fail => {
                context
            }
        }
    }

    /// A state is entered.
    #[inline]
    pub(crate) fn enter(&self, at: &mut Position, info: &'static StateInfo) {
        if at.is_entered {
            self.draw_for(at.entered, 0, WorkPart::Enter);
            // It was entered in the turn before, which ended within it; it is told once, but draws the same chance.
            at.is_entered = false;
            return;
        }
        at.entered = at.entered.wrapping_add(1);
        self.draw_for(at.entered, 0, WorkPart::Enter);
        let data = &at.data;
        let details = || EventDetails::StateEntered {
            state_type: info.state_type,
            name: Text::new_static(info.name),
            input: data.clone(),
        };
        // A Fail state is entered by what goes wrong.
        if info.state_type == StateType::Fail {
            self.event(&mut at.last_event, details);
        } else {
            self.success(&mut at.last_event, details);
        }
        // Error texts name this event.
        at.entered_event = at.last_event;
    }

    /// A state is done: its output is in `at`.
    ///
    /// # Errors
    /// The output is larger than it may be.
    #[inline]
    pub(crate) fn exit(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        assigned: Option<Object>,
    ) -> Result<(), Error> {
        // The object of all that is assigned is one level more.
        if at.data.depth() > VALUE_DEPTH
            || assigned.as_ref().is_some_and(|assigned| assigned.size().depth > VALUE_DEPTH + 1)
        {
            return Err(nested_too_deeply(assigned.is_some()).after_event(at.last_event));
        }
        let weight = at.data.size().weight;
        if weight > VALUE_WEIGHT || at.variables.size().weight > VALUE_WEIGHT {
            self.check_memory(at, info, assigned.as_ref())?;
        }
        self.input_weight.set(weight);
        if let Some(limits) = &self.facts.limits {
            self.check_limits(limits, at, info.name, assigned.as_ref())
                .map_err(|error| error.after_event(at.last_event))?;
        }
        let data = &at.data;
        self.success(&mut at.last_event, || EventDetails::StateExited {
            state_type: info.state_type,
            name: Text::new_static(info.name),
            output: data.clone(),
            assigned,
        });
        Ok(())
    }

    /// Another state comes after one that is done.
    ///
    /// # Errors
    /// The next event would be the last one that there may be, which is that of the failure.
    #[inline]
    pub(crate) fn goes_to_another(&self, at: &Position) -> Result<(), Error> {
        match &self.facts.limits {
            Some(limits) => {
                limits.events(self.events.get()).map_err(|error| error.after_event(at.last_event))
            }
            None => Ok(()),
        }
    }

    /// Numbers an event, and notes it where it is observed.
    #[inline]
    pub(crate) fn event(&self, last_event: &mut u64, details: impl FnOnce() -> EventDetails) {
        let id = self.events.get() + 1;
        self.events.set(id);
        if let Some(needs) = self.facts.tells {
            self.tell(needs, id, *last_event, details());
        }
        *last_event = id;
    }

    /// The same of something that goes well: where only failures are told, it is not even made.
    #[inline]
    fn success(&self, last_event: &mut u64, details: impl FnOnce() -> EventDetails) {
        let id = self.events.get() + 1;
        self.events.set(id);
        if let Some(needs) = self.facts.tells.filter(|needs| needs.successes) {
            self.tell(needs, id, *last_event, details());
        }
        *last_event = id;
    }

    #[cold]
    fn tell(&self, needs: Needs, id: u64, follows: u64, details: EventDetails) {
        let event = Event::needed(needs, id, follows, self.now(), details);
        self.told.borrow_mut().extend(event.map(Told::Event));
    }

    /// Tells what histories do not.
    #[cold]
    pub(crate) fn decided(&self, decision: impl FnOnce() -> Decision) {
        if self.facts.tells.is_some_and(|needs| needs.decisions) {
            self.told.borrow_mut().push(Told::Decision(decision()));
        }
    }

    /// An error of the state: it gets its place, and a failed evaluation is reported.
    #[cold]
    pub(crate) fn failed(&self, error: Error, at: &mut Position, info: &'static StateInfo) -> Error {
        let mut error = error.in_state(info.name, at.entered_event);
        if let Some(evaluation) = error.take_evaluation() {
            self.event(&mut at.last_event, || EventDetails::EvaluationFailed {
                error: Text::from(error.error()),
                cause: error.cause().map(str::to_owned),
                location: evaluation.location,
                state: Text::new_static(info.name),
            });
        }
        error.after_event(at.last_event)
    }

    /// Whether data and variables that would be larger than they may be, if they shared nothing, take no more memory than they may. What this
    /// decides depends on nothing but the position, so that the same comes of it in every replay.
    #[cold]
    fn check_memory(&self, at: &Position, info: &StateInfo, assigned: Option<&Object>) -> Result<(), Error> {
        let weight = at.data.size().weight;
        let variables = Value::Object(at.variables.clone());
        // Each branch and iteration begins with this data, so a value that is too large is multiplied by them before 64 states have gone
        // by.
        let has_inner = matches!(info.state_type, StateType::Parallel | StateType::Map);
        let is_due = has_inner || at.entered.is_multiple_of(GONE_THROUGH_EVERY);
        let has_grown = weight.saturating_sub(self.input_weight.get()) > GROWTH;
        let assigns = assigned.is_some_and(|assigned| assigned.size().weight > GROWTH);
        // Of the largest, which share nearly all, the text could not be written.
        let is_too_large = weight == u32::MAX
            || variables.size().weight == u32::MAX
            || ((is_due || has_grown) && at.data.takes_more_than(VALUE_WEIGHT))
            || ((is_due || assigns) && variables.takes_more_than(VALUE_WEIGHT));
        if is_too_large { Err(too_large().after_event(at.last_event)) } else { Ok(()) }
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
        limits.events(self.events.get())
    }
}

impl Sources for Turn<'_> {
    fn now(&self) -> Timestamp {
        self.now.read()
    }

    fn random(&self) -> f64 {
        let drawn = self.drawn.get();
        self.drawn.set(drawn + 1);
        let [seed, _] = self.seed();
        unit(mix(seed ^ mix(self.draws_for.get()).wrapping_add(drawn.wrapping_mul(STEP))))
    }

    fn task_token(&self) -> Text {
        let [seed, tokens] = self.seed();
        token_of([tokens, seed, self.draws_for.get()])
    }

    fn goes_on(&self) -> bool {
        self.pace.goes_on()
    }

    fn took_rule(&self, state: &'static str, rule: Option<usize>) {
        self.decided(|| Decision::TookRule { state: Text::new_static(state), rule });
    }
}

impl fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing that would have to be found out first.
        f.debug_struct("Turn").field("events", &self.events).finish_non_exhaustive()
    }
}

#[cold]
fn nested_too_deeply(assigns: bool) -> Error {
    let what =
        if assigns { "output of the state, or a variable that it assigns," } else { "output of the state" };
    Error::runtime(format!("The {what} is nested more than {VALUE_DEPTH} levels deep."))
}

#[cold]
fn too_large() -> Error {
    Error::runtime("The output of the state, or the variables, are larger than an execution may hold.")
}

/// Moves the numbers in what there is to tell on.
pub(crate) fn renumber_told(told: &mut [Told], from: u64, by: u64) {
    for told in told {
        if let Told::Event(event) = told {
            event.id = renumbered(event.id, from, by);
            event.previous_event_id = renumbered(event.previous_event_id, from, by);
        }
    }
}
