//! The execution as a value: it holds its lanes as data, does no IO, reads no clock, and knows no async.
//!
//! It receives what happened, and says what it wants:
//!
//! ```text
//! Execution::start(machine, start)
//! execution.run(now, pace)                     goes on as far as it can by itself
//! execution.wants()                            what it wants of the world
//! execution.told()                             what has happened, numbered in one order
//! execution.answer(&effect, outcome, now)      what came of an effect
//! execution.snapshot()  Execution::restore(machine, &snapshot)
//! ```
//!
//! The same answers in the same order give the same wants, events and snapshots, byte by byte: time comes in with answers, and chance
//! begins at the seed of the execution and the address of what draws. Retriers, catchers, timeouts, heartbeats, concurrency, tolerated
//! failures, tokens, jobs, activities and Map Runs are decided here and nowhere else.
//!
//! ```
//! # use asl_engine::{Execution, Want};
//! # fn drive(mut execution: Execution, clock: impl Fn() -> asl_engine::Timestamp) {
//! use asl_engine::{Outcome, Pace, Value};
//!
//! while execution.run(clock(), &Pace::Endless).is_more() {}
//! for want in execution.wants() {
//!     if let Want::Perform(perform) = want {
//!         // Do the task, and say what came of it.
//!         execution.answer(&perform.effect, Outcome::Ended(Ok(Value::from(42))), clock());
//!     }
//! }
//! # }
//! ```
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what a lane does not wait for is ignored, whatever it is"
)]

mod address;
mod advance;
mod at_once;
mod beginning;
mod crew;
mod end;
mod first;
mod folded;
mod frames;
mod json;
mod lane;
mod map_run;
mod outstanding;
mod queue;
mod redrive;
mod snapshot;
mod start;
mod tasks;
#[cfg(any(test, feature = "toys"))]
#[doc(hidden)]
pub mod tests;
mod want;

use crate::Shared;
pub use address::{EffectId, InvalidEffectId, LaneAddress};
pub use at_once::AtOnce;
pub use beginning::Beginning;
pub use first::First;
pub use folded::Folded;
pub use json::InvalidTimer;
pub use map_run::{ChildEnd, ChildStart, MapRunStart};
pub use snapshot::{Snapshot, SnapshotError};
use start::Begins;
pub use start::{Start, StartPart};
pub use want::{Items, Outcome, Perform, Timer, Want, Work};

use crate::codec::variants;
use crate::context::ExecutionContext;
use crate::error::Error;
use crate::history::{Event, EventDetails, Needs, Told};
use crate::machine::{Effect, StateInfo, Until};
use crate::program::{Program, StateId};
use crate::turn::{Facts, Moment, Pace, TRANSITIONS_AT_ONCE, Turn, renumber_told};
use advance::Came;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use crew::{Ahead, Computed, TurnOf};
use end::End;
use frames::FIRST_TRANSITIONS;
use lane::{Doing, Lane, LaneKey, LaneStep, Lanes};
use queue::Queue;
use std::cell::Cell;
use std::fmt;

/// After this many turns others may run.
const TURNS_AT_ONCE: u32 = 256;
/// So many turns does one count for that has come to its last transition.
const LONG_TURN: u32 = TURNS_AT_ONCE;

/// How far an execution came by itself.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::{Execution, Pace, Progress, Start, program};
///
/// let start = Start::new(order::context(60), [1, 2]);
/// let now = start.context.start_time;
/// let mut execution = Execution::start(program::<order::Machine>(), start);
/// assert_eq!(execution.run(now, &Pace::Endless), Progress::Waits);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has more to do; others may run in the meantime.
    More,
    /// It has an evaluation to do that takes long: with a [`Pace`] of little patience it comes no further.
    Interrupted,
    /// It waits for answers.
    Waits,
    /// It has ended.
    Ended,
}

variants!(Progress { 0 More, 1 Interrupted, 2 Waits, 3 Ended });

impl Progress {
    /// Whether it has more to do by itself.
    #[must_use]
    pub const fn is_more(self) -> bool {
        matches!(self, Self::More)
    }
}

