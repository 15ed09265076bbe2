//! Listens to an execution, and puts its events back into the order of the machine: lanes, and in them steps.
//!
//! In: events and decisions. Out: [`Traced`]. Each event follows another one, and so is in its lane, unless it begins or ends one.

use super::coverage::Coverage;
use super::path::PathStep;
use asl_engine::context::ExecutionContext;
use asl_engine::history::{Decision, Event, EventDetails, Needs, Observer};
use asl_engine::machine::StateType;
use asl_value::{Text, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of an execution that has ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Traced {
    pub(super) steps: Vec<PathStep>,
    pub(super) sent: BTreeMap<Text, Vec<Value>>,
    pub(super) coverage: Coverage,
}

/// The observer.
#[derive(Debug, Default)]
pub(super) struct Trace(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    lanes: Vec<Lane>,
    /// The first lane of each execution: a distributed Map starts separate executions.
    executions: HashMap<Text, usize>,
    /// Where events are, by execution and number.
    places: HashMap<(Text, u64), EventPlace>,
    /// The step whose distributed Map began last.
    map_run: Option<At>,
    /// The state that is left by a catcher.
    caught: Option<Text>,
    /// The states that were tried again.
    retried: HashSet<Text>,
    sent: BTreeMap<Text, Vec<Value>>,
    coverage: Coverage,
}

/// An execution, a branch or an iteration.
#[derive(Debug, Default)]
struct Lane {
    /// The step that it is a branch or an iteration of.
    holder: Option<At>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    state: Text,
    state_type: StateType,
    lanes: Vec<usize>,
}

/// A step of a lane.
#[derive(Clone, Copy, Debug)]
struct At {
    lane: usize,
    entry: usize,
}

/// Where an event is.
#[derive(Clone, Debug)]
struct EventPlace {
    lane: usize,
    after: After,
}

/// What the next event of the lane follows.
#[derive(Clone, Debug)]
enum After {
    /// Something within a state.
    Other,
    /// The event of entering a state.
    Entered,
    /// The event of leaving a state.
    Exited(Text),
    /// The event of beginning branches.
    Branches(At),
}

impl Trace {
    /// Names the execution that is tested.
    pub(super) fn begin(&self, execution: &Text) {
        let mut inner = self.lock();
        inner.lanes.push(Lane::default());
        inner.executions.insert(execution.clone(), 0);
    }

    /// Notes what a task was sent.
    pub(super) fn sent(&self, state: &Text, parameters: &Value) {
        self.lock().sent.entry(state.clone()).or_default().push(parameters.clone());
    }

    /// What was heard.
    pub(super) fn take(&self) -> Traced {
        let inner = std::mem::take(&mut *self.lock());
        Traced { steps: inner.steps(0), sent: inner.sent, coverage: inner.coverage }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Trace {
    fn needs(&self) -> Needs {
        Needs { decisions: true, ..Needs::EVENTS }
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        let mut inner = self.lock();
        let from = inner.from(&execution.name, event.previous_event_id);
        let place = inner.hear(from, &event.details);
        inner.places.insert((execution.name.clone(), event.id), place);
    }

    fn decision(&self, _execution: &ExecutionContext, decision: &Decision) {
        let mut inner = self.lock();
        match decision {
            Decision::TookRule { state, rule } => count(&mut inner.coverage.rules, (state.clone(), *rule)),
            Decision::Caught { state, catcher } => {
                inner.caught = Some(state.clone());
                count(&mut inner.coverage.catchers, (state.clone(), *catcher));
            }
            Decision::Retried { state, retrier } => {
                inner.retried.insert(state.clone());
                count(&mut inner.coverage.retriers, (state.clone(), *retrier));
            }
            _ => {}
        }
    }
}

fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    *counts.entry(key).or_default() += 1;
}

impl Inner {
    /// Where the event is that another one follows; the first event of an execution follows none.
    fn from(&mut self, execution: &Text, previous: u64) -> EventPlace {
        if let Some(place) = self.places.get(&(execution.clone(), previous)) {
            return place.clone();
        }
        let lane = match self.executions.get(execution) {
            Some(lane) => *lane,
            None => {
                let lane = self.open(self.map_run);
                self.executions.insert(execution.clone(), lane);
                lane
            }
        };
        EventPlace { lane, after: After::Other }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all other events are within a state")]
    fn hear(&mut self, from: EventPlace, details: &EventDetails) -> EventPlace {
        match details {
            EventDetails::StateEntered { state_type, name, .. } => {
                self.entered(from, name.clone(), *state_type)
            }
            EventDetails::StateExited { name, .. } => {
                let lane = self.find(from.lane, |entry| entry.state == *name).map_or(from.lane, |at| at.lane);
                let is_caught = self.caught.take_if(|caught| caught == name).is_some();
                EventPlace { lane, after: if is_caught { After::Other } else { After::Exited(name.clone()) } }
            }
            EventDetails::ParallelStateStarted => match self.holder(&from) {
                Some(at) => EventPlace { lane: at.lane, after: After::Branches(at) },
                None => from,
            },
            EventDetails::MapStateStarted { .. } => {
                let lane = self.holder(&from).map_or(from.lane, |at| at.lane);
                EventPlace { lane, after: After::Entered }
            }
            EventDetails::MapIterationStarted { name, .. } => {
                let holder = self.find(from.lane, |entry| entry.state == *name);
                EventPlace { lane: self.open(holder), after: After::Other }
            }
            EventDetails::MapRunStarted { .. } => {
                self.map_run = self.holder(&from);
                EventPlace { after: After::Other, ..from }
            }
            _ => EventPlace { after: After::Other, ..from },
        }
    }

    fn entered(&mut self, from: EventPlace, name: Text, state_type: StateType) -> EventPlace {
        count(&mut self.coverage.states, name.clone());
        let lane = match from.after {
            After::Exited(before) => {
                count(&mut self.coverage.transitions, (before, name.clone()));
                from.lane
            }
            After::Branches(at) => self.open(Some(at)),
            After::Entered | After::Other => from.lane,
        };
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.entries.push(Entry { state: name, state_type, lanes: Vec::new() });
        }
        EventPlace { lane, after: After::Entered }
    }

    /// The step whose branches or iterations begin: the last one, or, after an error within, one that was tried again.
    fn holder(&self, from: &EventPlace) -> Option<At> {
        let retried = &self.retried;
        self.find(from.lane, |entry| match entry.state_type {
            StateType::Parallel | StateType::Map => {
                matches!(from.after, After::Entered) || retried.contains(&entry.state)
            }
            StateType::Pass
            | StateType::Task
            | StateType::Choice
            | StateType::Wait
            | StateType::Succeed
            | StateType::Fail => false,
        })
    }

    /// The last step of the lane, or of the lanes around it, that is looked for.
    fn find(&self, mut lane: usize, is_it: impl Fn(&Entry) -> bool) -> Option<At> {
        loop {
            let here = self.lanes.get(lane)?;
            if here.entries.last().is_some_and(&is_it) {
                return Some(At { lane, entry: here.entries.len() - 1 });
            }
            lane = here.holder?.lane;
        }
    }

    /// A new lane.
    fn open(&mut self, holder: Option<At>) -> usize {
        let number = self.lanes.len();
        self.lanes.push(Lane { holder, entries: Vec::new() });
        let entry = holder.and_then(|at| self.lanes.get_mut(at.lane)?.entries.get_mut(at.entry));
        if let Some(entry) = entry {
            entry.lanes.push(number);
        }
        number
    }

    /// The steps of a lane. Machines are not nested so deeply that this could matter.
    fn steps(&self, lane: usize) -> Vec<PathStep> {
        let entries = self.lanes.get(lane).into_iter().flat_map(|lane| &lane.entries);
        entries
            .map(|entry| PathStep {
                state: entry.state.clone(),
                lanes: entry.lanes.iter().map(|lane| self.steps(*lane)).collect(),
            })
            .collect()
    }
}
