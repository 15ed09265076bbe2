//! `asl serve` from outside: a server that clients take for AWS Step Functions.

mod runaway;

use crate::support::{asl, command, folder, skipped, stderr, write};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const GREET: &str = r#"{
  "StartAt": "Greet",
  "States": {
    "Greet": { "Type": "Pass", "Parameters": { "text.$": "States.Format('hello {}', $.name)" }, "End": true }
  }
}"#;

/// Pays, which is mocked, and ships, which is not.
const ORDER: &str = r#"{ "StartAt": "Pay", "States": {
  "Pay": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Ship",
    "Parameters": { "QueueUrl": "http://127.0.0.1:1/q", "MessageBody.$": "$$.Task.Token" },
    "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 1 }] },
  "Ship": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:Ship", "End": true } } }"#;

const MOCKS: &str = r#"{
  "StateMachines": { "order": { "TestCases": { "Busy": { "Pay": "BusyOnce" } } } },
  "MockedResponses": { "BusyOnce": { "0": { "Throw": { "Error": "Busy", "Cause": "later" } }, "1": { "Return": { "paid": 7 } } } } }"#;

/// A server, which ends with the test.
struct Server {
    process: Child,
    endpoint: String,
}

impl Server {
    /// Starts a server for a folder, and reads where it is.
    fn start(folder: &Path, options: &[&str]) -> Self {
        Self::start_with(folder, options, &[])
    }

    /// The same with variables in its environment.
    fn start_with(folder: &Path, options: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = command(folder, &[&["serve", ".", "--port", "0"], options].concat())
            .envs(variables.iter().copied())
            .env("AWS_ACCESS_KEY_ID", "any")
            .env("AWS_SECRET_ACCESS_KEY", "any")
            .env_remove("AWS_REGION")
            .stdout(Stdio::piped())
            .spawn()
            .expect("asl serve");
        let mut lines = BufReader::new(process.stdout.take().expect("an output")).lines();
        let line = lines.next().expect("a line").expect("text");
        let endpoint = line.rsplit(' ').next().expect("an endpoint").to_owned();
        Self { process, endpoint }
    }

    /// Asks for something, without a signature.
    fn ask(&self, action: &str, request: &Value) -> Value {
        let body = request.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: states\r\nX-Amz-Target: AWSStepFunctions.{action}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer = self.send(&(head + &body));
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// A page, with its head.
    fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: states\r\nConnection: close\r\n\r\n"))
    }