/// An execution of a compiled machine.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::Value;
/// use asl_runtime::engine::{Execution, Outcome, Pace, Start, Want, program};
///
/// let start = Start::new(order::context(60), [1, 2]);
/// let mut now = start.context.start_time;
/// let mut execution = Execution::start(program::<order::Machine>(), start);
/// execution.run(now, &Pace::Endless);
///
/// let Some(Want::Perform(task)) = execution.next_want() else { panic!("the first state is a Task") };
/// assert_eq!(task.task.parameters, Value::from(60));
/// execution.answer(&task.effect, Outcome::Ended(Ok("paid".into())), now);
/// execution.run(now, &Pace::Endless);
///
/// let Some(Want::Timer { effect, timer, due }) = execution.next_want() else { panic!("the second is a Wait") };
/// now = due;
/// execution.answer(&effect, Outcome::Fired(timer), now);
/// execution.run(now, &Pace::Endless);
/// assert_eq!(execution.next_want(), Some(Want::Ended(Ok("paid".into()))));
/// # }
/// ```
pub struct Execution {
    program: &'static dyn Program,
    context: Shared<ExecutionContext>,
    facts: Facts,
    /// When it has taken too long.
    due: Option<Timestamp>,
    refusals: Box<[(Text, String)]>,
    now: Timestamp,
    /// The number of the last event.
    events: u64,
    /// The state that was entered last, in whatever lane.
    state: Option<StateId>,
    lanes: Lanes,
    ready: Queue<Ready>,
    told: Vec<Told>,
    wants: Queue<Want>,
    has_ended: bool,
    /// What is left of one that has ended without success, and may be redriven.
    remains: Option<Box<Lane>>,
    /// How many turns there have been since it was run.
    turns: u32,
    computed: Option<Box<Computed>>,
}

/// What can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ready {
    /// A lane.
    Lane(LaneKey),
    /// The next iteration of the Map state that a lane is in.
    Map(LaneKey),
}

/// Where an execution starts.
const ROOT: LaneKey = 0;

impl Execution {
    /// An execution that starts now. It does nothing until it is [run](Self::run).
    #[must_use]
    pub fn start(program: &'static dyn Program, start: Start) -> Self {
        let (facts, begins) = start.taken_apart(program);
        let at = begins.position();
        let mut execution = Self::begin(program, facts, begins);
        execution.lanes.insert_root(Lane::root(at, execution.facts.chance));
        execution.ready.push_back(Ready::Lane(ROOT));
        execution
    }

    /// An execution whose only lane is still to come.
    fn begin(program: &'static dyn Program, facts: Facts, begins: Begins) -> Self {
        let Begins { context, part, refusals } = begins;
        let now = context.start_time;
        let mut execution = Self {
            program,
            facts,
            due: part.timeout.map(|timeout| now.plus(timeout)),
            refusals: refusals.into_boxed_slice(),
            now,
            events: 0,
            state: None,
            lanes: Lanes::default(),
            ready: Queue::default(),
            told: Vec::new(),
            wants: Queue::default(),
            has_ended: false,
            remains: None,
            turns: 0,
            computed: None,
            context: Shared::clone(&context),
        };
        execution.event(&mut 0, || EventDetails::ExecutionStarted {
            input: context.input.clone(),
            role_arn: context.role_arn.clone(),
        });
        if let Some(due) = execution.due {
            execution.wants.push_back(Want::Timer {
                effect: EffectId::EXECUTION,
                timer: Timer::Timeout,
                due,
            });
        }
        execution
    }

    /// The same, which tells this from now on.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Needs;
    ///
    /// // From now on it reports events, with their data.
    /// let execution = order::started().telling(Some(Needs::ALL));
    /// assert!(!execution.has_told());
    /// # }
    /// ```
    #[must_use]
    pub const fn telling(mut self, tells: Option<Needs>) -> Self {
        self.facts.tells = tells;
        self
    }

    /// The facts of the execution that do not change.
    #[must_use]
    pub const fn context(&self) -> &Shared<ExecutionContext> {
        &self.context
    }

