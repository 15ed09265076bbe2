//! `http:invoke` against a real server on this machine.

#![cfg(feature = "http")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::http::{Connection, HttpInvoke, OAuth, Secret};
use asl_runtime::{Integration, Invocation, TaskError, Value};
use http_server::{Server, answer, ok};
use serde_json::json;
use std::time::Duration;

const HTTP_INVOKE: &str = "arn:aws:states:::http:invoke";
const ARN: &str = "arn:aws:events:us-east-1:123456789012:connection/api/1";

async fn invoke(http: &HttpInvoke, parameters: serde_json::Value) -> Result<Value, TaskError> {
    http.invoke(Invocation::new(HTTP_INVOKE, parameters)).await
}

async fn get(server: &Server) -> Result<Value, TaskError> {
    invoke(&HttpInvoke::new(), json!({"ApiEndpoint": server.url("/"), "Method": "GET"})).await
}

/// Parameters with a connection, and `more`.
fn connected(server: &Server, more: serde_json::Value) -> serde_json::Value {
    let mut parameters =
        json!({"ApiEndpoint": server.url("/"), "Method": "POST", "Authentication": {"ConnectionArn": ARN}});
    parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    parameters
}

fn parts(error: &TaskError) -> (&str, Option<&str>) {
    (error.error(), error.cause())
}

#[tokio::test]
async fn a_json_answer_has_four_fields_in_order_and_header_names_in_title_case() {
    let server = Server::answering(["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-lower: 1\r\nX-RequestID: a\r\n\
         ETag: \"e\"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 26\r\n\r\n{\"id\":\"7\",\"n\":1.50,\"a\":[]}"])
    .await;
    assert_eq!(
        get(&server).await.unwrap().to_string(),
        r#"{"Headers":{"Content-Type":["application/json"],"X-Lower":["1"],"X-Requestid":["a"],"ETag":["\"e\""],"Set-Cookie":["a=1","b=2"],"Content-Length":["26"]},"ResponseBody":{"id":"7","n":1.5,"a":[]},"StatusCode":200,"StatusText":"OK"}"#
    );
}

#[tokio::test]
async fn the_request_has_the_headers_that_aws_sends() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let http = HttpInvoke::new().region("sa-east-1");
    invoke(&http, json!({"ApiEndpoint": server.url("/dados?a=1"), "Method": "GET"})).await.unwrap();
    let request = server.request();
    assert_eq!(request.target(), "GET /dados?a=1");
    assert_eq!(request.header("User-Agent"), ["Amazon|StepFunctions|HttpInvoke|sa-east-1"]);
    assert_eq!(request.header("Range"), ["bytes=0-262144"]);
    assert_eq!(request.header("Content-Type"), ["application/json; charset=UTF-8"]);
    assert_eq!(request.header("Host"), [format!("localhost:{}", server.address.port())]);
    assert!(request.header("Content-Length").is_empty());
    assert!(request.head.contains("\r\nUser-Agent: "), "{}", request.head);
}

#[tokio::test]
async fn a_request_has_the_key_of_its_task_where_that_is_asked_for() {
    let server =
        Server::answering([ok("text/plain", "x"), ok("text/plain", "x"), ok("text/plain", "x")]).await;
    let http = HttpInvoke::new().idempotency_key();
    let parameters = json!({"ApiEndpoint": server.url("/"), "Method": "POST"});
    let task = Invocation::new(HTTP_INVOKE, parameters);
    for _ in 0..2 {
        http.invoke(task.clone()).await.unwrap();
    }
    let own =
        json!({"ApiEndpoint": server.url("/"), "Method": "POST", "Headers": {"idempotency-key": "mine"}});
    invoke(&http, own).await.unwrap();
    let keys: Vec<_> =
        server.requests().iter().map(|request| request.header("Idempotency-Key").join(", ")).collect();
    let key = task.idempotency_uuid().to_string();
    assert_eq!(keys, [key.clone(), key, String::from("mine")]);
}

#[tokio::test]
async fn headers_and_query_parameters_may_have_several_values() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let parameters = json!({
        "ApiEndpoint": server.url("/p"),
        "Method": "GET",
        "Headers": {"Content-Type": "text/csv", "X-Many": ["a", "b"]},
        "QueryParameters": {"n": 5, "name": "Ana Maria", "tag": ["a&b", "ç"]},
    });
    invoke(&HttpInvoke::new(), parameters).await.unwrap();
    let request = server.request();
    assert_eq!(request.target(), "GET /p?n=5&name=Ana%20Maria&tag=a%26b&tag=%C3%A7");
    assert_eq!(request.header("Content-Type"), ["text/csv"]);
    assert_eq!(request.header("X-Many"), ["a", "b"]);
}

