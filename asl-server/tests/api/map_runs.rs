//! Map Runs and their children.

use crate::support::{EACH, ask, create, ended, refused, server, start};
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
