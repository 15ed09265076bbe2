//! `asl lsp` as an editor talks to it: the real program, over its standard input and output.

use crate::support::command;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

const URI: &str = "file:///home/ana/orders%20%C3%A9.asl.json";

/// The name of the second state has a letter of two UTF-16 units.
const ORDERS: &str = r#"{
  "StartAt": "Check",
  "States": {
    "Check": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "f" },
      "Assign": { "checked": true }, "Next": "Pack 😀" },
    "Pack 😀": { "Type": "Pass", "Parameters": { "😀": 1, "checked.$": "$checked" }, "Next": "Check" , "Comment": "" },
    "Sent": { "Type": "Succeed" }
  }
}"#;

struct Editor {
    program: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    asked: i64,
    /// Notifications that came while an answer was awaited.
    told: Vec<Value>,
}

impl Editor {
    fn start(arguments: &[&str]) -> Self {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        let mut program = command(folder, &[&["lsp"], arguments].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (program.stdin.take(), BufReader::new(program.stdout.take().unwrap()));
        Self { program, input, output, asked: 0, told: Vec::new() }
    }

    /// One that has a document open, whose problems were told.
    fn with(text: &str) -> (Self, Value) {
        let mut editor = Self::start(&["--stdio"]);
        editor.initialize();
        let problems = editor.open(text);
        (editor, problems)
    }

    fn initialize(&mut self) -> Value {
        let can = json!({ "relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": { "valueSet": [1] } });
        let capabilities = json!({ "textDocument": { "publishDiagnostics": can } });
        let result = self
            .ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        self.tell("initialized", json!({}));
        result
    }

    fn open(&mut self, text: &str) -> Value {
        let document = json!({ "uri": URI, "languageId": "json", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.problems()
    }

    fn send(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    fn receive(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => panic!("{line}"),
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    /// The whole answer to a request.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        loop {
            let message = self.receive().unwrap();
            if message.get("id") == Some(&json!(id)) {
                return message;
            }
            self.told.push(message);
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        answer.get("result").unwrap_or_else(|| panic!("{answer}")).clone()
    }

    /// The problems that are told next.
    fn problems(&mut self) -> Value {
        let told = if self.told.is_empty() { self.receive().unwrap() } else { self.told.remove(0) };
        assert_eq!(told.get("method"), Some(&json!("textDocument/publishDiagnostics")), "{told}");
        told.get("params").unwrap().clone()
    }

    fn at(&mut self, method: &str, line: u64, character: u64) -> Value {
        self.ask(method, at(line, character, json!({})))
    }

    fn end(mut self) -> Option<i32> {
        self.tell("exit", Value::Null);
        self.wait()
    }

    fn wait(mut self) -> Option<i32> {
        self.input = None;
        self.program.wait().unwrap().code()
    }
}

fn at(line: u64, character: u64, more: Value) -> Value {
    let mut params =
        json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": character } });
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

fn range(line: u64, start: u64, end: u64) -> Value {
    json!({ "start": { "line": line, "character": start }, "end": { "line": line, "character": end } })
}

fn labels(completion: &Value) -> Vec<&str> {
    let items = completion.get("items").and_then(Value::as_array).unwrap();
    items.iter().map(|item| item.get("label").and_then(Value::as_str).unwrap()).collect()
}

fn code(answer: &Value) -> Option<i64> {
    answer.pointer("/error/code").and_then(Value::as_i64)
}

#[test]
fn a_document_is_opened_changed_and_closed() {
    let mut editor = Editor::start(&[]);
    let capabilities = editor.initialize();
    assert_eq!(capabilities.pointer("/capabilities/hoverProvider"), Some(&json!(true)));
    let told = editor.open(ORDERS);
    assert_eq!(told.pointer("/version"), Some(&json!(1)));
    let problem = told.pointer("/diagnostics/0").unwrap();
    assert_eq!(problem.get("code"), Some(&json!("unreachable-state")), "{told}");
    assert_eq!(problem.get("range"), Some(&range(6, 4, 10)));
    assert_eq!(problem.get("tags"), Some(&json!([1])));
    let page = problem.pointer("/codeDescription/href").and_then(Value::as_str).unwrap();
    assert!(page.starts_with("file:///") && page.ends_with("/unreachable-state.md"), "{page}");
    // `Check` goes to `Sent`, which is there, and `Pack 😀` to `Snet`, which is not; the place is behind the emoji.
    let changes = json!([
        { "range": range(4, 46, 53), "text": "Sent" },
        { "range": range(4, 46, 50), "text": "Pack 😀" },
        { "range": range(5, 94, 99), "text": "Snet" },
    ]);
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": URI, "version": 2 }, "contentChanges": changes }),
    );
    let told = editor.problems();
    assert_eq!(told.get("version"), Some(&json!(2)));
    let problem = told.pointer("/diagnostics/0").unwrap();
    assert_eq!(problem.get("code"), Some(&json!("unknown-state")), "{told}");
    assert_eq!(problem.get("range"), Some(&range(5, 93, 99)));
    assert!(
        problem.get("message").unwrap().as_str().unwrap().ends_with("help: did you mean `Sent`?"),
        "{problem}"
    );
    let inside = json!({ "textDocument": { "uri": URI }, "range": range(5, 95, 95), "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", inside);
    assert_eq!(actions.pointer("/0/title"), Some(&json!("replace with `Sent`")), "{actions}");
    let edit = actions.pointer("/0/edit/changes").unwrap().get(URI).unwrap().get(0).unwrap();
    assert_eq!(edit, &json!({ "range": range(5, 93, 99), "newText": "\"Sent\"" }));
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    assert_eq!(editor.problems().get("diagnostics"), Some(&json!([])));
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn names_are_found_and_changed() {
    let (mut editor, _) = Editor::with(ORDERS);
    let hover = editor.at("textDocument/hover", 4, 52);
    let text = hover.pointer("/contents/value").and_then(Value::as_str).unwrap();
    assert!(text.contains("**Pack 😀**: Pass state") && text.contains("leads to `Check`"), "{text}");
    assert_eq!(hover.get("range"), Some(&range(4, 45, 54)));
    assert_eq!(
        editor.at("textDocument/definition", 4, 52),
        json!([{ "uri": URI, "range": range(5, 4, 13) }])
    );
    let with = json!({ "context": { "includeDeclaration": true } });
    let references = editor.ask("textDocument/references", at(5, 95, with));
    assert_eq!(references.as_array().unwrap().len(), 3, "{references}");
    let renamed = editor.ask("textDocument/rename", at(4, 52, json!({ "newName": "Pack" })));
    let edits = renamed.pointer("/changes").unwrap().get(URI).unwrap();
    assert_eq!(
        edits,
        &json!([{ "range": range(4, 45, 54), "newText": "\"Pack\"" }, { "range": range(5, 4, 13), "newText": "\"Pack\"" }])
    );
    let refused = editor.answer("textDocument/rename", at(4, 52, json!({ "newName": "Sent" })));
    assert_eq!(code(&refused), Some(-32803));
    let prepared = editor.at("textDocument/prepareRename", 4, 52);
    assert_eq!(prepared, json!({ "range": range(4, 46, 53), "placeholder": "Pack 😀" }));
    assert_eq!(editor.at("textDocument/prepareRename", 0, 0), Value::Null);
    let variable = editor.at("textDocument/definition", 5, 74);
    assert_eq!(variable, json!([{ "uri": URI, "range": range(4, 19, 26) }]));
    let document = json!({ "textDocument": { "uri": URI } });
    let symbols = editor.ask("textDocument/documentSymbol", document.clone());
    assert_eq!(symbols.pointer("/1/name"), Some(&json!("Pack 😀")));
    assert_eq!(symbols.pointer("/1/detail"), Some(&json!("Pass")));
    let folding = editor.ask("textDocument/foldingRange", document);
    assert_eq!(folding, json!([{ "startLine": 3, "endLine": 4 }]));
}

#[test]
fn a_broken_document_is_completed() {
    let (mut editor, told) = Editor::with(
        "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A😀\": {\"Type\": \"Wait\", \"Next\": \"\n",
    );
    assert_eq!(told.pointer("/diagnostics/0/code"), Some(&json!("invalid-json")));
    let completion = editor.at("textDocument/completion", 3, 37);
    assert_eq!(labels(&completion), ["A😀"]);
    let edit = completion.pointer("/items/0/textEdit").unwrap();
    assert_eq!(edit, &json!({ "range": range(3, 36, 37), "newText": "\"A😀\"" }));
    assert_eq!(completion.pointer("/items/0/filterText"), Some(&json!("\"A😀\"")));
    let fields = editor.at("textDocument/completion", 3, 27);
    assert!(labels(&fields).contains(&"SecondsPath"), "{fields}");
}

#[test]
fn a_document_is_laid_out_anew_in_one_change() {
    let (mut editor, _) = Editor::with("{\"States\":{\"A\":{\"Type\":\"Succeed\"}},\"StartAt\":\"A\"}");
    let format = |editor: &mut Editor| {
        let document = json!({ "uri": URI });
        editor.ask("textDocument/formatting", json!({ "textDocument": document, "options": {} }))
    };
    let edits = format(&mut editor);
    assert_eq!(edits[0]["range"], range(0, 0, 49), "{edits}");
    let text = edits[0]["newText"].as_str().unwrap();
    assert!(text.starts_with("{\n  \"StartAt\": \"A\",\n"), "{text}");
    let change = json!([{ "range": edits[0]["range"], "text": text }]);
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": URI, "version": 2 }, "contentChanges": change }),
    );
    assert_eq!(format(&mut editor), json!([]));
}

#[test]
fn yaml_is_read_as_yaml() {
    let mut editor = Editor::start(&[]);
    editor.initialize();
    let text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n  B:\n    Type: Sucseed\n";
    let document = json!({ "uri": "file:///m.asl", "languageId": "yaml", "version": 1, "text": text });
    editor.tell("textDocument/didOpen", json!({ "textDocument": document }));
    let told = editor.problems();
    assert_eq!(told.pointer("/diagnostics/0/code"), Some(&json!("unknown-state-type")), "{told}");
    let params =
        json!({ "textDocument": { "uri": "file:///m.asl" }, "position": { "line": 4, "character": 10 } });
    let definition = editor.ask("textDocument/definition", params);
    assert_eq!(definition.pointer("/0/range"), Some(&range(5, 2, 3)));
}

#[test]
fn machines_in_templates_have_problems() {
    let mut editor = Editor::start(&[]);
    editor.initialize();
    let machine = |name: &str, next: &str| {
        format!(
            "  {name}:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: A\n        States: {{ A: {{ Type: Pass, Next: {next} }}, Last: {{ Type: Succeed }} }}\n"
        )
    };
    let text = format!("Resources:\n{}{}", machine("One", "Last"), machine("Two", "Lust"));
    let document =
        json!({ "uri": "file:///template.yaml", "languageId": "yaml", "version": 1, "text": text });
    editor.tell("textDocument/didOpen", json!({ "textDocument": document }));
    let told = editor.problems();
    assert_eq!(told.pointer("/diagnostics/0/code"), Some(&json!("unknown-state")), "{told}");
    assert_eq!(told.pointer("/diagnostics/0/range"), Some(&range(12, 41, 45)), "{told}");
    let document = json!({ "textDocument": { "uri": "file:///template.yaml" }, "range": range(12, 43, 43), "context": {} });
    let actions = editor.ask("textDocument/codeAction", document.clone());
    assert_eq!(actions.pointer("/0/title"), Some(&json!("replace with `Last`")), "{actions}");
    let symbols = editor.ask("textDocument/documentSymbol", document);
    assert_eq!(symbols.pointer("/1/children/1/name"), Some(&json!("Last")), "{symbols}");
}

#[test]
fn other_files_of_the_language_are_left_alone() {
    let mut editor = Editor::start(&[]);
    editor.initialize();
    let open = |text: &str| json!({ "textDocument": { "uri": "file:///package.json", "languageId": "json", "version": 1, "text": text } });
    editor.tell("textDocument/didOpen", open(r#"{ "name": "x" }"#));
    assert_eq!(editor.problems().get("diagnostics"), Some(&json!([])));
    let params = json!({ "textDocument": { "uri": "file:///package.json" }, "position": { "line": 0, "character": 2 } });
    assert_eq!(editor.ask("textDocument/completion", params), Value::Null);
    editor.tell("textDocument/didOpen", open(r#"{ "StartAt": "x" }"#));
    assert_eq!(editor.problems().pointer("/diagnostics/0/code"), Some(&json!("missing-field")));
}

#[test]
fn messages_may_come_in_any_order() {
    let mut editor = Editor::start(&[]);
    editor.tell("textDocument/didOpen", json!({}));
    assert_eq!(code(&editor.answer("textDocument/hover", at(0, 0, json!({})))), Some(-32002));
    assert_eq!(code(&editor.answer("shutdown", Value::Null)), Some(-32002));
    editor.initialize();
    assert_eq!(code(&editor.answer("initialize", json!({}))), Some(-32600));
    assert_eq!(code(&editor.answer("textDocument/unheardOf", json!({}))), Some(-32601));
    assert_eq!(code(&editor.answer("textDocument/hover", json!({}))), Some(-32602));
    assert_eq!(code(&editor.answer("textDocument/hover", at(0, 0, json!({})))), Some(-32602));
    for (method, params) in [
        ("textDocument/didChange", json!({ "textDocument": { "uri": URI }, "contentChanges": [] })),
        ("textDocument/didChange", json!([1])),
        ("textDocument/didClose", json!("x")),
        ("$/cancelRequest", json!({ "id": 1 })),
        ("workspace/didChangeConfiguration", json!({})),
    ] {
        editor.tell(method, params);
    }
    for (text, expected) in [("{", -32700), ("[]", -32600), ("7", -32600), (r#"{"id":null}"#, -32600)] {
        editor.send(text);
        let answer = editor.receive().unwrap();
        assert_eq!((code(&answer), answer.get("id")), (Some(expected), Some(&Value::Null)), "{text}");
    }
    editor.send(r#"{"jsonrpc":"2.0","id":7,"result":null}"#);
    editor.open(ORDERS);
    for method in ["hover", "completion", "definition", "rename", "codeAction", "references"] {
        let answer =
            editor.answer(&format!("textDocument/{method}"), json!({ "textDocument": { "uri": URI } }));
        assert_eq!(code(&answer), Some(-32602), "{method}");
        let answer = editor
            .answer(&format!("textDocument/{method}"), at(99, 99, json!({ "range": {}, "newName": "x" })));
        assert!(answer.get("result").is_some() || code(&answer) == Some(-32803), "{method} {answer}");
    }
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(code(&editor.answer("textDocument/hover", at(0, 0, json!({})))), Some(-32600));
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_request_that_is_cancelled_in_time_is_not_answered_in_vain() {
    let mut editor = Editor::start(&[]);
    editor.initialize();
    let hover =
        json!({ "jsonrpc": "2.0", "id": "h", "method": "textDocument/hover", "params": at(0, 0, json!({})) });
    let cancel = json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "h" } });
    editor.send(&hover.to_string());
    editor.send(&cancel.to_string());
    // Whether the server saw the second message before it took the first is up to chance.
    assert!(matches!(code(&editor.receive().unwrap()), Some(-32800 | -32602)));
}

#[test]
fn the_end_without_a_shutdown_is_a_failure() {
    let (editor, _) = Editor::with(ORDERS);
    assert_eq!(editor.end(), Some(1));
    let editor = Editor::start(&[]);
    assert_eq!(editor.wait(), Some(1));
}

#[test]
fn options_are_those_of_check() {
    let mut editor = Editor::start(&["--profile", "aws"]);
    editor.initialize();
    let text = r#"{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::http:invoke",
        "Parameters": { "ApiEndpoint": "http://x", "Method": "GET" }, "End": true } } }"#;
    let told = editor.open(text);
    assert_eq!(told.pointer("/diagnostics/0/severity"), Some(&json!(1)), "{told}");
}
