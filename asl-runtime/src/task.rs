//! What a Task state asks for, and who does it.

use crate::error::TaskError;
use crate::value::Value;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

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
}

impl Task {
    /// A task without time limits.
    #[must_use]
    pub const fn new(resource: &'static str, parameters: Value) -> Self {
        Self { resource, parameters, timeout: None, heartbeat: None }
    }
}

/// Serves resources, such as `arn:aws:states:::http:invoke`.
///
/// A future that is dropped is cancelled: its task timed out, or its execution was stopped.
pub trait Integration: fmt::Debug + Send + Sync + 'static {
    /// Whether this resource is served here.
    fn serves(&self, resource: &str) -> bool;

    /// Does the work.
    fn invoke<'a>(&'a self, task: &'a Task) -> BoxFuture<'a, Result<Value, TaskError>>;
}
