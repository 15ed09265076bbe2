//! What each action does.
//!
//! In: requests that satisfy the model. Out: answers, or errors in AWS's words. An action looks at the control plane and at executions, and decides;
//! it keeps nothing itself.

pub(crate) mod activities;
mod aliases;
mod executions;
mod history;
mod machines;
mod map_runs;
mod pages;
mod request;
mod settings;
mod tags;
mod tasks;
mod test_state;
mod validate;
mod versions;

pub(crate) use executions::description;
pub(crate) use request::Request;

use crate::protocol::error::ApiError;
use crate::server::Inner;
use serde_json::Value;
use std::sync::Arc;

pub(crate) type Answer = Result<Value, ApiError>;

/// Does an action.
pub(crate) async fn act(server: &Arc<Inner>, action: &str, request: &Request) -> Answer {
    match action {
        "CreateActivity" => activities::create(server, request),
        "CreateStateMachine" => machines::create(server, request),
        "CreateStateMachineAlias" => aliases::create(server, request),
        "DeleteActivity" => activities::delete(server, request),
        "DeleteStateMachine" => machines::delete(server, request),
        "DeleteStateMachineAlias" => aliases::delete(server, request),
        "DeleteStateMachineVersion" => versions::delete(server, request),
        "DescribeActivity" => activities::describe(server, request),
        "DescribeExecution" => executions::describe(server, request),
        "DescribeMapRun" => map_runs::describe(server, request),
        "DescribeStateMachine" => machines::describe(server, request),
        "DescribeStateMachineAlias" => aliases::describe(server, request),
        "DescribeStateMachineForExecution" => executions::describe_machine(server, request),
        "GetActivityTask" => tasks::work(server, request).await,
        "GetExecutionHistory" => history::get(server, request),
        "ListActivities" => activities::list(server, request),
        "ListExecutions" => executions::list(server, request),
        "ListMapRuns" => map_runs::list(server, request),
        "ListStateMachineAliases" => aliases::list(server, request),
        "ListStateMachineVersions" => versions::list(server, request),
        "ListStateMachines" => machines::list(server, request),
        "ListTagsForResource" => tags::list(server, request),
        "PublishStateMachineVersion" => versions::publish(server, request),
        "RedriveExecution" => executions::redrive(server, request),
        "SendTaskFailure" => tasks::fail(server, request),
        "SendTaskHeartbeat" => tasks::heartbeat(server, request),
        "SendTaskSuccess" => tasks::succeed(server, request),
        "StartExecution" => executions::start(server, request),
        "StartSyncExecution" => executions::start_sync(server, request).await,
        "StopExecution" => executions::stop(server, request).await,
        "TagResource" => tags::add(server, request),
        "TestState" => test_state::test(server, request).await,
        "UntagResource" => tags::remove(server, request),
        "UpdateMapRun" => map_runs::update(server, request),
        "UpdateStateMachine" => machines::update(server, request),
        "UpdateStateMachineAlias" => aliases::update(server, request),
        "ValidateStateMachineDefinition" => validate::validate(server, request),
        _ => Err(ApiError::new("UnknownOperationException", "")),
    }
}
