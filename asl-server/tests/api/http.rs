//! What goes over the wire.

use crate::support::server;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// Sends a request as an SDK does: the status line and the headers of the answer in small letters, and its body.
async fn post(port: u16, target: &str, body: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: sync-states.us-east-1.amazonaws.com\r\nX-Amz-Target: {target}\r\n\
         Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), serde_json::from_str(body).unwrap())
}

#[tokio::test]
async fn requests_are_answered_as_sdks_expect_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        server().serve(listener, stopped).await
    });
    let (head, body) = post(port, "AWSStepFunctions.CreateActivity", r#"{"name": "Work"}"#).await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("content-type: application/x-amz-json-1.0"), "{head}");
    assert!(head.contains("x-amzn-requestid: "), "{head}");
    assert_eq!(body["activityArn"], "arn:aws:states:local:000000000000:activity:Work");
    assert!(body["creationDate"].is_f64() || body["creationDate"].is_u64(), "{body}");

    let (head, body) = post(port, "AWSStepFunctions.DescribeActivity", r#"{"activityArn": "x"}"#).await;
    assert!(head.starts_with("http/1.1 400"), "{head}");
    assert_eq!(body, json!({ "__type": "InvalidArn", "message": "Invalid Arn: 'Invalid ARN prefix: x'" }));

    for (target, body, kind) in [
        ("AWSStepFunctions.Nothing", "{}", "UnknownOperationException"),
        ("DynamoDB_20120810.ListTables", "{}", "UnknownOperationException"),
        ("AWSStepFunctions.ListActivities", "{", "SerializationException"),
        ("AWSStepFunctions.ListActivities", "[]", "SerializationException"),
    ] {
        assert_eq!(post(port, target, body).await.1["__type"], kind, "{target} {body}");
    }
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn pages_of_other_hosts_are_not_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move { server().serve(listener, std::future::pending()).await });
    for (origin, is_answered) in [
        ("http://127.0.0.1:8083", true),
        ("http://localhost:3000", true),
        ("http://[::1]:8083", true),
        ("http://rebound.example:8083", false),
        ("http://localhost.example", false),
        ("http://127.0.0.1.example", false),
        ("null", false),
        ("", false),
    ] {
        // As a page whose host leads to this machine asks: the names are the same.
        let host = origin.split("://").nth(1).unwrap_or("127.0.0.1");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\n\
             Content-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = if is_answered { "200" } else { "403" };
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{origin}: {answer}");
    }
    serving.abort();
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { server().serve(listener, std::future::pending()).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    // None of it is sent: that it would be too much is seen at once.
    let head = format!(
        "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        8 * 1024 * 1024 + 1
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 413") && answer.contains("RequestEntityTooLargeException"),
        "{answer}"
    );
    serving.abort();
}
