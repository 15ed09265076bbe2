//! Activities: an object for each, by its ARN, with the work that no worker has taken.

use crate::endpoint::Served;
use crate::message::Coded;
use crate::services::{Access, Request, Service};
use crate::tokens;
use asl_runtime::engine::Outcome;
use asl_runtime::{Object, Text, Value};
use restate_sdk::errors::TerminalError;
use restate_sdk::serde::Json;

/// The work: tokens and inputs, in the order in which they came.
const WORK: &str = "work";

type Work = (Text, Value);

/// Hands out work to workers.
pub(crate) fn object(served: &Served) -> Service {
    let of_worker = served.clone();
    Service::object(&served.names.activities).handler("add", Access::Private, add).handler(
        "take",
        Access::Public,
        move |request| take(of_worker.clone(), request),
    )
}

async fn add(request: Request<Coded<Work>>) -> Result<(), TerminalError> {
    let Request { context, input: Coded(work), .. } = request;
    let mut all = context.get::<Coded<Vec<Work>>>(WORK).await?.map_or_else(Vec::new, |Coded(all)| all);
    all.push(work);
    context.set(WORK, Coded(all));
    Ok(())
}

/// Hands a worker the next task that has not ended in the meantime, with the fields of `GetActivityTask`; `null` if there is none.
async fn take(served: Served, request: Request<Json<Value>>) -> Result<Json<Value>, TerminalError> {
    let Request { context, input: Json(fields), .. } = request;
    let worker_name = fields.get("workerName").and_then(Value::as_str).map(Text::from);
    let all = context.get::<Coded<Vec<Work>>>(WORK).await?.map_or_else(Vec::new, |Coded(all)| all);
    let at = tokens::now(&context, &served).await?;
    let mut all = all.into_iter();
    let mut taken = Value::Null;
    for (task_token, input) in all.by_ref() {
        let started = Outcome::Started { worker_name: worker_name.clone() };
        if tokens::is_told(&context, &served.names, &task_token, (vec![started], at)).await? {
            let mut task = Object::new();
            task.insert("taskToken", task_token);
            task.insert("input", input.to_string());
            taken = task.into();
            break;
        }
    }
    // Whoever looks whether there is work need not read it.
    if all.as_slice().is_empty() {
        context.clear(WORK);
    } else {
        context.set(WORK, Coded(all.collect::<Vec<_>>()));
    }
    Ok(Json(taken))
}
