//! Executions, their events, and executions that start others.

use crate::support::{
    CALL, CompiledIn, GREET, Gated, PAUSE, THINK, WHO, ask, create, ended, events, refused, server, start,
};
use asl_runtime::{Clock, InMemory, VirtualClock};
use asl_server::Server;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Notify;

#[tokio::test]
async fn an_execution_is_described_with_its_data() {
    let server = server();
    let machine = create(&server, "Greet", GREET).await;
    let execution = start(&server, &machine, json!({ "name": "Ana" })).await;
    let described = ended(&server, &execution).await;
    assert_eq!(described["status"], "SUCCEEDED");
    assert_eq!(described["output"], r#"{"text":"hello Ana"}"#);
    assert_eq!(described["inputDetails"], json!({ "included": true }));
    assert_eq!(described["redriveStatusReason"], "Execution is SUCCEEDED and cannot be redriven");
    assert_eq!(
        events(&server, &execution).await,
        ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    );
    let metadata = json!({ "executionArn": execution, "includedData": "METADATA_ONLY" });
    let described = ask(&server, "DescribeExecution", metadata).await;
    assert_eq!((&described["input"], &described["output"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_history_comes_in_pages_and_backwards() {
    let server = server();
    let machine = create(&server, "Greet", GREET).await;
    let execution = start(&server, &machine, json!({ "name": "Ana" })).await;
    ended(&server, &execution).await;
    let first = json!({ "executionArn": execution, "maxResults": 3, "reverseOrder": true, "includeExecutionData": false });
    let first = ask(&server, "GetExecutionHistory", first).await;
    let ids: Vec<_> =
        first["events"].as_array().unwrap().iter().map(|event| event["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [4, 3, 2]);
    assert_eq!(first["events"][0]["executionSucceededEventDetails"], json!({}));
    let next = json!({ "executionArn": execution, "maxResults": 3, "reverseOrder": true, "nextToken": first["nextToken"] });
    let rest = ask(&server, "GetExecutionHistory", next).await;
    assert_eq!((rest["events"][0]["id"].as_u64(), &rest["nextToken"]), (Some(1), &Value::Null));
}

#[tokio::test]
async fn starting_again_is_the_same_while_it_runs() {
    let server = server();
    let machine = create(&server, "Pause", PAUSE).await;
    let request = json!({ "stateMachineArn": machine, "name": "one", "input": "{}" });
    let first = ask(&server, "StartExecution", request.clone()).await;
    assert_eq!(ask(&server, "StartExecution", request.clone()).await, first);
    let other = json!({ "stateMachineArn": machine, "name": "one", "input": "1" });
    assert_eq!(refused(&server, "StartExecution", other).await.0, "ExecutionAlreadyExists");
    ask(&server, "StopExecution", json!({ "executionArn": first["executionArn"] })).await;
    assert_eq!(refused(&server, "StartExecution", request).await.0, "ExecutionAlreadyExists");
}

#[tokio::test]
async fn an_execution_that_is_stopped_has_no_error_unless_one_is_given() {
    let server = server();
    let machine = create(&server, "Pause", PAUSE).await;
    for (stop, error) in [(json!({}), Value::Null), (json!({ "error": "Enough" }), json!("Enough"))] {
        let execution = start(&server, &machine, json!({})).await;
        let mut request = stop;
        request["executionArn"] = execution.clone().into();
        ask(&server, "StopExecution", request).await;
        let described = ended(&server, &execution).await;
        assert_eq!((&described["status"], &described["error"]), (&json!("ABORTED"), &error));
        assert_eq!(events(&server, &execution).await.last().map(String::as_str), Some("ExecutionAborted"));
    }
}

#[tokio::test]
async fn executions_are_listed_from_the_newest_on() {
    let server = server();
    let machine = create(&server, "Greet", GREET).await;
    let mut arns = Vec::new();
    for number in 0..5 {
        let execution = start(&server, &machine, json!({ "name": number })).await;
        ended(&server, &execution).await;
        arns.insert(0, execution);
    }
    let mut listed = Vec::new();
    let mut request = json!({ "stateMachineArn": machine, "maxResults": 2, "statusFilter": "SUCCEEDED" });
    loop {
        let page = ask(&server, "ListExecutions", request.clone()).await;
        listed.extend(
            page["executions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["executionArn"].as_str().unwrap().to_owned()),
        );
        if page["nextToken"].is_null() {
            break;
        }
        request["nextToken"] = page["nextToken"].clone();
    }
    assert_eq!(listed, arns);
    let failed = json!({ "stateMachineArn": machine, "statusFilter": "FAILED" });
    assert_eq!(ask(&server, "ListExecutions", failed).await["executions"], json!([]));
}

#[tokio::test]
async fn an_express_execution_is_waited_for() {
    let server = server();
    let request = json!({ "name": "Quick", "definition": GREET, "roleArn": "arn:aws:iam::0:role/r", "type": "EXPRESS" });
    let machine = ask(&server, "CreateStateMachine", request).await;
    let request = json!({ "stateMachineArn": machine["stateMachineArn"], "input": r#"{"name": "Ana"}"#, "name": "once" });
    // The name is free at once.
    for _ in 0..2 {
        let answer = ask(&server, "StartSyncExecution", request.clone()).await;
        assert_eq!(
            (&answer["status"], &answer["output"]),
            (&json!("SUCCEEDED"), &json!(r#"{"text":"hello Ana"}"#))
        );
        assert_eq!(answer["billingDetails"]["billedMemoryUsedInMB"], 64);
        assert!(
            answer["executionArn"]
                .as_str()
                .unwrap()
                .starts_with("arn:aws:states:local:000000000000:express:Quick:once:")
        );
    }
    let standard = create(&server, "Greet", GREET).await;
    let (kind, _) = refused(&server, "StartSyncExecution", json!({ "stateMachineArn": standard })).await;
    assert_eq!(kind, "StateMachineTypeNotSupported");
}

#[tokio::test]
async fn an_execution_that_starts_another_waits_for_its_end() {
    let server = server();
    create(&server, "Child", GREET).await;
    let machine = create(&server, "Parent", CALL).await;
    let execution = start(&server, &machine, json!({ "name": "Ana" })).await;
    let described = ended(&server, &execution).await;
    let output: Value = serde_json::from_str(described["output"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&output["Status"], &output["Output"]),
        (&json!("SUCCEEDED"), &json!({ "text": "hello Ana" }))
    );
    let names: Vec<_> = output.as_object().unwrap().keys().cloned().collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[tokio::test]
async fn a_child_is_stopped_with_its_parent() {
    let server = server();
    create(&server, "Child", PAUSE).await;
    let machine = create(&server, "Parent", CALL).await;
    let execution = start(&server, &machine, json!({})).await;
    let child = "arn:aws:states:local:000000000000:execution:Child:child";
    while server.call("DescribeExecution", json!({ "executionArn": child })).await.is_err() {
        tokio::task::yield_now().await;
    }
    ask(&server, "StopExecution", json!({ "executionArn": execution })).await;
    let described = ended(&server, child).await;
    assert_eq!((&described["status"], &described["error"]), (&json!("ABORTED"), &Value::Null));
    let cause = format!(
        "The Task state in AWS Step Functions execution [{execution}] which was managing this resource was aborted"
    );
    assert_eq!(described["cause"], cause);
}

#[tokio::test]
async fn only_executions_that_can_be_redriven_have_a_count_of_that() {
    let server = server();
    let standard = create(&server, "Standard", WHO).await;
    let standard = ended(&server, &start(&server, &standard, json!({})).await).await;
    let request = json!({ "name": "Express", "definition": WHO, "roleArn": "arn:aws:iam::0:role/r", "type": "EXPRESS" });
    let machine = ask(&server, "CreateStateMachine", request).await["stateMachineArn"].take();
    let express = ask(&server, "StartSyncExecution", json!({ "stateMachineArn": machine })).await;
    let count = |ended: Value| {
        let output: Value = serde_json::from_str(ended["output"].as_str().unwrap()).unwrap();
        assert_eq!(output["execution"]["RoleArn"], "arn:aws:iam::0:role/r");
        output["execution"].get("RedriveCount").cloned()
    };
    assert_eq!((count(standard), count(express)), (Some(json!(0)), None));
}

#[tokio::test]
async fn an_express_execution_takes_five_minutes_at_most() {
    let host = InMemory::with_clock(VirtualClock::new(Clock::System.now()));
    let server = Server::builder(CompiledIn, &host).build().unwrap();
    let role = "arn:aws:iam::0:role/r";
    let request = json!({ "name": "Pause", "definition": PAUSE, "roleArn": role, "type": "EXPRESS" });
    let machine = ask(&server, "CreateStateMachine", request).await["stateMachineArn"].take();
    let ended = ask(&server, "StartSyncExecution", json!({ "stateMachineArn": machine })).await;
    assert_eq!(ended["status"], "TIMED_OUT", "{ended}");
}

#[tokio::test]
async fn executions_of_a_machine_that_cannot_be_built_fail_and_say_why() {
    const UNKNOWN: &str = r#"{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }"#;
    let server = server();
    let machine = create(&server, "Unknown", UNKNOWN).await;
    let execution = start(&server, &machine, json!({})).await;
    let described = ended(&server, &execution).await;
    assert_eq!(
        (&described["status"], &described["cause"]),
        (&json!("FAILED"), &json!("The machine could not be built: it is not in this program"))
    );
    assert_eq!(events(&server, &execution).await, ["ExecutionFailed"]);
}

#[tokio::test]
async fn what_never_ends_is_timed_out_even_if_its_machine_was_built_late() {
    let gate = Arc::new(Notify::new());
    let server = Server::builder(Gated(Arc::clone(&gate)), &InMemory::new()).build().unwrap();
    let machine = create(&server, "Think", THINK).await;
    let execution = start(&server, &machine, json!(0)).await;
    gate.notify_one();
    let described = ended(&server, &execution).await;
    assert_eq!(described["status"], "TIMED_OUT", "{described}");
}
