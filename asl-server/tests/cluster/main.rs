//! The API over executions on a real server of Restate: what clients are answered there is what they are answered over a folder.
//!
//! The process that Restate calls is this program with an argument. Without `restate-server` on the path nothing is tested, and it is said.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::print_stdout, reason = "a program for people")]

#[path = "../../../asl-restate/tests/support/http.rs"]
mod http;
mod pages;
#[expect(dead_code, reason = "other tests ask the server by themselves")]
#[path = "../../../asl-restate/tests/support/restate.rs"]
mod restate;
mod same;
mod serve;

use asl_restate::cluster::Cluster;
use asl_server::{Server, console};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match arguments.get(1).map(String::as_str) {
        Some("process") => runtime.block_on(serve::process(&arguments[2])),
        // What a harness would do.
        Some("--list") => {}
        _ => {
            let folder =
                PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cluster-{}", std::process::id()));
            let Some(restate) = restate::Restate::start(&folder, 1) else {
                println!("skipped: there is no `restate-server` on the path");
                return;
            };
            let port = restate::free_port();
            let process = Command::new(std::env::current_exe().unwrap())
                .args(["process", &port.to_string()])
                .stdin(Stdio::null())
                .spawn();
            let _process = Process(process.unwrap());
            restate.register(port);
            runtime.block_on(drive(&restate));
        }
    }
}

