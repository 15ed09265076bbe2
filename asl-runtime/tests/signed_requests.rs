//! Requests to services of AWS: what data may be in them, and that what is sent is what was signed.

#![cfg(all(feature = "aws", feature = "api-gateway", feature = "lambda", feature = "s3"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;
#[path = "support/signature.rs"]
mod signature;

use asl_runtime::integrations::api_gateway::ApiGateway;
use asl_runtime::integrations::aws::Aws;
use asl_runtime::integrations::lambda::Lambda;
use asl_runtime::integrations::s3::S3;
use asl_runtime::{
    ExecutionError, InMemory, Integration, Invocation, ObjectLocation, ObjectStore, TaskError, Value,
    asl_machine,
};
use http_server::{Server, answer};
use serde_json::json;

asl_machine!("signed_requests/calls.asl.json");

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A server that says nothing but that all is well.
async fn server() -> Server {
    Server::answering(std::iter::repeat_n(answer("200 OK", "", ""), 100)).await
}

async fn call(
    server: &Server,
    call: &str,
    one: serde_json::Value,
    two: &str,
) -> Result<Value, ExecutionError> {
    call_with(server, json!({"call": call, "one": one, "two": two})).await
}

async fn call_with(server: &Server, input: serde_json::Value) -> Result<Value, ExecutionError> {
    let aws = Aws::with_endpoint(&server.url("/"), "us-east-1", "AKIDEXAMPLE", SECRET);
    calls::run(&InMemory::new().integration(aws), Value::from(input)).await
}

/// The targets of the requests that came, all of which are signed as they came.
fn targets(server: &Server) -> Vec<String> {
    let requests = server.requests();
    requests.iter().for_each(|request| signature::check(request, SECRET));
    requests.iter().map(|request| request.target().to_owned()).collect()
}

fn refuses(result: Result<Value, ExecutionError>, reason: &str) {
    let error = result.unwrap_err();
    let cause = error.cause().unwrap();
    assert_eq!(error.error(), Some("States.Runtime"), "{cause}");
    assert!(cause.contains(&format!("[The value of the field {reason}]")), "{cause}");
}

