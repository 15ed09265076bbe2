//! The pages for people: who sees them, what they show, and what cannot be done by them.

use crate::support::{CompiledIn, GREET, PAUSE, ask, create, ended, start};
use asl_runtime::InMemory;
use asl_server::{ConsoleOptions, Keys, Server, console};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server with pages, and where it is.
pub(crate) async fn served(options: ConsoleOptions, keys: Keys) -> (Server, u16) {
    let server = Server::builder(CompiledIn, &InMemory::new()).console(options).keys(keys).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    (server, port)
}

/// Sends a request as a browser does: the head of the answer in small letters, and its body.
pub(crate) async fn send(port: u16, method: &str, path: &str, headers: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: 127.0.0.1:{port}\r\n") };
    let request = format!(
        "{method} {path} HTTP/1.1\r\n{host}{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

pub(crate) async fn get(port: u16, path: &str) -> (String, String) {
    send(port, "GET", path, "", "").await
}

/// What is between two texts of a page.
pub(crate) fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split_once(from)
        .and_then(|(_, rest)| rest.split_once(to))
        .unwrap_or_else(|| panic!("no {from}: {page}"))
        .0
}

/// The path of the page of an execution.
pub(crate) fn page_of(execution: &str) -> String {
    let mut parts = execution.split(':').skip(6);
    format!("/executions/{}/{}", parts.next().unwrap(), parts.next().unwrap())
}

#[tokio::test]
async fn pages_show_machines_and_executions() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Greet", GREET).await;
    let execution = start(&server, &machine, json!({ "name": "<script>alert(1)</script>" })).await;
    ended(&server, &execution).await;
    let (head, page) = get(port, "/").await;
    assert!(head.starts_with("http/1.1 200") && page.contains("href=\"/machines/Greet\""), "{head} {page}");
    assert!(head.contains("content-security-policy: default-src 'none'; style-src 'self';"), "{head}");
    assert!(
        head.contains("x-content-type-options: nosniff") && head.contains("cache-control: no-store"),
        "{head}"
    );
    let (_, page) = get(port, "/machines/Greet").await;
    assert!(page.contains("Start an execution") && page.contains("class=\"asl\""), "{page}");
    let (_, page) = get(port, &page_of(&execution)).await;
    assert!(page.contains("Succeeded") && page.contains("state pass succeeded"), "{page}");
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert(1)"), "{page}");
    let (_, page) = get(port, "/executions?machine=Greet&status=FAILED").await;
    assert!(page.contains("No execution is like that"), "{page}");
    let (_, page) = get(port, "/executions/Greet/a%E2%80%AEb").await;
    assert!(!page.contains('\u{202e}'), "{page}");
    let (head, page) = get(port, "/executions/Greet/nothing").await;
    assert!(head.starts_with("http/1.1 404") && page.contains("There is no execution"), "{head} {page}");
}

#[tokio::test]
async fn warnings_are_those_of_the_definition_as_it_is_now() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Work", GREET).await;
    let warns = async || get(port, "/").await.1.contains("warnings in the definition");
    assert!(!warns().await);
    let endless = r#"{ "StartAt": "A", "States": { "A": { "Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": { "FunctionName": "f", "Payload": { "token.$": "$$.Task.Token" } } } } }"#;
    ask(&server, "UpdateStateMachine", json!({ "stateMachineArn": machine, "definition": endless })).await;
    assert!(warns().await);
}

