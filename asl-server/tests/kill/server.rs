//! The server that is killed, and its workers: the machines are in this program.

use crate::{JOURNEY, PAUSE, REPORT};
use asl_engine::program::{Program, program};
use asl_runtime::remote::Worker;
use asl_runtime::{BoxFuture, InMemory, Invocation, Machine, TaskError, Value, asl_machine};
use asl_server::{Compile, Server};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

asl_machine!(mod journey = "journey.asl.json");
asl_machine!(mod report = "report.asl.json");
asl_machine!(mod pause = "pause.asl.json");

/// Where this is set, and there is no argument, this program is a worker.
pub(crate) const WORKER: &str = "ASL_SERVER_KILL_WORKER";
const CALL: &str = "arn:aws:lambda:us-east-1:123456789012:function:Call";
const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";

/// A process of machines alone.
pub(crate) fn work() -> ExitCode {
    let machines: [&'static dyn Program; 3] =
        [program::<journey::Machine>(), program::<report::Machine>(), program::<pause::Machine>()];
    asl_engine::worker::main(&machines)
}

/// Machines in workers, one for each definition.
struct Workers;

impl Compile for Workers {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let number = [JOURNEY, REPORT, PAUSE].iter().position(|known| *known == definition);
        Box::pin(async move {
            let program = std::env::current_exe().map_err(|error| error.to_string())?;
            let worker = Worker::start(program, |_| (None, None)).map_err(|error| error.to_string())?;
            number
                .and_then(|number| worker.machine(number))
                .ok_or_else(|| "it is not in this program".to_owned())
        })
    }
}

/// Serves a folder until it is killed.
pub(crate) fn serve(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let tokens = folder.to_owned();
        let host = InMemory::new().function(CALL, call).function(ASK, move |invocation: Invocation| {
            let handed_out = hand_out(&tokens, &invocation);
            async move { handed_out }
        });
        let server = Server::builder(Workers, &host).data(folder.join("data")).build().unwrap();
        drop(server.resume().await.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut output = std::io::stdout();
        writeln!(output, "{}", listener.local_addr().unwrap().port()).unwrap();
        output.flush().unwrap();
        server.serve(listener, std::future::pending()).await.unwrap();
    });
}

async fn call(invocation: Invocation) -> Result<Value, TaskError> {
    let parameters = invocation.parameters();
    let is = |name: &str| parameters.get(name).and_then(Value::as_bool).unwrap_or_default();
    // A task takes its time, so that some are under way whenever the server is killed.
    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    if is("full") {
        return Err(TaskError::new("Full", "there is no room"));
    }
    if is("busy") && invocation.attempt() == 0 {
        return Err(TaskError::new("Busy", "for a moment"));
    }
    Ok(parameters.get("lane").cloned().unwrap_or_default())
}

/// Hands out the token of a task: as a file with its name.
fn hand_out(folder: &Path, invocation: &Invocation) -> Result<Value, TaskError> {
    let token = invocation.task_token().map(|token| token.to_string()).unwrap_or_default();
    let written = std::fs::write(tokens_in(folder).join(invocation.idempotency_key()), token);
    written.map(|()| Value::Null).map_err(|error| TaskError::new("Disk", error.to_string()))
}

fn tokens_in(folder: &Path) -> PathBuf {
    let tokens = folder.join("tokens");
    std::fs::create_dir_all(&tokens).unwrap();
    tokens
}

/// The tokens that were handed out.
pub(crate) fn tokens(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(tokens_in(folder)).unwrap();
    let tokens = files.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok());
    // A file may be there and still empty.
    tokens.filter(|token| !token.is_empty()).collect()
}
