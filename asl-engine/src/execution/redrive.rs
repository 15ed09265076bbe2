//! Redrives: an execution that has ended without success goes on with what failed in it, and with nothing else.
//!
//! What is left of the work of a state that fails stays with its lane until something comes of that: the outputs of branches and iterations
//! that have ended, and the lanes of those that failed or were stopped, each in the state that it was in. When the execution ends, they all
//! stay with its root. A lane that goes on does its state again from the same input, with all its retriers, and under another name; a
//! state within which nothing failed is done as a whole.

use super::lane::{Branches, Doing, Lane, LaneKey, LaneStep, MapAtWork, Parent};
use super::map_run::{MapRunAtWork, MapRunEnd};
use super::{EffectId, Execution, ROOT, Timer, Want, next_visit};
use crate::Shared;
use crate::context::Redrive;
use crate::error::Status;
use crate::history::EventDetails;
use asl_language::timestamp::Timestamp;
use asl_value::Value;
use std::collections::BTreeMap;

/// What is left of the work of a state.
#[derive(Debug)]
pub(super) enum Remains {
    /// Branches: the outputs of those that have ended, and the lanes of the others.
    Branches { outputs: Vec<Value>, lanes: Left },
    /// Iterations: those that have not started are still to come.
    Iterations { map: Box<MapAtWork>, lanes: Left },
    /// Child executions.
    MapRun(Box<MapRunAtWork>),
}

/// Lanes of branches or iterations that did not come to their ends.
pub(super) type Left = BTreeMap<u32, Box<Lane>>;

impl Remains {
    /// Takes the work of a lane's state that other lanes do, and the keys of these.
    pub(super) fn of_lanes(around: &mut Lane) -> Option<(Self, BTreeMap<u32, LaneKey>)> {
        match std::mem::replace(&mut around.doing, Doing::Nothing) {
            Doing::Branches(branches) => {
                let Branches { outputs, lanes } = *branches;
                Some((Self::Branches { outputs, lanes: Left::new() }, lanes))
            }
            Doing::Iterations(mut map) => {
                let lanes = std::mem::take(&mut map.lanes);
                Some((Self::Iterations { map, lanes: Left::new() }, lanes))
            }
            other => {
                around.doing = other;
                None
            }
        }
    }

    /// Keeps a lane that failed or was stopped.
    pub(super) fn keep(&mut self, index: u32, mut lane: Box<Lane>) {
        lane.leave_off();
        if let Self::Branches { lanes, .. } | Self::Iterations { lanes, .. } = self {
            lanes.insert(index, lane);
        }
    }
}

impl Lane {
    /// What it does next, if it ever does, and with all its retriers. A result that was told is not asked for again.
    fn leave_off(&mut self) {
        // As on AWS, a redriven state has all its attempts once more.
        self.attempt = 0;
        self.retries.clear();
        self.left = 0;
        self.doing = match std::mem::replace(&mut self.doing, Doing::Nothing) {
            Doing::Turn(step @ (LaneStep::Enter | LaneStep::Select { .. } | LaneStep::Settle(Ok(_)))) => {
                Doing::Turn(step)
            }
            Doing::MapRun(at_work) => {
                self.remains = Some(Box::new(Remains::MapRun(at_work)));
                Doing::Turn(LaneStep::Again)
            }
            Doing::Begin(_) => Doing::Turn(LaneStep::Again),
            _ => Doing::Turn(if self.stays { LaneStep::Again } else { LaneStep::Enter }),
        };
    }

    /// What comes of its state now is not what came of it before.
    fn begin_again(&mut self) {
        if matches!(self.doing, Doing::Turn(LaneStep::Again)) {
            self.visit = next_visit(self.visit);
            // Chance is drawn by the number of the visit, so that a state that failed by chance does not fail the same way again.
            self.at.entered = self.at.entered.wrapping_add(1);
        }
    }
}

impl Execution {
    /// Takes a lane out with all that is within it, for a redrive.
    pub(super) fn leave_off(&mut self, key: LaneKey) -> Option<Box<Lane>> {
        let mut lane = self.lanes.take(key)?;
        if let Some((mut remains, lanes)) = Remains::of_lanes(&mut lane) {
            for (index, key) in lanes {
                if let Some(inner) = self.leave_off(key) {
                    remains.keep(index, inner);
                }
            }
            lane.remains = Some(Box::new(remains));
        }
        lane.leave_off();
        Some(lane)
    }

