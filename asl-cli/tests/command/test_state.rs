//! `asl test-state` from outside: a state in, what came of it out.

use crate::support::{asl, code, folder, json, skipped, stderr, stdout, with_input, write};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Output;

const MACHINE: &str = include_str!("test_state.asl.json");

/// Tests a state of the machine.
fn test(name: &str, state: &str, arguments: &[&str]) -> Output {
    let folder = folder(module_path!(), name);
    write(&folder, "order.asl.json", MACHINE);
    asl(&folder, &[&["test-state", "order.asl.json", "--state", state], arguments].concat())
}

/// The same for an answer that is as expected: the exit code, and what it says.
fn answers(name: &str, state: &str, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = test(name, state, arguments);
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
    (code(&output), json(&output))
}

#[test]
fn the_data_is_shown_after_each_field() {
    let input = r#"{"payload": {"foo": "bar"}}"#;
    let answer = answers(
        "the_data_is_shown_after_each_field",
        "Prepare",
        &["--input", input, "--inspection-level", "debug"],
    );
    let inspection = json!({
        "input": input,
        "afterInputPath": r#"{"foo":"bar"}"#,
        "afterParameters": r#"{"data":1}"#,
        "afterResultSelector": r#"{"data":1}"#,
        "afterResultPath": r#"{"payload":{"foo":"bar"},"result":{"data":1}}"#,
    });
    let expected =
        json!({ "inspectionData": inspection, "status": "SUCCEEDED", "output": "1", "nextState": "Charge" });
    assert_eq!(answer, (Some(0), expected));
}

