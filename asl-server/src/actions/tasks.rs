//! Tasks that are done outside: workers of activities, and whoever has a token.

use super::{Answer, Request, activities};
use crate::executions::TokenFault;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_runtime::{TaskError, Value};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// How long a worker waits for work (AWS, "GetActivityTask").
const POLL: Duration = Duration::from_secs(60);

/// `GetActivityTask`: waits for work, and answers without any after a minute.
pub(super) async fn work(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("activityArn");
    activities::named(server, arn)?;
    let work = server.executions.tokens().work(arn, request.text("workerName"));
    Ok(match tokio::time::timeout(POLL, work).await {
        Ok(task) => json!({ "taskToken": &*task.task_token, "input": task.input.to_string() }),
        Err(_) => json!({}),
    })
}

/// `SendTaskSuccess`: the token is looked at before the output.
pub(super) fn succeed(server: &Arc<Inner>, request: &Request) -> Answer {
    let (tokens, token) = (server.executions.tokens(), request.required("taskToken"));
    tokens.check(token).map_err(refused)?;
    let output = Value::from_json(request.required("output"))
        .map_err(|error| ApiError::new("InvalidOutput", format!("Invalid Output: '{error}'")))?;
    tokens.end(token, Ok(output)).map_err(refused)?;
    Ok(json!({}))
}

/// `SendTaskFailure`
pub(super) fn fail(server: &Arc<Inner>, request: &Request) -> Answer {
    let error = request.text("error").unwrap_or_default().to_owned();
    let error = match request.text("cause") {
        Some(cause) => TaskError::new(error, cause),
        None => TaskError::named(error),
    };
    server.executions.tokens().end(request.required("taskToken"), Err(error)).map_err(refused)?;
    Ok(json!({}))
}

/// `SendTaskHeartbeat`
pub(super) fn heartbeat(server: &Arc<Inner>, request: &Request) -> Answer {
    server.executions.tokens().heartbeat(request.required("taskToken")).map_err(refused)?;
    Ok(json!({}))
}

fn refused(fault: TokenFault) -> ApiError {
    match fault {
        TokenFault::Unknown => ApiError::about("InvalidToken", "Invalid token"),
        TokenFault::Over => ApiError::about("TaskTimedOut", "Provided task does not exist anymore"),
    }
}
