//! The shells, each with what it needs around it.

use crate::End;
use crate::restate::{free_port, wait_for};
use crate::runtime_api::RuntimeApi;
use asl_restate::Machines;
use asl_runtime::remote;
use asl_runtime::{
    BoxFuture, Compiled, ExecutionError, InMemory, Launch, Machine, StateMachine, Value, drive,
};
use asl_server::Compile;
use asl_shells_tests::{EVERY, SLOW, every, host, slow};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Where executions run.
pub(crate) trait Shell: Sized {
    const NAME: &'static str;

    /// Starts it; nothing where there is no program for that.
    async fn start() -> Option<Self>;

    /// Runs an execution of a machine to its end.
    async fn run(&mut self, machine: &str, input: &Json) -> End;
}

pub(crate) fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(future);
}

fn compiled(machine: &str) -> Arc<dyn Machine> {
    match machine {
        "every" => Arc::new(Compiled::of::<every::Machine>()),
        "slow" => Arc::new(Compiled::of::<slow::Machine>()),
        other => panic!("there is no machine `{other}`"),
    }
}

fn folder(shell: &str) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("shells-{shell}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn value(json: &Json) -> Value {
    Value::from(json.clone())
}

fn end(result: Result<Value, ExecutionError>) -> End {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    result
        .map(|output| serde_json::from_str(&output.to_string()).unwrap())
        .map_err(|error| (text(error.error()), text(error.cause())))
}

/// In memory, in this process.
pub(crate) struct Memory(InMemory);

impl Shell for Memory {
    const NAME: &'static str = "memory";

    async fn start() -> Option<Self> {
        Some(Self(host()))
    }

    async fn run(&mut self, machine: &str, input: &Json) -> End {
        let machine = compiled(machine);
        let core = Launch::new(&self.0, &*machine, None, value(input), None).core(&self.0);
        end(drive(&self.0, core, None).await)
    }
}

/// In a journal.
pub(crate) struct Durable(asl_durable::Durable, PathBuf);

impl Shell for Durable {
    const NAME: &'static str = "durable";

    async fn start() -> Option<Self> {
        let folder = folder("durable");
        let durable = asl_durable::Durable::over(host(), &folder).unwrap();
        Some(Self(durable.machine::<every::Machine>().machine::<slow::Machine>(), folder))
    }

    async fn run(&mut self, machine: &str, input: &Json) -> End {
        let machine = compiled(machine);
        let started = self.0.start_execution(&*machine, None, None, value(input)).await.unwrap();
        end(self.0.end(&started).await.unwrap())
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.1);
    }
}

/// In memory, by machines of another process.
pub(crate) struct Worker(InMemory, remote::Worker);

impl Shell for Worker {
    const NAME: &'static str = "worker";

    async fn start() -> Option<Self> {
        let worker = remote::Worker::start(env!("CARGO_BIN_EXE_shells-worker"), |_| (None, None)).unwrap();
        Some(Self(host(), worker))
    }

    async fn run(&mut self, machine: &str, input: &Json) -> End {
        let machine = self.1.machine(usize::from(machine == "slow")).unwrap();
        let core = Launch::new(&self.0, &*machine, None, value(input), None).core(&self.0);
        end(drive(&self.0, core, None).await)
    }
}

/// On a server of this project.
pub(crate) struct Server(asl_server::Server, HashMap<String, String>);

/// The machines of this program by their definitions.
struct CompiledIn;

impl Compile for CompiledIn {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let machine = match definition {
            EVERY => Ok(compiled("every")),
            SLOW => Ok(compiled("slow")),
            _ => Err("it is not in this program".to_owned()),
        };
        Box::pin(std::future::ready(machine))
    }
}

impl Shell for Server {
    const NAME: &'static str = "server";

