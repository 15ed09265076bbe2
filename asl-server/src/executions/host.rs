//! The host that executions run on: what the server's host does, with tokens that the API knows.

use super::tokens::Tokens;
use asl_engine::Start;
use asl_runtime::{
    BoxFuture, CallbackStore, Clock, Core, Host, Identity, Invocation, Limits, Machine, ObjectStore,
    Observer, TaskError, Text, Value,
};
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Hosted {
    host: Arc<dyn Host>,
    tokens: Tokens,
}

impl Hosted {
    pub(super) const fn new(host: Arc<dyn Host>, tokens: Tokens) -> Self {
        Self { host, tokens }
    }
}

impl Host for Hosted {
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

    fn begin(&self, machine: &dyn Machine, start: Start, by: Option<&Invocation>) -> Box<dyn Core> {
        self.host.begin(machine, start, by)
    }

    fn limits(&self) -> Limits {
        self.host.limits()
    }

    fn refusals(&self) -> Vec<(Text, String)> {
        self.host.refusals()
    }

    fn observer(&self) -> Option<&dyn Observer> {
        self.host.observer()
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        self.host.object_store()
    }
}
