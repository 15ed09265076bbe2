//! Task tokens: an object for each, which knows the awakeable by which its execution is told what comes in.
//!
//! An awakeable is told once. After a heartbeat the execution comes with a new one; what comes in before that is kept for it.

use crate::endpoint::Served;
use crate::kept::once;
use crate::message::{Answer, Coded};
use crate::names::Names;
use crate::services::{Access, Request, Service};
use asl_runtime::engine::Outcome;
use asl_runtime::{TaskError, Text, Timestamp, Value};
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use restate_sdk::serde::Json;

/// There is someone who waits for the token.
const IS_OPEN: &str = "isOpen";
/// The awakeable that is told what comes next.
const AWAKEABLE: &str = "awakeable";
/// An end that came when there was no awakeable.
const END: &str = "end";

/// Who waits for tokens.
pub(crate) fn object(served: &Served) -> Service {
    Service::object(&served.names.tokens)
        .handler("register", Access::Private, register)
        .handler("come", Access::Private, come)
        .handler("forget", Access::Private, forget)
}

/// An execution waits for what comes in.
async fn register(request: Request<String>) -> Result<(), TerminalError> {
    let Request { context, input: awakeable, .. } = request;
    match context.get::<Coded<Answer>>(END).await? {
        Some(end) => {
            context.resolve_awakeable(&awakeable, end);
            context.clear_all();
        }
        None => {
            context.set(IS_OPEN, true);
            context.set(AWAKEABLE, awakeable);
        }
    }
    Ok(())
}

/// Something comes in; `false` if nothing waits for it.
async fn come(request: Request<Coded<Answer>>) -> Result<bool, TerminalError> {
    let Request { context, input: answer, .. } = request;
    let has_ended = context.get::<Coded<Answer>>(END).await?.is_some();
    if has_ended || context.get::<bool>(IS_OPEN).await?.is_none() {
        return Ok(false);
    }
    let is_end = answer.0.0.iter().any(|outcome| matches!(outcome, Outcome::Signalled(_)));
    match context.get::<String>(AWAKEABLE).await? {
        Some(awakeable) => {
            context.resolve_awakeable(&awakeable, answer);
            if is_end { context.clear_all() } else { context.clear(AWAKEABLE) }
        }
        None if is_end => context.set(END, answer),
        // That of a moment ago is on its way.
        None => {}
    }
    Ok(true)
}

async fn forget(request: Request<()>) -> Result<(), TerminalError> {
    request.context.clear_all();
    Ok(())
}

/// Takes what comes in, with the fields that `SendTaskSuccess` and its like have on AWS.
pub(crate) fn callbacks(served: &Served) -> Service {
    let callback = |outcome: fn(&Value) -> Result<Outcome, TerminalError>| {
        let served = served.clone();
        move |request: Request<Json<Value>>| {
            let served = served.clone();
            async move {
                let Request { context, input: Json(fields), .. } = request;
                let (task_token, outcome) = (text(&fields, "taskToken")?, outcome(&fields)?);
                let at = now(&context, &served).await?;
                tell(&context, &served.names, &task_token, (vec![outcome], at)).await
            }
        }
    };
    Service::new(&served.names.callbacks)
        .handler("success", Access::Public, callback(success))
        .handler("failure", Access::Public, callback(failure))
        .handler("heartbeat", Access::Public, callback(|_| Ok(Outcome::Heartbeat)))
}

fn success(fields: &Value) -> Result<Outcome, TerminalError> {
    let output = Value::from_json(&text(fields, "output")?)
        .map_err(|error| TerminalError::new_with_code(400, format!("InvalidOutput: {error}")))?;
    Ok(Outcome::Signalled(Ok(output)))
}

fn failure(fields: &Value) -> Result<Outcome, TerminalError> {
    let field = |name| fields.get(name).and_then(Value::as_str);
    let error = Text::from(field("error").unwrap_or_default());
    Ok(Outcome::Signalled(Err(match field("cause") {
        Some(cause) => TaskError::new(error, cause),
        None => TaskError::named(error),
    })))
}

pub(crate) fn text(fields: &Value, name: &str) -> Result<String, TerminalError> {
    let text = fields.get(name).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| {
        TerminalError::new_with_code(400, format!("ValidationException: `{name}` is not a text"))
    })
}

/// The time, which is the same whenever an invocation is gone through again.
pub(crate) async fn now(context: &ContextInternal, served: &Served) -> Result<Timestamp, TerminalError> {
    once(context, "now", async { served.host.clock().now() }).await
}

/// Passes what has come to the task that waits for a token.
async fn tell(
    context: &ContextInternal,
    names: &Names,
    task_token: &str,
    answer: Answer,
) -> Result<(), TerminalError> {
    if is_told(context, names, task_token, answer).await? {
        return Ok(());
    }
    Err(TerminalError::new_with_code(404, "TaskDoesNotExist: there is no task with this token"))
}

/// The same; `false` if nothing waits.
pub(crate) async fn is_told(
    context: &ContextInternal,
    names: &Names,
    task_token: &str,
    answer: Answer,
) -> Result<bool, TerminalError> {
    context.request(names.token(task_token, "come"), Coded(answer)).call().await
}
