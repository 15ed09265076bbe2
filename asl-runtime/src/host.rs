//! Hosts: what performs the effects of executions.

mod around;
mod clock;
mod in_memory;
mod virtual_clock;

pub use around::Around;
pub use clock::Clock;
pub(crate) use in_memory::Observers;
pub use in_memory::{InMemory, Nested};
pub(crate) use virtual_clock::Held;
pub use virtual_clock::VirtualClock;

use crate::callback::CallbackStore;
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use crate::map_run::store::ObjectStore;
use crate::shell::{Core, Machine};
use asl_engine::Start;
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_engine::task::Task;
use asl_value::{Text, Value};
use std::sync::Arc;

/// Performs what executions ask for, supplies time and chance, and receives events.
///
/// A host is a handle: a clone is the same host. One that does what another does, and more, is an [`Around`].
///
/// ```
/// use asl_runtime::{BoxFuture, Callbacks, CallbackStore, Clock, Host, Identity, Invocation, TaskError, Value};
/// use std::sync::Arc;
///
/// /// Answers every task with its parameters.
/// #[derive(Clone, Default)]
/// struct Echo {
///     clock: Clock,
///     identity: Identity,
///     callbacks: Callbacks,
/// }
///
/// impl Host for Echo {
///     fn handle(&self) -> Arc<dyn Host> {
///         Arc::new(self.clone())
///     }
///
///     fn clock(&self) -> &Clock {
///         &self.clock
///     }
///
///     fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
///         Box::pin(async move { Ok(invocation.parameters().clone()) })
///     }
///
///     fn chance(&self) -> u64 {
///         7
///     }
///
///     fn callback_store(&self) -> &dyn CallbackStore {
///         &self.callbacks
///     }
///
///     fn identity(&self) -> &Identity {
///         &self.identity
///     }
/// }
/// ```
pub trait Host: Send + Sync + 'static {
    /// Another handle to this host, for what happens in the background.
    fn handle(&self) -> Arc<dyn Host>;

    /// The clock that executions go by.
    fn clock(&self) -> &Clock;

    /// Does a task. A future that is dropped is cancelled. What panics has failed, with an error that retriers and catchers see.
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>>;

    /// Begins a task by what can do it without knowing more of it than this, if there is such a function: it is done in the middle of a turn
    /// then, if it needs no more time than that. `None`: it is to be [invoked](Self::invoke).
    #[doc(hidden)]
    fn at_once(&self, task: &Task) -> Option<BoxFuture<'_, Result<Value, TaskError>>> {
        let _ = task;
        None
    }

    /// A number that cannot be guessed, and not the same one twice: executions get their names, their chance and their task tokens from it.
    fn chance(&self) -> u64;

    /// Two such numbers. The second at least cannot be guessed, not even by who knows the first.
    #[doc(hidden)]
    fn chances(&self) -> [u64; 2] {
        [self.chance(), self.chance()]
    }

    /// Where the chance of an execution begins, which need not be secret, and what its task tokens come from, which has to be.
    #[doc(hidden)]
    fn seed_of_execution(&self) -> [u64; 2] {
        self.chances()
    }

    /// Whether an execution that ends before anything asks for its name, its chance and its time need not have any. Not where numbers come in a row that is the
    /// same each time: what one execution draws would depend on what others have asked for.
    #[doc(hidden)]
    fn draws_late(&self) -> bool {
        false
    }

    /// Where results of callbacks and activities come in.
    fn callback_store(&self) -> &dyn CallbackStore;

    /// Who executions are.
    fn identity(&self) -> &Identity;

    /// The ARN of a machine that was given none, by its name.
    fn state_machine_arn(&self, name: &str) -> Text {
        self.identity().arn_of("stateMachine", &[name])
    }

    /// What the ARNs of a machine's executions have before their names.
    fn execution_arns(&self, machine: &str) -> Arc<str> {
        self.identity().execution_arns(machine)
    }

    /// The machine with this ARN, if the host has it: for executions that start others.
    fn machine(&self, arn: &str) -> Option<Arc<dyn Machine>> {
        let _ = arn;
        None
    }

    /// Begins an execution; `by` is the task that starts it and waits for its end, if there is one. A host that keeps executions wraps them in something
    /// that takes note of all that they receive, and stops those that no task waits for any more.
    fn begin(&self, machine: &dyn Machine, start: Start, by: Option<&Invocation>) -> Box<dyn Core> {
        let _ = by;
        machine.start(start)
    }

    /// Whether [`begin`](Self::begin) has to be called for every execution. Where it has not, one that is [run](crate::run) begins without it; what it
    /// asks for comes to this host all the same.
    fn keeps_executions(&self) -> bool {
        true
    }

    /// What executions may do at most. Asked once, when an execution starts.
    fn limits(&self) -> Limits {
        Limits::none()
    }

    /// Which states' tasks are refused before they are scheduled, and why.
    fn refusals(&self) -> Vec<(Text, String)> {
        Vec::new()
    }

    /// The observer of events, if there is one. Without it, events are numbered, and cost nothing more.
    fn observer(&self) -> Option<&dyn Observer> {
        None
    }

    /// Where an `ItemReader` reads and a `ResultWriter` writes, if there is such a store.
    fn object_store(&self) -> Option<&dyn ObjectStore> {
        None
    }
}

/// The names in the ARNs that executions see in their context object.
///
/// ```
/// use asl_runtime::Identity;
///
/// let identity = Identity { region: "us-east-1".into(), account: "123456789012".into(), ..Identity::default() };
/// assert_eq!(identity.arn_of("stateMachine", &["Pay"]), "arn:aws:states:us-east-1:123456789012:stateMachine:Pay");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The AWS Region, by default `local`.
    pub region: Text,
    /// The account, by default `000000000000`.
    pub account: Text,
    /// The role, by default `arn:aws:iam::000000000000:role/local`.
    pub role_arn: Text,
}

impl Identity {
    /// The ARN of a resource of Step Functions.
    ///
    /// ```
    /// use asl_runtime::Identity;
    ///
    /// let arn = Identity::default().arn_of("execution", &["Pay", "first"]);
    /// assert_eq!(arn, "arn:aws:states:local:000000000000:execution:Pay:first");
    /// ```
    #[must_use]
    pub fn arn_of(&self, kind: &str, names: &[&str]) -> Text {
        // `format!` would cost more than many an execution, and so would a text that is made in separate memory first.
        let mut arn = [0; 256];
        let mut length = 0;
        let parts = ["arn:aws:states:", &self.region, ":", &self.account, ":", kind];
        let parts = || parts.into_iter().chain(names.iter().flat_map(|name| [":", name]));
        for part in parts() {
            let end = length + part.len();
            match arn.get_mut(length..end) {
                Some(place) => place.copy_from_slice(part.as_bytes()),
                None => return parts().collect::<String>().into(),
            }
            length = end;
        }
        arn.get(..length).and_then(|arn| str::from_utf8(arn).ok()).unwrap_or_default().into()
    }

    /// What the ARNs of a machine's executions have before their names.
    pub(crate) fn execution_arns(&self, machine: &str) -> Arc<str> {
        self.arn_of("execution", &[machine, ""]).as_str().into()
    }
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
