//! `asl mcp`, as assistants speak to it: a line of JSON-RPC each.

#![expect(clippy::indexing_slicing, reason = "JSON that has no such field is null")]

use crate::support::{FINE, command, folder, write};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

struct Assistant {
    process: Child,
    answers: BufReader<ChildStdout>,
    last: u64,
}

impl Assistant {
    fn start(folder: &Path, options: &[&str]) -> Self {
        let mut process = command(folder, &[&["mcp"], options].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("asl mcp");
        let answers = BufReader::new(process.stdout.take().expect("an output"));
        let mut assistant = Self { process, answers, last: 0 };
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
        let answer = assistant.ask("initialize", &hello);
        assert_eq!(answer["serverInfo"]["name"], "asl");
        assistant.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        assistant
    }

    fn send(&mut self, message: &Value) {
        let input = self.process.stdin.as_mut().expect("an input");
        writeln!(input, "{message}").expect("written");
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": parameters }));
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(answer["id"], self.last, "{answer}");
        if answer["error"].is_null() { answer["result"].clone() } else { answer["error"].clone() }
    }

    /// The text of an answer, and whether it is one.
    fn call(&mut self, tool: &str, arguments: &Value) -> (String, bool) {
        let answer = self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }));
        let text = answer["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        (text.to_owned(), answer["isError"] != true)
    }
}

#[test]
fn assistants_check_definitions_and_see_no_other_files() {
    let folder = folder(module_path!(), "assistants_check_definitions_and_see_no_other_files");
    write(&folder, "flows/fine.asl.json", FINE);
    write(&folder, "secret.json", FINE);
    let wrong = FINE.replace(r#""StartAt": "Done""#, r#""StartAt": "Dome""#);
    write(&folder, "flows/wrong.asl.json", &wrong);
    let mut assistant = Assistant::start(&folder, &["flows"]);
    let tools = assistant.ask("tools/list", &json!({}));
    let tools: Vec<_> =
        tools["tools"].as_array().expect("tools").iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert!(tools.contains(&"check") && tools.contains(&"policy") && !tools.contains(&"fix"), "{tools:?}");
    let (found, _) = assistant.call("check", &json!({ "file": "wrong.asl.json" }));
    assert!(found.contains("unknown-state") && found.contains("Done"), "{found}");
    let (found, _) = assistant.call("check", &json!({ "definition": FINE }));
    assert!(!found.contains("unknown-state"), "{found}");
    let (page, _) = assistant.call("explain", &json!({ "code": "unknown-state" }));
    assert!(page.contains("does not exist"), "{page}");
    let (picture, _) = assistant.call("graph", &json!({ "file": "fine.asl.json" }));
    assert!(picture.starts_with("flowchart"), "{picture}");
    let (value, _) = assistant.call("jsonata", &json!({ "expression": "a + 1", "input": "{\"a\": 41}" }));
    assert!(value.contains("42"), "{value}");
    for file in ["../secret.json", "/etc/passwd", "none.json"] {
        let (reason, is_answer) = assistant.call("check", &json!({ "file": file }));
        assert!(!is_answer && reason.contains("in the folder"), "{reason}");
    }
    // What changes files is not there unless it was asked for.
    let refused =
        assistant.ask("tools/call", &json!({ "name": "fix", "arguments": { "file": "wrong.asl.json" } }));
    assert!(refused["message"].as_str().is_some_and(|why| why.contains("no tool")), "{refused}");
    drop(assistant.process.stdin.take());
    assert!(assistant.process.wait().expect("an end").success());
}

#[test]
fn assistants_may_be_allowed_to_repair() {
    let folder = folder(module_path!(), "assistants_may_be_allowed_to_repair");
    write(&folder, "wrong.asl.json", &FINE.replace(r#""StartAt": "Done""#, r#""StartAt": "Dome""#));
    let mut assistant = Assistant::start(&folder, &["--write"]);
    let (answer, is_answer) = assistant.call("fix", &json!({ "file": "wrong.asl.json" }));
    assert!(is_answer, "{answer}");
    assert_eq!(std::fs::read_to_string(folder.join("wrong.asl.json")).expect("a file"), FINE);
    drop(assistant.process.stdin.take());
    assert!(assistant.process.wait().expect("an end").success());
}
