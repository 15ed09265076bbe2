//! Hosts around other hosts.

use super::{Host, Identity};
use crate::callback::Callbacks;
use crate::map_run::store::ObjectStore;
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_engine::task::Task;
use asl_value::Value;
use std::future::Future;

/// A host that does all that another one does, and something of its own when a task is done or an event is told.
///
/// It is a [`Host`] by that. An observer of its own hands on what it hears to the [`next`](Observer::next) one.
///
/// ```
/// use asl_runtime::{Around, Host, InMemory, Task, TaskError, Value};
///
/// /// Says which tasks are done.
/// #[derive(Clone)]
/// struct Loud(InMemory);
///
/// impl Around for Loud {
///     type Host = InMemory;
///
///     fn host(&self) -> &InMemory {
///         &self.0
///     }
///
///     async fn invoke(&self, task: &Task) -> Result<Value, TaskError> {
///         eprintln!("{}: {}", task.state, task.resource);
///         self.0.invoke(task).await
///     }
/// }
/// ```
pub trait Around: Clone + Send + Sync + 'static {
    /// What the host is around.
    type Host: Host;

    /// The host that this one is around.
    fn host(&self) -> &Self::Host;

    /// As [`Host::invoke`].
    fn invoke(&self, task: &Task) -> impl Future<Output = Result<Value, TaskError>> + Send {
        self.host().invoke(task)
    }

    /// As [`Host::observer`].
    fn observer(&self) -> Option<&dyn Observer> {
        self.host().observer()
    }
}

impl<A: Around> Host for A {
    type Clock = <A::Host as Host>::Clock;

    fn clock(&self) -> &Self::Clock {
        self.host().clock()
    }

    fn admit(&self, task: &Task) -> Result<(), TaskError> {
        self.host().admit(task)
    }

    fn invoke(&self, task: &Task) -> impl Future<Output = Result<Value, TaskError>> + Send {
        Around::invoke(self, task)
    }

    fn random(&self) -> f64 {
        self.host().random()
    }

    fn callbacks(&self) -> &Callbacks {
        self.host().callbacks()
    }

    fn serves_activity(&self, arn: &str) -> bool {
        self.host().serves_activity(arn)
    }

    fn identity(&self) -> &Identity {
        self.host().identity()
    }

    fn limits(&self) -> Limits {
        self.host().limits()
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Around::observer(self)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        self.host().object_store()
    }

    fn drive<F: Future + Send>(&self, execution: F) -> impl Future<Output = F::Output> + Send {
        self.host().drive(execution)
    }
}
