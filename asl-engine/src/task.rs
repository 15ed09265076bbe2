//! What a Task state asks for.

use crate::codec::record;
use asl_value::{Text, Value};
use std::time::Duration;

/// A piece of work that a Task state asks for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Task {
    /// `Resource`, as written in the definition.
    pub resource: Text,
    /// What `Parameters` gave, or the effective input where there are none.
    pub parameters: Value,
    /// How long it may take, by `TimeoutSeconds` or `TimeoutSecondsPath`.
    pub timeout: Option<Duration>,
    /// How long it may be silent, by `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat: Option<Duration>,
    /// What `Credentials` evaluated to. A host may use them, or not.
    pub credentials: Option<Value>,
}

record!(Task { resource, parameters, timeout, heartbeat, credentials });

impl Task {
    /// A task without time limits.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Task;
    ///
    /// let task = Task::new("arn:aws:states:::http:invoke", 60.into());
    /// assert_eq!((task.timeout, task.heartbeat), (None, None));
    /// # }
    /// ```
    #[must_use]
    pub fn new(resource: impl Into<Text>, parameters: Value) -> Self {
        Self { resource: resource.into(), parameters, timeout: None, heartbeat: None, credentials: None }
    }

    /// The same with time limits.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Task;
    /// use std::time::Duration;
    ///
    /// let task = Task::new("arn:aws:states:::http:invoke", 60.into()).within(Some(Duration::from_secs(30)), None);
    /// assert_eq!(task.timeout, Some(Duration::from_secs(30)));
    /// # }
    /// ```
    #[must_use]
    pub const fn within(mut self, timeout: Option<Duration>, heartbeat: Option<Duration>) -> Self {
        self.timeout = timeout;
        self.heartbeat = heartbeat;
        self
    }
}