#[tokio::test]
async fn bodies_are_json_raw_strings_or_forms() {
    let form = |format| json!({"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": format}});
    let items = json!({"items": ["red green", "blue+gold"], "nested": {"count": 2}, "yes": true});
    for (method, body, transform, sent) in [
        ("GET", json!({}), json!(null), "{}"),
        (
            "POST",
            json!({"a": [true, null], "b": 1}),
            json!({"RequestBodyEncoding": "NONE"}),
            r#"{"a":[true,null],"b":1}"#,
        ),
        ("PUT", json!("raw \"text\""), json!({"RequestBodyEncoding": "NONE"}), "raw \"text\""),
        ("DELETE", json!([1]), json!(null), "[1]"),
        (
            "POST",
            items.clone(),
            form("COMMAS"),
            "items=red%20green%2Cblue%2Bgold&nested%5Bcount%5D=2&yes=true",
        ),
        (
            "POST",
            items,
            json!({"RequestBodyEncoding": "URL_ENCODED"}),
            "items%5B0%5D=red%20green&items%5B1%5D=blue%2Bgold&nested%5Bcount%5D=2&yes=true",
        ),
    ] {
        let server = Server::answering([ok("text/plain", "x")]).await;
        let parameters = json!({"ApiEndpoint": server.url("/"), "Method": method, "RequestBody": body, "Transform": transform});
        invoke(&HttpInvoke::new(), parameters).await.unwrap();
        let request = server.request();
        assert_eq!((request.target(), request.body.as_str()), (format!("{method} /").as_str(), sent));
        assert_eq!(request.header("Content-Length"), [sent.len().to_string()]);
    }
}

#[tokio::test]
async fn bodies_of_answers_follow_their_content_type() {
    for (content_type, body, expected) in [
        ("application/json; charset=utf-8", "[1]", json!([1])),
        ("application/problem+json", "{\"a\":1}", json!({"a": 1})),
        ("application/json", "not json", json!("not json")),
        ("application/json", "", json!("")),
        ("text/plain", "{\"a\":1}", json!("{\"a\":1}")),
        ("application/xml", "<a/>", json!("<a/>")),
        ("text/html; charset=\"ISO-8859-1\"", "caf\u{e9}", json!("cafÃ©")),
    ] {
        let server = Server::answering([ok(content_type, body)]).await;
        let result = get(&server).await.unwrap();
        assert_eq!(result.get("ResponseBody"), Some(&expected.into()), "{content_type}");
    }
}

#[tokio::test]
async fn binary_answers_and_unknown_charsets_are_not_supported() {
    for content_type in
        ["application/octet-stream", "image/png", "video/mp4", "audio/ogg", "text/plain; charset=klingon"]
    {
        let server = Server::answering([ok(content_type, "x")]).await;
        let cause = format!(
            "Unsupported response content-type '{content_type}'. Please see documentation for list of unsupported content-types."
        );
        assert_eq!(parts(&get(&server).await.unwrap_err()), ("States.Runtime", Some(cause.as_str())));
    }
}

#[tokio::test]
async fn packed_answers_are_neither_asked_for_nor_unpacked() {
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, identity"] {
        let head = format!("Content-Type: application/json\r\nContent-Encoding: {encoding}\r\n");
        let server = Server::answering([answer("200 OK", &head, "{}")]).await;
        let cause = format!("Unsupported response content-encoding '{encoding}'.");
        assert_eq!(parts(&get(&server).await.unwrap_err()), ("States.Runtime", Some(cause.as_str())));
        assert_eq!(server.request().header("Accept-Encoding"), [""; 0]);
    }
    let server = Server::answering([answer("200 OK", "Content-Encoding: Identity\r\n", "x")]).await;
    assert_eq!(get(&server).await.unwrap().get("ResponseBody"), Some(&"x".into()));
}