#[test]
fn a_mocked_task_goes_on_with_its_result() {
    let arguments = [
        "--input",
        r#"{"order":7}"#,
        "--mock-result",
        r#"{"Payload":{"id":"c-1"},"StatusCode":200}"#,
        "--inspection-level",
        "debug",
    ];
    let (code, answer) = answers("a_mocked_task_goes_on_with_its_result", "Charge", &arguments);
    let inspection = json!({
        "input": r#"{"order":7}"#,
        "afterInputPath": r#"{"order":7}"#,
        "afterParameters": r#"{"FunctionName":"Charge","Payload":7}"#,
        "result": r#"{"Payload":{"id":"c-1"},"StatusCode":200}"#,
        "afterResultSelector": r#"{"id":"c-1","at":"StateName"}"#,
        "afterResultPath": r#"{"order":7,"charge":{"id":"c-1","at":"StateName"}}"#,
    });
    assert_eq!((code, &answer["inspectionData"]), (Some(0), &inspection));
    assert_eq!(answer["output"], r#"{"order":7,"charge":{"id":"c-1","at":"StateName"}}"#);
}

#[test]
fn errors_are_tried_again_until_they_are_caught() {
    let error = |retries: &str, name: &str| {
        let arguments = [
            "--input",
            r#"{"order":7}"#,
            "--mock-error",
            name,
            "--mock-cause",
            "why",
            "--retries",
            retries,
            "--inspection-level",
            "debug",
        ];
        answers(&format!("errors_are_tried_again_{name}_{retries}"), "Charge", &arguments)
    };
    let (code, again) = error("1", "Busy");
    assert_eq!((code, &again["status"]), (Some(1), &json!("RETRIABLE")));
    let details = json!({ "retryIndex": 1, "retryBackoffIntervalSeconds": 6 });
    assert_eq!(again["inspectionData"]["errorDetails"], details);
    let (code, caught) = error("2", "Busy");
    assert_eq!((code, &caught["status"]), (Some(0), &json!("CAUGHT_ERROR")));
    assert_eq!(caught["inspectionData"]["errorDetails"], json!({ "retryIndex": 1, "catchIndex": 0 }));
    assert_eq!(caught["nextState"], "Refund");
    assert_eq!(caught["output"], r#"{"order":7,"error":{"Error":"Busy","Cause":"why"}}"#);
    let (_, other) = error("0", "Other");
    assert_eq!(other["inspectionData"]["errorDetails"], json!({ "catchIndex": 0 }));
}

#[test]
fn a_map_shows_its_items_and_counts_its_failures() {
    let map = |failed: &str| {
        let arguments = [
            "--input",
            r#"{"items":["a","b","c"]}"#,
            "--mock-result",
            "[1,2,3]",
            "--failed-iterations",
            failed,
            "--inspection-level",
            "debug",
        ];
        answers(&format!("a_map_shows_its_items_{failed}"), "Each", &arguments)
    };
    let (code, fine) = map("1");
    assert_eq!((code, &fine["output"]), (Some(0), &json!("[1, 2, 3]")));
    let data = &fine["inspectionData"];
    assert_eq!(data["afterItemsPath"], r#"["a", "b", "c"]"#);
    let selected = r#"{"item": "c", "number": 2, "state": "StateName"}"#;
    assert!(data["afterItemSelector"].as_str().unwrap().ends_with(&format!("{selected}]")), "{data}");
    let batches: Value = serde_json::from_str(data["afterItemBatcher"].as_str().unwrap()).unwrap();
    assert_eq!(batches.as_array().map(Vec::len), Some(2));
    assert_eq!((&data["maxConcurrency"], &data["toleratedFailurePercentage"]), (&json!(5), &json!(40.0)));
    let (code, failed) = map("2");
    assert_eq!((code, &failed["error"]), (Some(1), &json!("States.ExceedToleratedFailureThreshold")));
}

#[test]
fn variables_and_the_token_are_seen_and_variables_are_set() {
    let arguments = [
        "--variables",
        r#"{"who":"me"}"#,
        "--mock-result",
        r#"{"answer":42}"#,
        "--inspection-level",
        "trace",
        "--context",
        r#"{"Task":{"Token":"t-1"}}"#,
    ];
    let folder = folder(module_path!(), "variables_and_the_token_are_seen");
    let machine: Value = serde_json::from_str(MACHINE).unwrap();
    write(&folder, "ask.asl.json", &machine["States"]["Ask"].to_string());
    let output = asl(&folder, &[&["test-state", "ask.asl.json"], &arguments[..]].concat());
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let answer = json(&output);
    let data = &answer["inspectionData"];
    assert_eq!(data["afterArguments"], r#"{"QueueUrl":"q","MessageBody":{"token":"t-1","of":"me"}}"#);
    assert_eq!(data["variables"], r#"{"who":"me","answer":42}"#);
    assert_eq!((&answer["output"], &answer["nextState"]), (&json!(r#"{"answer":42}"#), &json!("Decide")));
}

#[test]
fn states_without_effects_end_at_once() {
    let debug = ["--inspection-level", "debug", "--input", r#"{ "ok": true, "reason": "none" }"#];
    let (_, choice) = answers("states_without_effects_choice", "Decide", &debug);
    // A Choice passes on the text of its input.
    assert_eq!((&choice["output"], &choice["nextState"]), (&json!(debug[3]), &json!("Sleep")));
    let (_, wait) = answers("states_without_effects_wait", "Sleep", &debug);
    assert_eq!((&wait["status"], &wait["nextState"]), (&json!("SUCCEEDED"), &json!("Done")));
    assert_eq!(wait["inspectionData"]["afterInputPath"], r#"{"ok":true,"reason":"none"}"#);
    let (code, fail) = answers("states_without_effects_fail", "Refund", &debug);
    assert_eq!((code, &fail["error"], &fail["cause"]), (Some(1), &json!("Refunded"), &json!("none")));
    let (_, inner) = answers("states_without_effects_inner", "Pack", &["--input", r#"{"weight":4}"#]);
    assert_eq!(inner, json!({ "status": "SUCCEEDED", "output": "8" }));
}

#[test]
fn what_makes_no_sense_is_refused_in_the_words_of_the_api() {
    for (state, arguments, text) in [
        ("Nowhere", vec![], "ValidationException: State not found in definition"),
        (
            "Done",
            vec!["--mock-result", "1"],
            "ValidationException: State type 'Succeed' is not supported when a mock is specified",
        ),
        (
            "Charge",
            vec!["--mock-result", r#"{"StatusCode":"200"}"#],
            "ValidationException: Mock result schema validation error: Field 'StatusCode' must be a number",
        ),
    ] {
        let output = test("what_makes_no_sense_is_refused", state, &arguments);
        assert_eq!((code(&output), stderr(&output)), (Some(2), format!("error: {text}\n")), "{state}");
    }
}

#[test]
fn problems_of_the_definition_are_shown_at_their_places() {
    let folder = folder(module_path!(), "problems_of_the_definition_are_shown_at_their_places");
    write(&folder, "order.asl.json", &MACHINE.replace("\"Next\": \"Each\"", "\"Next\": \"Eech\""));
    let output = asl(&folder, &["test-state", "order.asl.json", "--state", "Done"]);
    assert_eq!(code(&output), Some(1));
    assert!(stderr(&output).contains("did you mean `Each`?"), "{}", stderr(&output));
    // One of a state alone has the place that AWS reports.
    write(&folder, "state.json", r#"{ "Type": "Parallel", "Branches": [], "End": true }"#);
    let output = asl(&folder, &["test-state", "state.json", "--mock-result", "[]"]);
    let text = "Value cannot be empty at /States/StateName/Branches";
    assert_eq!(code(&output), Some(1));
    assert!(stderr(&output).contains(text), "{}", stderr(&output));
}

#[test]
fn a_request_of_the_api_is_taken_as_it_is() {
    let request =
        json!({ "definition": r#"{"Type":"Pass","Result":[1,2],"End":true}"#, "inspectionLevel": "DEBUG" });
    let output = with_input(&["test-state", "--request", "-"], request.to_string().as_bytes());
    let array = "[1, 2]";
    let inspection =
        json!({ "input": "{}", "result": array, "afterResultSelector": array, "afterResultPath": array });
    let expected = json!({ "inspectionData": inspection, "status": "SUCCEEDED", "output": array });
    assert_eq!((code(&output), json(&output)), (Some(0), expected), "{}", stderr(&output));
}

/// A server that answers one request, and its address.
fn server(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let serves = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let (mut request, mut chunk) = (Vec::new(), [0; 1024]);
        while !request.ends_with(b"{\"a\":1}") {
            let length = stream.read(&mut chunk).expect("a request");
            assert_ne!(length, 0, "the client has gone");
            request.extend(chunk.iter().take(length));
        }
        stream.write_all(answer.as_bytes()).expect("a client that listens");
        String::from_utf8(request).expect("text")
    });
    (address, serves)
}

#[test]
fn what_an_http_task_sends_and_gets_is_traced() {
    let answer = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ngone";
    let (address, serves) = server(answer);
    let folder = folder(module_path!(), "what_an_http_task_sends_and_gets_is_traced");
    let parameters = json!({
        "ApiEndpoint": format!("{address}/x"),
        "Method": "POST",
        "Headers": { "definitionHeader": "h1" },
        "QueryParameters": { "q": "1 2" },
        "RequestBody.$": "$",
    });
    let state = json!({ "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": parameters, "End": true });
    write(&folder, "get.asl.json", &state.to_string());
    let output =
        asl(&folder, &["test-state", "get.asl.json", "--input", r#"{"a":1}"#, "--inspection-level", "trace"]);
    let answer = json(&output);
    assert!(serves.join().expect("a server").starts_with("POST /x?q=1"), "{answer}");
    assert_eq!((code(&output), &answer["error"]), (Some(1), &json!("States.Http.StatusCode.404")));
    let request = json!({
        "protocol": "http",
        "method": "POST",
        "url": format!("{address}/x?q=1%202"),
        "headers": "[definitionHeader: h1, User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144]",
        "body": r#"{"a":1}"#,
    });
    let response = json!({
        "protocol": "http",
        "statusCode": "404",
        "statusMessage": "Not Found",
        "headers": "[content-type: text/plain, content-length: 4]",
        "body": "gone",
    });
    assert_eq!(
        (&answer["inspectionData"]["request"], &answer["inspectionData"]["response"]),
        (&request, &response)
    );
}

/// What AWS answered, in the folder that this variable names, or where it lies beside the project.
fn recorded() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/history");
    let folder = std::env::var_os("ASL_RECORDED").map_or(beside, PathBuf::from);
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

#[test]
fn recorded_answers_are_given_again() {
    let Some(recorded) = recorded() else {
        return skipped("there are no recorded answers; `ASL_RECORDED` names a folder of them");
    };
    let folder = folder(module_path!(), "recorded_answers_are_given_again");
    let cases = recorded.display().to_string();
    // Tasks that AWS did have no one here who does them.
    let arguments = [
        "test-state",
        "--cases",
        &cases,
        "--report",
        "report.jsonl",
        "--time-limit",
        "60",
        "--filter",
        "mock",
    ];
    let output = asl(&folder, &arguments);
    assert_eq!(code(&output), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(fs::read_to_string(folder.join("report.jsonl")).unwrap().lines().count() > 0);
}
