//! Hosts around other hosts.

use super::{Clock, Host, Identity};
use crate::callback::CallbackStore;
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use crate::map_run::store::ObjectStore;
use crate::shell::{Core, Machine};
use asl_engine::Start;
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_value::{Text, Value};
use std::sync::Arc;

/// A host that does all that another one does, and something more when a task is done or an event is reported.
///
/// It is a [`Host`] by that. Its observer passes on what it receives to the [`next`](Observer::next) one.
///
/// ```
/// use asl_runtime::{Around, BoxFuture, Host, InMemory, Invocation, TaskError, Value};
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
///     fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
///         eprintln!("{}: {}", invocation.state(), invocation.resource());
///         self.0.invoke(invocation)
///     }
/// }
/// ```
pub trait Around: Clone + Send + Sync + 'static {
    /// What the host is around.
    type Host: Host;

    /// The host that this one is around.
    fn host(&self) -> &Self::Host;

    /// As [`Host::invoke`].
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        self.host().invoke(invocation)
    }

    /// As [`Host::begin`].
    fn begin(&self, machine: &dyn Machine, start: Start, by: Option<&Invocation>) -> Box<dyn Core> {
        self.host().begin(machine, start, by)
    }

    /// As [`Host::observer`].
    fn observer(&self) -> Option<&dyn Observer> {
        self.host().observer()
    }
}

impl<A: Around> Host for A {
    fn handle(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    fn clock(&self) -> &Clock {
        self.host().clock()
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Around::invoke(self, invocation)
    }

    fn chance(&self) -> u64 {
        self.host().chance()
    }

    fn chances(&self) -> [u64; 2] {
        self.host().chances()
    }

    fn seed_of_execution(&self) -> [u64; 2] {
        self.host().seed_of_execution()
    }

    fn callback_store(&self) -> &dyn CallbackStore {
        self.host().callback_store()
    }

    fn identity(&self) -> &Identity {
        self.host().identity()
    }

    fn machine(&self, arn: &str) -> Option<Arc<dyn Machine>> {
        self.host().machine(arn)
    }

    fn begin(&self, machine: &dyn Machine, start: Start, by: Option<&Invocation>) -> Box<dyn Core> {
        Around::begin(self, machine, start, by)
    }

    fn limits(&self) -> Limits {
        self.host().limits()
    }

    fn state_machine_arn(&self, name: &str) -> Text {
        self.host().state_machine_arn(name)
    }

    fn execution_arns(&self, machine: &str) -> Arc<str> {
        self.host().execution_arns(machine)
    }

    fn refusals(&self) -> Vec<(Text, String)> {
        self.host().refusals()
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Around::observer(self)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        self.host().object_store()
    }
}