    /// The machine.
    #[must_use]
    pub fn program(&self) -> &'static dyn Program {
        self.program
    }

    /// The number of the state that was entered last, in whatever lane.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::State;
    ///
    /// let state = order::started().state().map(usize::from);
    /// assert_eq!(state.and_then(|state| order::State::ALL.get(state)), Some(&order::State::Charge));
    /// # }
    /// ```
    #[must_use]
    pub const fn state(&self) -> Option<StateId> {
        self.state
    }

    /// The number of events so far.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// // It has started, entered its first state, and scheduled and started a task.
    /// assert_eq!(order::started().events(), 4);
    /// # }
    /// ```
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// Whether it has ended.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// assert!(!order::started().has_ended());
    /// # }
    /// ```
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What it wants, since this was asked last.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// let mut execution = order::started();
    /// assert_eq!(execution.wants().len(), 1);
    /// // Each want is said once; `outstanding` says all of them again.
    /// assert_eq!(execution.wants(), []);
    /// # }
    /// ```
    pub fn wants(&mut self) -> Vec<Want> {
        std::iter::from_fn(|| self.wants.pop_front()).collect()
    }

    /// What it wants next.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::Want;
    ///
    /// let mut execution = order::started();
    /// assert!(matches!(execution.next_want(), Some(Want::Perform(_))));
    /// assert_eq!(execution.next_want(), None);
    /// # }
    /// ```
    pub fn next_want(&mut self) -> Option<Want> {
        self.wants.pop_front()
    }

    /// What has happened, since this was asked last. Nothing, if the execution was not to tell.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Needs;
    /// use asl_runtime::engine::{Execution, Pace, Start, Told, program};
    ///
    /// let start = Start { tells: Some(Needs::EVENTS), ..Start::new(order::context(60), [1, 2]) };
    /// let now = start.context.start_time;
    /// let mut execution = Execution::start(program::<order::Machine>(), start);
    /// execution.run(now, &Pace::Endless);
    /// let events: Vec<_> = execution.told().into_iter().filter_map(Told::into_event).collect();
    /// assert_eq!(events.iter().map(|event| event.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
    /// # }
    /// ```
    pub fn told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// Whether anything has happened that was not asked for yet.
    #[must_use]
    pub fn has_told(&self) -> bool {
        !self.told.is_empty()
    }

    /// Goes on as far as it can by itself, or until others should run.
    ///
    /// A replay that is to produce the same events has to pass the same times.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::{Pace, Progress};
    ///
    /// let mut execution = order::started();
    /// let now = execution.context().start_time;
    /// // Nothing was answered since it ran last, so it has nothing to do.
    /// assert_eq!(execution.run(now, &Pace::short()), Progress::Waits);
    /// # }
    /// ```
    pub fn run(&mut self, now: Timestamp, pace: &Pace<'_>) -> Progress {
        self.run_with(now, pace, &mut ())
    }

    /// As [`run`](Self::run), with something that does tasks [at once](AtOnce).
    pub fn run_with(&mut self, now: Timestamp, pace: &Pace<'_>, at_once: &mut dyn AtOnce) -> Progress {
        self.now = now;
        self.turns = 0;
        self.computed.take_if(|computed| computed.now != now);
        while let Some(ready) = self.ready.pop_front() {
            match ready {
                Ready::Lane(key) | Ready::Map(key) if self.lanes.get(key).is_none() => self.forget(key),
                Ready::Map(key) => {
                    if self.go_on_with_map(key, pace) {
                        self.ready.push_front(ready);
                        return Progress::Interrupted;
                    }
                }
                Ready::Lane(key) => {
                    if self.go_on(key, pace, at_once) {
                        self.ready.push_front(ready);
                        return Progress::Interrupted;
                    }
                }
            }
            self.turns += 1;
            let is_computed = self.computed.as_ref().is_some_and(|computed| !computed.is_empty());
            if self.turns >= TURNS_AT_ONCE && !is_computed && !self.ready.is_empty() {
                return Progress::More;
            }
        }
        self.computed = None;
        if self.has_ended { Progress::Ended } else { Progress::Waits }
    }

    /// A lane was stopped while it was ready: its key is free when it would have had its turn, so that no other lane has it.
    fn forget(&mut self, key: LaneKey) {
        self.forget_computed(key);
        self.lanes.release(key);
    }

    /// Goes on with a lane, as long as what it asks for is done at once; `true` if an evaluation was given up.
    fn go_on(&mut self, key: LaneKey, pace: &Pace<'_>, at_once: &mut dyn AtOnce) -> bool {
        let Some(mut lane) = self.lanes.take(key) else { return false };
        // `None` once a task was done, as long as nothing has asked for the time since.
        let now = Cell::new(Some(self.now));
        // Whether it is known already that the state asks for something.
        let mut has_asked = false;
        let mut came = match std::mem::replace(&mut lane.doing, Doing::Nothing) {
            Doing::Turn(mut step) => {
                self.turn(&mut lane, TurnOf::Lane(key), &mut step, pace, Moment::Known(self.now))
            }
            Doing::Begin(effect) => {
                has_asked = true;
                Came::Asked(Ok(effect))
            }
            doing => {
                lane.doing = doing;
                self.lanes.put_back(key, lane);
                return false;
            }
        };
        while let Came::Asked(Ok(effect)) = &came {
            if !has_asked && !self.ready.is_empty() {
                // Others have their turns first.
                break;
            }
            if !std::mem::replace(&mut has_asked, true) {
                self.asks(&mut lane);
            }
            lane.work_begins();
            let Effect::Task(task) = effect else { break };
            if self.turns >= TURNS_AT_ONCE {
                break;
            }
            let Some(result) = self.done_at_once(key, &mut lane, task, at_once) else { break };
            has_asked = false;
            self.turns += 1;
            now.set(None);
            let time = || at_once.time(&now);
            let mut step = LaneStep::Settle(result);
            came = self.turn(&mut lane, TurnOf::Lane(key), &mut step, pace, Moment::Late(&time));
        }
        self.now = at_once.time(&now);
        match came {
            Came::Interrupted(step) => {
                lane.doing = Doing::Turn(step);
                self.lanes.put_back(key, lane);
                return true;
            }
            Came::Asked(Ok(effect)) if has_asked => self.begin_effect(key, lane, effect),
            came => self.came(key, lane, came),
        }
        false
    }

    /// Does the next thing that the Map state can do that a lane is in; `true` if an evaluation was given up.
    fn go_on_with_map(&mut self, key: LaneKey, pace: &Pace<'_>) -> bool {
        match self.lanes.get(key).map(|lane| &lane.doing) {
            Some(Doing::Iterations(_)) => self.start_iteration(key, pace),
            Some(Doing::MapRun(_)) => self.go_on_with_map_run(key, pace),
            _ => false,
        }
    }

    /// A turn of a lane, unless it was taken ahead.
    fn turn(
        &mut self,
        lane: &mut Box<Lane>,
        place: TurnOf,
        step: &mut LaneStep,
        pace: &Pace<'_>,
        now: Moment<'_>,
    ) -> Came {
        let ahead = self.computed.as_mut().and_then(|computed| computed.take(place));
        let (came, mut told) = match ahead {
            Some(ahead) => {
                let Ahead { lane: moved_on, came, from, before, events, mut told } = ahead;
                // How many events other lanes have had since the turn was taken ahead: its own move by so many.
                let by = self.events - before;
                // The copy that the turn was taken with has none: what is left of failed work cannot be copied, and a turn does not look
                // at it.
                let remains = lane.remains.take();
                *lane = moved_on;
                lane.remains = remains;
                lane.renumber(from, by);
                renumber_told(&mut told, from, by);
                self.events = events + by;
                (came.renumbered(from, by), told)
            }
            None => {
                let transitions = match place {
                    TurnOf::Lane(_) => TRANSITIONS_AT_ONCE,
                    TurnOf::Iteration(..) => FIRST_TRANSITIONS,
                };
                let turn = Turn::new(&self.context, &self.facts, pace, now, self.events)
                    .of_lane(lane.seed)
                    .at_most(lane.transitions(transitions));
                let came = lane.advance(self.program, step, &turn);
                let (events, told) = turn.end();
                self.events = events;
                (came, told)
            }
        };
        if !told.is_empty() {
            self.told.append(&mut told);
        }
        self.state = Some(lane.at.state);
        // What is left of failed branches is of use only if the state that they are in fails as well.
        if !lane.stays || !matches!(came, Came::Failed(_) | Came::Interrupted(_)) {
            lane.remains = None;
        }
        came
    }

    /// Takes note of how far a lane came.
    fn came(&mut self, key: LaneKey, mut lane: Box<Lane>, came: Came) {
        match came {
            Came::Ended => return self.lane_ended(key, lane),
            Came::Failed(error) => {
                let error = self.placed(&mut lane, error);
                return self.lane_failed(key, lane, error);
            }
            Came::Yielded => {
                self.turns += LONG_TURN;
                self.again(key, &mut lane, Doing::Turn(LaneStep::Enter));
            }
            Came::Interrupted(step) => self.again(key, &mut lane, Doing::Turn(step)),
            Came::Asked(Ok(effect)) => {
                self.asks(&mut lane);
                self.again(key, &mut lane, Doing::Begin(effect));
            }
            Came::Asked(Err(error)) => {
                self.asks(&mut lane);
                let error = self.placed(&mut lane, error);
                lane.stays = true;
                self.again(key, &mut lane, Doing::Turn(LaneStep::Settle(Err(error))));
            }
            Came::AskedAgain(Ok(effect)) => {
                if effect.has_lanes() {
                    // What is asked within it is asked for the first time.
                    lane.visit = next_visit(lane.visit);
                }
                self.again(key, &mut lane, Doing::Begin(effect));
            }
            Came::AskedAgain(Err(error)) => {
                self.again(key, &mut lane, Doing::Turn(LaneStep::Settle(Err(error))))
            }
            Came::Retries(delay) => {
                let due = self.now.plus(delay);
                lane.doing = Doing::Timer { timer: Timer::Retry, due };
                self.wants.push_back(Want::Timer { effect: lane.effect(), timer: Timer::Retry, due });
            }
        }
        self.lanes.put_back(key, lane);
    }

    /// The lane has something to do, when those that are ready already have had their turns.
    fn again(&mut self, key: LaneKey, lane: &mut Lane, doing: Doing) {
        lane.doing = doing;
        self.ready.push_back(Ready::Lane(key));
    }

    /// A state asks for something, for the first time.
    fn asks(&self, lane: &mut Lane) {
        lane.visit = next_visit(lane.visit);
        lane.attempt = 0;
        // Retriers count from nothing each time a state is entered.
        lane.retries.clear();
        if let Some(parent) = lane.parent.filter(|_| lane.address == LaneAddress::ROOT)
            && let Some(around) = self.lanes.get(parent.lane)
        {
            // Made at the first effect and not at the start: most iterations ask for nothing, and an address takes memory.
            lane.address = around.address.inner(around.visit, parent.index);
        }
    }

    /// The work of a state begins.
    fn begin_effect(&mut self, key: LaneKey, mut lane: Box<Lane>, effect: Effect<StateId>) {
        match effect {
            Effect::Go(_) => {
                let error = Error::runtime("the state asked for nothing when it was entered again");
                self.again(key, &mut lane, Doing::Turn(LaneStep::Settle(Err(error))));
            }
            Effect::Task(task) => self.begin_task(key, &mut lane, *task),
            Effect::Wait(until) => {
                let due = match until {
                    Until::Elapsed(duration) => self.now.plus(duration),
                    Until::Moment(moment) => moment,
                };
                match self.facts.limits.as_ref().map_or(Ok(()), |limits| limits.wait(self.now, due)) {
                    Ok(()) => {
                        lane.doing = Doing::Timer { timer: Timer::Wait, due };
                        self.wants.push_back(Want::Timer { effect: lane.effect(), timer: Timer::Wait, due });
                    }
                    Err(error) => {
                        let error = self.placed(&mut lane, error);
                        self.again(key, &mut lane, Doing::Turn(LaneStep::Settle(Err(error))));
                    }
                }
            }
            Effect::Parallel { branches, input } => return self.begin_branches(key, lane, &branches, &input),
            Effect::Map(iterations) => return self.begin_iterations(key, lane, *iterations),
            Effect::MapRun(run) => self.begin_map_run(key, &mut lane, *run),
        }
        self.lanes.put_back(key, lane);
    }

    /// Takes note of what came of an effect; `false` if the execution does not wait for it any more, or not yet.
    ///
    /// Call [`run`](Self::run) afterwards. The same comes of the same answers where an execution waits before it is given each of them,
    /// however impatient it was run until then.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() -> Result<(), asl_runtime::engine::InvalidEffectId> {
    /// use asl_runtime::engine::Outcome;
    ///
    /// let mut execution = order::started();
    /// let now = execution.context().start_time;
    /// let effect = "1#0".parse()?;
    /// assert!(execution.answer(&effect, Outcome::Ended(Ok("paid".into())), now));
    /// // A second answer to the same effect comes too late.
    /// assert!(!execution.answer(&effect, Outcome::Ended(Ok("paid".into())), now));
    /// # Ok(())
    /// # }
    /// ```
    pub fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool {
        if self.has_ended {
            // Everything else comes too late for an execution that has ended.
            let is_redriven = effect.is_execution() && outcome == Outcome::Redriven;
            return is_redriven && self.redrive(now);
        }
        self.now = now;
        // Turns that were taken ahead knew nothing of this.
        self.computed = None;
        if effect.is_execution() {
            return match outcome {
                // A clock that is set back, or a timer of a shell that fires too early, must not end the execution before its time.
                Outcome::Fired(Timer::Timeout) if self.due.is_some_and(|due| self.now >= due) => {
                    self.end(0, End::TimedOut)
                }
                Outcome::Stopped { error, cause } => self.end(0, End::Aborted(error, cause)),
                _ => false,
            };
        }
        let Some(key) = self.find(&effect.lane) else { return false };
        let Some(mut lane) = self.lanes.take(key) else { return false };
        // An answer to an attempt that was given up, or to an earlier visit of a loop, is refused by its name alone.
        let waits = lane.visit == effect.visit && lane.attempt == effect.attempt;
        let is_taken = waits && self.answered(key, &mut lane, outcome);
        self.lanes.put_back(key, lane);
        is_taken
    }

    fn answered(&mut self, key: LaneKey, lane: &mut Lane, outcome: Outcome) -> bool {
        match (&lane.doing, outcome) {
            (Doing::Timer { timer, due }, Outcome::Fired(fired)) if *timer == fired && self.now >= *due => {
                let step = if fired == Timer::Retry {
                    lane.attempt = lane.attempt.saturating_add(1);
                    LaneStep::Again
                } else {
                    LaneStep::Settle(Ok(Value::Null))
                };
                self.again(key, lane, Doing::Turn(step));
                true
            }
            (Doing::Task(_), outcome) => self.task_answered(key, lane, outcome),
            (Doing::MapRun(_), outcome) => self.map_run_answered(key, lane, outcome),
            _ => false,
        }
    }

    /// The lane at an address.
    fn find(&self, address: &LaneAddress) -> Option<LaneKey> {
        let Some((around, visit, index)) = address.around() else {
            return self.lanes.get(ROOT).map(|_| ROOT);
        };
        let lane = self.lanes.get(self.find(around)?)?;
        lane.inner_lanes()?.get(&index).copied().filter(|_| lane.visit == visit)
    }

    /// What the definition says about the state that a lane is in.
    fn info(&self, lane: &Lane) -> Option<&'static StateInfo> {
        self.program.info(lane.at.state).ok()
    }

    /// An error of the lane's state with its place, and told if it was that of an evaluation.
    fn placed(&mut self, lane: &mut Lane, error: Error) -> Error {
        let Some(info) = self.info(lane) else { return error };
        self.engine(|turn| turn.failed(error, &mut lane.at, info))
    }

    /// Something of the engine's own that tells events.
    fn engine<T>(&mut self, act: impl FnOnce(&Turn<'_>) -> T) -> T {
        let pace = Pace::Endless;
        let turn = Turn::new(&self.context, &self.facts, &pace, Moment::Known(self.now), self.events);
        let result = act(&turn);
        let (events, mut told) = turn.end();
        self.events = events;
        self.told.append(&mut told);
        result
    }

    /// Whether events are observed.
    const fn tells(&self) -> bool {
        self.facts.tells.is_some()
    }

    /// Numbers an event, and notes it where it is observed.
    fn event(&mut self, last_event: &mut u64, details: impl FnOnce() -> EventDetails) {
        self.events += 1;
        if let Some(needs) = self.facts.tells {
            let event = Event::needed(needs, self.events, *last_event, self.now, details());
            self.told.extend(event.map(Told::Event));
        }
        *last_event = self.events;
    }

    /// Numbers an event that nothing follows.
    fn event_beside(&mut self, mut last_event: u64, details: impl FnOnce() -> EventDetails) {
        self.event(&mut last_event, details);
    }
}

/// These numbers do not run out; 0 is the execution itself.
fn next_visit(visit: u32) -> u32 {
    visit.wrapping_add(1).max(1)
}

impl fmt::Debug for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Execution")
            .field("machine", &self.program.name())
            .field("name", &self.context.name)
            .field("events", &self.events)
            .field("has_ended", &self.has_ended)
            .finish_non_exhaustive()
    }
}