#[tokio::test]
async fn a_part_of_a_path_is_always_that_part() {
    let server = server().await;
    for name in ["n", "a/../b", "a?b=c", "x#y", "%2e%2e", "...", "ç d", "{0}", "\\..\\"] {
        call(&server, "nodegroup", json!("prod"), name).await.unwrap();
    }
    let names =
        ["n", "a%2F..%2Fb", "a%3Fb%3Dc", "x%23y", "%252e%252e", "...", "%C3%A7%20d", "%7B0%7D", "%5C..%5C"];
    let expected = names.map(|name| format!("DELETE /clusters/prod/node-groups/{name}"));
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn a_part_of_a_path_that_leads_elsewhere_is_refused() {
    let server = server().await;
    for dots in [".", ".."] {
        refuses(
            call(&server, "nodegroup", json!("prod"), dots).await,
            "'NodegroupName' cannot be '.' or '..'",
        );
        refuses(call(&server, "nodegroup", json!(dots), "n").await, "'ClusterName' cannot be '.' or '..'");
        refuses(call(&server, "delete", json!(dots), "k").await, "'Bucket' cannot be '.' or '..'");
    }
    refuses(call(&server, "nodegroup", json!("prod"), "").await, "'NodegroupName' cannot be empty");
    refuses(call(&server, "delete", json!(""), "k").await, "'Bucket' cannot be empty");
    refuses(call(&server, "delete", json!("a/b"), "k").await, "'Bucket' cannot have a '/'");
    refuses(call(&server, "delete", json!("bucket"), "").await, "'Key' cannot be empty");
    for path in ["..", "a/../b", "a/./b", "a//b", "a/.."] {
        let reason = "'Path' cannot have a part that is empty, '.' or '..'";
        refuses(call(&server, "file", json!(path), "").await, reason);
    }
    for path in ["", "/"] {
        refuses(call(&server, "file", json!(path), "").await, "'Path' cannot be empty");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn parts_of_a_path_are_signed_as_they_are_sent() {
    let server = server().await;
    for path in ["a/b c", "/a/b", "a/"] {
        call(&server, "file", json!(path), "").await.unwrap();
    }
    assert_eq!(targets(&server), ["DELETE /a/b%20c", "DELETE /a/b", "DELETE /a/"]);
}

/// Keys that other servers would take for the way to something else, and how they are sent.
const KEYS: [(&str, &str); 8] = [
    ("../private/secret.json", "../private/secret.json"),
    ("a/./b", "a/./b"),
    ("..", ".."),
    (".", "."),
    ("/a//b/", "/a//b/"),
    ("%2e%2e/a", "%252e%252e/a"),
    ("a?versionId=1#x%", "a%3FversionId%3D1%23x%25"),
    ("ç d+e", "%C3%A7%20d%2Be"),
];

#[tokio::test]
async fn a_key_of_s3_is_sent_as_it_is() {
    let server = server().await;
    for (key, _) in KEYS {
        call(&server, "delete", json!("bucket"), key).await.unwrap();
    }
    let expected: Vec<_> = KEYS.iter().map(|(_, sent)| format!("DELETE /bucket/{sent}")).collect();
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn the_store_of_maps_sends_keys_as_they_are() {
    let server = server().await;
    let store = S3::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
    for (key, _) in KEYS {
        store.open(&ObjectLocation::new("bucket", key)).await.unwrap();
    }
    store.put(&ObjectLocation::new("a.b", "../c"), b"{}".to_vec()).await.unwrap();
    let mut expected: Vec<_> = KEYS.iter().map(|(_, sent)| format!("GET /bucket/{sent}")).collect();
    expected.push("PUT /a.b/../c".to_owned());
    assert_eq!(targets(&server), expected);
}

#[tokio::test]
async fn the_store_of_maps_refuses_buckets_and_keys_that_are_none() {
    let server = server().await;
    let store = S3::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
    let error = store.open(&ObjectLocation::new("bucket", "")).await.err().unwrap();
    assert_eq!(error.to_string(), "The key cannot be empty (InvalidArgument)");
    for bucket in ["", ".", "..", "a/b"] {
        let object = ObjectLocation::new(bucket, "k");
        assert_eq!(store.open(&object).await.err().unwrap().code(), "InvalidBucketName");
        assert_eq!(store.put(&object, Vec::new()).await.unwrap_err().code(), "InvalidBucketName");
        assert_eq!(store.list(bucket, "").await.err().unwrap().code(), "InvalidBucketName");
    }
    assert!(server.requests().is_empty());
}

async fn invoke(
    integration: impl Integration,
    resource: &'static str,
    parameters: serde_json::Value,
) -> Result<Value, TaskError> {
    integration.invoke(Invocation::new(resource, Value::from(parameters))).await
}

async fn api(server: &Server, stage: Option<&str>, path: Option<&str>) -> Result<Value, TaskError> {
    let gateway = ApiGateway::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
    let parameters = json!({
        "ApiEndpoint": "a1.execute-api.us-east-1.amazonaws.com", "Method": "GET", "AuthType": "IAM_ROLE",
        "Stage": stage, "Path": path,
    });
    invoke(gateway, "arn:aws:states:::apigateway:invoke", parameters).await
}

#[tokio::test]
async fn the_path_of_an_api_stays_in_its_stage() {
    let server = server().await;
    for (stage, path) in [
        (Some("dev"), Some("/items/a b")),
        (Some("dev"), Some("item?admin=true#x")),
        (Some("/dev"), Some("%2e%2e/prod/")),
        (Some("dev"), Some("/")),
        (None, None),
    ] {
        api(&server, stage, path).await.unwrap();
    }
    let expected = [
        "GET /dev/items/a%20b",
        "GET /dev/item%3Fadmin%3Dtrue%23x",
        "GET /dev/%252e%252e/prod/",
        "GET /dev/",
        "GET /",
    ];
    assert_eq!(targets(&server), expected);
    let sent = server.requests().len();
    for (stage, path, reason) in [
        (Some("dev"), Some("../prod/admin"), "'Path' cannot have a part that is empty, '.' or '..'"),
        (Some("dev"), Some("items//x"), "'Path' cannot have a part that is empty, '.' or '..'"),
        (Some("dev"), Some(""), "'Path' cannot be empty"),
        (Some(""), Some("prod/x"), "'Stage' cannot be empty"),
        (Some(".."), Some("x"), "'Stage' cannot be '.' or '..'"),
        (Some("dev/../prod"), Some("x"), "'Stage' cannot have a '/'"),
    ] {
        let error = api(&server, stage, path).await.unwrap_err();
        assert_eq!(error.error(), "States.Runtime");
        assert!(error.cause().unwrap().contains(reason), "{error:?}");
    }
    assert_eq!(server.requests().len(), sent);
}

#[tokio::test]
async fn the_host_of_an_api_is_the_name_of_a_host() {
    let server = server().await;
    let gateway = ApiGateway::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
    for host in ["", "a..b", "-a.b", "a.b:x", "a:1:2", "a.b:70000", "a/b", "user@a", "a\r\nX-Evil: 1"] {
        let parameters = json!({"ApiEndpoint": host, "Method": "GET"});
        let error = gateway
            .invoke(Invocation::new("arn:aws:states:::apigateway:invoke", Value::from(parameters)))
            .await
            .unwrap_err();
        assert!(error.cause().unwrap().contains("'ApiEndpoint' has an invalid format"), "{host}: {error:?}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn headers_of_an_api_that_differ_in_case_are_one() {
    let server = server().await;
    let gateway = ApiGateway::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
    let parameters = json!({
        "ApiEndpoint": "a1.execute-api.us-east-1.amazonaws.com", "Method": "POST", "AuthType": "IAM_ROLE",
        "Headers": {"X-Tag": ["a"], "x-tag": ["b"], "Content-Length": ["1"]}, "RequestBody": [1, 2]
    });
    invoke(gateway, "arn:aws:states:::apigateway:invoke", parameters).await.unwrap();
    let request = server.request();
    signature::check(&request, SECRET);
    assert_eq!(request.header("X-Tag"), ["a,b"]);
    assert_eq!((request.header("Content-Length"), request.body.as_str()), (vec!["5"], "[1,2]"));
}

#[tokio::test]
async fn the_name_of_a_function_is_one_part_of_the_path() {
    let server = server().await;
    let invoked = async |parameters: serde_json::Value| {
        let lambda = Lambda::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
        invoke(lambda, "arn:aws:states:::lambda:invoke", parameters).await
    };
    invoked(json!({"FunctionName": "a/../b?c", "Qualifier": "x&Qualifier=y"})).await.unwrap();
    let expected = "POST /2015-03-31/functions/a%2F..%2Fb%3Fc/invocations?Qualifier=x%26Qualifier%3Dy";
    assert_eq!(targets(&server), [expected]);
    for (parameters, reason) in [
        (json!({"FunctionName": ".."}), "'FunctionName' cannot be '.' or '..'"),
        (json!({"FunctionName": ""}), "'FunctionName' cannot be empty"),
        (
            json!({"FunctionName": "f", "InvocationType": "Event\r\nX-Evil: 1"}),
            "'InvocationType' cannot be sent in a header",
        ),
    ] {
        let error = invoked(parameters).await.unwrap_err();
        assert_eq!(error.error(), "States.Runtime");
        assert!(error.cause().unwrap().contains(reason), "{error:?}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_parameter_cannot_add_a_header() {
    let server = server().await;
    let put = async |content_type: &str, metadata: serde_json::Value| {
        call_with(&server, json!({"call": "put", "one": content_type, "two": metadata})).await
    };
    put("text/plain", json!({"owner": "me", "note": "ç"})).await.unwrap();
    let request = server.request();
    signature::check(&request, SECRET);
    assert_eq!(request.header("x-amz-meta-owner"), ["me"]);
    let fine = "text/plain";
    for evil in ["a\r\nX-Evil: 1", "a\nb", "a\0"] {
        refuses(put(evil, json!({})).await, "'ContentType' cannot be sent in a header");
        refuses(put(fine, json!({"a": evil})).await, "'Metadata' cannot be sent in a header");
        refuses(put(fine, json!({(evil): "a"})).await, "'Metadata' cannot be sent in a header");
    }
    refuses(put(fine, json!({"a": "1", "A": "2"})).await, "'Metadata' names a header twice");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_length_of_a_body_is_counted() {
    let server = server().await;
    call(&server, "length", json!(2), "").await.unwrap();
    let request = server.request();
    signature::check(&request, SECRET);
    assert_eq!((request.header("Content-Length"), request.body.as_str()), (vec!["6"], "\"text\""));
}

#[tokio::test]
async fn a_parameter_cannot_take_the_place_of_another_in_the_query() {
    let server = server().await;
    let import = async |parameters: serde_json::Value| call(&server, "import", parameters, "").await;
    import(json!({"basepath": "a&mode=b"})).await.unwrap();
    assert_eq!(targets(&server), ["POST /restapis?mode=import&basepath=a%26mode%3Db"]);
    refuses(import(json!({"mode": "overwrite"})).await, "'Parameters' cannot have the key 'mode'");
    refuses(
        import(json!({"failonwarnings": "x"})).await,
        "'Parameters' cannot have the key 'failonwarnings'",
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_account_in_the_name_of_a_host_is_a_part_of_it() {
    let server = server().await;
    call(&server, "accessPoint", json!("123456789012"), "mine").await.unwrap();
    assert_eq!(targets(&server), ["GET /v20180820/accesspoint/mine"]);
    assert_eq!(server.request().header("x-amz-account-id"), ["123456789012"]);
    for account in ["", "evil.example.org/", "a.b", "a@b", "-1"] {
        let error = call(&server, "accessPoint", json!(account), "mine").await;
        refuses(error, "'AccountId' cannot be a part of the name of a host");
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_takes_no_signature_along() {
    let elsewhere = server().await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("Location: {}\r\n", elsewhere.url("/"));
        let redirect = || answer(status, &location, "");
        let server = Server::answering([redirect(), redirect(), redirect(), redirect()]).await;
        call(&server, "delete", json!("bucket"), "key").await.unwrap_err();
        api(&server, Some("dev"), None).await.unwrap_err();
        let lambda = Lambda::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
        invoke(lambda, "arn:aws:states:::lambda:invoke", json!({"FunctionName": "f"})).await.unwrap_err();
        let store = S3::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
        assert!(store.open(&ObjectLocation::new("bucket", "key")).await.is_err());
        assert_eq!(targets(&server).len(), 4);
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read_to_it() {
    const PIECE: usize = 1024 * 1024;
    let piece = format!("{PIECE:x}\r\n{}\r\n", "x".repeat(PIECE));
    let endless = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", piece.repeat(17));
    let declared = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_owned();
    for bytes in [endless, declared] {
        let server = Server::answering(std::iter::repeat_n(bytes, 4)).await;
        let error = call(&server, "nodegroup", json!("c"), "n").await.unwrap_err();
        assert_eq!(error.error(), Some("Eks.SdkClientException"));
        assert_eq!(error.cause(), Some("Unable to execute HTTP request: the answer is too large"));
        let lambda = Lambda::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
        let invoked = invoke(lambda, "arn:aws:states:::lambda:invoke", json!({"FunctionName": "f"})).await;
        let error = invoked.unwrap_err();
        assert_eq!(error.error(), "Lambda.SdkClientException");
        assert_eq!(error.cause(), Some("Unable to execute HTTP request: the answer is too large"));
        assert_eq!(api(&server, None, None).await.unwrap_err().error(), "States.DataLimitExceeded");
        let store = S3::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", SECRET);
        let error = store.list("bucket", "").await.err().unwrap();
        assert_eq!(error.to_string(), "The answer of S3 cannot be read: it is too large (InternalError)");
    }
}