    async fn start() -> Option<Self> {
        let server = asl_server::Server::builder(CompiledIn, &host()).build().unwrap();
        let mut arns = HashMap::new();
        for (name, definition) in [("every", EVERY), ("slow", SLOW)] {
            let role = "arn:aws:iam::123456789012:role/test";
            let machine = json!({ "name": name, "definition": definition, "roleArn": role });
            let created = server.call("CreateStateMachine", machine).await.unwrap();
            arns.insert(name.to_owned(), created["stateMachineArn"].as_str().unwrap().to_owned());
        }
        Some(Self(server, arns))
    }

    async fn run(&mut self, machine: &str, input: &Json) -> End {
        let start = json!({ "stateMachineArn": self.1[machine], "input": input.to_string() });
        let started = self.0.call("StartExecution", start).await.unwrap();
        let described = loop {
            let arn = json!({ "executionArn": started["executionArn"] });
            let described = self.0.call("DescribeExecution", arn).await.unwrap();
            if described["status"] != "RUNNING" {
                break described;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let text = |name: &str| described[name].as_str().unwrap_or_default().to_owned();
        match (described["output"].as_str(), described["status"].as_str()) {
            (Some(output), _) => Ok(serde_json::from_str(output).unwrap()),
            // The API has no other name for that.
            (None, Some("TIMED_OUT")) => end(Err(ExecutionError::timed_out())),
            (None, _) => Err((text("error"), text("cause"))),
        }
    }
}

/// On Lambda, of which the Runtime API is here.
pub(crate) struct Lambda(HashMap<String, (RuntimeApi, Child)>);

impl Shell for Lambda {
    const NAME: &'static str = "Lambda";

    async fn start() -> Option<Self> {
        let mut functions = HashMap::new();
        for machine in ["every", "slow"] {
            let api = RuntimeApi::start().await;
            let function = Command::new(std::env::current_exe().unwrap())
                .args(["lambda", machine])
                .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
                .env("AWS_LAMBDA_FUNCTION_NAME", machine)
                .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
                .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
                .kill_on_drop(true)
                .spawn();
            functions.insert(machine.to_owned(), (api, function.unwrap()));
        }
        Some(Self(functions))
    }

    async fn run(&mut self, machine: &str, input: &Json) -> End {
        let (api, _) = self.0.get_mut(machine).unwrap();
        let answer = api.invoke(input, Duration::from_secs(900)).await;
        if answer.kind == "error" { Err(answer.error()) } else { Ok(answer.output()) }
    }
}

pub(crate) fn serve_lambda(machine: &str) {
    async fn run<M: StateMachine>() {
        asl_lambda::run::<M>(host()).await.unwrap();
    }
    match machine {
        "every" => block_on(run::<every::Machine>()),
        _ => block_on(run::<slow::Machine>()),
    }
}

/// On a server of Restate.
pub(crate) struct Restate {
    restate: crate::restate::Restate,
    _process: Child,
    executions: usize,
}

impl Shell for Restate {
    const NAME: &'static str = "Restate";

    async fn start() -> Option<Self> {
        let restate = crate::restate::Restate::start(&folder("restate"), 1)?;
        let port = free_port();
        let process = Command::new(std::env::current_exe().unwrap())
            .args(["restate", &port.to_string()])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        restate.register(port);
        Some(Self { restate, _process: process.unwrap(), executions: 0 })
    }

    async fn run(&mut self, machine: &str, input: &Json) -> End {
        self.executions += 1;
        let name = format!("execution-{}", self.executions);
        self.restate.start_execution(machine, &name, &input.to_string());
        let (status, answer) = wait_for("an end", || self.restate.output(machine, &name));
        let answer: Json = serde_json::from_str(&answer).unwrap();
        if status == 200 {
            return Ok(answer);
        }
        let failure = asl_restate::failure(answer["message"].as_str().unwrap_or_default());
        end(Err(failure.unwrap_or_else(|| panic!("{status}: {answer}"))))
    }
}

pub(crate) fn serve_restate(port: &str) {
    let machines = Machines::on(host()).machine::<every::Machine>().machine::<slow::Machine>();
    block_on(async { machines.serve(&format!("127.0.0.1:{port}")).await.unwrap() });
}
