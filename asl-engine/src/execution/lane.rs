//! Lanes: lines of states, of which an execution has one, and more within Parallel and Map states.

use super::Ready;
use super::address::{EffectId, LaneAddress, inner_seed};
use super::map_run::MapRunAtWork;
use super::redrive::Remains;
use super::want::{Perform, Timer};
use crate::Shared;
use crate::context::MapItem;
use crate::error::{Error, TaskError};
use crate::machine::{Effect, Iterations};
use crate::map_run::Tolerance;
use crate::program::StateId;
use crate::turn::{Position, renumbered};
use asl_language::timestamp::Timestamp;
use asl_value::Value;
use std::collections::BTreeMap;

/// The place of a lane among the lanes of its execution.
pub(super) type LaneKey = u32;

/// A line of states: where it is, and what it waits for.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) at: Position,
    /// Known from when the lane first asks for something; most lanes of Map states never do.
    pub(super) address: LaneAddress,
    pub(super) parent: Option<Parent>,
    pub(super) item: Option<MapItem>,
    /// This is an iteration of a Map state.
    pub(super) is_iteration: bool,
    /// It is in a state whose work has begun.
    pub(super) stays: bool,
    /// Where its chance begins.
    pub(super) seed: u64,
    /// How many states have asked for something.
    pub(super) visit: u32,
    /// How often the state has been tried again.
    pub(super) attempt: u32,
    /// How often each retrier of the state was used.
    pub(super) retries: Vec<u32>,
    /// How many transitions are left of a turn that was interrupted; 0 if none was.
    pub(super) left: u32,
    /// The last event before the lane first waited for anything; 0 until then.
    pub(super) begun_after: u64,
    pub(super) doing: Doing,
    /// What is left of the work of its state, which failed, as long as nothing has come of that.
    pub(super) remains: Option<Box<Remains>>,
}

/// The state that a lane is a branch or an iteration of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parent {
    pub(super) lane: LaneKey,
    pub(super) index: u32,
}

/// What a lane does.
#[derive(Debug)]
pub(super) enum Doing {
    /// It is ready for a turn.
    Turn(LaneStep),
    /// It is ready for its state's work to begin.
    Begin(Effect<StateId>),
    /// It waits for a time.
    Timer { timer: Timer, due: Timestamp },
    /// It waits for a task.
    Task(TaskAtWork),
    /// It waits for branches.
    Branches(Box<Branches>),
    /// It waits for iterations.
    Iterations(Box<MapAtWork>),
    /// It waits for child executions.
    MapRun(Box<MapRunAtWork>),
    /// It has been taken out to be worked on.
    Nothing,
}

/// What is to be done in a turn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LaneStep {
    /// Enter the state.
    Enter,
    /// Make the input of the iteration from the effective input of its Map, and enter the state.
    Select { input: Value, map: StateId },
    /// Leave the state after its work, or try it again, or catch its error.
    Settle(Result<Value, Error>),
    /// Enter the state once more.
    Again,
}

/// A task under way.
#[derive(Debug)]
pub(super) struct TaskAtWork {
    pub(super) perform: Shared<Perform>,
    pub(super) phase: Phase,
    /// Where it has any.
    pub(super) limits: Option<Box<TaskLimits>>,
    /// What came in for the token before the service had answered.
    pub(super) early: Option<Box<Result<Value, TaskError>>>,
    /// What the service answered when it started the job.
    pub(super) submitted: Option<Value>,
}

/// When a task has taken too long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TaskLimits {
    pub(super) timeout: Option<Timestamp>,
    pub(super) heartbeat: Option<Timestamp>,
}

impl TaskAtWork {
    /// Whether the time of a timer has come.
    pub(super) fn are_over(&self, timer: Timer, now: Timestamp) -> bool {
        let due = self.limits.as_ref().and_then(|limits| match timer {
            Timer::Timeout => limits.timeout,
            Timer::Heartbeat => limits.heartbeat,
            Timer::Wait | Timer::Retry => None,
        });
        due.is_some_and(|due| now >= due)
    }
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its resource was asked.
    Asked,
    /// Its job was started.
    Submitted,
    /// Its resource has answered, and its token is waited for.
    Called,
    /// Its activity was asked to take it.
    Offered,
    /// Its activity has it.
    Queued,
    /// A worker has it.
    Worked,
}

