//! Parallel and Map: several lines of states at once, their results in order, the first failure ending them all.
//!
//! A lane runs as far as it comes by itself as soon as it is started; only one that asks for something becomes a future. So
//! branches and iterations that only transform data cost no allocation and no scheduling. Lanes that take processor time are worked
//! off by as many threads as there are processors, unless someone hears about events, who hears them in one order.

use super::crew;
use super::{Driver, yield_now};
use crate::host::Host;
use crate::integration::BoxFuture;
use asl_engine::context::MapItem;
use asl_engine::error::Error;
use asl_engine::history::EventDetails;
use asl_engine::machine::{Effect, Iterations, StateInfo};
use asl_engine::map_run::Tolerance;
use asl_engine::program::{Advance, Facts, Position, StateId, TRANSITIONS_AT_ONCE, context};
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Value};
use futures_util::stream::{FuturesUnordered, StreamExt, TryStreamExt};
use std::time::{Duration, Instant};

/// After this many lanes that ended by themselves others may run.
const LANES_AT_ONCE: usize = 256;
/// A lane that has not come to an end or an effect after this many transitions takes processor time.
const FIRST_TRANSITIONS: u32 = 512;
/// If [`LANES_AT_ONCE`] lanes take longer than this, the lanes after them are started by several threads.
const SLOW_START: Duration = Duration::from_millis(2);

/// A branch or an iteration on its way.
struct Lane {
    index: usize,
    at: Position,
    item: Option<MapItem>,
    /// The name of the Map state, if this is an iteration.
    map: Option<&'static str>,
}

/// How far a lane came by itself.
enum Turn {
    Ended(Lane),
    Asked(Lane, Result<Effect<StateId>, Error>),
    /// It has more to do.
    Busy(Lane),
}

/// An iteration that runs: when it is dropped before its end, it was aborted.
struct Iteration<'a> {
    facts: &'a Facts<'a>,
    map: Option<&'static str>,
    index: usize,
    last_event: u64,
}

impl Drop for Iteration<'_> {
    fn drop(&mut self) {
        let (index, Some(name)) = (self.index, self.map.filter(|_| !self.facts.is_over())) else { return };
        self.facts.event_beside(self.last_event, || EventDetails::MapIterationAborted { name, index });
    }
}

/// An error and the number of its lane.
type LaneError = (usize, Error);
type RunningLane<'a> = BoxFuture<'a, Result<Lane, LaneError>>;

/// The lanes of one state.
struct Lanes<'a> {
    outputs: Vec<Value>,
    /// How many have failed and are tolerated.
    failed: u64,
    running: FuturesUnordered<RunningLane<'a>>,
    busy: Vec<Lane>,
}

impl Lanes<'_> {
    fn new(length: usize) -> Self {
        let outputs = vec![Value::Null; length];
        Self { outputs, failed: 0, running: FuturesUnordered::new(), busy: Vec::new() }
    }

    fn put(&mut self, index: usize, output: Value) {
        if let Some(place) = self.outputs.get_mut(index) {
            *place = output;
        }
    }
}

