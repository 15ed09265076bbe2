//! A server with many executions under way is killed again and again, at any moment, and its workers with it, until all executions have ended:
//! none is lost, all outputs are right, and nothing is forgotten that was answered to a client.
//!
//! The server is this program with an argument, and so are its workers, in which the machines are. Clients are threads of the program that kills,
//! over HTTP: one starts executions, some of which it stops; one answers tokens, which tasks hand out through a file; one works for an activity.
//!
//! `ASL_EXECUTIONS` and `ASL_KILLS` are how many there are, for more than a short run; `ASL_SEED` chooses the moments.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::print_stdout, reason = "a program for people")]

mod client;
mod process;
mod server;

use client::Client;
use process::Process;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const JOURNEY: &str = include_str!("journey.asl.json");
const REPORT: &str = include_str!("report.asl.json");
const PAUSE: &str = include_str!("pause.asl.json");
const ARNS: &str = "arn:aws:states:local:000000000000";
/// So long may all of it take.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("server") => server::serve(Path::new(&arguments[2])),
        // What a harness would do.
        Some("--list") => {}
        None if std::env::var_os(server::WORKER).is_some() => return server::work(),
        _ => drive(),
    }
    ExitCode::SUCCESS
}

fn from_environment(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// What clients were answered, which must hold from then on.
#[derive(Default)]
struct Answered {
    started: AtomicUsize,
    stopped: Mutex<Vec<String>>,
    /// How executions were described when they had ended.
    ended: Mutex<BTreeMap<String, Value>>,
    is_over: AtomicBool,
}

fn drive() {
    let (executions, kills) = (from_environment("ASL_EXECUTIONS", 24), from_environment("ASL_KILLS", 8));
    let mut chance = from_environment("ASL_SEED", 7) as u64;
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("server-kill-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (began, client, answered) = (Instant::now(), Client::default(), Arc::new(Answered::default()));
    let mut process = Process::start(&folder);
    client.leads_to(process.port);
    make_machines(&client);
    let threads = [
        spawn(&client, &answered, move |client, answered| start_and_stop(client, answered, executions)),
        spawn(&client, &answered, {
            let folder = folder.clone();
            move |client, answered| answer_tokens(client, answered, &folder)
        }),
        spawn(&client, &answered, work),
        spawn(&client, &answered, move |client, answered| watch(client, answered, executions)),
    ];
    let mut workers = 0;
    for life in 0..kills {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        thread::sleep(Duration::from_millis(50 + (chance >> 33) % 700));
        if life % 3 == 1 {
            workers += process.kill_workers();
            continue;
        }
        process.kill();
        process = Process::start(&folder);
        client.leads_to(process.port);
        has_machines(&client);
    }
    while !answered.is_over.load(Ordering::Relaxed) {
        assert!(began.elapsed() < PATIENCE, "not all executions have ended");
        assert!(process.runs(), "the server has ended by itself");
        thread::sleep(Duration::from_millis(20));
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    // What was answered is true after one more kill, when nothing is in memory.
    process.kill();
    process = Process::start(&folder);
    client.leads_to(process.port);
    check(&client, &answered, executions);
    process.kill();
    std::fs::remove_dir_all(&folder).unwrap();
    println!(
        "{executions} executions, {kills} kills, with {workers} workers, in {:.1} s: none lost, all outputs right",
        began.elapsed().as_secs_f64()
    );
}

fn spawn(
    client: &Client,
    answered: &Arc<Answered>,
    work: impl FnOnce(&Client, &Answered) + Send + 'static,
) -> thread::JoinHandle<()> {
    let (client, answered) = (client.clone(), Arc::clone(answered));
    thread::spawn(move || {
        let _end = EndsAll(&answered);
        work(&client, &answered);
    })
}

/// A client that finds a fault ends the others.
struct EndsAll<'a>(&'a Answered);

impl Drop for EndsAll<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.is_over.store(true, Ordering::Relaxed);
        }
    }
}

fn machine(name: &str) -> String {
    format!("{ARNS}:stateMachine:{name}")
}

fn execution(number: usize) -> String {
    format!("{ARNS}:execution:journey:journey-{number}")
}

fn make_machines(client: &Client) {
    for (name, definition) in [("journey", JOURNEY), ("report", REPORT), ("pause", PAUSE)] {
        let request = json!({ "name": name, "definition": definition, "roleArn": "arn:aws:iam::0:role/r" });
        assert_eq!(client.must("CreateStateMachine", &request)["stateMachineArn"], machine(name));
    }
    client.must("CreateActivity", &json!({ "name": "Stamp" }));
}

/// Machines and activities are there at once after the start.
fn has_machines(client: &Client) {
    for (name, definition) in [("journey", JOURNEY), ("report", REPORT), ("pause", PAUSE)] {
        let described = client.must("DescribeStateMachine", &json!({ "stateMachineArn": machine(name) }));
        assert_eq!(described["definition"], definition);
    }
    client.must("DescribeActivity", &json!({ "activityArn": format!("{ARNS}:activity:Stamp") }));
}

fn input(number: usize) -> Value {
    let days: Vec<_> = (0..1 + number % 3).collect();
    json!({ "busy": number % 5 == 3, "seconds": number % 2, "days": days })
}