    fn send(&self, request: &str) -> String {
        let mut stream =
            TcpStream::connect(self.endpoint.trim_start_matches("http://")).expect("a connection");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// An execution once it has ended.
    fn ended(&self, execution: &str) -> Value {
        loop {
            let described = self.ask("DescribeExecution", &json!({ "executionArn": execution }));
            if text_of(&described, "status") != "RUNNING" {
                return described;
            }
            std::thread::yield_now();
        }
    }
}

fn text_of(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}")).to_owned()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a client against a server; it ends with 77 where its library is missing.
fn runs(client: &mut Command, missing: &str) {
    match client.output() {
        Err(_) => skipped(missing),
        Ok(output) if output.status.code() == Some(77) => skipped(missing),
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn boto3_takes_it_for_step_functions() {
    let folder = folder(module_path!(), "boto3_takes_it_for_step_functions");
    write(&folder, "greet.asl.json", GREET);
    write(&folder, "client.py", include_str!("serve/client.py"));
    let server = Server::start(&folder, &[]);
    assert!(server.endpoint.starts_with("http://127.0.0.1:"), "{}", server.endpoint);
    let mut client = Command::new("python3");
    runs(client.arg(folder.join("client.py")).arg(&server.endpoint), "boto3 (`pip install boto3`)");
}

#[test]
fn the_sdk_for_javascript_takes_it_for_step_functions() {
    let folder = folder(module_path!(), "the_sdk_for_javascript_takes_it_for_step_functions");
    write(&folder, "client.cjs", include_str!("serve/client.cjs"));
    let server = Server::start(&folder, &[]);
    let mut client = Command::new("node");
    let missing = "`@aws-sdk/client-sfn` (`npm install`, and `NODE_PATH`)";
    runs(client.arg(folder.join("client.cjs")).arg(&server.endpoint), missing);
}

#[test]
fn people_use_the_console_in_a_browser() {
    let folder = folder(module_path!(), "people_use_the_console_in_a_browser");
    write(&folder, "order.asl.json", include_str!("serve/console/order.asl.json"));
    write(&folder, "many.asl.json", include_str!("serve/console/many.asl.json"));
    write(&folder, "parts.asl.json", include_str!("serve/console/parts.asl.json"));
    write(&folder, "pause.asl.json", include_str!("serve/console/pause.asl.json"));
    write(&folder, "hostile.asl.json", include_str!("serve/console/hostile.asl.json"));
    for (name, text) in [
        ("asl.toml", include_str!("serve/console/asked/asl.toml")),
        ("input.schema.json", include_str!("serve/console/asked/input.schema.json")),
        ("booking.asl.json", include_str!("serve/console/asked/booking.asl.json")),
    ] {
        write(&folder.join("asked"), name, text);
    }
    write(&folder, "echo.sh", "cat\n");
    write(&folder, "reserve.sh", include_str!("serve/console/reserve.sh"));
    write(&folder, "ship.sh", include_str!("serve/console/ship.sh"));
    write(&folder, "browser.cjs", include_str!("serve/console/browser.cjs"));
    let functions = ["Echo=./echo.sh", "Reserve=./reserve.sh", "Ship=./ship.sh"];
    let options: Vec<_> = functions.iter().flat_map(|function| ["--lambda", function]).collect();
    let server = Server::start(&folder, &options);
    let mut browser = Command::new("node");
    let missing = "a browser (`chromium`), `playwright-core` or `axe-core` (`npm install`, and `NODE_PATH`)";
    runs(browser.arg(folder.join("browser.cjs")).arg(&server.endpoint), missing);
}

#[test]
fn what_others_measured_on_aws_holds() {
    let folder = folder(module_path!(), "what_others_measured_on_aws_holds");
    write(&folder, "facts.py", include_str!("serve/facts.py"));
    write(&folder, "echo.sh", "cat\n");
    let variables = [("AWS_ENDPOINT_URL_EVENTBRIDGE", &*refuses_events())];
    let server = Server::start_with(&folder, &["--lambda", "Echo=./echo.sh"], &variables);
    let mut client = Command::new("python3");
    runs(client.arg(folder.join("facts.py")).arg(&server.endpoint), "boto3 (`pip install boto3`)");
}

/// An EventBridge that takes no event: where it is.
fn refuses_events() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let (mut line, mut length) = (String::new(), 0);
            while stream.read_line(&mut line).expect("a request") > 2 {
                let field = line.to_lowercase();
                length = field
                    .strip_prefix("content-length:")
                    .map_or(length, |it| it.trim().parse().expect("a length"));
                line.clear();
            }
            stream.read_exact(&mut vec![0; length]).expect("a body");
            let body = r#"{"FailedEntryCount":1,"Entries":[{"ErrorCode":"AccessDeniedException","ErrorMessage":"no"}]}"#;
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nConnection: close\r\n";
            let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
            stream.get_mut().write_all(answer.as_bytes()).expect("an answer");
        }
    });
    endpoint
}

/// `aws stepfunctions` against a server: the answer.
fn aws(server: &Server, arguments: &[&str]) -> Option<Value> {
    let mut command = Command::new("aws");
    command.args(["stepfunctions", "--endpoint-url", &server.endpoint, "--region", "us-east-1"]);
    command.args(["--output", "json"]).args(arguments).env("AWS_PAGER", "");
    command.env("AWS_ACCESS_KEY_ID", "any").env("AWS_SECRET_ACCESS_KEY", "any");
    let output = command.output().ok()?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap_or_default())
}

