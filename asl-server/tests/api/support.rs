//! A server with compiled-in machines.

use asl_runtime::{BoxFuture, Compiled, InMemory, Machine, StateMachine};
use asl_server::{Compile, Server};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;

asl_runtime::asl_machine!("definitions/greet.asl.json");
asl_runtime::asl_machine!("definitions/pause.asl.json");
asl_runtime::asl_machine!("definitions/work.asl.json");
asl_runtime::asl_machine!("definitions/call.asl.json");
asl_runtime::asl_machine!("definitions/each.asl.json");
asl_runtime::asl_machine!("definitions/errands.asl.json");
asl_runtime::asl_machine!("definitions/many.asl.json");
asl_runtime::asl_machine!("definitions/order.asl.json");
asl_runtime::asl_machine!("definitions/who.asl.json");
asl_runtime::asl_machine!("definitions/think.asl.json");

pub(crate) const GREET: &str = include_str!("definitions/greet.asl.json");
pub(crate) const PAUSE: &str = include_str!("definitions/pause.asl.json");
pub(crate) const WORK: &str = include_str!("definitions/work.asl.json");
pub(crate) const CALL: &str = include_str!("definitions/call.asl.json");
pub(crate) const EACH: &str = include_str!("definitions/each.asl.json");
pub(crate) const ERRANDS: &str = include_str!("definitions/errands.asl.json");
pub(crate) const MANY: &str = include_str!("definitions/many.asl.json");
pub(crate) const ORDER: &str = include_str!("definitions/order.asl.json");
pub(crate) const WHO: &str = include_str!("definitions/who.asl.json");
/// An evaluation that never ends.
pub(crate) const THINK: &str = include_str!("definitions/think.asl.json");

/// The machines of this program by their definitions; nothing is compiled any more.
pub(crate) struct CompiledIn;

fn of<M: StateMachine>() -> Arc<dyn Machine> {
    Arc::new(Compiled::of::<M>())
}

impl Compile for CompiledIn {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let machine = match definition {
            GREET => Ok(of::<greet::Machine>()),
            PAUSE => Ok(of::<pause::Machine>()),
            WORK => Ok(of::<work::Machine>()),
            CALL => Ok(of::<call::Machine>()),
            EACH => Ok(of::<each::Machine>()),
            ERRANDS => Ok(of::<errands::Machine>()),
            MANY => Ok(of::<many::Machine>()),
            ORDER => Ok(of::<order::Machine>()),
            WHO => Ok(of::<who::Machine>()),
            THINK => Ok(of::<think::Machine>()),
            _ => Err("it is not in this program".to_owned()),
        };
        Box::pin(std::future::ready(machine))
    }
}

/// The same machines, each of which is built when the gate is opened for it.
pub(crate) struct Gated(pub(crate) Arc<Notify>);

impl Compile for Gated {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let (gate, machine) = (Arc::clone(&self.0), CompiledIn.machine(definition));
        Box::pin(async move {
            gate.notified().await;
            machine.await
        })
    }
}

pub(crate) fn server() -> Server {
    Server::builder(CompiledIn, &InMemory::new()).build().unwrap()
}

/// A folder for a test, which is not there yet.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("server").join(name);
    // A former run may have left it.
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// What a process does with a folder, from its start till it is killed: nothing of it is left in memory.
pub(crate) fn process<T>(folder: &Path, work: impl AsyncFnOnce(Server) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::builder(CompiledIn, &InMemory::new()).data(folder).build().unwrap();
        let resumed = server.resume().await.unwrap();
        let result = work(server).await;
        drop(resumed);
        result
    })
}

/// An action that succeeds.
pub(crate) async fn ask(server: &Server, action: &str, request: Value) -> Value {
    server.call(action, request).await.unwrap_or_else(|error| panic!("{action}: {error}"))
}

/// An action that is refused: the type of the error, and its text.
pub(crate) async fn refused(server: &Server, action: &str, request: Value) -> (String, String) {
    let error = server.call(action, request).await.expect_err(action);
    (error.kind.into_owned(), error.message)
}

pub(crate) async fn create(server: &Server, name: &str, definition: &str) -> String {
    let request = json!({ "name": name, "definition": definition, "roleArn": "arn:aws:iam::0:role/r" });
    let created = ask(server, "CreateStateMachine", request).await;
    created["stateMachineArn"].as_str().unwrap().to_owned()
}

pub(crate) async fn start(server: &Server, machine: &str, input: Value) -> String {
    let request = json!({ "stateMachineArn": machine, "input": input.to_string() });
    let started = ask(server, "StartExecution", request).await;
    started["executionArn"].as_str().unwrap().to_owned()
}

/// An execution as it is described once it has ended.
pub(crate) async fn ended(server: &Server, execution: &str) -> Value {
    loop {
        let described = ask(server, "DescribeExecution", json!({ "executionArn": execution })).await;
        if described["status"] != "RUNNING" {
            return described;
        }
        tokio::task::yield_now().await;
    }
}

/// The types of the events of an execution.
pub(crate) async fn events(server: &Server, execution: &str) -> Vec<String> {
    let history = ask(server, "GetExecutionHistory", json!({ "executionArn": execution })).await;
    let events = history["events"].as_array().unwrap().iter();
    events.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}
