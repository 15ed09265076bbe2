//! Servers that accept connections and stay silent. Time stands still until the server has the request, and then passes at once.

#![cfg(all(
    feature = "api-gateway",
    feature = "aws",
    feature = "dynamodb",
    feature = "http",
    feature = "lambda",
    feature = "s3"
))]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::api_gateway::ApiGateway;
use asl_runtime::integrations::aws::Aws;
use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::integrations::http::HttpInvoke;
use asl_runtime::integrations::lambda::Lambda;
use asl_runtime::integrations::s3::S3;
use asl_runtime::{
    ExecutionError, InMemory, Integration, Invocation, ObjectLocation, ObjectStore, TaskError, Value,
    asl_machine,
};
use http_server::Server;
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpListener;

asl_machine!("signed_requests/calls.asl.json");

const REGION: &str = "us-east-1";
const LIMIT: Duration = Duration::from_secs(7);
/// An answer that never ends.
const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";

/// What comes of a call, with all the time that it takes once the server has its request.
async fn in_the_end<T>(server: &Server, call: impl Future<Output = T>) -> T {
    let asked = async {
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        tokio::time::pause();
    };
    let (outcome, ()) = futures_util::join!(call, asked);
    tokio::time::resume();
    outcome
}

async fn invoke(
    integration: impl Integration,
    resource: &'static str,
    parameters: serde_json::Value,
) -> Result<Value, TaskError> {
    integration.invoke(Invocation::new(resource, Value::from(parameters))).await
}

async fn call(aws: Aws, call: &str) -> ExecutionError {
    let input = json!({"call": call, "one": "a", "two": "b"});
    calls::run(&InMemory::new().integration(aws), Value::from(input)).await.unwrap_err()
}

fn took(seconds: u64) -> String {
    format!("Unable to execute HTTP request: Read timed out after {seconds} seconds")
}

#[tokio::test]
async fn a_service_may_be_silent_for_as_long_as_its_action_may_take() {
    for (name, error, seconds) in [
        ("nodegroup", "Eks.SdkClientException", 70),
        ("queue", "SQS.SdkClientException", 70),
        ("function", "Lambda.SdkClientException", 910),
        ("execution", "Sfn.SdkClientException", 310),
        ("model", "Bedrock.SdkClientException", 3610),
    ] {
        let server = Server::answering([""]).await;
        let aws = Aws::with_endpoint(&server.url(""), REGION, "id", "hunter2");
        let ended = in_the_end(&server, call(aws, name)).await;
        assert_eq!((ended.error(), ended.cause()), (Some(error), Some(took(seconds).as_str())), "{name}");
        let server = Server::answering([HALF]).await;
        let aws = Aws::with_endpoint(&server.url(""), REGION, "id", "hunter2").read_timeout(LIMIT);
        let ended = in_the_end(&server, call(aws, name)).await;
        assert_eq!((ended.error(), ended.cause()), (Some(error), Some(took(7).as_str())), "{name}");
    }
}

#[tokio::test]
async fn a_function_may_take_a_quarter_of_an_hour() {
    let parameters = json!({"FunctionName": "f"});
    for (limit, seconds) in [(None, 910), (Some(LIMIT), 7)] {
        let server = Server::answering([""]).await;
        let mut lambda = Lambda::with_endpoint(&server.url(""), REGION, "id", "hunter2");
        if let Some(limit) = limit {
            lambda = lambda.read_timeout(limit);
        }
        let called = invoke(lambda, "arn:aws:states:::lambda:invoke", parameters.clone());
        let error = in_the_end(&server, called).await.unwrap_err();
        assert_eq!(error.error(), "Lambda.SdkClientException");
        assert_eq!(error.cause(), Some(took(seconds).as_str()));
    }
}

