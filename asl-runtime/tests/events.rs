//! `events:putEvents`: what Step Functions adds to events, and what it says of those that were not taken.

#![cfg(feature = "aws")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::aws::Aws;
use asl_runtime::{InMemory, Value, asl_machine};
use http_server::{Server, ok};

asl_machine!("aws/event.asl.json");

async fn tell(answer: &str) -> (Server, Result<Value, asl_runtime::ExecutionError>) {
    let server = Server::answering([ok("application/x-amz-json-1.1", answer)]).await;
    let aws = Aws::with_endpoint(&server.url("/"), "us-east-1", "AKIDEXAMPLE", "very secret");
    let result = event::run_json(&InMemory::new().integration(aws), "{}").await;
    (server, result)
}

#[tokio::test]
async fn events_name_the_execution_and_its_machine() {
    let (server, result) = tell(r#"{"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}"#).await;
    assert_eq!(result.unwrap().get("FailedEntryCount"), Some(&Value::from(0)));
    let body = Value::from_json(&server.request().body).unwrap();
    let entry = body.get("Entries").unwrap().as_array().unwrap()[0].clone();
    let resources: Vec<_> = entry
        .get("Resources")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|arn| arn.as_str().unwrap().to_owned())
        .collect();
    let [mine, execution, machine] = resources.as_slice() else { panic!("{resources:?}") };
    assert_eq!(mine, "arn:mine");
    assert!(execution.starts_with("arn:aws:states:local:000000000000:execution:event:"), "{execution}");
    assert_eq!(machine, "arn:aws:states:local:000000000000:stateMachine:event");
    assert_eq!(entry.get("Detail").unwrap().as_str(), Some(r#"{"order":7}"#));
}

#[tokio::test]
async fn an_event_that_is_not_taken_is_an_error() {
    let (_server, result) =
        tell(r#"{"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}"#).await;
    let error = result.unwrap_err();
    assert_eq!(error.error(), Some("EventBridge.FailedEntry"));
    assert!(error.cause().unwrap().contains("InternalFailure"), "{error}");
}
