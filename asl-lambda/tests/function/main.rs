//! The real executable of a function, against a Runtime API on this machine: outputs, errors, panics, time limits, and what is in its log.
//!
//! The function is this program with an argument. How long a cold start and a warm call take is printed; `ASL_CALLS` is how many warm calls
//! there are.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::print_stdout, reason = "a program for people")]

mod runtime_api;

use asl_runtime::{InMemory, Invocation, TaskError, Value, asl_machine};
use runtime_api::RuntimeApi;
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

asl_machine!(mod order = "machine.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";
const LONG: Duration = Duration::from_secs(600);

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("program") => return asl_lambda::main::<order::Machine>(),
        Some("host") => async_main(serve()),
        // What a harness would do.
        Some("--list") => {}
        _ => async_main(test()),
    }
    ExitCode::SUCCESS
}

fn async_main(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
}

/// A function with a host of its own.
async fn serve() {
    let host = InMemory::new().function(CHARGE, |invocation: Invocation| async move {
        let how = invocation.parameters().get("how").and_then(Value::as_str).map(str::to_owned);
        match how.as_deref() {
            Some("busy") if invocation.attempt() == 0 => Err(TaskError::new("Busy", "try again")),
            Some("panic") => panic!("the till is on fire"),
            _ => Ok(Value::from(invocation.idempotency_key())),
        }
    });
    asl_lambda::run::<order::Machine>(host).await.unwrap();
}

/// A function that was started, and the API that it asks.
struct Started {
    api: RuntimeApi,
    process: Child,
    log: PathBuf,
    at: Instant,
}

impl Started {
    async fn new(mode: &str) -> Self {
        let api = RuntimeApi::start().await;
        let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("lambda-{mode}.log"));
        let at = Instant::now();
        let process = Command::new(std::env::current_exe().unwrap())
            .arg(mode)
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "order")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("ASL_METRICS_NAMESPACE", "Orders")
            .stdout(Stdio::from(std::fs::File::create(&log).unwrap()))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { api, process, log, at }
    }

    async fn output(&mut self, event: Json) -> Json {
        self.api.invoke(&event, LONG).await.output()
    }

    async fn error(&mut self, event: Json, time: Duration) -> (String, String) {
        self.api.invoke(&event, time).await.error()
    }
}

async fn test() {
    a_program_answers_and_writes_its_log().await;
    a_function_has_a_host_of_its_own().await;
    what_lambda_did_not_start_says_so().await;
    println!("a function answers, fails, panics, ends in time and writes its log: ok");
    measure().await;
}

async fn a_program_answers_and_writes_its_log() {
    let mut function = Started::new("program").await;
    let said = function.output(json!({ "do": "say" })).await;
    let id = "arn:aws:states:eu-west-1:123456789012:express:order:request-1:request-1";
    let machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:order";
    let expected = json!({ "name": "request-1", "id": id, "machine": machine, "input": { "do": "say" } });
    assert_eq!(said, expected);
    let said = function.output(json!({ "name": "first", "input": { "do": "say" } })).await;
    assert_eq!((&said["name"], &said["input"]), (&json!("first"), &json!({ "do": "say" })));

    let refused = function.error(json!({ "do": "refuse" }), LONG).await;
    assert_eq!(refused, ("CardDeclined".into(), "the card has expired".into()));
    let nameless = function.error(json!({ "do": "give up" }), LONG).await;
    assert_eq!(nameless, ("States.TaskFailed".into(), String::new()));
    let (error, cause) = function.error(json!("no object"), LONG).await;
    assert!(error == "States.Runtime" && cause.contains("'What'"), "{error}: {cause}");
    // One that waits, and one that counts forever: both are over before Lambda ends the function.
    for endless in ["wait", "count"] {
        let timed_out = function.error(json!({ "do": endless }), Duration::from_secs(1)).await;
        assert_eq!(timed_out, ("States.Timeout".into(), String::new()), "{endless}");
    }
    // And the function goes on.
    assert_eq!(function.output(json!({ "do": "say" })).await["name"], "request-8");

    let log = std::fs::read_to_string(&function.log).unwrap();
    let lines: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<_> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    for (event, times) in [("FailStateEntered", 2), ("ExecutionFailed", 3), ("ExecutionTimedOut", 2)] {
        assert_eq!(events.iter().filter(|name| **name == event).count(), times, "{event}: {log}");
    }
    assert!(!events.contains(&"ExecutionSucceeded"), "{log}");
    let counted = |name: &str| -> u64 { lines.iter().filter_map(|line| line[name].as_u64()).sum() };
    assert_eq!((counted("ExecutionsStarted"), counted("ExecutionsTimedOut")), (8, 2), "{log}");
    let metrics = lines.iter().find(|line| line["ExecutionsStarted"].is_u64()).unwrap();
    assert_eq!(metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Orders");
    assert_eq!(metrics["StateMachineArn"], machine);
}

async fn a_function_has_a_host_of_its_own() {
    let mut function = Started::new("host").await;
    let key = function.output(json!({ "do": "charge" })).await;
    assert_eq!(key.as_str().map(str::len), Some(64));
    assert_ne!(function.output(json!({ "do": "charge", "how": "busy" })).await, key);
    let panicked = function.error(json!({ "do": "charge", "how": "panic" }), LONG).await;
    assert_eq!(panicked, ("Task.Panicked".into(), "the till is on fire".into()));
    function.output(json!({ "do": "charge" })).await;
    assert_eq!(function.process.try_wait().unwrap(), None);
}

async fn what_lambda_did_not_start_says_so() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg("program").env_remove("AWS_LAMBDA_RUNTIME_API").output().await.unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.starts_with("error: `AWS_LAMBDA_RUNTIME_API` is not set"), "{text}");
}

/// How long it takes until a new process has answered, and how long a call takes after that.
async fn measure() {
    let calls = std::env::var("ASL_CALLS").map_or(200, |calls| calls.parse().unwrap());
    let mut function = Started::new("program").await;
    let ready = function.api.ready().await;
    let first = function.api.invoke(&json!({ "do": "say" }), LONG).await;
    let mut took = Vec::new();
    for _ in 0..calls {
        let sent = Instant::now();
        let answer = function.api.invoke(&json!({ "do": "say" }), LONG).await;
        took.push(answer.at - sent);
    }
    took.sort();
    println!(
        "cold: {:?} until it asks for an event, {:?} until it has answered one; warm, {calls} calls: {:?} at best, {:?} in the middle",
        ready - function.at,
        first.at - function.at,
        took.first().copied().unwrap_or_default(),
        took.get(calls / 2).copied().unwrap_or_default(),
    );
}
