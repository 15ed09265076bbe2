//! Tasks that are done at the moment at which they are asked for, and so never become effects.

use super::lane::{Lane, LaneKey};
use super::{Execution, ROOT};
use crate::error::{Error, TaskError};
use crate::program::StateId;
use crate::resource::{Pattern, Resource};
use crate::task::Task;
use asl_language::timestamp::Timestamp;
use asl_value::Value;
use std::cell::Cell;

/// Does tasks in the middle of a turn, where that is possible: an effect that can be stored, wanted and answered costs several times what a
/// short function does.
///
/// It is asked only where no event and no timer could tell the difference: the task is all that the execution waits for, has no time limits, and the
/// execution tells nothing. An execution that is kept somewhere has to [run](Execution::run) without it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::{AtOnce, Execution, Pace, Progress, Start, Want, program};
/// use asl_runtime::{Task, TaskError, Timestamp, Value};
///
/// struct Paid;
///
/// impl AtOnce for Paid {
///     fn perform(&mut self, _: u16, _: &Task) -> Option<Result<Value, TaskError>> {
///         Some(Ok("paid".into()))
///     }
///
///     fn now(&self) -> Timestamp {
///         order::context(60).start_time
///     }
/// }
///
/// let start = Start::new(order::context(60), [1, 2]);
/// let now = start.context.start_time;
/// let mut execution = Execution::start(program::<order::Machine>(), start);
/// assert_eq!(execution.run_with(now, &Pace::Endless, &mut Paid), Progress::Waits);
/// // The task was never wanted: what the execution waits for is the Wait state after it.
/// assert!(matches!(execution.wants()[..], [Want::Timer { .. }]));
/// # }
/// ```
pub trait AtOnce {
    /// What came of the task of a state. `None`: it is to be wanted, as any other.
    fn perform(&mut self, state: StateId, task: &Task) -> Option<Result<Value, TaskError>>;

    /// The time, after a task was done. Asked when something needs to know it, at the latest at the end of the turn.
    fn now(&self) -> Timestamp;
}

impl dyn AtOnce + '_ {
    /// The time if it is known, or the one that it is now, which is known from then on.
    pub(super) fn time(&self, known: &Cell<Option<Timestamp>>) -> Timestamp {
        known.get().unwrap_or_else(|| {
            let now = self.now();
            known.set(Some(now));
            now
        })
    }
}

/// Nothing is done at once.
impl AtOnce for () {
    fn perform(&mut self, _: StateId, _: &Task) -> Option<Result<Value, TaskError>> {
        None
    }

    fn now(&self) -> Timestamp {
        // Nothing has been done after which it would be asked.
        Timestamp::new(0, 0)
    }
}

impl Execution {
    /// What came of a task that was done at once, for the state that asked for it. It comes to the same as if it had been wanted and answered.
    pub(super) fn done_at_once(
        &mut self,
        key: LaneKey,
        lane: &mut Lane,
        task: &Task,
        at_once: &mut dyn AtOnce,
    ) -> Option<Result<Value, Error>> {
        // What it wants already, such as the end of tasks that are given up, comes first.
        let is_alone = key == ROOT && self.wants.is_empty();
        let is_limited = task.timeout.is_some() || task.heartbeat.is_some();
        if !is_alone || is_limited || self.tells() || self.refusal(lane).is_some() {
            return None;
        }
        let kind = Resource::of_step_functions(&task.resource);
        if kind == Resource::Activity || kind.pattern() != Pattern::RequestResponse {
            return None;
        }
        let result = at_once.perform(lane.at.state, task)?;
        // It was scheduled and it was started, which counts.
        self.events += 2;
        lane.at.last_event = self.events;
        Some(self.task_ended(lane, task, result))
    }
}
