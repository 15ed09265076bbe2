//! How lanes and executions end.

use super::lane::{Lane, LaneKey};
use super::{Execution, ROOT, Want};
use crate::error::{Error, ExecutionError};
use crate::history::EventDetails;
use crate::machine::StateType;
use asl_value::{Text, Value};

/// How an execution ended.
pub(super) enum End {
    Succeeded(Value),
    Failed(Error),
    TimedOut,
    Aborted(Option<Text>, Option<String>),
}

impl End {
    fn event(&self) -> EventDetails {
        match self {
            Self::Succeeded(output) => EventDetails::ExecutionSucceeded { output: output.clone() },
            Self::Failed(error) => {
                EventDetails::ExecutionFailed { error: error.name(), cause: error.cause().map(str::to_owned) }
            }
            Self::TimedOut => EventDetails::ExecutionTimedOut,
            Self::Aborted(error, cause) => {
                EventDetails::ExecutionAborted { error: error.clone(), cause: cause.clone() }
            }
        }
    }
}

impl From<End> for Result<Value, ExecutionError> {
    fn from(end: End) -> Self {
        match end {
            End::Succeeded(output) => Ok(output),
            End::Failed(error) => Err(error.into()),
            End::TimedOut => Err(ExecutionError::timed_out()),
            End::Aborted(error, cause) => Err(ExecutionError::aborted(error, cause)),
        }
    }
}

impl Execution {
    pub(super) fn lane_ended(&mut self, key: LaneKey, mut lane: Box<Lane>) {
        let (last_event, output) = (lane.at.last_event, std::mem::take(&mut lane.at.data));
        match lane.parent {
            Some(parent) => {
                self.lanes.reuse(lane);
                self.inner_ended(key, parent, last_event, output);
            }
            None => {
                self.end(last_event, End::Succeeded(output));
            }
        }
    }

    pub(super) fn lane_failed(&mut self, key: LaneKey, mut lane: Box<Lane>, error: Error) {
        let Some(parent) = lane.parent.filter(|_| !error.is_fatal()) else {
            self.lanes.put_back(key, lane);
            self.end(error.event(), End::Failed(error));
            return;
        };
        // A task that fails a branch is reported as aborted on top (recorded from AWS).
        let state_type = self.info(&lane).map(|info| info.state_type);
        if lane.stays && lane.at.in_branch && state_type == Some(StateType::Task) {
            lane.at.last_event = error.event();
            self.event_beside(lane.at.last_event, || EventDetails::StateAborted {
                state_type: StateType::Task,
            });
        }
        self.inner_failed(key, lane, parent, error);
    }

    /// Ends the execution. What it leaves undone is not told.
    pub(super) fn end(&mut self, mut last_event: u64, end: End) -> bool {
        self.event(&mut last_event, || end.event());
        self.has_ended = true;
        self.ready.clear();
        self.computed = None;
        if self.facts.is_redrivable && !matches!(end, End::Succeeded(_)) {
            // Taken out before the lanes are cleared: these are all that a redrive can go on with.
            self.remains = self.leave_off(ROOT);
        }
        self.lanes.clear();
        self.wants.clear();
        // The shell stops what it does for an execution that has ended; nothing has to be cancelled one by one.
        self.wants.push_back(Want::Ended(end.into()));
        true
    }
}
