//! Who does what Task states ask for.

use crate::invocation::Invocation;
use asl_engine::error::TaskError;
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
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>>;
}
