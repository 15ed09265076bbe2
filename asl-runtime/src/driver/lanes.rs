//! Parallel and Map: several lines of states at once, their results in order, the first failure ending them all.
//!
//! A lane runs as far as it comes by itself as soon as it is started; only one that asks for something becomes a future. So
//! branches and iterations that only transform data cost no allocation and no scheduling.

use super::{Driver, yield_now};
use crate::context::MapItem;
use crate::error::Error;
use crate::history::EventDetails;
use crate::host::Host;
use crate::machine::{Iterations, StateInfo};
use crate::program::{Advance, Position, StateId, context};
use crate::task::BoxFuture;
use crate::value::{Object, Value};
use asl_language::timestamp::Timestamp;
use futures_util::stream::{FuturesUnordered, TryStreamExt};

/// After this many lanes that ended by themselves others may run.
const LANES_AT_ONCE: usize = 256;

/// A branch or an iteration.
enum Lane<'a> {
    Ended(Position),
    Running(RunningLane<'a>),
}

/// Ends with the number of the lane.
type RunningLane<'a> = BoxFuture<'a, Result<(usize, Position), (usize, Error)>>;

/// The lanes of one state.
struct Lanes<'a> {
    outputs: Vec<Value>,
    running: FuturesUnordered<RunningLane<'a>>,
}

impl Lanes<'_> {
    fn new(length: usize) -> Self {
        Self { outputs: vec![Value::Null; length], running: FuturesUnordered::new() }
    }

    fn put(&mut self, index: usize, output: Value) {
        if let Some(place) = self.outputs.get_mut(index) {
            *place = output;
        }
    }
}

impl<H: Host> Driver<'_, H> {
    /// Starts a lane, and runs it as far as it comes by itself.
    fn start(&self, index: usize, mut at: Position, item: Option<MapItem>) -> Result<Lane<'_>, Error> {
        match self.program.advance(&mut at, self.facts, item.as_ref())? {
            Advance::Ended => Ok(Lane::Ended(at)),
            first @ (Advance::Yielded | Advance::Asked(_)) => Ok(Lane::Running(Box::pin(async move {
                let ended = self.go_on(at, item.as_ref(), first).await;
                ended.map(|at| (index, at)).map_err(|error| (index, error))
            }))),
        }
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
        let outputs = self.branches(at, item, branches, input).await?;
        self.facts.event_beside(at.last_event, || EventDetails::ParallelStateSucceeded);
        Ok(outputs)
    }

    async fn branches(
        &self,
        state: &mut Position,
        item: Option<&MapItem>,
        branches: &[StateId],
        input: Value,
    ) -> Result<Value, Error> {
        let started = state.last_event;
        let mut lanes = Lanes::new(branches.len());
        for (index, first) in branches.iter().enumerate() {
            match self.start(index, Position::new(*first, input.clone(), state.variables.clone(), started), item.cloned())? {
                Lane::Ended(at) => {
                    state.last_event = at.last_event;
                    lanes.put(index, at.data);
                }
                Lane::Running(lane) => lanes.running.push(lane),
            }
        }
        while let Some((index, at)) = lanes.running.try_next().await.map_err(|(_, error)| error)? {
            state.last_event = at.last_event;
            lanes.put(index, at.data);
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
            iterations,
            entered: (at.entered_time, at.entered_event),
            variables: at.variables.clone(),
        };
        let outputs = self.iterate(&map, &mut at.last_event).await?;
        self.facts.event_beside(at.last_event, || EventDetails::MapStateSucceeded);
        Ok(outputs)
    }

    async fn iterate(&self, map: &MapState, last_event: &mut u64) -> Result<Value, Error> {
        let limit = map.iterations.max_concurrency.unwrap_or(usize::MAX);
        let mut lanes = Lanes::new(map.iterations.items.len());
        // An iteration follows the start of the Map, or the end of the one that made room for it.
        let mut follows = *last_event;
        for (index, value) in map.iterations.items.iter().enumerate() {
            match self.start_iteration(map, index, value, follows).map_err(|error| self.iteration_failed(map, index, error))? {
                Lane::Running(lane) => lanes.running.push(lane),
                Lane::Ended(at) => {
                    self.iterated(map, &mut lanes, last_event, index, at);
                    if limit == 1 {
                        follows = *last_event;
                    }
                }
            }
            while lanes.running.len() >= limit && self.next(map, &mut lanes, last_event).await? {
                follows = *last_event;
            }
            if index % LANES_AT_ONCE == LANES_AT_ONCE - 1 {
                yield_now().await;
            }
        }
        while self.next(map, &mut lanes, last_event).await? {}
        Ok(lanes.outputs.into())
    }

    fn start_iteration(&self, map: &MapState, index: usize, value: &Value, follows: u64) -> Result<Lane<'_>, Error> {
        let mut last_event = follows;
        let name = map.info.name;
        self.facts.event(&mut last_event, || EventDetails::MapIterationStarted { name, index });
        let item = MapItem { index, value: value.clone() };
        let (entered_time, entered_event) = map.entered;
        let context = context(self.facts, map.info, &map.variables, 0, Some(&item)).entered_at(entered_time);
        let input = self
            .program
            .select_item(map.state, &map.iterations.input, value.clone(), &context)
            .map_err(|error| error.in_state(name, entered_event).after_event(last_event))?;
        self.start(index, Position::new(map.iterations.processor, input, map.variables.clone(), last_event), Some(item))
    }

    /// Waits for an iteration to end; `false` where none runs.
    async fn next(&self, map: &MapState, lanes: &mut Lanes<'_>, last_event: &mut u64) -> Result<bool, Error> {
        match lanes.running.try_next().await {
            Ok(None) => Ok(false),
            Ok(Some((index, at))) => {
                self.iterated(map, lanes, last_event, index, at);
                Ok(true)
            }
            Err((index, error)) => Err(self.iteration_failed(map, index, error)),
        }
    }

    fn iterated(&self, map: &MapState, lanes: &mut Lanes<'_>, last_event: &mut u64, index: usize, at: Position) {
        *last_event = at.last_event;
        let name = map.info.name;
        self.facts.event_beside(at.last_event, || EventDetails::MapIterationSucceeded { name, index });
        lanes.put(index, at.data);
    }

    fn iteration_failed(&self, map: &MapState, index: usize, error: Error) -> Error {
        let name = map.info.name;
        self.facts.event_beside(error.event(), || EventDetails::MapIterationFailed { name, index });
        error
    }
}

/// A Map state at work.
struct MapState {
    state: StateId,
    info: &'static StateInfo,
    iterations: Iterations<StateId>,
    entered: (Option<Timestamp>, u64),
    variables: Object,
}
