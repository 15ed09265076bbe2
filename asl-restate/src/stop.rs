//! Executions that are stopped by name, with an error and a cause, as `StopExecution` does it. Cancelling the invocation stops one as well, without them.

use crate::driver::STOP;
use crate::endpoint::Served;
use crate::message::Coded;
use crate::services::{Access, Request, Service};
use crate::tokens::{self, text};
use asl_runtime::engine::Outcome;
use asl_runtime::{Text, Value};
use restate_sdk::errors::TerminalError;
use restate_sdk::serde::Json;

/// What stops executions.
pub(crate) fn service(served: &Served) -> Service {
    let stops = served.clone();
    Service::new(&served.names.executions)
        .handler("stop", Access::Public, move |request| stop(stops.clone(), request))
}

/// Tells the invocation of an execution that this is to stop. One that has ended hears nothing.
async fn stop(served: Served, request: Request<Json<Value>>) -> Result<(), TerminalError> {
    let Request { context, input: Json(fields), .. } = request;
    let field = |name| fields.get(name).and_then(Value::as_str);
    let invocation = text(&fields, "invocationId")?;
    let at = tokens::now(&context, &served).await?;
    let outcome =
        Outcome::Stopped { error: field("error").map(Text::from), cause: field("cause").map(str::to_owned) };
    context.resolve_signal(&invocation, STOP, Coded((vec![outcome], at)));
    Ok(())
}
