//! Executions that start executions of other machines.

use crate::{child, json, parent, virtual_host};
use asl_runtime::{Event, EventDetails, ExecutionContext, InMemory, Value};
use std::sync::Arc;
use tokio::sync::Notify;

const CHILD: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Child";

fn host() -> InMemory {
    virtual_host().state_machine::<child::Machine>(CHILD)
}

#[tokio::test]
async fn sync_2_gives_the_output_as_json() {
    let output = parent::run_json(&host(), r#"{"how": "json", "input": {"good": true}}"#).await;
    assert_eq!(output, Ok(json(r#"{"output": {"good": true, "result": "done"}, "status": "SUCCEEDED"}"#)));
}

#[tokio::test]
async fn sync_gives_the_description_with_input_and_output_as_text() {
    let output = parent::run_json(&host(), r#"{"how": "text", "input": {"good": true}}"#).await.unwrap();
    let field = |name: &str| output.get(name).cloned().unwrap_or_default();
    assert_eq!(field("Input"), Value::from(r#"{"good":true}"#));
    assert_eq!(field("Output"), Value::from(r#"{"good":true,"result":"done"}"#));
    assert_eq!(field("StateMachineArn"), Value::from(CHILD));
    let milliseconds = |name: &str| field(name).as_i64().unwrap();
    assert_eq!(milliseconds("StopDate") - milliseconds("StartDate"), 60_000);
}

#[tokio::test]
async fn a_child_that_fails_is_a_failed_task_with_its_description_as_the_cause() {
    let output = parent::run_json(&host(), r#"{"how": "text", "input": {"good": false}}"#).await.unwrap();
    assert_eq!(output.get("Error"), Some(&Value::from("NotGood")));
    assert_eq!(output.get("Cause"), Some(&Value::from("it is not good")));
    assert_eq!(output.get("Status"), Some(&Value::from("FAILED")));
}

#[tokio::test]
async fn without_sync_the_child_runs_on_by_itself() {
    let ended = Arc::new(Notify::new());
    let told = Arc::clone(&ended);
    let host = host().observe(move |_: &ExecutionContext, event: &Event| {
        if matches!(&event.details, EventDetails::ExecutionSucceeded { output } if output.get("result").is_some()) {
            told.notify_one();
        }
    });
    let output = parent::run_json(&host, r#"{"how": "start", "input": {"good": true}}"#).await.unwrap();
    assert!(output.get("ExecutionArn").and_then(Value::as_str).unwrap().contains(":execution:child:"));
    ended.notified().await;
}

#[tokio::test]
async fn a_machine_that_is_not_known_is_a_failed_task() {
    let error = parent::run_json(&virtual_host(), r#"{"how": "json", "input": {}}"#).await.unwrap_err();
    assert_eq!(error.error(), Some("StepFunctions.StateMachineDoesNotExistException"));
    assert!(error.cause().unwrap().contains(CHILD));
}