#[tokio::test]
async fn files_have_names_of_what_is_in_them() {
    let (_, port) = served(console(), Keys::default()).await;
    let (_, page) = get(port, "/").await;
    let style = between(&page, "<link rel=\"stylesheet\" href=\"", "\"");
    let (head, text) = get(port, style).await;
    assert!(head.contains("cache-control: public, max-age=31536000, immutable"), "{head}");
    assert!(text.contains("--accent"), "{text}");
    assert!(get(port, "/static/style-000000000000.css").await.0.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn what_happened_is_told_for_each_state() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Greet", GREET).await;
    let execution = start(&server, &machine, json!({ "name": "you" })).await;
    ended(&server, &execution).await;
    let path = page_of(&execution);
    let (_, panel) = get(port, &format!("/fragment{path}/details?visit=0")).await;
    assert!(panel.contains("data-stay=\"0\"") && panel.contains("&quot;you&quot;"), "{panel}");
    let (_, event) = get(port, &format!("/fragment{path}/event/1")).await;
    assert!(event.contains("&quot;you&quot;") && event.contains("roleArn"), "{event}");
    let (head, history) = get(port, &format!("{path}/history.json")).await;
    assert!(head.contains("content-disposition: attachment"), "{head}");
    let body = history.lines().filter(|line| line.contains('{') || line.contains('}')).collect::<String>();
    assert!(body.contains("ExecutionSucceeded"), "{history}");
}

#[tokio::test]
async fn forms_need_the_token_of_a_page_and_come_from_one() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Pause", PAUSE).await;
    let execution = start(&server, &machine, json!({ "until": "2999-01-01T00:00:00Z" })).await;
    let path = page_of(&execution);
    let (_, page) = get(port, &path).await;
    let token = between(&page, "name=\"token\" value=\"", "\"").to_owned();
    let stop = format!("{path}/stop");
    let body = format!("token={token}&error=Operator");
    let own = format!("Origin: http://127.0.0.1:{port}\r\n");
    for (headers, body) in [
        (own.as_str(), "token=guessed&error=Operator"),
        (own.as_str(), ""),
        ("Origin: http://elsewhere.example\r\n", body.as_str()),
        ("Origin: null\r\n", body.as_str()),
        ("Sec-Fetch-Site: cross-site\r\n", body.as_str()),
        ("Host: rebound.example\r\n", body.as_str()),
    ] {
        let (head, _) = send(port, "POST", &stop, headers, body).await;
        assert!(head.starts_with("http/1.1 403"), "{headers} {body}: {head}");
    }
    let described = ask(&server, "DescribeExecution", json!({ "executionArn": execution })).await;
    assert_eq!(described["status"], "RUNNING");
    let (head, _) = send(port, "POST", &stop, &own, &body).await;
    assert!(
        head.starts_with("http/1.1 303") && head.contains(&format!("location: {}", path.to_lowercase())),
        "{head}"
    );
    assert_eq!(ended(&server, &execution).await["error"], "Operator");
}

#[tokio::test]
async fn a_form_that_is_too_large_is_not_read() {
    let (_server, port) = served(console(), Keys::default()).await;
    let own = format!("Origin: http://127.0.0.1:{port}\r\n");
    for (length, status) in [(4 * 1024 * 1024, "403"), (4 * 1024 * 1024 + 1, "413")] {
        let (head, _) = send(port, "POST", "/machines/a/start", &own, &"a".repeat(length)).await;
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{length}: {head}");
    }
}

#[tokio::test]
async fn histories_of_any_time_are_drawn_or_refused() {
    let (_, port) = served(console(), Keys::default()).await;
    let (_, page) = get(port, "/open").await;
    let token = between(&page, "name=\"token\" value=\"", "\"").to_owned();
    let own = format!("Origin: http://127.0.0.1:{port}\r\n");
    // The farthest times that there are, and some that are too far.
    for (begin, end, status) in [
        ("-8.64e12", "8.64e12", "200"),
        ("8.64e12", "-8.64e12", "200"),
        ("1e300", "-1e300", "400"),
        ("-9.3e15", "9.3e15", "400"),
    ] {
        let history = format!(
            r#"[{{"id":1,"type":"TaskStateEntered","timestamp":{begin},"stateEnteredEventDetails":{{"name":"A"}}}},
            {{"id":2,"previousEventId":1,"type":"TaskScheduled","timestamp":{end}}}]"#
        );
        let body = format!("token={token}&history={{\"events\":{history}}}");
        let (head, _) = send(port, "POST", "/open", &own, &body).await;
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{begin} {end}: {head}");
    }
}

#[tokio::test]
async fn no_other_name_leads_to_the_pages() {
    let (_, port) = served(console().host("flows.example"), Keys::default()).await;
    for (host, status) in [
        ("localhost:1", "200"),
        ("127.0.0.1", "200"),
        ("[::1]:80", "200"),
        ("flows.example:8083", "200"),
        ("flows.example.evil", "403"),
        ("evil.example", "403"),
        ("", "403"),
    ] {
        let (head, _) = send(port, "GET", "/", &format!("Host: {host}\r\n"), "").await;
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{host}: {head}");
    }
}

