//! Turns of several lanes beside each other, on several threads.
//!
//! In: lanes that are ready. Out: turns that were taken ahead, which the execution puts in order as if it took them one by one: the same
//! events with the same numbers come of it.

use super::advance::Came;
use super::frames::{FIRST_TRANSITIONS, iteration};
use super::lane::{Doing, Lane, LaneKey, LaneStep};
use super::{Execution, Progress, Ready};
use crate::history::Told;
use crate::turn::{Moment, Pace, TRANSITIONS_AT_ONCE, Turn};
use asl_language::timestamp::Timestamp;
use std::collections::HashMap;
use std::thread;

/// Turns that were taken ahead, at the same time. The lanes stay where they are, so nothing is lost where these are not taken.
#[derive(Debug)]
pub(super) struct Computed {
    pub(super) now: Timestamp,
    lanes: HashMap<LaneKey, Ahead>,
    iterations: HashMap<(LaneKey, u32), Ahead>,
}

/// A turn that was taken ahead.
#[derive(Debug)]
pub(super) struct Ahead {
    pub(super) lane: Box<Lane>,
    pub(super) came: Came,
    /// Events after this one are those of the turn.
    pub(super) from: u64,
    /// The number of events before the turn.
    pub(super) before: u64,
    /// The number of events after it.
    pub(super) events: u64,
    pub(super) told: Vec<Told>,
}

impl Computed {
    pub(super) fn is_empty(&self) -> bool {
        self.lanes.is_empty() && self.iterations.is_empty()
    }

    pub(super) fn take(&mut self, place: TurnOf) -> Option<Ahead> {
        match place {
            TurnOf::Lane(key) => self.lanes.remove(&key),
            TurnOf::Iteration(key, index) => self.iterations.remove(&(key, index)),
        }
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum TurnOf {
    Lane(LaneKey),
    Iteration(LaneKey, u32),
}

/// A turn to be taken.
struct Job {
    place: TurnOf,
    lane: Box<Lane>,
    step: LaneStep,
}

impl Execution {
    /// As [`run`](Self::run) with little patience, but as many as `turns` turns of lanes that are ready are taken on so many threads.
    /// What comes of it is the same.
    ///
    /// It is worth while where lanes take processor time; a thread costs as much as hundreds of transitions.
    pub fn run_wide(&mut self, now: Timestamp, threads: usize, turns: usize) -> Progress {
        // The number of events decides when their limit is reached, and is not known ahead.
        let has_event_limit = self.facts.limits.as_ref().is_some_and(|limits| limits.events.is_some());
        if threads > 1 && !has_event_limit {
            self.now = now;
            let jobs = self.jobs(turns);
            if jobs.len() > 1 {
                self.computed = Some(Box::new(self.work(jobs, threads)));
            }
        }
        // Takes the turns in their order, and finds those that were taken ahead.
        self.run(now, &Pace::short())
    }

    /// How many lanes could have a turn now, up to a number.
    #[must_use]
    pub fn ready(&self, most: usize) -> usize {
        // As it is with most executions most of the time.
        if self.ready.is_empty() || matches!(self.ready.only(), Some(Ready::Lane(_))) {
            return self.ready.len().min(most);
        }
        let count = |ready: &Ready| match ready {
            Ready::Lane(_) => 1,
            Ready::Map(key) => match self.lanes.get(*key).map(|lane| &lane.doing) {
                Some(Doing::Iterations(map)) => (map.length() - map.next.min(map.length())) as usize,
                _ => 1,
            },
        };
        self.ready.iter().take(most).map(count).sum::<usize>().min(most)
    }

    fn jobs(&self, most: usize) -> Vec<Job> {
        let mut jobs = Vec::new();
        for ready in &self.ready {
            if jobs.len() >= most {
                break;
            }
            match *ready {
                Ready::Lane(key) => {
                    let Some(lane) = self.lanes.get(key) else { continue };
                    if let Doing::Turn(step) = &lane.doing {
                        jobs.push(Job { place: TurnOf::Lane(key), lane: lane.copy(), step: step.clone() });
                    }
                }
                Ready::Map(key) => {
                    let Some(around) = self.lanes.get(key) else { continue };
                    // One that was interrupted is taken up again with what it has done so far, so it is not among those that are made
                    // ahead.
                    let has_begun = matches!(&around.doing, Doing::Iterations(map) if map.begun.is_some());
                    for ahead in u32::from(has_begun)..u32::try_from(most - jobs.len()).unwrap_or(u32::MAX) {
                        let Some((index, mut lane)) = iteration(around, key, ahead) else { break };
                        if let Doing::Turn(step) = std::mem::replace(&mut lane.doing, Doing::Nothing) {
                            let lane = Box::new(lane);
                            jobs.push(Job { place: TurnOf::Iteration(key, index), lane, step });
                        }
                    }
                }
            }
        }
        jobs
    }

    /// Turns of this lane, and of the Map that it is in, are not to be taken as they were taken ahead.
    pub(super) fn forget_computed(&mut self, key: LaneKey) {
        if let Some(computed) = &mut self.computed {
            computed.lanes.remove(&key);
            computed.iterations.retain(|(lane, _), _| *lane != key);
        }
    }

    fn work(&self, jobs: Vec<Job>, threads: usize) -> Computed {
        let share = jobs.len().div_ceil(threads).max(1);
        let mut jobs = jobs.into_iter().peekable();
        let mut shares = Vec::new();
        while jobs.peek().is_some() {
            shares.push(jobs.by_ref().take(share).collect::<Vec<_>>());
        }
        let take = |share: Vec<Job>| share.into_iter().map(|job| self.take_turn(job)).collect::<Vec<_>>();
        let turns = thread::scope(|scope| {
            let mut shares = shares.into_iter();
            // The first share is this thread's own.
            let own = shares.next().unwrap_or_default();
            let others: Vec<_> = shares.map(|share| scope.spawn(move || take(share))).collect();
            let mut turns = take(own);
            for other in others {
                turns.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            turns
        });
        let mut computed = Computed { now: self.now, lanes: HashMap::new(), iterations: HashMap::new() };
        for (place, ahead) in turns {
            match place {
                TurnOf::Lane(key) => computed.lanes.insert(key, ahead),
                TurnOf::Iteration(key, index) => computed.iterations.insert((key, index), ahead),
            };
        }
        computed
    }

    fn take_turn(&self, job: Job) -> (TurnOf, Ahead) {
        let Job { place, mut lane, mut step } = job;
        let from = self.events;
        let (before, transitions) = match place {
            TurnOf::Lane(_) => (from, TRANSITIONS_AT_ONCE),
            // The event of the iteration's start comes before its turn.
            TurnOf::Iteration(..) => (from + 1, FIRST_TRANSITIONS),
        };
        if let TurnOf::Iteration(..) = place {
            // `start_iteration` numbers that event itself when the turn is put in order.
            lane.at.last_event = before;
        }
        let pace = Pace::short();
        let turn = Turn::new(&self.context, &self.facts, &pace, Moment::Known(self.now), before)
            .of_lane(lane.seed)
            .at_most(lane.transitions(transitions));
        let came = lane.advance(self.program, &mut step, &turn);
        let (events, told) = turn.end();
        (place, Ahead { lane, came, from, before, events, told })
    }
}
