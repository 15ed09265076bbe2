//! Who does what Task states ask for.

use asl_engine::error::TaskError;
use asl_engine::task::Task;
use asl_value::Value;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// A future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Serves resources, such as `arn:aws:states:::http:invoke`.
///
/// A future that is dropped is cancelled: its task timed out, or its execution was stopped.
pub trait Integration: fmt::Debug + Send + Sync + 'static {
    /// Whether this resource is served here.
    fn serves(&self, resource: &str) -> bool;

    /// Does the work.
    fn invoke<'a>(&'a self, task: &'a Task) -> BoxFuture<'a, Result<Value, TaskError>>;
}