#[tokio::test]
async fn an_object_that_does_not_come_is_an_error() {
    let object = ObjectLocation::new("bucket", "key");
    let server = Server::answering([""]).await;
    let store = S3::with_endpoint(&server.url(""), REGION, "id", "hunter2");
    let error = in_the_end(&server, store.open(&object)).await.err().unwrap();
    assert_eq!((error.code(), error.to_string().contains(&took(70))), ("SdkClientException", true));
    // The half that came is read.
    let server = Server::answering([HALF]).await;
    let store = S3::with_endpoint(&server.url(""), REGION, "id", "hunter2").read_timeout(LIMIT);
    let mut body = store.open(&object).await.unwrap();
    assert_eq!(body.chunk().await.unwrap(), Some(b"half".to_vec()));
    let error = in_the_end(&server, body.chunk()).await.unwrap_err();
    assert!(error.to_string().contains(&took(7)), "{error}");
}

#[tokio::test]
async fn an_api_has_a_minute_for_everything() {
    let resource = "arn:aws:states:::apigateway:invoke";
    let host = "a1.execute-api.us-east-1.amazonaws.com";
    for answer in ["", HALF] {
        for (limit, seconds) in [(None, "60"), (Some(LIMIT), "7")] {
            let server = Server::answering([answer]).await;
            let mut gateway = ApiGateway::with_endpoint(&server.url(""), REGION, "id", "hunter2");
            if let Some(limit) = limit {
                gateway = gateway.timeout(limit);
            }
            let parameters = json!({"ApiEndpoint": host, "Method": "GET"});
            let error = in_the_end(&server, invoke(gateway, resource, parameters)).await.unwrap_err();
            let cause = format!("{host}: no answer within {seconds} seconds");
            assert_eq!(error.error(), "ApiGateway.SdkClientException");
            assert_eq!(error.cause(), Some(cause.as_str()));
        }
    }
}

#[tokio::test]
async fn dynamodb_may_be_silent_for_a_while() {
    let parameters = json!({"TableName": "t", "Key": {"Id": {"S": "1"}}});
    for (answer, limit, reason) in [
        ("", None, "HTTP read timeout occurred after 70s"),
        ("", Some(LIMIT), "HTTP read timeout occurred after 7s"),
        (HALF, Some(LIMIT), "operation attempt timeout (single attempt) occurred after 17s"),
    ] {
        let server = Server::answering([answer]).await;
        let mut dynamodb = DynamoDb::with_endpoint(&server.url(""), REGION, "id", "hunter2");
        if let Some(limit) = limit {
            dynamodb = dynamodb.read_timeout(limit);
        }
        let called = invoke(dynamodb, "arn:aws:states:::dynamodb:getItem", parameters.clone());
        let error = in_the_end(&server, called).await.unwrap_err();
        assert_eq!(error.error(), "DynamoDB.SdkClientException");
        assert!(error.cause().unwrap().contains(reason), "{error:?}");
    }
}

#[tokio::test]
async fn an_http_task_has_a_minute_for_everything() {
    for answer in ["", HALF] {
        let server = Server::answering([answer]).await;
        let parameters = json!({"ApiEndpoint": server.url("/?token=hunter2"), "Method": "GET"});
        let called = invoke(HttpInvoke::new(), "arn:aws:states:::http:invoke", parameters);
        let error = in_the_end(&server, called).await.unwrap_err();
        let cause = format!("http://localhost:{}: no answer within 60 seconds", server.address.port());
        assert_eq!((error.error(), error.cause()), ("States.Http.Socket", Some(cause.as_str())));
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_not_connected_to() {
    for (limit, seconds) in [(None, 10), (Some(LIMIT), 7)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let mut aws = Aws::with_endpoint(&url, REGION, "id", "hunter2");
        if let Some(limit) = limit {
            aws = aws.connect_timeout(limit);
        }
        let accepted = async {
            let accepted = listener.accept().await.unwrap();
            tokio::time::pause();
            accepted
        };
        let (error, _) = futures_util::join!(call(aws, "nodegroup"), accepted);
        tokio::time::resume();
        assert_eq!(error.error(), Some("Eks.SdkClientException"));
        let cause = format!("Unable to execute HTTP request: Connect timed out after {seconds} seconds");
        assert_eq!(error.cause(), Some(cause.as_str()));
    }
}
