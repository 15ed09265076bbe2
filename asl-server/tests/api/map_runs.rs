//! Map Runs and their children.

use crate::support::{EACH, ERRANDS, ask, create, ended, folder, process, refused, server, start};
use serde_json::json;

#[tokio::test]
async fn a_map_run_is_described_with_its_counts_and_children() {
    let server = server();
    let machine = create(&server, "M", EACH).await;
    let execution = start(&server, &machine, json!([1, 2, 3])).await;
    assert_eq!(ended(&server, &execution).await["output"], "[1,2,3]");
    let listed = ask(&server, "ListMapRuns", json!({ "executionArn": execution })).await;
    let run = listed["mapRuns"][0]["mapRunArn"].as_str().unwrap().to_owned();
    assert!(run.starts_with("arn:aws:states:local:000000000000:mapRun:M/Rows:"), "{run}");
    let described = ask(&server, "DescribeMapRun", json!({ "mapRunArn": run })).await;
    assert_eq!((&described["status"], &described["maxConcurrency"]), (&json!("SUCCEEDED"), &json!(2)));
    let counts = &described["itemCounts"];
    assert_eq!(
        (&counts["succeeded"], &counts["total"], counts.as_object().unwrap().len()),
        (&json!(3), &json!(3), 10)
    );
    let children = ask(&server, "ListExecutions", json!({ "mapRunArn": run })).await;
    assert_eq!(children["executions"].as_array().map(Vec::len), Some(3));
    // They are not among the executions of the machine.
    let own = ask(&server, "ListExecutions", json!({ "stateMachineArn": machine })).await;
    assert_eq!(own["executions"].as_array().map(Vec::len), Some(1));
    let missing = format!("{run}0");
    let (kind, message) = refused(&server, "DescribeMapRun", json!({ "mapRunArn": missing })).await;
    assert_eq!((kind.as_str(), message), ("ResourceNotFound", format!("Resource not found: '{missing}'")));
}

#[test]
fn the_limits_of_a_map_run_change_while_it_runs_and_outlive_the_process() {
    const ACTIVITY: &str = "arn:aws:states:local:000000000000:activity:Work";
    let folder = folder("limits");
    let request = json!({ "activityArn": ACTIVITY });
    let (execution, run, first) = process(&folder, async |server| {
        ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
        let machine = create(&server, "M", ERRANDS).await;
        let execution = start(&server, &machine, json!([1, 2, 3])).await;
        let first = ask(&server, "GetActivityTask", request.clone()).await;
        let runs = ask(&server, "ListMapRuns", json!({ "executionArn": execution })).await;
        let run = json!({ "mapRunArn": runs["mapRuns"][0]["mapRunArn"] });
        let described = ask(&server, "DescribeMapRun", run.clone()).await;
        assert_eq!(
            (&described["maxConcurrency"], &described["itemCounts"]["running"]),
            (&json!(1), &json!(1))
        );
        let mut update = run.clone();
        update["maxConcurrency"] = json!(3);
        update["toleratedFailureCount"] = json!(1);
        assert_eq!(ask(&server, "UpdateMapRun", update).await, json!({}));
        (execution, run, first)
    });
    process(&folder, async |server| {
        let described = ask(&server, "DescribeMapRun", run.clone()).await;
        assert_eq!(
            (&described["maxConcurrency"], &described["toleratedFailureCount"], &described["status"]),
            (&json!(3), &json!(1), &json!("RUNNING"))
        );
        let failure = json!({ "taskToken": first["taskToken"], "error": "No" });
        ask(&server, "SendTaskFailure", failure).await;
        // The two others run side by side, and one failure is tolerated.
        let second = ask(&server, "GetActivityTask", request.clone()).await;
        let third = ask(&server, "GetActivityTask", request.clone()).await;
        for task in [second, third] {
            let success = json!({ "taskToken": task["taskToken"], "output": "1" });
            ask(&server, "SendTaskSuccess", success).await;
        }
        assert_eq!(ended(&server, &execution).await["status"], "SUCCEEDED");
        let described = ask(&server, "DescribeMapRun", run.clone()).await;
        let counts = &described["itemCounts"];
        assert_eq!((&counts["succeeded"], &counts["failed"]), (&json!(2), &json!(1)));
        assert_eq!(refused(&server, "UpdateMapRun", run).await.0, "ValidationException");
    });
}