#[tokio::test]
async fn there_is_no_body_after_head_and_in_204() {
    let server = Server::answering(["HTTP/1.1 204 No Content\r\n\r\n"]).await;
    assert_eq!(
        get(&server).await.unwrap().to_string(),
        r#"{"Headers":{},"StatusCode":204,"StatusText":"No Content"}"#
    );
    let server = Server::answering([
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n",
    ])
    .await;
    let parameters = json!({"ApiEndpoint": server.url("/"), "Method": "HEAD"});
    let result = invoke(&HttpInvoke::new(), parameters).await.unwrap();
    assert!(result.get("ResponseBody").is_none(), "{result}");
}

#[tokio::test]
async fn a_status_outside_of_2xx_is_an_error_with_its_standard_phrase() {
    for (status, error, cause) in [
        ("403 No Way", "States.Http.StatusCode.403", Some("Forbidden")),
        ("404 Not Found", "States.Http.StatusCode.404", Some("Not Found")),
        ("418 I'm a teapot", "States.Http.StatusCode.418", None),
        ("503 Service Unavailable", "States.Http.StatusCode.503", Some("Service Unavailable")),
        ("599 What", "States.Http.StatusCode.599", None),
    ] {
        let server = Server::answering([answer(status, "", "{\"secret\":1}")]).await;
        assert_eq!(parts(&get(&server).await.unwrap_err()), (error, cause));
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::answering([ok("text/plain", "x")]).await;
    let location = format!("Location: {}\r\n", elsewhere.url("/"));
    let server = Server::answering([answer("302 Found", &location, "")]).await;
    assert_eq!(parts(&get(&server).await.unwrap_err()), ("States.Http.StatusCode.302", Some("Found")));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_takes_no_credentials_along() {
    let elsewhere = Server::answering([ok("application/json", r#"{"access_token": "t"}"#)]).await;
    let location = format!("Location: {}\r\n", elsewhere.url("/"));
    for status in
        ["301 Moved Permanently", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let redirect = || answer(status, &location, "");
        for connection in [
            Connection::api_key("X-Key", "hunter2").query_parameter("k", "hunter2"),
            Connection::basic("ana", "hunter2").body_parameter("k", "hunter2"),
        ] {
            let server = Server::answering([redirect()]).await;
            let http = HttpInvoke::new().connection(ARN, connection);
            let error = invoke(&http, connected(&server, json!({}))).await.unwrap_err();
            let expected = format!("States.Http.StatusCode.{}", status.split(' ').next().unwrap());
            assert_eq!(error.error(), expected);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
        // Nor does that of a token endpoint.
        let tokens = Server::answering([redirect()]).await;
        let server = Server::answering([ok("text/plain", "x")]).await;
        let error = invoke(&oauth(&tokens), connected(&server, json!({}))).await.unwrap_err();
        assert_eq!(error.error(), "Events.ConnectionResource.InvalidConnectionState");
        assert!(server.requests().is_empty());
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_task_sets_no_header_that_decides_who_sends_what_where() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    for name in [
        "Authorization",
        "Connection",
        "Content-MD5",
        "Date",
        "Expect",
        "HOST",
        "Max-Forwards",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "transfer-encoding",
        "Upgrade",
        "Via",
        "X-Amz-Security-Token",
        "x-amzn-trace-id",
        "X-Forwarded-For",
    ] {
        let parameters = json!({"ApiEndpoint": server.url("/"), "Method": "GET", "Headers": {(name): "x"}});
        let error = invoke(&HttpInvoke::new(), parameters).await.unwrap_err();
        let reason =
            format!("[The 'Headers' field contains unsupported values: [{}]]", name.to_ascii_lowercase());
        assert!(error.cause().unwrap().ends_with(&reason), "{error:?}");
    }
    for (name, value) in [("a\r\nX-Evil", "x"), ("a:b", "x"), ("", "x"), ("a", "x\r\nX-Evil: 1"), ("a", "\0")]
    {
        let parameters = json!({"ApiEndpoint": server.url("/"), "Method": "GET", "Headers": {(name): value}});
        let error = invoke(&HttpInvoke::new(), parameters).await.unwrap_err();
        assert!(error.cause().unwrap().ends_with("[The value of the field 'Headers' has an invalid format]"));
    }
    assert!(server.requests().is_empty());
    // The length is counted, whatever the task says.
    let parameters = json!({
        "ApiEndpoint": server.url("/"), "Method": "POST", "Headers": {"Content-Length": "1"}, "RequestBody": "abc"
    });
    invoke(&HttpInvoke::new(), parameters).await.unwrap();
    assert_eq!(
        (server.request().header("Content-Length"), server.request().body.as_str()),
        (vec!["3"], "abc")
    );
}

#[tokio::test]
async fn an_endpoint_is_read_as_the_url_standard_says() {
    for (written, sent) in [
        ("/users/../admin?a=/../b", "/admin?a=/../b"),
        ("/a/%2e%2e/./b//c", "/b//c"),
        ("/a/..%2Fb?c='d'", "/a/..%2Fb?c=%27d%27"),
        ("/..\\admin\\", "/..%5Cadmin%5C"),
        ("/ç d#fragment", "/%C3%A7%20d"),
        ("/a\r\nX-Evil: 1", "/a%0D%0AX-Evil:%201"),
        ("?a=1", "/?a=1"),
        ("", "/"),
    ] {
        let server = Server::answering([ok("text/plain", "x")]).await;
        let parameters = json!({"ApiEndpoint": server.url(written), "Method": "GET"});
        invoke(&HttpInvoke::new(), parameters).await.unwrap();
        assert_eq!(server.request().target(), format!("GET {sent}"));
    }
    for address in [
        "http:/h/p",
        "http:h",
        "http:h?a=http://h",
        "http:///h/p",
        "http://",
        "http://?h",
        "http://h:99999/",
        "http://h\r\n/",
    ] {
        let error =
            invoke(&HttpInvoke::new(), json!({"ApiEndpoint": address, "Method": "GET"})).await.unwrap_err();
        assert!(
            error.cause().unwrap().contains("'ApiEndpoint' has an invalid format"),
            "{address}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_query_parameter_stays_one() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let parameters = json!({
        "ApiEndpoint": server.url("/p"), "Method": "GET",
        "QueryParameters": {"a": "1&admin=true#x", "b\r\nX-Evil: 1": "c d"}
    });
    invoke(&HttpInvoke::new(), parameters).await.unwrap();
    let target = "GET /p?a=1%26admin%3Dtrue%23x&b%0D%0AX-Evil%3A%201=c%20d";
    assert_eq!((server.request().target(), server.request().header("X-Evil")), (target, Vec::new()));
}

/// On a clock that jumps, because nothing else can happen.
#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_a_socket_error_that_names_the_address_only() {
    let never = Server::answering([""]).await;
    let unfinished = Server::answering(["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]).await;
    for server in [never, unfinished] {
        let http = HttpInvoke::new().timeout(Duration::from_millis(200));
        let parameters = json!({"ApiEndpoint": server.url("/?token=hunter2"), "Method": "GET"});
        let error = invoke(&http, parameters).await.unwrap_err();
        let cause = format!("http://localhost:{}: no answer within 0.2 seconds", server.address.port());
        assert_eq!(parts(&error), ("States.Http.Socket", Some(cause.as_str())));
    }
}

#[tokio::test]
async fn broken_and_refused_connections_are_socket_errors() {
    let closing = Server::answering(Vec::<String>::new()).await;
    assert_eq!(get(&closing).await.unwrap_err().error(), "States.Http.Socket");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let parameters =
        json!({"ApiEndpoint": format!("http://127.0.0.1:{port}/p?token=hunter2"), "Method": "GET"});
    let error = invoke(&HttpInvoke::new(), parameters).await.unwrap_err();
    assert_eq!(error.error(), "States.Http.Socket");
    let cause = error.cause().unwrap();
    assert!(cause.starts_with(&format!("http://127.0.0.1:{port}: Connection refused")), "{cause}");
}

#[tokio::test]
async fn an_answer_over_the_limit_is_not_read_to_its_end() {
    let huge = "x".repeat(262_145);
    let endless =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{huge}\r\n", huge.len());
    for bytes in [ok("text/plain", &huge), endless] {
        let server = Server::answering([bytes]).await;
        let cause = "The state/task 'arn:aws:states:::http:invoke' returned a result with a size exceeding the maximum \
                     number of bytes service limit.";
        assert_eq!(parts(&get(&server).await.unwrap_err()), ("States.DataLimitExceeded", Some(cause)));
    }
    let head = format!("HTTP/1.1 200 OK\r\nX-Long: {}", "x".repeat(4 * 1024 * 1024));
    let server = Server::answering([head]).await;
    assert_eq!(get(&server).await.unwrap_err().error(), "States.Http.Socket");
    let server = Server::answering([ok("text/plain", "1234"), ok("text/plain", "12345")]).await;
    let http = HttpInvoke::new().response_limit(4);
    let parameters = json!({"ApiEndpoint": server.url("/"), "Method": "GET"});
    assert!(invoke(&http, parameters.clone()).await.is_ok());
    assert_eq!(invoke(&http, parameters).await.unwrap_err().error(), "States.DataLimitExceeded");
}

#[tokio::test]
async fn bad_parameters_are_told_together_in_the_words_of_aws() {
    for (parameters, reasons) in [
        (
            json!({}),
            "The field 'ApiEndpoint' is required but was missing, The field 'Method' is required but was missing",
        ),
        (
            json!({"ApiEndpoint": "http://h", "Method": 1}),
            "The value for the field 'Method' must be a STRING",
        ),
        (
            json!({"ApiEndpoint": "ftp://h", "Method": "TRACE"}),
            "The value of the field 'ApiEndpoint' has an invalid format, \
             The field 'Method' should have one of these values: [GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD]",
        ),
        (
            json!({"ApiEndpoint": "http://user:password@h", "Method": "GET", "Headers": {"Authorization": "x", "X-Amz-Date": "y"}}),
            "The value of the field 'ApiEndpoint' has an invalid format, \
             The 'Headers' field contains unsupported values: [authorization, x-amz-date]",
        ),
        (
            json!({"ApiEndpoint": "http://h", "Method": "GET", "Headers": {"a": "1\r\nb: 2"}, "QueryParameters": [], "Verb": 1}),
            "The field \"Verb\" is not supported by Step Functions, \
             The value of the field 'Headers' has an invalid format, \
             The value of the field 'QueryParameters' has an invalid format",
        ),
        (
            json!({"ApiEndpoint": "http://h", "Method": "GET", "RequestBody": "x", "Transform": {"RequestBodyEncoding": "URL_ENCODED"}, "Authentication": {}}),
            "The value of the field 'RequestBody' has an invalid format, \
             The field 'ConnectionArn' is required but was missing",
        ),
    ] {
        let error = invoke(&HttpInvoke::new(), parameters.clone()).await.unwrap_err();
        let printed = Value::from(parameters);
        let cause = format!("The Parameters '{printed}' could not be used to start the Task: [{reasons}]");
        assert_eq!(parts(&error), ("States.Runtime", Some(cause.as_str())));
    }
}

#[tokio::test]
async fn an_override_replaces_the_address_and_keeps_path_and_query() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let http = HttpInvoke::new().endpoint_override("https://api.exemplo.com/", server.url(""));
    let parameters = json!({"ApiEndpoint": "https://api.exemplo.com/dados?a=1", "Method": "GET"});
    invoke(&http, parameters).await.unwrap();
    assert_eq!(server.request().target(), "GET /dados?a=1");
    assert_eq!(server.request().header("Host"), [format!("localhost:{}", server.address.port())]);
    // A longer port is another address, however it starts.
    let http = HttpInvoke::new().endpoint_override("http://127.0.0.1:1", server.url(""));
    let other = json!({"ApiEndpoint": "http://127.0.0.1:11/dados", "Method": "GET"});
    assert_eq!(invoke(&http, other).await.unwrap_err().error(), "States.Http.Socket");
}

#[tokio::test]
async fn a_server_is_trusted_only_with_its_certificate() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key =
        tokio_rustls::rustls::pki_types::PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let provider = tokio_rustls::rustls::crypto::ring::default_provider().into();
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let server = Server::answering_over_tls(acceptor, &[&ok("text/plain", "x")]).await;
    let error = get(&server).await.unwrap_err();
    let cause = format!("https://localhost:{}: invalid peer certificate: ", server.address.port());
    assert_eq!(error.error(), "States.Http.Socket");
    assert!(error.cause().unwrap().starts_with(&cause), "{error}");
    assert!(server.requests().is_empty());
    let http = HttpInvoke::new().root_certificate_pem(certified.cert.pem());
    invoke(&http, json!({"ApiEndpoint": server.url("/"), "Method": "GET"})).await.unwrap();
    let http = HttpInvoke::new().root_certificate_pem("no certificate");
    let error = invoke(&http, json!({"ApiEndpoint": server.url("/"), "Method": "GET"})).await.unwrap_err();
    assert_eq!(error.error(), "States.Runtime");
}

#[tokio::test]
async fn an_api_key_and_the_parameters_of_a_connection_override_those_of_the_task() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let connection = Connection::api_key("Authorization", Secret::new("hunter2"))
        .header("X-Shared", "connection")
        .query_parameter("page", "9")
        .body_parameter("tenant", "blue");
    let http = HttpInvoke::new().connection(ARN, connection);
    let task = json!({
        "Headers": {"x-shared": "task"},
        "QueryParameters": {"page": "1", "size": "5"},
        "RequestBody": {"id": 1, "tenant": "red"},
    });
    invoke(&http, connected(&server, task)).await.unwrap();
    let request = server.request();
    assert_eq!(request.target(), "POST /?page=9&size=5");
    assert_eq!(request.header("Authorization"), ["hunter2"]);
    assert_eq!(request.header("X-Shared"), ["connection", "task"]);
    assert_eq!(request.body, r#"{"id":1,"tenant":"blue"}"#);
    assert!(!format!("{http:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_text_body_cannot_take_the_parameters_of_a_connection() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let http =
        HttpInvoke::new().connection(ARN, Connection::basic("ana", "hunter2").body_parameter("a", "b"));
    let error = invoke(&http, connected(&server, json!({"RequestBody": "text"}))).await.unwrap_err();
    let cause = "Cannot merge connection body authorization parameters with request body.";
    assert_eq!(parts(&error), ("States.Runtime", Some(cause)));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn basic_credentials_may_come_from_a_file() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let path = std::env::temp_dir().join(format!("asl-secret-{}", std::process::id()));
    std::fs::write(&path, "hunter2\n").unwrap();
    let http = HttpInvoke::new().connection(ARN, Connection::basic("ana", Secret::from_file(&path)));
    let parameters =
        json!({"ApiEndpoint": server.url("/"), "Method": "GET", "InvocationConfig": {"ConnectionArn": ARN}});
    invoke(&http, parameters.clone()).await.unwrap();
    assert_eq!(server.request().header("Authorization"), ["Basic YW5hOmh1bnRlcjI="]);
    std::fs::remove_file(&path).unwrap();
    let error = invoke(&http, parameters).await.unwrap_err();
    assert_eq!(error.error(), "Events.ConnectionResource.InvalidConnectionState");
    assert!(error.cause().unwrap().contains("cannot be read"), "{error}");
}

#[tokio::test]
async fn connections_that_do_not_exist_and_secrets_that_are_not_set_are_named() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let error = invoke(&HttpInvoke::new(), connected(&server, json!({}))).await.unwrap_err();
    let cause = format!("The connection '{ARN}' does not exist.");
    assert_eq!(parts(&error), ("Events.ConnectionResource.ResourceNotFound", Some(cause.as_str())));
    let http = HttpInvoke::new()
        .connection(ARN, Connection::api_key("X-Key", Secret::from_env("ASL_NO_SUCH_VARIABLE")));
    let error = invoke(&http, connected(&server, json!({}))).await.unwrap_err();
    let cause = format!(
        "The connection '{ARN}' cannot be used: the environment variable ASL_NO_SUCH_VARIABLE is not set."
    );
    assert_eq!(parts(&error), ("Events.ConnectionResource.InvalidConnectionState", Some(cause.as_str())));
}

#[tokio::test]
async fn a_secret_that_no_header_can_hold_is_not_shown() {
    let server = Server::answering([ok("text/plain", "x")]).await;
    let http = HttpInvoke::new().connection(ARN, Connection::api_key("X-Key", "hunter\n2"));
    let error = invoke(&http, connected(&server, json!({}))).await.unwrap_err();
    assert_eq!(
        parts(&error),
        ("States.Runtime", Some("The header 'X-Key' of the HTTP task cannot be sent."))
    );
}

fn oauth(tokens: &Server) -> HttpInvoke {
    let oauth = OAuth::client_credentials(tokens.url("/token"), "client", "s&cret").scope("read write");
    HttpInvoke::new().connection(ARN, Connection::oauth(oauth))
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_again_when_it_is_refused() {
    let grant =
        |token: &str| ok("application/json", &json!({"access_token": token, "expires_in": 3600}).to_string());
    let tokens = Server::answering([grant("t1"), grant("t2")]).await;
    let fine = || ok("text/plain", "x");
    let server = Server::answering([fine(), fine(), answer("401 Unauthorized", "", ""), fine()]).await;
    let http = oauth(&tokens);
    for _ in 0..3 {
        invoke(&http, connected(&server, json!({}))).await.unwrap();
    }
    let bearers: Vec<String> =
        server.requests().iter().map(|request| request.header("Authorization").concat()).collect();
    assert_eq!(bearers, ["Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2"]);
    let asked = tokens.requests();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].target(), "POST /token");
    assert_eq!(asked[0].header("Content-Type"), ["application/x-www-form-urlencoded"]);
    assert_eq!(
        asked[0].body,
        "grant_type=client_credentials&scope=read%20write&client_secret=s%26cret&client_id=client"
    );
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_the_answer_of_the_api() {
    let grant = || ok("application/json", r#"{"access_token": "t"}"#);
    let tokens = Server::answering([grant(), grant()]).await;
    let refused = || answer("401 Unauthorized", "", "");
    let server = Server::answering([refused(), refused()]).await;
    let error = invoke(&oauth(&tokens), connected(&server, json!({}))).await.unwrap_err();
    assert_eq!(parts(&error), ("States.Http.StatusCode.401", Some("Unauthorized")));
}

#[tokio::test]
async fn a_token_that_expires_is_asked_for_again_and_failures_show_no_secret() {
    let grant = ok("application/json", r#"{"access_token": "t", "expires_in": 0}"#);
    let refusal = answer("400 Bad Request", "", r#"{"error": "s&cret is wrong"}"#);
    let tokens = Server::answering([grant, refusal, ok("application/json", "{}")]).await;
    let server = Server::answering([ok("text/plain", "x")]).await;
    let http = oauth(&tokens);
    invoke(&http, connected(&server, json!({}))).await.unwrap();
    for reason in ["the token endpoint answered 400", "the token endpoint gave no access token"] {
        let error = invoke(&http, connected(&server, json!({}))).await.unwrap_err();
        let cause = format!("The connection '{ARN}' cannot be used: {reason}.");
        assert_eq!(parts(&error), ("Events.ConnectionResource.InvalidConnectionState", Some(cause.as_str())));
    }
}

#[test]
fn every_partition_is_served_and_nothing_else() {
    let http = HttpInvoke::new();
    for resource in [HTTP_INVOKE, "arn:aws-us-gov:states:::http:invoke", "arn:aws-cn:states:::http:invoke"] {
        assert!(http.serves(resource));
    }
    for resource in ["arn:aws:states:::lambda:invoke", "arn:aws:states:::http:invoke.sync"] {
        assert!(!http.serves(resource));
    }
}

#[tokio::test]
async fn a_connection_is_found_by_its_name_and_read_from_a_file() {
    let token = ok("application/json", r#"{"access_token": "t-1", "expires_in": 60}"#);
    let server = Server::answering([token, ok("text/plain", "x")]).await;
    let file = json!({
        "Name": "api",
        "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
        "AuthParameters": {
            "OAuthParameters": {
                "AuthorizationEndpoint": server.url("/token?v=1"),
                "HttpMethod": "GET",
                "ClientParameters": { "ClientID": "me", "ClientSecret": "hunter2" },
                "OAuthHttpParameters": {
                    "HeaderParameters": [{ "Key": "X-Tenant", "Value": "blue" }],
                    "QueryStringParameters": [{ "Key": "audience", "Value": "all", "IsValueSecret": false }]
                }
            },
            "InvocationHttpParameters": { "HeaderParameters": [{ "Key": "X-Added", "Value": "1" }] }
        }
    });
    let connection = Connection::from_json(&file.to_string(), std::path::Path::new("")).unwrap();
    invoke(&HttpInvoke::new().connection("api", connection), connected(&server, json!({}))).await.unwrap();
    let [token, request] = &server.requests()[..] else { panic!("two requests") };
    assert_eq!(
        token.target(),
        "GET /token?v=1&audience=all&grant_type=client_credentials&client_secret=hunter2&client_id=me"
    );
    assert_eq!(token.header("X-Tenant"), ["blue"]);
    assert_eq!(request.header("Authorization"), ["Bearer t-1"]);
    assert_eq!(request.header("X-Added"), ["1"]);
}
