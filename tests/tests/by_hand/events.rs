//! The events of an execution as an observer hears them: numbered in order, each with an earlier event that led to it.

use crate::{CHARGE, json, nap, order, virtual_host};
use asl_runtime::{Event, EventDetails, ExecutionContext, InMemory, TaskError, Value};
use std::sync::{Arc, Mutex, PoisonError};

/// What happened, in the words of AWS's history.
#[expect(clippy::wildcard_enum_match_arm, reason = "the name of the others says it all")]
fn line(event: &Event) -> String {
    match &event.details {
        EventDetails::StateEntered { state_type, name, .. } => format!("{state_type}StateEntered {name}"),
        EventDetails::StateExited { state_type, name, .. } => format!("{state_type}StateExited {name}"),
        EventDetails::TaskFailed { error, .. } => format!("TaskFailed {error}"),
        EventDetails::MapIterationStarted { name, index } => format!("MapIterationStarted {name} {index}"),
        EventDetails::MapIterationSucceeded { name, index } => {
            format!("MapIterationSucceeded {name} {index}")
        }
        other => format!("{other:?}").split([' ', '{']).next().unwrap_or_default().to_owned(),
    }
}

/// What is heard of one execution of `order`.
async fn heard(answers: Vec<Result<Value, TaskError>>, input: &str) -> Vec<String> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let answers = Arc::new(Mutex::new(answers.into_iter()));
    let host = virtual_host()
        .resource(CHARGE, move |_| {
            let answer = answers.lock().unwrap_or_else(PoisonError::into_inner).next();
            async move { answer.unwrap_or(Ok(Value::Null)) }
        })
        .observe({
            let events = Arc::clone(&events);
            move |_: &ExecutionContext, event: &Event| {
                events.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone())
            }
        });
    // How the execution ends is its last event.
    let _ = order::run(&host, json(input)).await;
    let events = events.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for (event, id) in events.iter().zip(1..) {
        assert_eq!(event.id, id);
        assert!(event.previous_event_id < id, "{event:?}");
    }
    events.iter().map(line).collect()
}

#[tokio::test]
async fn every_state_task_iteration_and_branch_is_heard() {
    let busy = Err(TaskError::named("Busy"));
    let lines = heard(vec![busy, Ok("r-1".into())], r#"{"amount":1000,"items":["a","b"]}"#).await;
    let expected = [
        "ExecutionStarted",
        "PassStateEntered Prepare",
        "PassStateExited Prepare",
        "TaskStateEntered Charge Card",
        "TaskScheduled",
        "TaskStarted",
        "TaskFailed Busy",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited Charge Card",
        "ChoiceStateEntered Large?",
        "ChoiceStateExited Large?",
        "WaitStateEntered Cool Down",
        "WaitStateExited Cool Down",
        "MapStateEntered Pack",
        "MapStateStarted",
        "MapIterationStarted Pack 0",
        "PassStateEntered Wrap",
        "PassStateExited Wrap",
        "MapIterationSucceeded Pack 0",
        "MapIterationStarted Pack 1",
        "PassStateEntered Wrap",
        "PassStateExited Wrap",
        "MapIterationSucceeded Pack 1",
        "MapStateSucceeded",
        "MapStateExited Pack",
        "ParallelStateEntered Tell",
        "ParallelStateStarted",
        "PassStateEntered Tell Customer",
        "PassStateExited Tell Customer",
        "PassStateEntered Tell Depot",
        "PassStateExited Tell Depot",
        "ParallelStateSucceeded",
        "ParallelStateExited Tell",
        "SucceedStateEntered Done",
        "SucceedStateExited Done",
        "ExecutionSucceeded",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_caught_error_and_a_failed_execution_are_heard() {
    let lines = heard(vec![Err(TaskError::new("CardDeclined", "expired"))], r#"{"amount":1}"#).await;
    let expected = [
        "ExecutionStarted",
        "PassStateEntered Prepare",
        "PassStateExited Prepare",
        "TaskStateEntered Charge Card",
        "TaskScheduled",
        "TaskStarted",
        "TaskFailed CardDeclined",
        "TaskStateExited Charge Card",
        "FailStateEntered Refuse",
        "ExecutionFailed",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn what_a_stopped_execution_was_about_is_not_heard_of() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let host = InMemory::new().observe({
        let events = Arc::clone(&events);
        move |_: &ExecutionContext, event: &Event| {
            events.lock().unwrap_or_else(PoisonError::into_inner).push(line(event))
        }
    });
    let mut execution = nap::start(&host, ());
    execution.watch().await.unwrap();
    execution.stop(Some("Enough"), None);
    assert_eq!(execution.await.unwrap_err().error(), Some("Enough"));
    let expected = ["ExecutionStarted", "WaitStateEntered Nap", "ExecutionAborted"];
    assert_eq!(*events.lock().unwrap(), expected);
}
