//! Services of Restate whose names are known only when the program runs: those of a machine are called after it. The SDK's macros make
//! services of names that are written in the source.

use crate::endpoint::Error;
use restate_sdk::discovery;
use restate_sdk::endpoint::{self, ContextInternal};
use restate_sdk::errors::{HandlerError, TerminalError};
use restate_sdk::serde::{Deserialize, Serialize};
use restate_sdk::service::macro_support::{ServiceBoxFuture, service_definition};
use restate_sdk::service::{Service as Dispatch, ServiceDefinition};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

/// How long Restate remembers that an execution has ended, and with it its name: as long as Step Functions does.
const REMEMBERED: Duration = Duration::from_hours(90 * 24);
/// How long the answers are kept that an execution had: the history of one that has ended is made of them. Nothing asks for those of a task.
const ANSWERS: Duration = REMEMBERED;
/// How long a handler may be silent. What limits a task is in the definition.
const SILENCE: Duration = Duration::from_hours(366 * 24);

/// What a handler is called with.
pub(crate) struct Request<I> {
    pub(crate) context: ContextInternal,
    /// That of the object or the workflow.
    pub(crate) key: String,
    pub(crate) input: I,
}

/// Who may call a handler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone, with JSON.
    Public,
    /// Anyone, with bytes.
    Binary,
    /// The machine itself.
    Private,
}

type Body = Box<dyn Fn(ContextInternal) -> ServiceBoxFuture + Send + Sync>;

/// A service, and what its handlers do.
pub(crate) struct Service {
    name: String,
    kind: &'static str,
    handlers: Vec<Json>,
    bodies: HashMap<&'static str, Body>,
}

impl Service {
    /// One without state.
    pub(crate) fn new(name: &str) -> Self {
        Self::of_kind(name, "SERVICE")
    }

    /// One with a state for each key.
    pub(crate) fn object(name: &str) -> Self {
        Self::of_kind(name, "VIRTUAL_OBJECT")
    }

    /// One that runs once for each key.
    pub(crate) fn workflow(name: &str) -> Self {
        Self::of_kind(name, "WORKFLOW")
    }

    fn of_kind(name: &str, kind: &'static str) -> Self {
        Self { name: name.to_owned(), kind, handlers: Vec::new(), bodies: HashMap::new() }
    }

    /// The same with one more handler.
    pub(crate) fn handler<I, O, F>(
        mut self,
        name: &'static str,
        access: Access,
        body: impl Fn(Request<I>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        I: Deserialize + Send,
        O: Serialize,
        F: Future<Output = Result<O, TerminalError>> + Send,
    {
        self.handlers.push(self.describe(name, access));
        let body = Arc::new(body);
        let called = move |context: ContextInternal| -> ServiceBoxFuture {
            let body = Arc::clone(&body);
            Box::pin(async move {
                let (input, about) = context.input::<I>().await;
                let result = body(Request { context: context.clone(), key: about.key, input }).await;
                context.handle_handler_result(result.map_err(HandlerError::from));
                context.end();
                Ok(())
            })
        };
        self.bodies.insert(name, Box::new(called));
        self
    }

    fn describe(&self, name: &str, access: Access) -> Json {
        let silence = milliseconds(SILENCE);
        let mut handler = Map::new();
        handler.insert("name".into(), name.into());
        handler.insert("inactivityTimeout".into(), silence.into());
        if access == Access::Public {
            handler.insert(
                "input".into(),
                json!({ "contentType": "application/json", "required": true, "jsonSchema": true }),
            );
            handler.insert("output".into(), json!({ "contentType": "application/json", "jsonSchema": true }));
        } else {
            handler.insert("ingressPrivate".into(), (access == Access::Private).into());
            handler.insert("input".into(), json!({ "contentType": "*/*", "required": false }));
        }
        let keeps = if self.kind == "WORKFLOW" {
            handler.insert("ty".into(), "WORKFLOW".into());
            handler.insert("workflowCompletionRetention".into(), milliseconds(REMEMBERED).into());
            ANSWERS
        } else {
            Duration::ZERO
        };
        handler.insert("journalRetention".into(), milliseconds(keeps).into());
        handler.into()
    }

    /// The service for an endpoint of Restate.
    ///
    /// # Errors
    /// Restate has no services of such a name.
    pub(crate) fn define(self) -> Result<ServiceDefinition, Error> {
        let Self { name, kind, handlers, bodies } = self;
        let described = json!({ "name": name, "ty": kind, "handlers": handlers });
        let described = serde_json::from_value::<discovery::Service>(described)
            .map_err(|error| Error::new(format!("`{name}` cannot be the name of a service: {error}")))?;
        Ok(service_definition(Handlers(bodies), described))
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

struct Handlers(HashMap<&'static str, Body>);

impl Dispatch for Handlers {
    type Future = ServiceBoxFuture;

    fn handle(&self, context: ContextInternal) -> Self::Future {
        match self.0.get(context.handler_name()) {
            Some(body) => body(context),
            None => {
                let unknown =
                    endpoint::Error::unknown_handler(context.service_name(), context.handler_name());
                Box::pin(ready(Err(unknown)))
            }
        }
    }
}
