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
use crate::value::Value;
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

    pub(super) async fn parallel(
        &self,
        at: &mut Position,
        item: Option<&MapItem>,
        branches: &[StateId],
        input: Value,
    ) -> Result<Value, Error> {
        let facts = self.facts;
        facts.event(&mut at.last_event, || EventDetails::ParallelStateStarted);
        let started = at.last_event;
        let result = self.branches(started, &mut at.last_event, item, branches, input).await;
        facts.event(&mut at.last_event, || match &result {
            Ok(_) => EventDetails::ParallelStateSucceeded,
            Err(_) => EventDetails::ParallelStateFailed,
        });
        result
    }

    async fn branches(
        &self,
        started: u64,
        last_event: &mut u64,
        item: Option<&MapItem>,
        branches: &[StateId],
        input: Value,
    ) -> Result<Value, Error> {
        let mut lanes = Lanes::new(branches.len());
        for (index, state) in branches.iter().enumerate() {
            match self.start(index, Position::new(*state, input.clone(), started), item.cloned())? {
                Lane::Ended(at) => {
                    *last_event = at.last_event;
                    lanes.put(index, at.data);
                }
                Lane::Running(lane) => lanes.running.push(lane),
            }
        }
        while let Some((index, at)) = lanes.running.try_next().await.map_err(|(_, error)| error)? {
            *last_event = at.last_event;
            lanes.put(index, at.data);
        }
        Ok(lanes.outputs.into())
    }

    pub(super) async fn map(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        iterations: Iterations<StateId>,
    ) -> Result<Value, Error> {
        let facts = self.facts;
        let length = iterations.items.len();
        facts.event(&mut at.last_event, || EventDetails::MapStateStarted { length });
        let map = MapState { state: at.state, info, started: at.last_event, iterations, entered: (at.entered_time, at.entered_event) };
        let result = self.iterate(&map, &mut at.last_event).await;
        facts.event(&mut at.last_event, || match &result {
            Ok(_) => EventDetails::MapStateSucceeded,
            Err(_) => EventDetails::MapStateFailed,
        });
        result
    }

    async fn iterate(&self, map: &MapState, last_event: &mut u64) -> Result<Value, Error> {
        let limit = map.iterations.max_concurrency.unwrap_or(usize::MAX);
        let mut lanes = Lanes::new(map.iterations.items.len());
        for (index, value) in map.iterations.items.iter().enumerate() {
            let failed = |error| self.failed(map, index, error);
            match self.start_iteration(map, index, value).map_err(failed)? {
                Lane::Ended(at) => self.iterated(map, &mut lanes, last_event, index, at),
                Lane::Running(lane) => lanes.running.push(lane),
            }
            while lanes.running.len() >= limit && self.next(map, &mut lanes, last_event).await? {}
            if index % LANES_AT_ONCE == LANES_AT_ONCE - 1 {
                yield_now().await;
            }
        }
        while self.next(map, &mut lanes, last_event).await? {}
        Ok(lanes.outputs.into())
    }

    fn start_iteration(&self, map: &MapState, index: usize, value: &Value) -> Result<Lane<'_>, Error> {
        let mut last_event = map.started;
        let name = map.info.name;
        self.facts.event(&mut last_event, || EventDetails::MapIterationStarted { name, index });
        let item = MapItem { index, value: value.clone() };
        let (entered_time, entered_event) = map.entered;
        let context = context(self.facts, map.info, 0, Some(&item)).entered_at(entered_time);
        let input = self
            .program
            .select_item(map.state, &map.iterations.input, value.clone(), &context)
            .map_err(|error| error.in_state(name, entered_event).after_event(last_event))?;
        self.start(index, Position::new(map.iterations.processor, input, last_event), Some(item))
    }

    /// Waits for an iteration to end; `false` where none runs.
    async fn next(&self, map: &MapState, lanes: &mut Lanes<'_>, last_event: &mut u64) -> Result<bool, Error> {
        match lanes.running.try_next().await {
            Ok(None) => Ok(false),
            Ok(Some((index, at))) => {
                self.iterated(map, lanes, last_event, index, at);
                Ok(true)
            }
            Err((index, error)) => Err(self.failed(map, index, error)),
        }
    }

    fn iterated(&self, map: &MapState, lanes: &mut Lanes<'_>, last_event: &mut u64, index: usize, at: Position) {
        *last_event = at.last_event;
        let name = map.info.name;
        self.facts.event(last_event, || EventDetails::MapIterationSucceeded { name, index });
        lanes.put(index, at.data);
    }

    fn failed(&self, map: &MapState, index: usize, error: Error) -> Error {
        let (mut last_event, name) = (map.started, map.info.name);
        self.facts.event(&mut last_event, || EventDetails::MapIterationFailed { name, index });
        error
    }
}

/// A Map state at work.
struct MapState {
    state: StateId,
    info: &'static StateInfo,
    started: u64,
    iterations: Iterations<StateId>,
    entered: (Option<asl_language::timestamp::Timestamp>, u64),
}
