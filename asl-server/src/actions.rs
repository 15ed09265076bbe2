//! What each action does.
//!
//! In: requests that satisfy the model. Out: answers, or errors in AWS's words. An action looks at the control plane and at executions, and decides;
//! it keeps nothing itself.

pub(crate) mod activities;
mod aliases;
mod executions;
mod history;
pub(crate) mod machines;
mod map_runs;
mod pages;
mod request;
pub(crate) mod settings;
mod tags;
mod tasks;
mod test_state;
mod validate;
mod versions;

pub(crate) use executions::{By, Started, begin, description};
pub(crate) use request::Request;

use crate::protocol::error::ApiError;
use crate::server::Inner;
use serde_json::Value;
use std::sync::Arc;

pub(crate) type Answer = Result<Value, ApiError>;

/// Does an action.
pub(crate) async fn act(server: &Arc<Inner>, action: &str, request: &Request) -> Answer {
    if let Some(error) = server.executions.refuses(action) {
        return Err(error);
    }
    match action {
        "CreateActivity" => activities::create(server, request).await,
        "CreateStateMachine" => machines::create(server, request).await,
        "CreateStateMachineAlias" => aliases::create(server, request).await,
        "DeleteActivity" => activities::delete(server, request).await,
        "DeleteStateMachine" => machines::delete(server, request).await,
        "DeleteStateMachineAlias" => aliases::delete(server, request).await,
        "DeleteStateMachineVersion" => versions::delete(server, request).await,
        "DescribeActivity" => activities::describe(server, request),
        "DescribeExecution" => executions::describe(server, request).await,
        "DescribeMapRun" => map_runs::describe(server, request).await,
        "DescribeStateMachine" => machines::describe(server, request),
        "DescribeStateMachineAlias" => aliases::describe(server, request),
        "DescribeStateMachineForExecution" => executions::describe_machine(server, request).await,
        "GetActivityTask" => tasks::work(server, request).await,
        "GetExecutionHistory" => history::get(server, request).await,
        "ListActivities" => activities::list(server, request),
        "ListExecutions" => executions::list(server, request).await,
        "ListMapRuns" => map_runs::list(server, request).await,
        "ListStateMachineAliases" => aliases::list(server, request),
        "ListStateMachineVersions" => versions::list(server, request),
        "ListStateMachines" => machines::list(server, request),
        "ListTagsForResource" => tags::list(server, request),
        "PublishStateMachineVersion" => versions::publish(server, request).await,
        "RedriveExecution" => executions::redrive(server, request).await,
        "SendTaskFailure" => tasks::fail(server, request).await,
        "SendTaskHeartbeat" => tasks::heartbeat(server, request).await,
        "SendTaskSuccess" => tasks::succeed(server, request).await,
        "StartExecution" => executions::start(server, request).await,
        "StartSyncExecution" => executions::start_sync(server, request).await,
        "StopExecution" => executions::stop(server, request).await,
        "TagResource" => tags::add(server, request).await,
        "TestState" => test_state::test(server, request).await,
        "UntagResource" => tags::remove(server, request).await,
        "UpdateMapRun" => map_runs::update(server, request).await,
        "UpdateStateMachine" => machines::update(server, request).await,
        "UpdateStateMachineAlias" => aliases::update(server, request).await,
        "ValidateStateMachineDefinition" => validate::validate(server, request),
        _ => Err(ApiError::new("UnknownOperationException", "")),
    }
}