/// Starts what is to end, and beside it what is stopped.
fn start_and_stop(client: &Client, answered: &Answered, executions: usize) {
    for number in 0..executions {
        let start = |machine_name: &str| {
            json!({
                "stateMachineArn": machine(machine_name),
                "name": format!("{machine_name}-{number}"),
                "input": input(number).to_string(),
            })
        };
        // A start that was not answered is asked for again, and may have ended meanwhile.
        match client.ask("StartExecution", &start("journey")) {
            Ok(started) => assert_eq!(started["executionArn"], execution(number)),
            Err(error) => assert_eq!(error["__type"], "ExecutionAlreadyExists"),
        }
        answered.started.fetch_add(1, Ordering::Relaxed);
        if number % 4 == 0 {
            let arn = format!("{ARNS}:execution:pause:pause-{number}");
            let _ = client.ask("StartExecution", &start("pause"));
            client.must("StopExecution", &json!({ "executionArn": arn, "error": "Enough" }));
            answered.stopped.lock().unwrap().push(arn);
        }
    }
}

/// Sends results for the tokens that tasks have handed out; one that was taken is not waited for again.
fn answer_tokens(client: &Client, answered: &Answered, folder: &Path) {
    let mut taken = std::collections::BTreeSet::new();
    while !answered.is_over.load(Ordering::Relaxed) {
        for token in server::tokens(folder) {
            if taken.contains(&token) {
                continue;
            }
            let request = json!({ "taskToken": token, "output": "\"yes\"" });
            match client.ask("SendTaskSuccess", &request) {
                Ok(_) => {
                    taken.insert(token);
                }
                // It was taken, and only the answer was lost; or its task has not been written down yet.
                Err(error) => {
                    assert!(["TaskTimedOut", "InvalidToken"].contains(&error["__type"].as_str().unwrap()))
                }
            }
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Works for the activity. A task whose handing out was not answered is handed out again when it has been silent for a while, as on AWS.
fn work(client: &Client, answered: &Answered) {
    while !answered.is_over.load(Ordering::Relaxed) {
        let request = json!({ "activityArn": format!("{ARNS}:activity:Stamp"), "workerName": "stamper" });
        // No server has work for long, once all is done.
        let Some(Ok(task)) = client.try_once("GetActivityTask", &request, Duration::from_secs(1)) else {
            continue;
        };
        let Some(token) = task["taskToken"].as_str() else { continue };
        let input: Value = serde_json::from_str(task["input"].as_str().unwrap()).unwrap();
        let output = json!(format!("stamped {}", input["days"].as_array().unwrap().len())).to_string();
        match client.ask("SendTaskSuccess", &json!({ "taskToken": token, "output": output })) {
            Ok(_) => {}
            Err(error) => {
                assert!(["TaskTimedOut", "InvalidToken"].contains(&error["__type"].as_str().unwrap()))
            }
        }
    }
}

/// Describes executions until all have ended, and keeps what was told of them.
fn watch(client: &Client, answered: &Answered, executions: usize) {
    while answered.ended.lock().unwrap().len() < executions && !answered.is_over.load(Ordering::Relaxed) {
        for number in 0..answered.started.load(Ordering::Relaxed) {
            let arn = execution(number);
            if answered.ended.lock().unwrap().contains_key(&arn) {
                continue;
            }
            let described = client.must("DescribeExecution", &json!({ "executionArn": arn }));
            if described["status"] != "RUNNING" {
                answered.ended.lock().unwrap().insert(arn, described);
            }
        }
        thread::sleep(Duration::from_millis(20));
    }
    answered.is_over.store(true, Ordering::Relaxed);
}

fn check(client: &Client, answered: &Answered, executions: usize) {
    for number in 0..executions {
        let arn = execution(number);
        let described = client.must("DescribeExecution", &json!({ "executionArn": arn }));
        assert_eq!(described, answered.ended.lock().unwrap()[&arn]);
        assert_eq!(described["status"], "SUCCEEDED", "{described}");
        let output: Value = serde_json::from_str(described["output"].as_str().unwrap()).unwrap();
        assert_eq!(output, expected(number), "{arn}");
        let history = client.all("GetExecutionHistory", &json!({ "executionArn": arn }), "events");
        let ids: Vec<_> = history.iter().map(|event| event["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
        assert_eq!(history.last().unwrap()["type"], "ExecutionSucceeded");
    }
    // Each has started one report, and no report was started twice.
    for name in ["journey", "report"] {
        let listed = client.all("ListExecutions", &json!({ "stateMachineArn": machine(name) }), "executions");
        assert_eq!(listed.len(), executions, "{name}");
        assert!(listed.iter().all(|one| one["status"] == "SUCCEEDED"), "{name}");
    }
    for arn in answered.stopped.lock().unwrap().iter() {
        let described = client.must("DescribeExecution", &json!({ "executionArn": arn }));
        assert_eq!((&described["status"], &described["error"]), (&json!("ABORTED"), &json!("Enough")));
    }
}

fn expected(number: usize) -> Value {
    let mut output = input(number);
    let days = 1 + number % 3;
    let each = |what: &str| (0..days).map(|day| format!("{what}-{day}")).collect::<Vec<_>>();
    output["booked"] = json!(["flight", "hostel"]);
    output["visits"] = json!(each("day"));
    output["confirmed"] = json!("yes");
    output["report"] = json!({ "output": each("stamp") });
    output["stamp"] = json!(format!("stamped {days}"));
    output
}
