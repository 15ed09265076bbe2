//! Tasks that are done outside: workers of activities, and holders of tokens.

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
    let work = server.executions.work(arn, request.text("workerName"));
    Ok(match tokio::time::timeout(POLL, work).await {
        Ok(task) => {
            let task = task?;
            json!({ "taskToken": &*task.task_token, "input": task.input.to_string() })
        }
        Err(_) => json!({}),
    })
}

/// `SendTaskSuccess`: the token is looked at before the output.
pub(super) async fn succeed(server: &Arc<Inner>, request: &Request) -> Answer {
    let token = request.required("taskToken");
    server.executions.check_token(token).await.map_err(refused)?;
    let output = Value::from_json(request.required("output"))
        .map_err(|error| ApiError::new("InvalidOutput", format!("Invalid Output: '{error}'")))?;
    server.executions.end_task(token, Ok(output)).await.map_err(refused)?;
    Ok(json!({}))
}

/// `SendTaskFailure`
pub(super) async fn fail(server: &Arc<Inner>, request: &Request) -> Answer {
    let error = request.text("error").unwrap_or_default().to_owned();
    let error = match request.text("cause") {
        Some(cause) => TaskError::new(error, cause),
        None => TaskError::named(error),
    };
    server.executions.end_task(request.required("taskToken"), Err(error)).await.map_err(refused)?;
    Ok(json!({}))
}

/// `SendTaskHeartbeat`
pub(super) async fn heartbeat(server: &Arc<Inner>, request: &Request) -> Answer {
    server.executions.heartbeat(request.required("taskToken")).await.map_err(refused)?;
    Ok(json!({}))
}

fn refused(fault: TokenFault) -> ApiError {
    match fault {
        TokenFault::Unknown => ApiError::about("InvalidToken", "Invalid token"),
        TokenFault::Over => ApiError::about("TaskTimedOut", "Provided task does not exist anymore"),
        TokenFault::Unreadable(reason) => ApiError::internal(reason),
    }
}