/// A Parallel state at work.
#[derive(Debug, Default)]
pub(super) struct Branches {
    pub(super) outputs: Vec<Value>,
    pub(super) lanes: BTreeMap<u32, LaneKey>,
}

/// A Map state at work.
#[derive(Debug)]
pub(super) struct MapAtWork {
    pub(super) iterations: Iterations<StateId>,
    pub(super) tolerance: Option<Tolerance>,
    /// The number of the iteration that is started next.
    pub(super) next: u32,
    /// That one, if its first turn was interrupted.
    pub(super) begun: Option<Box<Lane>>,
    /// How many failures were tolerated.
    pub(super) failed: u64,
    /// The event that the next iteration follows.
    pub(super) follows: u64,
    pub(super) outputs: Vec<Value>,
    /// The iterations that wait for something.
    pub(super) lanes: BTreeMap<u32, LaneKey>,
}

impl MapAtWork {
    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.iterations.items.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn limit(&self) -> usize {
        self.iterations.max_concurrency.unwrap_or(usize::MAX).max(1)
    }

    /// Whether another iteration may start now.
    pub(super) fn has_room(&self) -> bool {
        self.has_room_for(0)
    }

    /// Whether the iteration may start now that is so many after the next one.
    pub(super) fn has_room_for(&self, ahead: u32) -> bool {
        self.next.saturating_add(ahead) < self.length()
            && self.lanes.len().saturating_add(ahead as usize) < self.limit()
    }

    pub(super) fn is_over(&self) -> bool {
        self.next >= self.length() && self.lanes.is_empty()
    }
}

impl Lane {
    /// What its state asks for is about to be done.
    pub(super) const fn work_begins(&mut self) {
        if self.begun_after == 0 {
            self.begun_after = self.at.last_event;
        }
        self.stays = true;
    }

    pub(super) const fn root(at: Position, seed: u64) -> Self {
        Self {
            at,
            address: LaneAddress::ROOT,
            parent: None,
            item: None,
            is_iteration: false,
            stays: false,
            seed,
            visit: 0,
            attempt: 0,
            retries: Vec::new(),
            left: 0,
            begun_after: 0,
            doing: Doing::Turn(LaneStep::Enter),
            remains: None,
        }
    }

    /// A branch or an iteration of the state that another lane is in.
    pub(super) fn inner(around: &Self, key: LaneKey, index: u32, at: Position) -> Self {
        let mut lane = Self::root(at, inner_seed(around.seed, around.visit, index));
        lane.parent = Some(Parent { lane: key, index });
        lane
    }

    /// Another one at the same place, to take a turn ahead.
    pub(super) fn copy(&self) -> Box<Self> {
        let at = Position {
            data: self.at.data.clone(),
            variables: self.at.variables.clone(),
            task_token: self.at.task_token.clone(),
            ..self.at
        };
        Box::new(Self {
            at,
            address: self.address.clone(),
            item: self.item.clone(),
            retries: self.retries.clone(),
            doing: Doing::Nothing,
            remains: None,
            ..*self
        })
    }

    /// The lanes of the branches or iterations that it waits for, by their numbers.
    pub(super) fn inner_lanes(&self) -> Option<&BTreeMap<u32, LaneKey>> {
        match &self.doing {
            Doing::Branches(branches) => Some(&branches.lanes),
            Doing::Iterations(map) => Some(&map.lanes),
            Doing::Turn(_)
            | Doing::Begin(_)
            | Doing::Timer { .. }
            | Doing::Task(_)
            | Doing::MapRun(_)
            | Doing::Nothing => None,
        }
    }

    /// As what it is among those that can go on. Code that changes what it does has to see to that.
    pub(super) fn ready(&self, key: LaneKey) -> Option<Ready> {
        match &self.doing {
            Doing::Turn(_) | Doing::Begin(_) => Some(Ready::Lane(key)),
            Doing::Iterations(map) => map.has_room().then_some(Ready::Map(key)),
            Doing::MapRun(at_work) => at_work.is_ready().then_some(Ready::Map(key)),
            Doing::Timer { .. } | Doing::Task(_) | Doing::Branches(_) | Doing::Nothing => None,
        }
    }

    /// How many transitions its next turn has at most.
    pub(super) const fn transitions(&self, usually: u32) -> u32 {
        if self.left > 0 { self.left } else { usually }
    }

    /// The effect that the lane waits for.
    pub(super) fn effect(&self) -> EffectId {
        EffectId { lane: self.address.clone(), visit: self.visit, attempt: self.attempt }
    }

