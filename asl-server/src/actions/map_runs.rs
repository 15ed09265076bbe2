//! Map Runs: described and listed.

use super::executions::find_execution;
use super::pages::Page;
use super::{Answer, Request};
use crate::arn::ArnKind;
use crate::executions::MapRunDescription;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_runtime::{Counts, MapRunLimits, Status};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `DescribeMapRun`
pub(super) async fn describe(server: &Arc<Inner>, request: &Request) -> Answer {
    let run = find(server, request.required("mapRunArn")).await?;
    let mut answer = Map::new();
    let mut add = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    add("mapRunArn", (*run.arn).into());
    add("executionArn", (*run.execution_arn).into());
    add("status", run.status.as_str().into());
    add("startDate", run.start_date.into());
    add("maxConcurrency", run.max_concurrency().into());
    add("toleratedFailurePercentage", run.limits.tolerated_failure_percentage.unwrap_or_default().into());
    add("toleratedFailureCount", run.limits.tolerated_failure_count.unwrap_or_default().into());
    add("itemCounts", counts(&run.items));
    add("executionCounts", counts(&run.executions));
    add("redriveCount", run.redrive_count.into());
    answer.extend(run.redrive_date.map(|date| ("redriveDate".to_owned(), date.into())));
    answer.extend(run.stop_date.map(|date| ("stopDate".to_owned(), date.into())));
    Ok(answer.into())
}

fn counts(counts: &Counts) -> Value {
    json!({
        "pending": counts.pending,
        "running": counts.running,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "timedOut": counts.timed_out,
        "aborted": counts.aborted,
        "total": counts.total(),
        "resultsWritten": counts.results_written,
        "failuresNotRedrivable": 0,
        "pendingRedrive": 0,
    })
}

/// `ListMapRuns`
pub(super) async fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("executionArn");
    let execution = find_execution(server, arn).await?;
    let page = Page::read(request, arn)?;
    let runs = server.executions.map_runs(&execution.arn).await?;
    let entries = runs.iter().enumerate().map(|(number, run)| {
        let mut entry = Map::new();
        let mut add = |name: &str, value: Value| entry.insert(name.to_owned(), value);
        add("executionArn", (*run.execution_arn).into());
        add("mapRunArn", (*run.arn).into());
        add("stateMachineArn", (*run.machine_arn).into());
        add("startDate", run.start_date.into());
        entry.extend(run.stop_date.map(|date| ("stopDate".to_owned(), date.into())));
        (format!("{number:020}"), entry.into())
    });
    Ok(page.of("mapRuns", entries))
}

/// `UpdateMapRun`: one that has ended cannot be changed.
pub(super) async fn update(server: &Arc<Inner>, request: &Request) -> Answer {
    let run = find(server, request.required("mapRunArn")).await?;
    let limits = MapRunLimits::of(
        request.number("maxConcurrency"),
        request.number("toleratedFailureCount"),
        request.value("toleratedFailurePercentage").and_then(Value::as_f64),
    );
    if run.status == Status::Running && server.executions.limit_map_run(&run, limits).await? {
        return Ok(json!({}));
    }
    Err(ApiError::validation(format!("The Map Run '{}' cannot be changed", run.arn)))
}

/// The Map Run with this ARN.
pub(super) async fn find(server: &Inner, arn: &str) -> Result<MapRunDescription, ApiError> {
    ArnKind::MapRun.read(arn)?;
    server.executions.map_run(arn).await?.ok_or_else(|| ApiError::resource_not_found(arn))
}
