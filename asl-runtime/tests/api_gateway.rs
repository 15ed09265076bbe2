//! APIs of API Gateway: what is sent, when it is signed, and what each answer means.

#![cfg(feature = "api-gateway")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::api_gateway::ApiGateway;
use asl_runtime::{Integration, Invocation, TaskError, Value};
use http_server::{Server, answer, ok};

const INVOKE: &str = "arn:aws:states:::apigateway:invoke";
const API: &str = "a1b2c3.execute-api.eu-west-1.amazonaws.com";

async fn call(server: &Server, parameters: &str) -> Result<Value, TaskError> {
    let gateway = ApiGateway::with_endpoint(&server.url("/"), "us-east-1", "AKIDEXAMPLE", "very secret");
    assert!(
        gateway.serves(INVOKE) && gateway.serves("arn:aws-cn:states:::apigateway:invoke.waitForTaskToken")
    );
    assert!(!gateway.serves("arn:aws:states:::http:invoke"));
    let parameters = parameters.replace("API", API);
    gateway.invoke(Invocation::new(INVOKE, Value::from_json(&parameters).unwrap())).await
}

#[tokio::test]
async fn an_api_is_called_at_its_stage_and_path() {
    let server = Server::answering([ok("application/json", r#"{"bills":[1]}"#)]).await;
    let parameters = r#"{"ApiEndpoint": "API", "Method": "POST", "Stage": "prod", "Path": "bills/add",
        "QueryParameters": {"id": ["1", "a b"]}, "Headers": {"TaskToken": ["t1", "t2"]},
        "RequestBody": {"bill": "new", "note": null, "lines": [{"a": null}, null]}, "AuthType": "NO_AUTH"}"#;
    let result = call(&server, parameters).await.unwrap();
    assert_eq!(result.get("ResponseBody").unwrap().to_string(), r#"{"bills":[1]}"#);
    assert_eq!(result.get("StatusCode"), Some(&Value::from(200)));
    assert_eq!(result.get("StatusText"), Some(&Value::from("OK")));
    let request = server.request();
    assert_eq!(request.target(), "POST /prod/bills/add?id=1&id=a%20b");
    assert_eq!(request.header("Host"), [API]);
    assert_eq!(request.header("TaskToken"), ["t1,t2"]);
    assert_eq!(request.header("Content-Type"), ["application/json"]);
    assert_eq!(request.header("Authorization"), [""; 0]);
    assert_eq!(request.body, r#"{"bill":"new","lines":[{},null]}"#);
}

#[tokio::test]
async fn a_request_with_an_auth_type_is_signed_for_the_region_of_the_api() {
    let server = Server::answering([ok("text/plain", "hello")]).await;
    let parameters = r#"{"ApiEndpoint": "API", "Method": "GET", "AuthType": "IAM_ROLE", "AllowNullValues": true,
        "RequestBody": {"a": null}}"#;
    let result = call(&server, parameters).await.unwrap();
    assert_eq!(result.get("ResponseBody"), Some(&Value::from("hello")));
    let request = server.request();
    assert_eq!(request.target(), "GET /");
    let authorization = request.header("Authorization").join("");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/eu-west-1/execute-api/aws4_request, SignedHeaders=content-type;host;"));
    assert_eq!(request.body, r#"{"a":null}"#);
    assert!(!request.head.contains("very secret"));
}

#[tokio::test]
async fn a_text_is_sent_in_its_quotes_and_nothing_where_there_is_no_body() {
    let server = Server::answering([ok("application/json", "{}"), ok("application/json", "{}")]).await;
    let text = r#"{"ApiEndpoint": "API", "Method": "POST", "Stage": "s", "Path": "/p", "RequestBody": "HelloWorld"}"#;
    call(&server, text).await.unwrap();
    call(&server, r#"{"ApiEndpoint": "API", "Method": "POST", "RequestBody": null}"#).await.unwrap();
    let bodies: Vec<_> = server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [r#""HelloWorld""#, ""]);
}

#[tokio::test]
async fn a_status_that_is_no_success_is_the_name_of_the_error() {
    let body = r#"{"message":"Missing Authentication Token"}"#;
    let server =
        Server::answering([answer("403 Forbidden", "Content-Type: application/json\r\n", body)]).await;
    let error = call(&server, r#"{"ApiEndpoint": "API", "Method": "POST"}"#).await.unwrap_err();
    assert_eq!((error.error(), error.cause()), ("ApiGateway.403", Some(body)));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    let server = Server::answering(Vec::<String>::new()).await;
    for (parameters, reason) in [
        (r#"{"Method": "GET"}"#, "The field 'ApiEndpoint' is required but was missing"),
        (r#"{"ApiEndpoint": "https://API/", "Method": "GET"}"#, "'ApiEndpoint' has an invalid format"),
        (
            r#"{"ApiEndpoint": "API", "Method": "GET", "Headers": {"a": "b"}}"#,
            "'Headers' has an invalid format",
        ),
        (
            r#"{"ApiEndpoint": "API", "Method": "GET", "Headers": {"Authorization": ["x"]}}"#,
            "The 'Headers' field contains unsupported values: [authorization]",
        ),
        (
            r#"{"ApiEndpoint": "API", "Method": "GET", "Headers": {"Proxy-Authenticate": ["x"]}}"#,
            "The 'Headers' field contains unsupported values: [proxy-authenticate]",
        ),
        (r#"{"ApiEndpoint": "API", "Method": "GET", "AuthType": "IAM"}"#, "'AuthType' has an invalid format"),
        (r#"{"ApiEndpoint": "API", "Method": "GET", "Body": 1}"#, "The field \"Body\" is not supported"),
    ] {
        let error = call(&server, parameters).await.unwrap_err();
        assert_eq!(error.error(), "States.Runtime");
        assert!(error.cause().unwrap().contains(reason), "{parameters}: {error:?}");
    }
    let error = call(&server, r#"{"ApiEndpoint": "API", "Method": "GET"}"#).await.unwrap_err();
    assert_eq!(error.error(), "ApiGateway.SdkClientException");
    assert!(error.cause().unwrap().starts_with(API), "{error:?}");
}

/// `http:invoke` refuses these.
#[tokio::test]
async fn headers_that_only_http_tasks_cannot_set_are_sent() {
    let server = Server::answering([ok("application/json", "{}")]).await;
    let headers =
        r#"{"Cache-Control": ["no-cache"], "If-Match": ["v1"], "Origin": ["https://shop.example"]}"#;
    let parameters = format!(r#"{{"ApiEndpoint": "API", "Method": "GET", "Headers": {headers}}}"#);
    call(&server, &parameters).await.unwrap();
    let request = server.request();
    assert_eq!(request.header("Cache-Control"), ["no-cache"]);
    assert_eq!(request.header("If-Match"), ["v1"]);
    assert_eq!(request.header("Origin"), ["https://shop.example"]);
}

#[tokio::test]
async fn a_packed_answer_is_refused() {
    let head = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let server = Server::answering([answer("200 OK", head, "{}")]).await;
    let error = call(&server, r#"{"ApiEndpoint": "API", "Method": "GET"}"#).await.unwrap_err();
    let cause = "Unsupported response content-encoding 'gzip'.";
    assert_eq!((error.error(), error.cause()), ("States.Runtime", Some(cause)));
    // Where there is no body, its encoding says nothing.
    let server = Server::answering([answer("200 OK", head, "")]).await;
    assert!(call(&server, r#"{"ApiEndpoint": "API", "Method": "HEAD"}"#).await.is_ok());
}
