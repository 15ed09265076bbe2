//! Tasks that call Step Functions: `states:startExecution` and `aws-sdk:sfn:*` are served by the server that their execution is on.

mod optimized;
mod sdk;

use crate::server::Inner;
use asl_engine::Start;
use asl_runtime::{
    BoxFuture, CallbackStore, Clock, Core, Event, ExecutionContext, Host, Identity, Invocation, Limits,
    Machine, MapRunProgress, Needs, ObjectStore, Observer, Resource, TaskError, Text, Value,
};
use serde_json::Value as Json;
use std::sync::{Arc, Weak};

/// The host of executions: tasks that call Step Functions go to the server, all others to the services.
#[derive(Clone)]
pub(crate) struct Served {
    services: Arc<dyn Host>,
    server: Weak<Inner>,
    heard: Option<Arc<Heard>>,
}

impl Served {
    pub(crate) fn new(services: Arc<dyn Host>, server: Weak<Inner>, hears: Vec<Arc<dyn Observer>>) -> Self {
        let heard = Heard { hears, services: Arc::clone(&services) };
        let heard = Some(Arc::new(heard)).filter(|heard| !heard.hears.is_empty());
        Self { services, server, heard }
    }
}

impl Served {
    /// Does a task that no mock answers.
    fn perform(
        &self,
        server: Arc<Inner>,
        invocation: Invocation,
    ) -> BoxFuture<'static, Result<Value, TaskError>> {
        let resource = invocation.resource().clone();
        let Resource::Service { service, action, .. } = Resource::parse(&resource) else {
            return self.invoke_service(invocation);
        };
        match service {
            "states" if action.starts_with("startExecution") => {
                Box::pin(optimized::start_execution(server, invocation))
            }
            "aws-sdk:sfn" => {
                let action = action.split('.').next().unwrap_or(action).to_owned();
                Box::pin(sdk::call(server, action, invocation))
            }
            _ => self.invoke_service(invocation),
        }
    }

    fn invoke_service(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskError>> {
        let services = Arc::clone(&self.services);
        Box::pin(async move { services.invoke(invocation).await })
    }
}

/// Passes events on to the observers of the server, and to those of the services.
struct Heard {
    hears: Vec<Arc<dyn Observer>>,
    services: Arc<dyn Host>,
}

impl Observer for Heard {
    fn needs(&self) -> Needs {
        let next = self.next().map_or(Needs::EVENTS, Observer::needs);
        self.hears.iter().fold(next, |needs, observer| needs.with(observer.needs()))
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.hears.iter().for_each(|observer| observer.event(execution, event));
        if let Some(next) = self.next() {
            next.event(execution, event);
        }
    }

    fn map_run(&self, execution: &ExecutionContext, progress: &MapRunProgress) {
        self.hears.iter().for_each(|observer| observer.map_run(execution, progress));
        if let Some(next) = self.next() {
            next.map_run(execution, progress);
        }
    }

    fn next(&self) -> Option<&dyn Observer> {
        self.services.observer()
    }
}

impl Host for Served {
    fn handle(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    fn clock(&self) -> &Clock {
        self.services.clock()
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        let Some(server) = self.server.upgrade() else {
            // The server is being shut down: the task is done when it is started again, and nothing is reported of it now.
            return Box::pin(std::future::pending());
        };
        if server.mocking.is_none() {
            return self.perform(server, invocation);
        }
        let this = self.clone();
        Box::pin(async move {
            match server.mocked(&invocation).await {
                Some(answer) => answer,
                None => this.perform(server, invocation).await,
            }
        })
    }

    fn chance(&self) -> u64 {
        self.services.chance()
    }

    fn callback_store(&self) -> &dyn CallbackStore {
        self.services.callback_store()
    }

    fn identity(&self) -> &Identity {
        self.services.identity()
    }

    fn machine(&self, arn: &str) -> Option<Arc<dyn Machine>> {
        self.services.machine(arn)
    }

    fn begin(&self, machine: &dyn Machine, start: Start, by: Option<&Invocation>) -> Box<dyn Core> {
        self.services.begin(machine, start, by)
    }

    fn limits(&self) -> Limits {
        self.services.limits()
    }

    fn refusals(&self) -> Vec<(Text, String)> {
        self.services.refusals()
    }

    fn observer(&self) -> Option<&dyn Observer> {
        self.heard.as_deref().map(|heard| heard as _).or_else(|| self.services.observer())
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        self.services.object_store()
    }
}

/// A value of an execution as one of a request.
fn to_json(value: &Value) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

/// A value of an answer as one of an execution.
fn from_json(value: &Json) -> Value {
    Value::from_serialize(value).unwrap_or_default()
}

/// `StateMachineArn` for `stateMachineArn`.
fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
