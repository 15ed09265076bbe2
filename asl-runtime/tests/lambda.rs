//! Lambda functions behind the API of Lambda: what is sent and how it is signed, and what each answer means.

#![cfg(feature = "lambda")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::lambda::Lambda;
use asl_runtime::{Integration, Invocation, TaskError, Value};
use http_server::{Server, answer, ok};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";
const INVOKE: &str = "arn:aws:states:::lambda:invoke";

async fn call(server: &Server, resource: &'static str, parameters: &str) -> Result<Value, TaskError> {
    let lambda = Lambda::with_endpoint(&server.url("/"), "us-east-1", "AKIDEXAMPLE", "very secret");
    assert!(lambda.serves(resource));
    lambda.invoke(Invocation::new(resource, Value::from_json(parameters).unwrap())).await
}

#[tokio::test]
async fn a_function_gets_the_parameters_and_gives_the_result() {
    let server = Server::answering([ok("application/json", r#"{"receipt": 7}"#)]).await;
    let result = call(&server, FUNCTION, r#"{"amount": 5}"#).await.unwrap();
    assert_eq!(result.to_string(), r#"{"receipt":7}"#);
    let request = server.request();
    assert_eq!(
        request.target(),
        "POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3ACharge/invocations"
    );
    assert_eq!(request.body, r#"{"amount":5}"#);
    assert_eq!(request.header("X-Amz-Invocation-Type"), ["RequestResponse"]);
    let authorization = request.header("Authorization").join("");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/us-east-1/lambda/aws4_request, SignedHeaders="), "{authorization}");
    assert!(!request.head.contains("very secret"));
}

#[tokio::test]
async fn invoke_gives_the_answer_of_the_api() {
    let head =
        "Content-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\nx-amzn-RequestId: r-1\r\n";
    let server = Server::answering([answer("200 OK", head, r#""done""#)]).await;
    let parameters = r#"{"FunctionName": "Charge", "Qualifier": "live", "Payload": {"a": 1}}"#;
    let result = call(&server, INVOKE, parameters).await.unwrap();
    assert_eq!(result.get("ExecutedVersion"), Some(&Value::from("$LATEST")));
    assert_eq!(result.get("Payload"), Some(&Value::from("done")));
    assert_eq!(result.get("StatusCode"), Some(&Value::from(200)));
    assert_eq!(result.get("SdkResponseMetadata").unwrap().to_string(), r#"{"RequestId":"r-1"}"#);
    assert_eq!(server.request().target(), "POST /2015-03-31/functions/Charge/invocations?Qualifier=live");
    assert_eq!(server.request().body, r#"{"a":1}"#);
}

#[tokio::test]
async fn what_a_function_raises_is_the_error_of_the_task() {
    let raised = r#"{"errorMessage":"expired","errorType":"CardDeclined","stackTrace":[]}"#;
    let server = Server::answering([answer("200 OK", "X-Amz-Function-Error: Unhandled\r\n", raised)]).await;
    let error = call(&server, FUNCTION, "{}").await.unwrap_err();
    assert_eq!((error.error(), error.cause()), ("CardDeclined", Some(raised)));
}

#[tokio::test]
async fn what_the_service_refuses_is_named_after_its_exception() {
    let head = "x-amzn-ErrorType: ResourceNotFoundException:http://internal\r\nx-amzn-RequestId: r-2\r\n";
    let server =
        Server::answering([answer("404 Not Found", head, r#"{"Message":"Function not found: x"}"#)]).await;
    let error = call(&server, INVOKE, r#"{"FunctionName": "x"}"#).await.unwrap_err();
    assert_eq!(error.error(), "Lambda.ResourceNotFoundException");
    assert_eq!(
        error.cause().unwrap(),
        "Function not found: x (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: r-2; Proxy: null)"
    );
}

#[tokio::test]
async fn what_is_not_json_is_no_result() {
    let gzip = |bytes: &[u8]| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n";
        [format!("{head}Content-Length: {}\r\n\r\n", bytes.len()).as_bytes(), bytes].concat()
    };
    for bytes in [gzip(b"\x1f\x8b\x08\0\0"), ok("application/json", "{\"a\":").into()] {
        let server = Server::answering([bytes.clone(), bytes]).await;
        for (resource, parameters) in [(FUNCTION, "{}"), (INVOKE, r#"{"FunctionName": "x"}"#)] {
            let error = call(&server, resource, parameters).await.unwrap_err();
            let cause = "Unable to execute HTTP request: the answer is not JSON";
            assert_eq!((error.error(), error.cause()), ("Lambda.SdkClientException", Some(cause)));
        }
    }
    let server = Server::answering([ok("application/json", "")]).await;
    assert_eq!(call(&server, FUNCTION, "{}").await, Ok(Value::Null));
}

#[tokio::test]
async fn a_connection_that_fails_is_an_error_without_secrets() {
    let server = Server::answering(Vec::<String>::new()).await;
    let error = call(&server, INVOKE, r#"{"FunctionName": "x"}"#).await.unwrap_err();
    assert_eq!(error.error(), "Lambda.SdkClientException");
    let lambda = Lambda::with_endpoint("http://127.0.0.1:1", "us-east-1", "AKIDEXAMPLE", "very secret");
    assert!(!format!("{lambda:?} {error:?}").contains("secret"));
}

#[tokio::test]
async fn invoke_without_a_function_name_is_a_runtime_error() {
    let server = Server::answering(Vec::<String>::new()).await;
    let error = call(&server, INVOKE, "{}").await.unwrap_err();
    assert_eq!(error.error(), "States.Runtime");
    assert!(server.requests().is_empty());
}
