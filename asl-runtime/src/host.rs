//! Hosts: what performs the effects of executions.

mod around;
mod clock;
mod in_memory;
mod virtual_clock;

pub use around::Around;
pub use clock::{Clock, SystemClock};
pub use in_memory::InMemory;
pub(crate) use in_memory::Observers;
pub use virtual_clock::VirtualClock;

use crate::callback::Callbacks;
use crate::map_run::store::ObjectStore;
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_engine::task::Task;
use asl_value::{Text, Value};
use std::future::Future;

/// Performs what states ask for, gives time and randomness, and hears about events.
///
/// A host is a handle: a clone is cheap and stands for the same host. One that does what another does, and more, is an [`Around`].
pub trait Host: Clone + Send + Sync + 'static {
    /// Where its time comes from.
    type Clock: Clock;

    /// The clock that executions go by.
    fn clock(&self) -> &Self::Clock;

    /// Looks at a task before it is scheduled.
    ///
    /// # Errors
    /// Its parameters are refused: the state fails without events about the task, as on AWS.
    fn admit(&self, task: &Task) -> Result<(), TaskError> {
        let _ = task;
        Ok(())
    }

    /// Does a task. A future that is dropped is cancelled.
    fn invoke(&self, task: &Task) -> impl Future<Output = Result<Value, TaskError>> + Send;

    /// A random number in 0..1.
    fn random(&self) -> f64;

    /// Where results of callbacks and activities come in.
    fn callbacks(&self) -> &Callbacks;

    /// Whether there is an activity with this ARN.
    fn serves_activity(&self, arn: &str) -> bool;

    /// Who executions are.
    fn identity(&self) -> &Identity;

    /// What executions may do at most. Asked once, when an execution starts.
    fn limits(&self) -> Limits {
        Limits::none()
    }

    /// Who hears about events, if anyone does. Asked once, when an execution starts; where there is nobody, events cost nothing.
    fn observer(&self) -> Option<&dyn Observer> {
        None
    }

    /// Where an `ItemReader` reads and a `ResultWriter` writes, if there is such a store.
    fn object_store(&self) -> Option<&dyn ObjectStore> {
        None
    }

    /// Runs an execution to its end, with what has to happen beside it.
    fn drive<F: Future + Send>(&self, execution: F) -> impl Future<Output = F::Output> + Send {
        self.clock().drive(execution)
    }
}

/// The names in the ARNs that executions see in their context object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The AWS Region, by default `local`.
    pub region: Text,
    /// The account, by default `000000000000`.
    pub account: Text,
    /// The role, by default `arn:aws:iam::000000000000:role/local`.
    pub role_arn: Text,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            region: Text::new_static("local"),
            account: Text::new_static("000000000000"),
            role_arn: Text::new_static("arn:aws:iam::000000000000:role/local"),
        }
    }
}