#[test]
fn the_command_of_aws_takes_it_for_step_functions() {
    // What is called `aws` may be something that only installs it.
    let version = Command::new("aws").arg("--version").output();
    if !version.is_ok_and(|output| output.status.success()) {
        return skipped("the command `aws` (`pip install awscli`)");
    }
    let folder = folder(module_path!(), "the_command_of_aws_takes_it_for_step_functions");
    write(&folder, "greet.asl.json", GREET);
    let server = Server::start(&folder, &[]);
    let ask = |arguments: &[&str]| aws(&server, arguments).expect("aws");
    let text = |value: &Value, member: &str| value[member].as_str().expect(member).to_owned();
    let activity = text(&ask(&["create-activity", "--name", "Work"]), "activityArn");
    let definition = json!({ "StartAt": "Work", "States": { "Work": { "Type": "Task", "Resource": activity, "End": true } } });
    let role = "arn:aws:iam::000000000000:role/any";
    let created = ask(&[
        "create-state-machine",
        "--name",
        "worker",
        "--role-arn",
        role,
        "--definition",
        &definition.to_string(),
    ]);
    let machine = text(&created, "stateMachineArn");
    let started = ask(&["start-execution", "--state-machine-arn", &machine, "--input", "{\"a\": 1}"]);
    let execution = text(&started, "executionArn");
    let task = ask(&["get-activity-task", "--activity-arn", &activity]);
    assert_eq!(text(&task, "input"), "{\"a\":1}");
    ask(&["send-task-success", "--task-token", &text(&task, "taskToken"), "--task-output", "\"done\""]);
    let described = loop {
        let described = ask(&["describe-execution", "--execution-arn", &execution]);
        if described["status"] != "RUNNING" {
            break described;
        }
    };
    assert_eq!((&described["status"], &described["output"]), (&json!("SUCCEEDED"), &json!("\"done\"")));
    let history = ask(&["get-execution-history", "--execution-arn", &execution, "--page-size", "2"]);
    assert_eq!(history["events"].as_array().map(Vec::len), Some(7), "{history}");
}

#[test]
fn a_file_that_is_saved_is_a_new_revision() {
    let folder = folder(module_path!(), "a_file_that_is_saved_is_a_new_revision");
    write(&folder, "greet.asl.json", GREET);
    let server = Server::start(&folder, &[]);
    let arn = "arn:aws:states:us-east-1:000000000000:stateMachine:greet";
    let definition =
        || text_of(&server.ask("DescribeStateMachine", &json!({ "stateMachineArn": arn })), "definition");
    assert_eq!(definition(), GREET);
    let broken = GREET.replace("\"End\": true", "\"Next\": \"Gret\"");
    write(&folder, "greet.asl.json", &broken);
    let changed = GREET.replace("hello", "good morning");
    // It is read after the broken one, or in its place.
    write(&folder, "other.asl.json", GREET);
    while server.ask("ListStateMachines", &json!({}))["stateMachines"].as_array().map(Vec::len) != Some(2) {
        std::thread::yield_now();
    }
    assert_eq!(definition(), GREET);
    write(&folder, "greet.asl.json", &changed);
    while definition() != changed {
        std::thread::yield_now();
    }
}