#[tokio::test]
async fn a_console_to_be_read_has_no_forms() {
    let (server, port) = served(console().read_only(), Keys::default()).await;
    let machine = create(&server, "Greet", GREET).await;
    let execution = start(&server, &machine, json!({ "name": "you" })).await;
    ended(&server, &execution).await;
    for path in ["/", "/machines/Greet", "/open", &page_of(&execution)] {
        let (_, page) = get(port, path).await;
        assert!(!page.contains("method=\"post\"") && !page.contains("name=\"token\""), "{path}: {page}");
    }
    for path in ["/machines/Greet/start", "/save", "/tokens", "/try", "/run", "/open"] {
        let (head, _) = send(port, "POST", path, "", "token=any").await;
        assert!(head.starts_with("http/1.1 40"), "{path}: {head}");
    }
    assert!(get(port, "/machines/Greet/edit").await.0.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn where_there_are_keys_pages_ask_for_one() {
    let (_, port) = served(console(), Keys::default().with("AKID", "hunter2")).await;
    let (head, page) = get(port, "/").await;
    assert!(head.starts_with("http/1.1 401") && head.contains("www-authenticate: basic"), "{head}");
    assert!(!page.contains("hunter2"), "{page}");
    // `AKID:hunter2`
    let (head, _) = send(port, "GET", "/", "Authorization: Basic QUtJRDpodW50ZXIy\r\n", "").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
}

#[tokio::test]
async fn what_happens_is_sent_to_pages_that_listen() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Pause", PAUSE).await;
    let execution = start(&server, &machine, json!({ "until": "2999-01-01T00:00:00Z" })).await;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let path = page_of(&execution);
    let request = format!("GET {path}/live?last=0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut hears = async |text: &str| {
        let mut buffer = [0; 4096];
        while !heard.contains(text) {
            let read = stream.read(&mut buffer).await.unwrap();
            assert_ne!(read, 0, "it has ended: {heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    };
    hears("state wait running").await;
    hears("\"ended\":false").await;
    ask(&server, "StopExecution", json!({ "executionArn": execution })).await;
    hears("state wait aborted").await;
    hears("\"ended\":true").await;
}

#[tokio::test]
async fn what_was_written_is_kept_when_an_execution_cannot_be_started() {
    let (server, port) = served(console(), Keys::default()).await;
    create(&server, "Greet", GREET).await;
    let (_, page) = get(port, "/machines/Greet").await;
    let token = between(&page, "name=\"token\" value=\"", "\"").to_owned();
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let body = format!("token={token}&name=first+try&input=%7B%22order%22%3A+17");
    let (head, page) = send(port, "POST", "/machines/Greet/start", form, &body).await;
    assert!(head.starts_with("http/1.1 400") && page.contains("role=\"alert\""), "{head} {page}");
    assert!(
        page.contains("value=\"first try\"") && page.contains("{&quot;order&quot;: 17</textarea>"),
        "{page}"
    );
}

#[tokio::test]
async fn versions_are_compared() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Greet", GREET).await;
    ask(&server, "PublishStateMachineVersion", json!({ "stateMachineArn": machine })).await;
    let (_, page) = get(port, "/machines/Greet/compare?from=1").await;
    assert!(page.contains("They are the same"), "{page}");
    let (head, page) = get(port, "/machines/Greet/compare?from=7").await;
    assert!(head.starts_with("http/1.1 404") && page.contains("no version 7"), "{head} {page}");
    let (_, page) = get(port, "/machines/Greet").await;
    assert!(page.contains("/machines/Greet/compare?from=1"), "{page}");
}

#[tokio::test]
async fn where_there_is_no_page_one_says_so() {
    let (_server, port) = served(console(), Keys::default()).await;
    let (head, page) = get(port, "/machine/Greet").await;
    assert!(head.starts_with("http/1.1 404") && page.contains("There is no such page"), "{head} {page}");
    assert!(head.contains("content-security-policy"), "{head}");
}