    /// Goes on with what failed; `false` if nothing is left to go on with.
    pub(super) fn redrive(&mut self, now: Timestamp) -> bool {
        let Some(root) = self.remains.take() else { return false };
        self.now = now;
        self.has_ended = false;
        self.wants.clear();
        let context = Shared::make_mut(&mut self.context);
        let began = context.redrive.as_ref().map_or(context.start_time, |redrive| redrive.time);
        let redrive_count = context.redrive_count().saturating_add(1);
        context.redrive = Some(Box::new(Redrive { count: redrive_count, time: now }));
        let mut last_event = self.events;
        self.event(&mut last_event, || EventDetails::ExecutionRedriven { redrive_count });
        if let Some(due) = &mut self.due {
            // A redriven execution has its whole time once more, counted from the redrive.
            *due = now.plus(due.since(began));
            let due = *due;
            self.wants.push_back(Want::Timer { effect: EffectId::EXECUTION, timer: Timer::Timeout, due });
        }
        self.revive(root, None, last_event);
        true
    }

    fn revive(&mut self, mut lane: Box<Lane>, parent: Option<Parent>, follows: u64) -> LaneKey {
        let key = if parent.is_some() { self.lanes.reserve() } else { ROOT };
        lane.parent = parent;
        lane.at.last_event = follows;
        match lane.remains.take().map(|remains| *remains) {
            Some(Remains::Branches { outputs, lanes }) if !lanes.is_empty() => {
                let lanes = self.revive_inner(key, lanes, follows);
                lane.doing = Doing::Branches(Box::new(Branches { outputs, lanes }));
            }
            Some(Remains::Iterations { mut map, lanes }) if map.next < map.length() || !lanes.is_empty() => {
                map.lanes = self.revive_inner(key, lanes, follows);
                map.follows = follows;
                // Failures that were tolerated have their outputs already, and count. The one that was not runs again.
                lane.doing = Doing::Iterations(map);
            }
            Some(Remains::MapRun(at_work)) => self.revive_map_run(&mut lane, at_work),
            Some(Remains::Branches { .. } | Remains::Iterations { .. }) | None => lane.begin_again(),
        }
        if let Some(ready) = lane.ready(key) {
            self.ready.push_back(ready);
        }
        if parent.is_some() {
            self.lanes.put_back(key, lane);
        } else {
            self.lanes.insert_root(*lane);
        }
        key
    }

    fn revive_inner(&mut self, key: LaneKey, lanes: Left, follows: u64) -> BTreeMap<u32, LaneKey> {
        let revive = |(index, lane)| (index, self.revive(lane, Some(Parent { lane: key, index }), follows));
        lanes.into_iter().map(revive).collect()
    }

    /// A Map Run goes on with the children that did not succeed, and with those that it had not started. Where too many did not for all of them
    /// to be kept, another run takes its place.
    fn revive_map_run(&mut self, lane: &mut Lane, mut at_work: Box<MapRunAtWork>) {
        let redrive = self.context.redrive.clone();
        if !at_work.run_again(&lane.effect(), redrive.as_deref()) {
            return lane.begin_again();
        }
        let map_run_arn = at_work.names.map_run_arn.clone();
        let redrive_count = self.context.redrive_count();
        self.event(&mut lane.at.last_event, || EventDetails::MapRunRedriven { map_run_arn, redrive_count });
        self.tell_progress(&at_work);
        self.wants.push_back(Want::MapRun(Box::new(at_work.start(lane.effect()))));
        lane.doing = Doing::MapRun(at_work);
    }
}

impl MapRunAtWork {
    /// All children that have not succeeded are to run again; `false` if they are not all known.
    fn run_again(&mut self, effect: &EffectId, redrive: Option<&Redrive>) -> bool {
        let Some(unsuccessful) = self.unsuccessful.as_mut() else { return false };
        self.end = MapRunEnd::No;
        self.reads = false;
        self.running_weight = 0;
        // Children that ran when the execution ended are told of nothing else, so they run again as well.
        let stopped = std::mem::take(&mut self.running).into_values().map(|child| (Status::Running, child));
        let mut again: Vec<_> = unsuccessful.take().chain(stopped).collect();
        // Those that ran when it ended are mixed with those that had failed before; all begin in the order in which they began at first.
        again.sort_unstable_by_key(|(_, child)| child.index);
        for (status, child) in again {
            let mut child = child;
            for (counts, number) in
                [(&mut self.progress.executions, 1), (&mut self.progress.items, child.items)]
            {
                *counts.of(status) -= number;
                counts.pending += number;
            }
            let starts = Shared::make_mut(&mut child);
            starts.effect = effect.clone();
            starts.context.redrive = redrive.copied().map(Box::new);
            self.again.push_back(child);
        }
        true
    }
}
