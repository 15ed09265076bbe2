//! What an execution waits for, said once more: to go on with it after a crash.

use super::lane::{Doing, Lane, Phase, TaskAtWork, TaskLimits};
use super::map_run::{MapRunAtWork, MapRunEnd};
use super::{EffectId, Execution, Perform, Timer, Want};
use crate::Shared;
use asl_language::timestamp::Timestamp;
use std::collections::HashSet;

impl Execution {
    /// Everything that was asked for and is not answered, in the order of the lanes. What [`wants`](Self::wants) will still return is not
    /// in it.
    ///
    /// - A [`Want::Perform`] whose job was started before has the answer of the service in [`submitted`](Perform::submitted).
    /// - A [`Want::Work`] comes until a worker has it; after that only its [`Want::Await`] does.
    /// - A [`Want::MapRun`] says how many items have come so far. Its children come after it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// let mut execution = order::started();
    /// let wants = execution.wants();
    /// assert_eq!(execution.outstanding(), wants);
    /// # }
    /// ```
    #[must_use]
    pub fn outstanding(&self) -> Vec<Want> {
        if self.has_ended {
            return Vec::new();
        }
        let mut wants = Vec::new();
        if let Some(due) = self.due {
            wants.push(Want::Timer { effect: EffectId::EXECUTION, timer: Timer::Timeout, due });
        }
        for lane in self.lanes.iter().flatten() {
            match &lane.doing {
                Doing::Timer { timer, due } => {
                    wants.push(Want::Timer { effect: lane.effect(), timer: *timer, due: *due });
                }
                Doing::Task(at_work) => task(at_work, &mut wants),
                Doing::MapRun(at_work) => map_run(lane, at_work, &mut wants),
                Doing::Turn(_)
                | Doing::Begin(_)
                | Doing::Branches(_)
                | Doing::Iterations(_)
                | Doing::Nothing => {}
            }
        }
        if !self.wants.is_empty() {
            let to_come: HashSet<_> = self.wants.iter().filter_map(name).collect();
            wants.retain(|want| name(want).is_none_or(|name| !to_come.contains(&name)));
        }
        wants
    }
}

fn task(at_work: &TaskAtWork, wants: &mut Vec<Want>) {
    let TaskAtWork { perform, phase, limits, early, submitted } = at_work;
    let effect = || perform.effect.clone();
    if let Some(task_token) = perform.task_token.clone().filter(|_| early.is_none()) {
        wants.push(Want::Await { effect: effect(), task_token });
    }
    let TaskLimits { timeout, heartbeat } = limits.as_deref().copied().unwrap_or_default();
    for (timer, due) in [(Timer::Timeout, timeout), (Timer::Heartbeat, heartbeat)] {
        let timer = |due: Timestamp| Want::Timer { effect: effect(), timer, due };
        wants.extend(due.map(timer));
    }
    match phase {
        Phase::Asked => wants.push(Want::Perform(Shared::clone(perform))),
        Phase::Submitted => {
            let perform = Perform { submitted: submitted.clone(), ..(**perform).clone() };
            wants.push(Want::Perform(Shared::new(perform)));
        }
        Phase::Offered | Phase::Queued => wants.push(Want::Work(Box::new(perform.as_work()))),
        Phase::Called | Phase::Worked => {}
    }
}

fn map_run(lane: &Lane, at_work: &MapRunAtWork, wants: &mut Vec<Want>) {
    wants.push(Want::MapRun(Box::new(at_work.start(lane.effect()))));
    if at_work.reads && matches!(at_work.end, MapRunEnd::No) {
        wants.push(Want::Read { effect: lane.effect() });
    }
    wants.extend(at_work.running.values().map(|child| Want::Child(Shared::clone(child))));
    let failed = match at_work.end {
        MapRunEnd::No => return,
        MapRunEnd::Succeeding => false,
        MapRunEnd::Failing(_) => true,
    };
    wants.push(Want::Finish { effect: lane.effect(), failed });
}

/// What tells a want from others: its effect, what it is, and its number.
fn name(want: &Want) -> Option<(&EffectId, &'static str, u64)> {
    Some(match want {
        Want::Perform(perform) => (&perform.effect, "perform", 0),
        Want::Await { effect, .. } => (effect, "await", 0),
        Want::Work(work) => (&work.effect, "work", 0),
        Want::Timer { effect, timer, .. } => (effect, "timer", *timer as u64),
        Want::MapRun(start) => (&start.effect, "map run", 0),
        Want::Read { effect } => (effect, "read", 0),
        Want::Child(child) => (&child.effect, "child", child.index),
        Want::Finish { effect, .. } => (effect, "finish", 0),
        Want::Cancel { .. } | Want::Ended(_) => return None,
    })
}