#[test]
fn a_test_case_answers_some_tasks() {
    let folder = folder(module_path!(), "a_test_case_answers_some_tasks");
    write(&folder, "order.asl.json", ORDER);
    write(&folder, "MockConfigFile.json", MOCKS);
    write(&folder, "ship.sh", "read order\nprintf '{\"shipped\":%s}' \"$order\"\n");
    let server = Server::start(&folder, &["--mock", "MockConfigFile.json", "--lambda", "Ship=./ship.sh"]);
    let arn = "arn:aws:states:us-east-1:000000000000:stateMachine:order";
    let start =
        |case: &str| server.ask("StartExecution", &json!({ "stateMachineArn": format!("{arn}#{case}") }));
    let execution = text_of(&start("Busy"), "executionArn");
    assert!(execution.starts_with("arn:aws:states:us-east-1:000000000000:execution:order:"), "{execution}");
    let described = server.ended(&execution);
    assert_eq!(described["output"], r#"{"shipped":{"paid":7}}"#, "{described}");
    let history = server.ask("GetExecutionHistory", &json!({ "executionArn": execution }));
    let failures =
        history["events"].as_array().expect("events").iter().filter(|event| event["type"] == "TaskFailed");
    assert_eq!(failures.count(), 1, "{history}");
    assert_eq!(start("Other")["__type"], "ValidationException");
}

#[test]
fn the_console_is_shown_as_the_options_say() {
    let folder = folder(module_path!(), "the_console_is_shown_as_the_options_say");
    write(&folder, "greet.asl.json", GREET);
    let status = |server: &Server, path: &str| {
        server.get(path).split(' ').nth(1).map(str::to_owned).unwrap_or_default()
    };
    let on = Server::start(&folder, &["--memory", "--console-host", "states"]);
    assert_eq!([status(&on, "/"), status(&on, "/new")], ["200", "200"]);
    let read_only =
        Server::start(&folder, &["--memory", "--console-host", "states", "--console", "read-only"]);
    assert_eq!([status(&read_only, "/"), status(&read_only, "/new")], ["200", "404"]);
    let off = Server::start(&folder, &["--memory", "--console", "off"]);
    assert_eq!([status(&off, "/executions"), status(&off, "/health")], ["404", "200"]);
    // By another name than those it was told, it is not shown.
    let other = Server::start(&folder, &["--memory"]);
    assert_eq!([status(&other, "/"), status(&other, "/health")], ["403", "200"]);
}

#[test]
fn only_those_with_a_key_are_answered() {
    let folder = folder(module_path!(), "only_those_with_a_key_are_answered");
    write(&folder, "secret", "hunter2\n");
    let server = Server::start(&folder, &["--key", "AKIDEXAMPLE=secret"]);
    let refused = server.ask("ListStateMachines", &json!({}));
    assert_eq!(refused["__type"], "MissingAuthenticationTokenException");
    assert!(server.get("/health").starts_with("HTTP/1.1 200"));
    assert!(server.get("/metrics").starts_with("HTTP/1.1 401"));
    write(&folder, "keys.py", include_str!("serve/keys.py"));
    let mut client = Command::new("python3");
    runs(client.arg(folder.join("keys.py")).arg(&server.endpoint), "boto3 (`pip install boto3`)");
}

#[test]
fn what_happens_is_logged_and_counted() {
    let folder = folder(module_path!(), "what_happens_is_logged_and_counted");
    let server = Server::start(&folder, &["--logs", "logs"]);
    let group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/Greet-Logs:*";
    let logging = json!({ "level": "ALL", "includeExecutionData": true,
        "destinations": [{ "cloudWatchLogsLogGroup": { "logGroupArn": group } }] });
    let created = server.ask(
        "CreateStateMachine",
        &json!({ "name": "greet", "definition": GREET, "roleArn": "arn:aws:iam::0:role/r", "loggingConfiguration": logging }),
    );
    let machine = text_of(&created, "stateMachineArn");
    let started =
        server.ask("StartExecution", &json!({ "stateMachineArn": machine, "input": "{\"name\": \"Ana\"}" }));
    let execution = text_of(&started, "executionArn");
    server.ended(&execution);
    let file = folder.join("logs/aws/vendedlogs/states/Greet-Logs/greet.jsonl");
    let lines = std::fs::read_to_string(file).expect("a log");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let types: Vec<_> = lines.iter().map(|line| text_of(line, "type")).collect();
    assert_eq!(types, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
    assert_eq!(lines[0]["execution_arn"], execution);
    assert_eq!(lines[0]["details"]["input"], "{\"name\":\"Ana\"}");

    server.ask("Nothing", &json!({}));
    let page = server.get("/metrics");
    for line in [
        "aws_states_executions_succeeded_total{state_machine_arn=\"arn:aws:states:us-east-1:000000000000:stateMachine:greet\"} 1",
        "aws_states_requests_total{action=\"StartExecution\",error=\"\"} 1",
        "aws_states_requests_total{action=\"Unknown\",error=\"UnknownOperationException\"} 1",
    ] {
        assert!(page.lines().any(|found| found == line), "{line} in {page}");
    }
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it_well() {
    let folder = folder(module_path!(), "a_signal_ends_it_well");
    let mut server = Server::start(&folder, &[]);
    let signalled = Command::new("kill").args(["-TERM", &server.process.id().to_string()]).status();
    assert!(signalled.expect("kill").success());
    assert_eq!(server.process.wait().expect("its end").code(), Some(0));
}

#[test]
fn an_address_that_others_reach_has_to_be_meant() {
    let folder = folder(module_path!(), "an_address_that_others_reach_has_to_be_meant");
    let output = asl(&folder, &["serve", "--address", "0.0.0.0", "--port", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--no-auth"), "{}", stderr(&output));
}