impl<H: Host> Driver<'_, H> {
    /// Runs a lane as far as it comes by itself.
    fn turn(&self, mut lane: Lane, transitions: u32) -> Result<Turn, LaneError> {
        lane.at.transitions_at_once = transitions;
        match self.program.advance(&mut lane.at, self.facts, lane.item.as_ref()) {
            Ok(Advance::Ended) => Ok(Turn::Ended(lane)),
            Ok(Advance::Yielded) => Ok(Turn::Busy(lane)),
            Ok(Advance::Asked(effect)) => Ok(Turn::Asked(lane, effect)),
            Err(error) => Err(self.lane_error(lane.index, error)),
        }
    }

    /// The lanes beside one that failed are aborted, which is not told if the error ends the execution.
    fn lane_error(&self, index: usize, error: Error) -> LaneError {
        if error.is_fatal() {
            self.facts.end();
        }
        (index, error)
    }

    /// The rest of a lane, which waits for something or lets others run.
    fn running(&self, lane: Lane, next: Advance) -> RunningLane<'_> {
        Box::pin(async move {
            let Lane { index, mut at, item, map } = lane;
            at.transitions_at_once = TRANSITIONS_AT_ONCE;
            let mut iteration = Iteration { facts: self.facts, map, index, last_event: at.last_event };
            let ended = self.go_on(&mut at, item.as_ref(), next).await;
            iteration.map = None;
            match ended {
                Ok(()) => Ok(Lane { index, at, item, map }),
                Err(error) => Err(self.lane_error(index, error)),
            }
        })
    }

    /// Whether lanes may be worked off by several threads.
    fn has_crew(&self) -> bool {
        self.facts.observer.is_none()
    }

    /// Takes note of how far a lane came. Gives it back if it has ended.
    fn note<'l>(&'l self, lanes: &mut Lanes<'l>, turn: Turn, may_be_busy: bool) -> Option<Lane> {
        match turn {
            Turn::Ended(lane) => return Some(lane),
            Turn::Asked(lane, effect) => lanes.running.push(self.running(lane, Advance::Asked(effect))),
            Turn::Busy(lane) if may_be_busy && self.has_crew() => lanes.busy.push(lane),
            Turn::Busy(lane) => lanes.running.push(self.running(lane, Advance::Yielded)),
        }
        None
    }

    /// Works off the lanes that take processor time, and tells how each of them ended that did.
    async fn work_off<'l, E>(
        &'l self,
        lanes: &mut Lanes<'l>,
        mut end: impl FnMut(&mut Lanes<'l>, Result<Lane, LaneError>) -> Result<(), E>,
    ) -> Result<(), E> {
        while lanes.busy.len() > 1 {
            let (turns, left) =
                crew::work(std::mem::take(&mut lanes.busy), |lane| self.turn(lane, 16 * TRANSITIONS_AT_ONCE));
            // Those that had no turn come first in the next shift.
            lanes.busy = left;
            for turn in turns {
                let ended = turn.map(|turn| self.note(lanes, turn, true)).transpose();
                ended.map_or(Ok(()), |ended| end(lanes, ended))?;
            }
            yield_now().await;
        }
        lanes.running.extend(lanes.busy.pop().map(|lane| self.running(lane, Advance::Yielded)));
        Ok(())
    }

    /// Runs branches from their first states. That they have succeeded is told beside the line of events: leaving the state follows
    /// the last event of the last branch.
    pub(super) async fn parallel(
        &self,
        at: &mut Position,
        item: Option<&MapItem>,
        branches: &[StateId],
        input: Value,
    ) -> Result<Value, Error> {
        self.facts.event(&mut at.last_event, || EventDetails::ParallelStateStarted);
        let outputs = self.branches(at, item, branches, input).await.map_err(|(_, error)| error)?;
        self.facts.event_beside(at.last_event, || EventDetails::ParallelStateSucceeded);
        Ok(outputs)
    }

    async fn branches(
        &self,
        state: &mut Position,
        item: Option<&MapItem>,
        branches: &[StateId],
        input: Value,
    ) -> Result<Value, LaneError> {
        let started = state.last_event;
        let mut lanes = Lanes::new(branches.len());
        let mut end = |lanes: &mut Lanes<'_>, lane: Lane| {
            state.last_event = lane.at.last_event;
            lanes.put(lane.index, lane.at.data);
        };
        let variables = state.variables.clone();
        for (index, first) in branches.iter().enumerate() {
            let mut at = Position::new(*first, input.clone(), variables.clone(), started);
            at.in_branch = true;
            let turn = self.turn(Lane { index, at, item: item.cloned(), map: None }, FIRST_TRANSITIONS)?;
            if let Some(lane) = self.note(&mut lanes, turn, true) {
                end(&mut lanes, lane);
            }
        }
        self.work_off(&mut lanes, |lanes, ended| ended.map(|lane| end(lanes, lane))).await?;
        while let Some(lane) = lanes.running.try_next().await? {
            end(&mut lanes, lane);
        }
        Ok(lanes.outputs.into())
    }

    /// Runs iterations. Their ends are told beside the line of events, as that of branches.
    pub(super) async fn map(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        iterations: Iterations<StateId>,
    ) -> Result<Value, Error> {
        let length = iterations.items.len();
        self.facts.event(&mut at.last_event, || EventDetails::MapStateStarted { length });
        let map = MapState {
            state: at.state,
            info,
            tolerance: iterations.tolerance.clone().transpose()?,
            iterations,
            entered: (at.entered_time, at.entered_event),
            variables: at.variables.clone(),
        };
        let outputs = self.iterate(&map, &mut at.last_event).await?;
        self.facts.event_beside(at.last_event, || EventDetails::MapStateSucceeded);
        Ok(outputs)
    }

    async fn iterate(&self, map: &MapState, last_event: &mut u64) -> Result<Value, Error> {
        let items = &map.iterations.items;
        let limit = map.iterations.max_concurrency.unwrap_or(usize::MAX);
        let unlimited = limit >= items.len();
        let mut lanes = Lanes::new(items.len());
        // An iteration follows the start of the Map, or the end of the one that made room for it.
        let mut follows = *last_event;
        let (mut index, mut since) = (0, Instant::now());
        while index < items.len() {
            if index > 0 && index % LANES_AT_ONCE == 0 {
                if unlimited && self.has_crew() && since.elapsed() > SLOW_START {
                    self.iterate_with_crew(map, &mut lanes, last_event, index).await?;
                    break;
                }
                yield_now().await;
                since = Instant::now();
            }
            let turn = self.start_iteration(map, index, follows);
            if self.turned(map, &mut lanes, last_event, turn, unlimited)? && limit == 1 {
                follows = *last_event;
            }
            while lanes.running.len() >= limit && self.next(map, &mut lanes, last_event).await? {
                follows = *last_event;
            }
            index += 1;
        }
        self.work_off(&mut lanes, |lanes, ended| self.iterated(map, lanes, last_event, ended)).await?;
        while self.next(map, &mut lanes, last_event).await? {}
        Ok(lanes.outputs.into())
    }

    /// Starts the iterations from `first` on by several threads.
    async fn iterate_with_crew<'l>(
        &'l self,
        map: &MapState,
        lanes: &mut Lanes<'l>,
        last_event: &mut u64,
        first: usize,
    ) -> Result<(), Error> {
        let follows = *last_event;
        let mut open: Vec<usize> = (first..map.iterations.items.len()).collect();
        while !open.is_empty() {
            let (turns, left) = crew::work(open, |index| self.start_iteration(map, index, follows));
            open = left;
            for turn in turns {
                self.turned(map, lanes, last_event, turn, true)?;
            }
            yield_now().await;
        }
        Ok(())
    }

    fn start_iteration(&self, map: &MapState, index: usize, follows: u64) -> Result<Turn, LaneError> {
        let Some(value) = map.iterations.items.get(index) else {
            return Err((index, Error::runtime("there is no such item")));
        };
        let mut last_event = follows;
        let name = map.info.name;
        self.facts.event(&mut last_event, || EventDetails::MapIterationStarted { name, index });
        let item = MapItem::new(index, value.clone());
        let (entered_time, entered_event) = map.entered;
        let context = context(self.facts, map.info, &map.variables, 0, Some(&item)).entered_at(entered_time);
        let input = self
            .program
            .select_item(map.state, &map.iterations.input, value.clone(), &context)
            .map_err(|error| (index, self.facts.failed(error, map.info, entered_event, &mut last_event)))?;
        let at = Position::new(map.iterations.processor, input, map.variables.clone(), last_event);
        self.turn(Lane { index, at, item: Some(item), map: Some(map.info.name) }, FIRST_TRANSITIONS)
    }

    /// Takes note of how far an iteration came; `true` if it has ended.
    fn turned<'l>(
        &'l self,
        map: &MapState,
        lanes: &mut Lanes<'l>,
        last_event: &mut u64,
        turn: Result<Turn, LaneError>,
        may_be_busy: bool,
    ) -> Result<bool, Error> {
        match turn.map(|turn| self.note(lanes, turn, may_be_busy)).transpose() {
            None => Ok(false),
            Some(ended) => self.iterated(map, lanes, last_event, ended).map(|()| true),
        }
    }

    /// Waits for an iteration to end; `false` where none runs.
    async fn next(&self, map: &MapState, lanes: &mut Lanes<'_>, last_event: &mut u64) -> Result<bool, Error> {
        match lanes.running.next().await {
            None => Ok(false),
            Some(ended) => self.iterated(map, lanes, last_event, ended).map(|()| true),
        }
    }

    /// Takes note of an iteration that has ended.
    fn iterated(
        &self,
        map: &MapState,
        lanes: &mut Lanes<'_>,
        last_event: &mut u64,
        ended: Result<Lane, LaneError>,
    ) -> Result<(), Error> {
        match ended {
            Ok(Lane { index, at, .. }) => {
                *last_event = at.last_event;
                let name = map.info.name;
                self.facts
                    .event_beside(at.last_event, || EventDetails::MapIterationSucceeded { name, index });
                lanes.put(index, at.data);
                Ok(())
            }
            Err(error) => self.iteration_failed(map, lanes, last_event, error),
        }
    }

    /// A failed iteration fails the Map, unless it is tolerated: then its Error Output stands where its output would. An error that
    /// nothing catches ends the execution, of which an iteration of an inline Map is a part, and is never tolerated.
    #[cold]
    fn iteration_failed(
        &self,
        map: &MapState,
        lanes: &mut Lanes<'_>,
        last_event: &mut u64,
        (index, error): LaneError,
    ) -> Result<(), Error> {
        let name = map.info.name;
        self.facts.event_beside(error.event(), || EventDetails::MapIterationFailed { name, index });
        let Some(tolerance) = map.tolerance.filter(|_| !error.is_fatal()) else { return Err(error) };
        *last_event = error.event();
        lanes.failed += 1;
        let total = u64::try_from(map.iterations.items.len()).ok();
        if tolerance.is_exceeded(lanes.failed, total) {
            return Err(Tolerance::error().after_event(*last_event));
        }
        lanes.put(index, error.output());
        Ok(())
    }
}

/// A Map state at work.
struct MapState {
    state: StateId,
    info: &'static StateInfo,
    tolerance: Option<Tolerance>,
    iterations: Iterations<StateId>,
    entered: (Option<Timestamp>, u64),
    variables: Object,
}