    /// Moves the numbers of the events since `from` on.
    pub(super) fn renumber(&mut self, from: u64, by: u64) {
        self.at.renumber(from, by);
        self.begun_after = renumbered(self.begun_after, from, by);
    }
}

/// Lanes by their keys. A key is used again when its lane has ended, always the same way, so that a replay has the same keys.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// The lane of [`ROOT`], the only one that most executions have.
    root: Option<Box<Lane>>,
    inner: Option<Box<InnerLanes>>,
    /// Memory of a lane that has ended, for the next one.
    spare: Option<Box<Lane>>,
}

/// The lanes within Parallel and Map states.
#[derive(Debug, Default)]
struct InnerLanes {
    /// From that of the key after [`ROOT`] on.
    lanes: Vec<Option<Box<Lane>>>,
    free: Vec<LaneKey>,
}

impl Lanes {
    /// Lanes by the keys from [`ROOT`] on, and the keys that are free.
    pub(super) fn new(lanes: Vec<Option<Box<Lane>>>, free: Vec<LaneKey>) -> Self {
        let mut lanes = lanes.into_iter();
        let root = lanes.next().flatten();
        let inner = InnerLanes { lanes: lanes.collect(), free };
        let is_empty = inner.lanes.is_empty() && inner.free.is_empty();
        Self { root, inner: (!is_empty).then(|| Box::new(inner)), spare: None }
    }

    fn inner(&self) -> &[Option<Box<Lane>>] {
        self.inner.as_ref().map_or(&[], |inner| &inner.lanes)
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        let inner = self.inner().len();
        if self.root.is_none() && inner == 0 { 0 } else { inner + 1 }
    }

    /// What there is for each key.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Option<Box<Lane>>> {
        std::iter::once(&self.root).chain(self.inner()).take(self.len())
    }

    /// The keys that are free.
    pub(super) fn free(&self) -> &[LaneKey] {
        self.inner.as_ref().map_or(&[], |inner| &inner.free)
    }

    /// The lane in which the execution starts.
    pub(super) fn insert_root(&mut self, lane: Lane) {
        self.root = Some(Box::new(lane));
    }

    pub(super) fn insert(&mut self, lane: Lane) -> LaneKey {
        let key = self.reserve();
        let lane = self.keep(lane);
        self.put_back(key, lane);
        key
    }

    /// So many lanes are to be put there.
    pub(super) fn make_room(&mut self, lanes: usize) {
        let inner = self.inner.get_or_insert_default();
        inner.lanes.reserve(lanes.saturating_sub(inner.free.len()));
    }

    /// The key of a lane that is put there later.
    pub(super) fn reserve(&mut self) -> LaneKey {
        let InnerLanes { lanes, free } = &mut **self.inner.get_or_insert_default();
        free.pop().unwrap_or_else(|| {
            lanes.push(None);
            u32::try_from(lanes.len()).unwrap_or(u32::MAX)
        })
    }

    fn place(&mut self, key: LaneKey) -> Option<&mut Option<Box<Lane>>> {
        match key.checked_sub(1) {
            None => Some(&mut self.root),
            Some(place) => self.inner.as_mut()?.lanes.get_mut(place as usize),
        }
    }

    pub(super) fn get(&self, key: LaneKey) -> Option<&Lane> {
        match key.checked_sub(1) {
            None => self.root.as_deref(),
            Some(place) => self.inner().get(place as usize)?.as_deref(),
        }
    }

    /// Takes a lane out to work on it.
    pub(super) fn take(&mut self, key: LaneKey) -> Option<Box<Lane>> {
        self.place(key)?.take()
    }

    /// Puts a lane back that was taken out.
    pub(super) fn put_back(&mut self, key: LaneKey, lane: Box<Lane>) {
        if let Some(place) = self.place(key) {
            *place = Some(lane);
        }
    }

    /// Frees the key of a lane that was taken out.
    pub(super) fn release(&mut self, key: LaneKey) {
        self.inner.get_or_insert_default().free.push(key);
    }

    /// A lane as it is kept.
    pub(super) fn keep(&mut self, lane: Lane) -> Box<Lane> {
        match self.spare.take() {
            Some(mut spare) => {
                *spare = lane;
                spare
            }
            None => Box::new(lane),
        }
    }

    /// Lets the next lane have the memory of one that has ended.
    pub(super) fn reuse(&mut self, lane: Box<Lane>) {
        self.spare = Some(lane);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}
