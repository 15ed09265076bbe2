//! Activities and tokens.

use crate::support::{WORK, ask, create, ended, events, refused, server, start};
use serde_json::json;

const ARN: &str = "arn:aws:states:local:000000000000:activity:Work";

#[tokio::test]
async fn a_worker_gets_work_and_ends_it() {
    let server = server();
    ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
    let machine = create(&server, "M", WORK).await;
    // The worker waits before there is work.
    let waiting = tokio::spawn({
        let server = server.clone();
        async move { ask(&server, "GetActivityTask", json!({ "activityArn": ARN, "workerName": "w" })).await }
    });
    let execution = start(&server, &machine, json!({ "order": 7 })).await;
    let task = waiting.await.unwrap();
    assert_eq!(task["input"], r#"{"order":7}"#);
    let token = &task["taskToken"];
    ask(&server, "SendTaskHeartbeat", json!({ "taskToken": token })).await;
    // The output is looked at, and the task is still to be ended.
    assert_eq!(
        refused(&server, "SendTaskSuccess", json!({ "taskToken": token, "output": "x" })).await.0,
        "InvalidOutput"
    );
    ask(&server, "SendTaskSuccess", json!({ "taskToken": token, "output": "8" })).await;
    assert_eq!(ended(&server, &execution).await["output"], "8");
    assert!(events(&server, &execution).await.contains(&"ActivityStarted".to_owned()));
    let (kind, message) = refused(&server, "SendTaskFailure", json!({ "taskToken": token })).await;
    assert_eq!(
        (kind.as_str(), message.as_str()),
        ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
    );
}

#[tokio::test]
async fn an_unknown_token_is_refused_before_its_output_is_looked_at() {
    let (kind, message) =
        refused(&server(), "SendTaskSuccess", json!({ "taskToken": "x", "output": "output" })).await;
    assert_eq!((kind.as_str(), message.as_str()), ("InvalidToken", "Invalid Token: 'Invalid token'"));
}

#[tokio::test]
async fn an_activity_that_is_deleted_has_no_work() {
    let server = server();
    ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
    ask(&server, "DeleteActivity", json!({ "activityArn": ARN })).await;
    assert_eq!(
        refused(&server, "GetActivityTask", json!({ "activityArn": ARN })).await.0,
        "ActivityDoesNotExist"
    );
    let machine = create(&server, "M", WORK).await;
    let execution = start(&server, &machine, json!({})).await;
    let described = ended(&server, &execution).await;
    assert_eq!((&described["status"], &described["error"]), (&json!("FAILED"), &json!("States.Runtime")));
}

#[tokio::test]
async fn a_redrive_goes_on_with_the_task_that_failed() {
    let server = server();
    ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
    let machine = create(&server, "M", WORK).await;
    let execution = start(&server, &machine, json!({ "order": 7 })).await;
    let work = json!({ "activityArn": ARN });
    let request = json!({ "executionArn": execution });
    let running = "Execution Not Redrivable: 'Execution is RUNNING and cannot be redriven'";
    let refusal = ("ExecutionNotRedrivable".to_owned(), running.to_owned());
    assert_eq!(refused(&server, "RedriveExecution", request.clone()).await, refusal);
    let first = ask(&server, "GetActivityTask", work.clone()).await;
    ask(&server, "SendTaskFailure", json!({ "taskToken": first["taskToken"], "error": "Busy" })).await;
    let failed = ended(&server, &execution).await;
    assert_eq!((&failed["redriveStatus"], &failed["redriveCount"]), (&json!("REDRIVABLE"), &json!(0)));
    let redriven = ask(&server, "RedriveExecution", request.clone()).await;
    let running = ask(&server, "DescribeExecution", request.clone()).await;
    assert_eq!((&running["status"], &running["stopDate"]), (&json!("RUNNING"), &json!(null)));
    assert_eq!((&running["redriveCount"], &running["redriveDate"]), (&json!(1), &redriven["redriveDate"]));
    let second = ask(&server, "GetActivityTask", work).await;
    assert_ne!(second["taskToken"], first["taskToken"]);
    ask(&server, "SendTaskSuccess", json!({ "taskToken": second["taskToken"], "output": "8" })).await;
    assert_eq!(ended(&server, &execution).await["output"], "8");
    assert_eq!(
        events(&server, &execution).await[4..],
        [
            "ActivityFailed",
            "ExecutionFailed",
            "ExecutionRedriven",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
    let list = json!({ "stateMachineArn": machine, "redriveFilter": "REDRIVEN" });
    let listed = ask(&server, "ListExecutions", list).await;
    assert_eq!(listed["executions"].as_array().unwrap().len(), 1);
}
