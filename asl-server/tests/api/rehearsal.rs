//! Machines that are run from the editor with mocks, before they are saved.

use crate::console::{between, get, send, served};
use crate::support::{EACH, GREET, ORDER, THINK, ask, create};
use asl_server::{Keys, Server, console};
use serde_json::{Value, json};

/// A server with its token, which runs texts.
struct Editor {
    server: Server,
    port: u16,
    token: String,
}

impl Editor {
    async fn open() -> Self {
        let (server, port) = served(console(), Keys::default()).await;
        let (_, page) = get(port, "/new").await;
        let token = between(&page, "name=\"token\" value=\"", "\"").to_owned();
        Self { server, port, token }
    }

    /// The answer for the script, or the page for those without one.
    async fn send(&self, fields: &[(&str, &str)]) -> (String, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", &self.token).extend_pairs(fields);
        let own = format!("Origin: http://127.0.0.1:{}\r\n", self.port);
        send(self.port, "POST", "/run", &own, &form.finish()).await
    }

    /// What is shown of a run, and the picture.
    async fn run(&self, definition: &str, mocks: &Value) -> (String, String) {
        self.run_with(definition, "", &mocks.to_string(), "").await
    }

    async fn run_with(&self, definition: &str, input: &str, mocks: &str, case: &str) -> (String, String) {
        let fields = [
            ("definition", definition),
            ("run-input", input),
            ("mocks", mocks),
            ("case", case),
            ("part", "1"),
        ];
        let (head, body) = self.send(&fields).await;
        assert!(head.starts_with("http/1.1 200"), "{head} {body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        (text("shown"), text("picture"))
    }
}

#[tokio::test]
async fn a_run_tells_what_came_of_every_state() {
    let editor = Editor::open().await;
    let mocks = json!({ "Charge": [{ "error": "Busy" }, { "result": { "paid": 4711 } }], "Ship": { "result": { "MessageId": "m" } } });
    let (shown, picture) = editor.run(ORDER, &mocks).await;
    assert!(shown.contains("4711") && shown.contains("MessageBody"), "{shown}");
    assert!(shown.contains("The run succeeded") && shown.contains("Attempt 2"), "{shown}");
    // An hour has passed on its clock alone.
    assert!(shown.contains("1 h 00 m"), "{shown}");
    assert!(picture.contains("state task succeeded") && picture.contains("href=\"#visit-1\""), "{picture}");
    assert!(shown.contains("id=\"visit-1\""), "{shown}");
    // Nothing of it is left.
    let listed = ask(&editor.server, "ListStateMachines", json!({})).await;
    assert_eq!(listed["stateMachines"], json!([]));
}

#[tokio::test]
async fn what_fails_is_told_first() {
    let editor = Editor::open().await;
    let mocks = json!({ "Charge": { "result": { "paid": 1 } }, "Ship": { "error": "<b>Lost</b>", "cause": "no queue" } });
    let (shown, picture) = editor.run(ORDER, &mocks).await;
    assert!(shown.contains("&lt;b&gt;Lost&lt;/b&gt;") && shown.contains("no queue"), "{shown}");
    assert!(shown.contains("inspect first\" id=\"visit-1\""), "{shown}");
    assert!(picture.contains("state task failed"), "{picture}");
    // A task without a mock is not done.
    let (shown, _) = editor.run(ORDER, &json!({ "Charge": { "result": { "paid": 1 } } })).await;
    assert!(shown.contains("has no mock for the state"), "{shown}");
}

#[tokio::test]
async fn a_case_says_what_has_to_come_of_it() {
    let editor = Editor::open().await;
    let file = json!({ "mocks": { "Ship": { "result": { "MessageId": "m" } } }, "cases": [
        { "name": "paid", "mocks": { "Charge": { "result": { "paid": 1 } } }, "expect": { "output": { "MessageId": "m" }, "path": ["Charge", "Ship"] } },
        { "name": "lost", "mocks": { "Charge": { "result": { "paid": 1 } } }, "expect": { "error": "Lost" } } ] })
    .to_string();
    let (shown, _) = editor.run_with(ORDER, "", &file, "paid").await;
    assert!(shown.contains("It is as the case expects"), "{shown}");
    let (shown, _) = editor.run_with(ORDER, "", &file, "lost").await;
    assert!(shown.contains("It is not as the case expects") && shown.contains("&quot;Lost&quot;"), "{shown}");
    let (shown, _) = editor.run_with(ORDER, "", &file, "").await;
    assert!(shown.contains("there are 2 cases"), "{shown}");
}

#[tokio::test]
async fn what_cannot_be_run_is_refused_with_the_reason() {
    let editor = Editor::open().await;
    let (shown, picture) = editor.run(r#"{ "StartAt": "A", "States": {} }"#, &json!({})).await;
    assert!(shown.contains("It was not run") && shown.contains("error") && picture.is_empty(), "{shown}");
    let (shown, _) = editor.run(ORDER, &json!({ "Chrage": { "result": 1 } })).await;
    assert!(shown.contains("did you mean"), "{shown}");
    let (shown, _) = editor.run_with(GREET, "{", "", "").await;
    assert!(shown.contains("the input is not JSON"), "{shown}");
    // This program has no compiler.
    let other = r#"{ "StartAt": "Other", "States": { "Other": { "Type": "Succeed" } } }"#;
    let (shown, _) = editor.run(other, &json!({})).await;
    assert!(shown.contains("it is not in this program"), "{shown}");
    let pass = |number: usize| format!(r#""S{number}": {{ "Type": "Pass", "Next": "S{}" }}"#, number + 1);
    let states: Vec<_> = (0..500).map(pass).collect();
    let large = format!(
        r#"{{ "StartAt": "S0", "States": {{ {}, "S500": {{ "Type": "Succeed" }} }} }}"#,
        states.join(",")
    );
    let (shown, _) = editor.run(&large, &json!({})).await;
    assert!(shown.contains("has 501 states, and at most 500"), "{shown}");
}

#[tokio::test]
async fn a_run_comes_to_an_end() {
    let editor = Editor::open().await;
    let (shown, _) = editor.run_with(THINK, "0", "", "").await;
    assert!(shown.contains("Timed out") || shown.contains("TimeoutSeconds"), "{shown}");
    let (shown, picture) = editor.run_with(EACH, "[1, 2, 3]", "", "").await;
    assert!(shown.contains("The run succeeded"), "{shown}");
    assert!(picture.contains("state map succeeded"), "{picture}");
}

#[tokio::test]
async fn nothing_that_was_written_is_lost_without_script() {
    let editor = Editor::open().await;
    let mocks = "{ \"Charge\": { \"error\": \"Declined\" } }";
    let fields = [("definition", ORDER), ("name", "drafted"), ("run-input", "[7]"), ("mocks", mocks)];
    let (_, page) = editor.send(&fields).await;
    for kept in [
        "value=\"drafted\"",
        "[7]</textarea>",
        "Declined&quot; } }</textarea>",
        "id=\"visit-0\"",
        "state task failed",
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
}

#[tokio::test]
async fn the_editor_begins_with_what_an_execution_was_given() {
    let editor = Editor::open().await;
    let machine = create(&editor.server, "Greet", GREET).await;
    let request = json!({ "stateMachineArn": machine, "name": "before", "input": "{\"name\": \"you\"}" });
    ask(&editor.server, "StartExecution", request).await;
    let (_, page) = get(editor.port, "/machines/Greet/edit?execution=before").await;
    assert!(page.contains("{&quot;name&quot;: &quot;you&quot;}</textarea>"), "{page}");
    let (head, _) = get(editor.port, "/machines/Greet/edit?execution=none").await;
    assert!(head.starts_with("http/1.1 404"), "{head}");
}
