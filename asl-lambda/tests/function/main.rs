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
use lambda_runtime::{LambdaEvent, service_fn};
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
        Some("empty") => async_main(empty()),
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

/// A function that does nothing but answer what it is asked: what a call costs without a machine.
async fn empty() {
    let answer = |event: LambdaEvent<Value>| async move { Ok::<_, lambda_runtime::Error>(event.payload) };
    lambda_runtime::run(service_fn(answer)).await.unwrap();
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

    /// The processor time of the process; none where Linux does not tell.
    fn worked(&self) -> Duration {
        let stat = self.process.id().map(|id| std::fs::read_to_string(format!("/proc/{id}/stat")));
        let stat = stat.and_then(Result::ok).unwrap_or_default();
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
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

/// How long it takes until a new process has answered, and what a call costs after that, beside a function without a machine.
async fn measure() {
    let calls = std::env::var("ASL_CALLS").map_or(200, |calls| calls.parse().unwrap());
    let mut functions = [Started::new("program").await, Started::new("empty").await];
    let ready = functions[0].api.ready().await;
    let first = functions[0].api.invoke(&json!({ "do": "say" }), LONG).await;
    let at = functions[0].at;
    println!(
        "cold: {:?} until it asks for an event, {:?} until it has answered one",
        ready - at,
        first.at - at
    );
    let _ = functions[1].api.invoke(&json!({ "do": "say" }), LONG).await;
    let before = functions.each_ref().map(Started::worked);
    let mut took = [const { Vec::new() }; 2];
    for _ in 0..calls {
        // In turns, so that what else the computer does is shared fairly.
        for (function, took) in functions.iter_mut().zip(&mut took) {
            let sent = Instant::now();
            took.push(function.api.invoke(&json!({ "do": "say" }), LONG).await.at - sent);
        }
    }
    let after = functions.each_ref().map(Started::worked);
    let mut in_the_middle = [Duration::ZERO; 2];
    let mut worked = [Duration::ZERO; 2];
    for (which, took) in took.iter_mut().enumerate() {
        took.sort();
        in_the_middle[which] = took.get(calls / 2).copied().unwrap_or_default();
        worked[which] = (after[which] - before[which]) / u32::try_from(calls).unwrap().max(1);
    }
    println!(
        "warm, {calls} calls: {:?} in the middle, and {:?} without a machine; processor time of a call {:?}, and {:?} without a machine",
        in_the_middle[0], in_the_middle[1], worked[0], worked[1]
    );
}
