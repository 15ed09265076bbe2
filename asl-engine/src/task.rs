//! What a Task state asks for.

use crate::generated::action::{Action, Job};
use asl_value::{Text, Value};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A piece of work that a Task state asks for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Task {
    /// `Resource`, as written in the definition.
    pub resource: &'static str,
    /// What `Parameters` gave, or the effective input where there are none.
    pub parameters: Value,
    /// How long it may take, by `TimeoutSeconds` or `TimeoutSecondsPath`.
    pub timeout: Option<Duration>,
    /// How long it may be silent, by `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat: Option<Duration>,
    /// The name of the state that asks for it.
    pub state: &'static str,
    /// The number of the iteration of the Map around it, from 0.
    pub iteration: Option<usize>,
    /// How often the state has been retried.
    pub retry_count: u32,
    /// What `Credentials` gave. A host of its own may use them, or not.
    pub credentials: Option<Value>,
    /// The token that ends it, where the pattern is `.waitForTaskToken`.
    pub task_token: Option<Text>,
    /// How the action is sent that the resource names, if it is one of an AWS service.
    pub action: Option<&'static Action>,
    /// How the end of the job is waited for that the action starts, if the pattern is `.sync`.
    pub job: Option<&'static Job>,
    /// Who asks for it, if it is an action of AWS.
    pub caller: Option<Caller>,
    submission: Submission,
}

/// Whose task it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The ARN of the execution.
    pub execution: Text,
    /// The ARN of the machine.
    pub state_machine: Text,
}

/// The answer of the service that started a job, on its way to the history.
#[derive(Clone, Debug, Default)]
struct Submission(Arc<OnceLock<Value>>);

/// What a task asks for does not depend on what came of it.
impl PartialEq for Submission {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Task {
    /// A task without time limits.
    #[must_use]
    pub fn new(resource: &'static str, parameters: Value) -> Self {
        let submission = Submission::default();
        Self {
            resource,
            parameters,
            timeout: None,
            heartbeat: None,
            state: "",
            iteration: None,
            retry_count: 0,
            credentials: None,
            task_token: None,
            action: None,
            job: None,
            caller: None,
            submission,
        }
    }

    /// The same with time limits.
    #[must_use]
    pub const fn within(mut self, timeout: Option<Duration>, heartbeat: Option<Duration>) -> Self {
        self.timeout = timeout;
        self.heartbeat = heartbeat;
        self
    }

    /// The same with the token that ends it.
    #[doc(hidden)]
    #[must_use]
    pub fn with_token(mut self, task_token: Text) -> Self {
        self.task_token = Some(task_token);
        self
    }

    /// Notes that a job was started, and what the service answered, before it has ended: the pattern `.sync`.
    pub fn submitted(&self, answer: Value) {
        // A job is started once.
        let _ = self.submission.0.set(answer);
    }

    #[doc(hidden)]
    pub fn submission(&self) -> Option<&Value> {
        self.submission.0.get()
    }
}