/// A process that ends with this.
struct Process(std::process::Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn drive(restate: &restate::Restate) {
    let [ingress, admin] = restate.addresses();
    let cluster = Cluster::at(&ingress, &admin).unwrap();
    let server = || Server::builder(serve::CompiledIn, &serve::host());
    let cluster = server().cluster(cluster).console(console()).build().unwrap();
    let folder = server().build().unwrap();
    machines_are_those_that_are_registered(&cluster).await;
    same::histories_are_those_of_a_folder(&cluster, &folder).await;
    names_are_those_of_one_execution(&cluster).await;
    executions_are_stopped_with_their_reason(&cluster).await;
    lists_have_pages_and_filters(&cluster).await;
    what_a_cluster_does_not_do_is_refused(&cluster).await;
    pages::show_what_happens(&cluster).await;
    println!("the API over a cluster answers as over a folder");
}

const ARNS: &str = "arn:aws:states:local:000000000000";

fn machine(name: &str) -> String {
    format!("{ARNS}:stateMachine:{name}")
}

/// An action that succeeds.
async fn ask(server: &Server, action: &str, request: Value) -> Value {
    server.call(action, request).await.unwrap_or_else(|error| panic!("{action}: {error}"))
}

/// An action that is refused: the type of the error.
async fn refused(server: &Server, action: &str, request: Value) -> String {
    match server.call(action, request).await {
        Ok(answer) => panic!("{action}: {answer}"),
        Err(error) => error.kind.into_owned(),
    }
}

async fn start(server: &Server, machine_name: &str, name: &str, input: &Value) -> String {
    let request =
        json!({ "stateMachineArn": machine(machine_name), "name": name, "input": input.to_string() });
    let started = ask(server, "StartExecution", request).await;
    started["executionArn"].as_str().unwrap().to_owned()
}

/// An execution as it is described once it is so.
async fn until(server: &Server, execution: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let described = ask(server, "DescribeExecution", json!({ "executionArn": execution })).await;
        if is_so(&described) {
            return described;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn ended(server: &Server, execution: &str) -> Value {
    until(server, execution, |described| described["status"] != "RUNNING").await
}

async fn machines_are_those_that_are_registered(server: &Server) {
    let listed = ask(server, "ListStateMachines", json!({})).await;
    let names: Vec<_> = listed["stateMachines"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["errand", "pause"]);
    let described =
        ask(server, "DescribeStateMachine", json!({ "stateMachineArn": machine("errand") })).await;
    assert_eq!((&described["definition"], &described["type"]), (&json!(serve::ERRAND), &json!("STANDARD")));
    let activities = ask(server, "ListActivities", json!({})).await;
    assert_eq!(activities["activities"][0]["activityArn"], format!("{ARNS}:activity:Ask"));
}

async fn names_are_those_of_one_execution(server: &Server) {
    let request = json!({ "stateMachineArn": machine("pause"), "name": "one", "input": "{ \"a\": 1 }", "traceHeader": "Root=1-5" });
    let first = ask(server, "StartExecution", request.clone()).await;
    assert_eq!(ask(server, "StartExecution", request).await, first);
    let other = json!({ "stateMachineArn": machine("pause"), "name": "one", "input": "{}" });
    assert_eq!(refused(server, "StartExecution", other).await, "ExecutionAlreadyExists");
    let described = ask(server, "DescribeExecution", json!({ "executionArn": first["executionArn"] })).await;
    assert_eq!(described["startDate"], first["startDate"]);
    assert_eq!(
        (&described["input"], &described["traceHeader"]),
        (&json!("{ \"a\": 1 }"), &json!("Root=1-5"))
    );
    for missing in ["execution:pause:two", "execution:nothing:one"] {
        let request = json!({ "executionArn": format!("{ARNS}:{missing}") });
        assert_eq!(refused(server, "DescribeExecution", request).await, "ExecutionDoesNotExist");
    }
}

async fn executions_are_stopped_with_their_reason(server: &Server) {
    let arn = format!("{ARNS}:execution:pause:one");
    let stop = json!({ "executionArn": arn, "error": "Enough", "cause": "it was enough" });
    let stopped = ask(server, "StopExecution", stop.clone()).await;
    let described = ended(server, &arn).await;
    let end = ["status", "error", "cause", "stopDate", "redriveStatus"].map(|name| described[name].clone());
    assert_eq!(
        end,
        [
            json!("ABORTED"),
            json!("Enough"),
            json!("it was enough"),
            stopped["stopDate"].clone(),
            json!("NOT_REDRIVABLE")
        ]
    );
    let history =
        ask(server, "GetExecutionHistory", json!({ "executionArn": arn, "reverseOrder": true })).await;
    let last = &history["events"][0];
    assert_eq!(
        (&last["type"], &last["executionAbortedEventDetails"]["error"]),
        (&json!("ExecutionAborted"), &json!("Enough"))
    );
    // One that has ended stays as it is.
    assert_eq!(ask(server, "StopExecution", stop).await["stopDate"], described["stopDate"]);
}

async fn lists_have_pages_and_filters(server: &Server) {
    let names: Vec<_> = (0..7).map(|number| format!("many-{number}")).collect();
    for name in &names {
        start(server, "pause", name, &json!({})).await;
    }
    let mut listed = Vec::new();
    let mut next = Value::Null;
    loop {
        let mut request =
            json!({ "stateMachineArn": machine("pause"), "statusFilter": "RUNNING", "maxResults": 3 });
        if !next.is_null() {
            request["nextToken"] = next;
        }
        let page = ask(server, "ListExecutions", request).await;
        let some = page["executions"].as_array().unwrap();
        listed.extend(some.iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        next = page["nextToken"].clone();
        if next.is_null() {
            break;
        }
    }
    listed.sort();
    assert_eq!(listed, names);
    let stopped = json!({ "stateMachineArn": machine("pause"), "statusFilter": "ABORTED" });
    assert_eq!(ask(server, "ListExecutions", stopped).await["executions"][0]["name"], "one");
    let redriven = json!({ "stateMachineArn": machine("pause"), "redriveFilter": "REDRIVEN" });
    assert_eq!(ask(server, "ListExecutions", redriven).await["executions"], json!([]));
}

async fn what_a_cluster_does_not_do_is_refused(server: &Server) {
    let made = json!({ "name": "new", "definition": serve::PAUSE, "roleArn": "arn:aws:iam::0:role/r" });
    assert_eq!(refused(server, "CreateStateMachine", made).await, "AccessDeniedException");
    let redrive = json!({ "executionArn": format!("{ARNS}:execution:pause:one") });
    assert_eq!(refused(server, "RedriveExecution", redrive).await, "ExecutionNotRedrivable");
    let sync = json!({ "stateMachineArn": machine("pause") });
    assert_eq!(refused(server, "StartSyncExecution", sync).await, "StateMachineTypeNotSupported");
    let unknown = json!({ "taskToken": "nonsense", "output": "1" });
    assert_eq!(refused(server, "SendTaskSuccess", unknown).await, "InvalidToken");
    let over = json!({ "taskToken": "0".repeat(64), "output": "1" });
    assert_eq!(refused(server, "SendTaskSuccess", over).await, "TaskTimedOut");
}
