//! Events by what they are moments of: of an execution's end, or of a task.

use super::EventDetails;
use crate::error::Status;

/// What an event says of a task.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskMoment<'a> {
    Scheduled,
    Started,
    Submitted,
    Succeeded,
    Failed(&'a str),
    TimedOut,
}

impl EventDetails {
    /// How the execution ended, if this is its end.
    #[doc(hidden)]
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other event is an end")]
    pub const fn end(&self) -> Option<Status> {
        match self {
            Self::ExecutionSucceeded { .. } => Some(Status::Succeeded),
            Self::ExecutionFailed { .. } => Some(Status::Failed),
            Self::ExecutionTimedOut => Some(Status::TimedOut),
            Self::ExecutionAborted { .. } => Some(Status::Aborted),
            _ => None,
        }
    }

    /// The resource of a task, and what the event says of the task.
    #[doc(hidden)]
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other events are of no task")]
    pub fn task(&self) -> Option<(&str, TaskMoment<'_>)> {
        match self {
            Self::TaskScheduled { resource, .. } => Some((resource, TaskMoment::Scheduled)),
            Self::TaskStarted { resource, .. } => Some((resource, TaskMoment::Started)),
            Self::TaskSubmitted { resource, .. } => Some((resource, TaskMoment::Submitted)),
            Self::TaskSucceeded { resource, .. } => Some((resource, TaskMoment::Succeeded)),
            Self::TaskFailed { resource, error, .. } => Some((resource, TaskMoment::Failed(error))),
            Self::TaskTimedOut { resource } => Some((resource, TaskMoment::TimedOut)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_of_a_task_says_of_which_and_what() {
        let text = |text: &'static str| asl_value::Text::new_static(text);
        let resource = || text("arn:aws:states:::sqs:sendMessage");
        let (input, cause) = (asl_value::Value::Null, None);
        for (event, expected) in [
            (EventDetails::TaskStarted { resource: resource(), worker_name: None }, TaskMoment::Started),
            (
                EventDetails::TaskSubmitted { resource: resource(), output: input.clone() },
                TaskMoment::Submitted,
            ),
            (
                EventDetails::TaskSucceeded { resource: resource(), output: input.clone() },
                TaskMoment::Succeeded,
            ),
            (
                EventDetails::TaskFailed { resource: resource(), error: text("Refused"), cause },
                TaskMoment::Failed("Refused"),
            ),
            (EventDetails::TaskTimedOut { resource: resource() }, TaskMoment::TimedOut),
        ] {
            assert_eq!(event.task(), Some(("arn:aws:states:::sqs:sendMessage", expected)), "{event:?}");
        }
        assert_eq!(EventDetails::ParallelStateFailed.task(), None);
    }
}
