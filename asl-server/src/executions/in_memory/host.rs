//! The host that executions in memory run on: what the server's host does, with events that are kept and tokens that are known.

use super::book::Book;
use crate::executions::tokens::InMemoryTokens;
use asl_engine::Start;
use asl_runtime::{
    BoxFuture, CallbackStore, Clock, Core, Event, ExecutionContext, Host, Identity, Invocation, Limits,
    Machine, MapRunProgress, ObjectStore, Observer, TaskError, Text, Value,
};
use std::fmt;
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Recorded {
    host: Arc<dyn Host>,
    book: Arc<Book>,
    tokens: InMemoryTokens,
}

impl Recorded {
    pub(super) fn new(host: Arc<dyn Host>, book: Arc<Book>, tokens: InMemoryTokens) -> Self {
        Self { host, book, tokens }
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").finish_non_exhaustive()
    }
}

/// The book hears first, so that others find there what they hear of.
impl Observer for Recorded {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.book.event(execution, event);
        if let Some(next) = self.next() {
            next.event(execution, event);
        }
    }

    fn map_run(&self, execution: &ExecutionContext, progress: &MapRunProgress) {
        self.book.map_run(execution, progress);
        if let Some(next) = self.next() {
            next.map_run(execution, progress);
        }
    }

    fn next(&self) -> Option<&dyn Observer> {
        self.host.observer()
    }
}

impl Host for Recorded {
    fn handle(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    fn clock(&self) -> &Clock {
        self.host.clock()
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        self.host.invoke(invocation)
    }

    fn chance(&self) -> u64 {
        self.host.chance()
    }

    fn callback_store(&self) -> &dyn CallbackStore {
        &self.tokens
    }

    fn identity(&self) -> &Identity {
        self.host.identity()
    }

    fn state_machine_arn(&self, name: &str) -> Text {
        self.host.state_machine_arn(name)
    }

    fn machine(&self, arn: &str) -> Option<Arc<dyn Machine>> {
        self.host.machine(arn)
    }

    fn begin(&self, machine: &dyn Machine, start: Start) -> Box<dyn Core> {
        self.host.begin(machine, start)
    }

    fn limits(&self) -> Limits {
        self.host.limits()
    }

    fn refusals(&self) -> Vec<(Text, String)> {
        self.host.refusals()
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(self)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        self.host.object_store()
    }
}
