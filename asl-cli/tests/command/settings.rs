//! What tasks need of the world around them, from `asl.toml` and from options: the same for every command that does tasks.

use crate::support::{asl, ended, folder, write};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread::JoinHandle;

const CONNECTION: &str = "arn:aws:events:us-east-1:123456789012:connection/payments/7ab3";

/// Calls an API with a connection, and a function with what came.
const MACHINE: &str = r#"{ "StartAt": "Ask", "States": {
  "Ask": { "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Next": "Charge",
    "Parameters": { "ApiEndpoint": "https://api.example.com/prices", "Method": "GET",
      "Authentication": { "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/payments/7ab3" } },
    "ResultSelector": { "amount.$": "$.ResponseBody.price" } },
  "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
    "Parameters": { "FunctionName": "Charge:live", "Payload.$": "$" }, "OutputPath": "$.Payload" } } }"#;

const FILE: &str = r#"{ "Name": "payments", "AuthorizationType": "API_KEY", "AuthParameters": {
  "ApiKeyAuthParameters": { "ApiKeyName": "X-Key", "ApiKeyValue": { "File": "key.txt" } } } }"#;

/// Answers one request with a price: the request.
fn api() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a request");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = 0;
            stream.read_exact(std::slice::from_mut(&mut byte)).expect("a head");
            head.push(byte);
        }
        let body = r#"{"price":7}"#;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("an answer");
        String::from_utf8(head).expect("text")
    });
    (address, asked)
}

/// A folder with all that the machine needs.
fn scene(test: &str) -> std::path::PathBuf {
    let folder = folder(module_path!(), test);
    write(&folder, "machine.asl.json", MACHINE);
    write(&folder, "world/payments.json", FILE);
    write(&folder, "world/key.txt", "hunter2\n");
    write(&folder, "world/charge.sh", "read payload\nprintf '{\"charged\":%s}' \"$payload\"\n");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    ended(&asl(folder, &[&["run", "machine.asl.json", "--input", "{}"], arguments].concat()))
}

#[test]
fn a_file_says_what_tasks_call() {
    let folder = scene("a_file_says_what_tasks_call");
    let (address, asked) = api();
    let settings = format!(
        "[connections]\npayments = \"payments.json\"\n\n[endpoints]\n\"https://api.example.com\" = \"{address}\"\n\n\
         [functions]\nCharge = \"./charge.sh\"\n"
    );
    write(&folder, "world/asl.toml", &settings);
    let (code, output, log) = run(&folder, &["--config", "world/asl.toml", "--history", "history.json"]);
    assert_eq!((code, output.as_str()), (Some(0), "{\"charged\":{\"amount\":7}}\n"), "{log}");
    let asked = asked.join().expect("a request");
    assert!(asked.starts_with("GET /prices HTTP/1.1") && asked.contains("hunter2"), "{asked}");
    let history = std::fs::read_to_string(folder.join("history.json")).expect("a history");
    assert!(!history.contains("hunter2") && !log.contains("hunter2"), "{log}{history}");
}

#[test]
fn options_come_before_the_file() {
    let folder = scene("options_come_before_the_file");
    let (address, asked) = api();
    write(&folder, "asl.toml", "[functions]\nCharge = \"world/none.sh\"\n");
    let (connection, endpoint) =
        (format!("{CONNECTION}=world/payments.json"), format!("https://api.example.com={address}"));
    let options = [
        "--connection",
        &connection,
        "--endpoint",
        &endpoint,
        "--lambda",
        "Charge=world/charge.sh",
        "--quiet",
    ];
    assert_eq!(run(&folder, &options), (Some(0), "{\"charged\":{\"amount\":7}}\n".to_owned(), String::new()));
    assert!(asked.join().expect("a request").contains("hunter2"));
}

#[test]
fn a_placeholder_without_a_value_is_the_name_of_a_function() {
    let folder = scene("a_placeholder_without_a_value");
    let machine = r#"{ "StartAt": "Charge", "States": {
      "Charge": { "Type": "Task", "Resource": "${ChargeArn}", "Next": "Again" },
      "Again": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Parameters": { "FunctionName": "${ChargeArn}", "Payload.$": "$" }, "OutputPath": "$.Payload" } } }"#;
    write(&folder, "machine.asl.json", machine);
    write(&folder, "asl.toml", "[functions]\n\"${ChargeArn}\" = \"world/charge.sh\"\n");
    let (code, output, log) = run(&folder, &[]);
    assert_eq!((code, output.as_str()), (Some(0), "{\"charged\":{\"charged\":{}}}\n"), "{log}");
    let (code, _, log) = run(&folder, &["--config", "world/none.toml"]);
    assert_eq!(code, Some(2), "{log}");
    std::fs::remove_file(folder.join("asl.toml")).expect("a file");
    let (code, _, log) = run(&folder, &[]);
    assert!(code == Some(1) && log.contains("--lambda '${ChargeArn}=COMMAND'"), "{log}");
}

#[test]
fn a_state_that_is_tested_alone_has_them_too() {
    let folder = scene("a_state_that_is_tested_alone_has_them_too");
    let test = ["test-state", "machine.asl.json", "--state", "Charge", "--input", "{\"amount\":1}"];
    let given = ["--lambda", "Charge=world/charge.sh"];
    let (code, output, log) = ended(&asl(&folder, &[&test[..], &given].concat()));
    assert_eq!(code, Some(0), "{log}");
    assert!(output.contains(r#"{\"charged\":{\"amount\":1}}"#), "{output}");
}

#[test]
fn what_makes_no_sense_is_said_before_anything_runs() {
    let folder = scene("what_makes_no_sense_is_said_before_anything_runs");
    write(&folder, "world/broken.json", "{ \"AuthorizationType\": \"hunter2\", \"AuthParameters\": {} }");
    for (options, said) in [
        (["--lambda", "Charge"], "`Charge` is not a value of `--lambda`, which is `FUNCTION=COMMAND|URL`"),
        (
            ["--lambda", "Charge=./none.sh"],
            "the function `Charge` cannot be called: no such file: `./none.sh`",
        ),
        (["--connection", "a=none.json"], "the connection `a` has no settings: no such file: `"),
        (
            ["--connection", "a=world/broken.json"],
            "the connection `world/broken.json` makes no sense: `AuthorizationType`",
        ),
        (["--config", "none.toml"], "no such file: `none.toml`"),
    ] {
        let (code, _, log) = run(&folder, &options);
        assert!(code == Some(2) && log.contains(said), "{options:?}: {log}");
        assert!(!log.contains("hunter2"), "{log}");
    }
}
