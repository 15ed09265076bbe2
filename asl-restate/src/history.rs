//! What happened in an execution: nothing is written for that while it runs. An execution that is told the same tells the same, so its journal is gone
//! through once more when someone asks, in the same way in which Restate goes through it when a process has died, and this time its events are kept.
//!
//! Nothing that is asked for on the way leaves the process: what Restate would be sent is dropped.

use crate::driver::{Events, Telling};
use crate::endpoint::Served;
use crate::message::Coded;
use crate::replay::Replay;
use crate::services::{Access, Request, Service};
use asl_engine::Told;
use asl_runtime::{Object, Value};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use restate_sdk::endpoint::{Endpoint, HandleOptions, ProtocolMode};
use restate_sdk::errors::TerminalError;
use restate_sdk::serde::Json;
use std::sync::{Arc, PoisonError};

/// What tells of the executions of a build.
pub(crate) fn service(served: &Served) -> Service {
    let (of_machine, of_events) = (served.clone(), served.clone());
    Service::new(&served.names.build)
        .handler("describe", Access::Binary, move |request: Request<()>| {
            drop(request);
            let description = description(&of_machine);
            async move { Ok(Json(description)) }
        })
        .handler("events", Access::Binary, move |request| {
            let served = of_events.clone();
            async move { events(served, request).await }
        })
}

/// The machine as it was compiled, and whose it is.
fn description(served: &Served) -> Value {
    let identity = served.host.identity();
    let mut description = Object::new();
    description.insert("name", served.program.name());
    description.insert("definition", served.program.definition());
    description.insert("region", identity.region.clone());
    description.insert("account", identity.account.clone());
    description.insert("roleArn", identity.role_arn.clone());
    description.into()
}

/// What an execution of this build tells as far as it has come.
async fn events(served: Served, request: Request<Coded<Replay>>) -> Result<Coded<Vec<Told>>, TerminalError> {
    let Request { input: Coded(Replay { protocol, messages }), .. } = request;
    let failed = |reason: String| TerminalError::new_with_code(500, reason);
    let events: Events = Arc::default();
    let workflow = served.names.workflow.clone();
    let service = crate::endpoint::workflow(&served, Some(Arc::clone(&events)));
    let definition = service.define().map_err(|error| failed(error.to_string()))?;
    let endpoint = Endpoint::builder().bind(definition).build();
    let again = http::Request::post(format!("/invoke/{workflow}/run"))
        .header("content-type", format!("application/vnd.restate.invocation.v{protocol}"))
        .body(Full::new(Bytes::from(messages)))
        .map_err(|error| failed(error.to_string()))?;
    let options = HandleOptions { protocol_mode: ProtocolMode::RequestResponse };
    let answer = endpoint.handle_with_options(again, options);
    if !answer.status().is_success() {
        return Err(failed(format!("the journal cannot be gone through: {}", answer.status())));
    }
    // Where the journal ends before the execution does, this ends with an error: that it would wait.
    let sent = answer.into_body().collect().await.map(|body| body.to_bytes());
    if sent.is_ok_and(|sent| types(&sent).any(|message| message == ERROR)) {
        return Err(failed(String::from("the journal is not that of an execution of this build")));
    }
    let Telling { told, is_too_long } =
        std::mem::take(&mut *events.lock().unwrap_or_else(PoisonError::into_inner));
    if is_too_long {
        return Err(failed(String::from("the execution computes for too long to be gone through once more")));
    }
    Ok(Coded(told))
}

/// The message that something is wrong, in Restate's protocol.
const ERROR: u16 = 2;

/// The types of messages that follow each other. Each has a header: its type, flags, its length.
fn types(mut messages: &[u8]) -> impl Iterator<Item = u16> {
    std::iter::from_fn(move || {
        let (header, rest) = messages.split_first_chunk::<8>()?;
        let [first, second, _, _, length @ ..] = *header;
        messages = rest.get(u32::from_be_bytes(length) as usize..).unwrap_or_default();
        Some(u16::from_be_bytes([first, second]))
    })
}
