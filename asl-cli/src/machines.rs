//! Machines in a worker: compiled into a separate process, which this command asks to go on with their executions.
//!
//! In: the code of machines. Out: a worker with them, in the cache, which may be started several times.

use crate::actions::action_of;
use crate::program::{BuildError, Program, RuntimeArgument};
use asl_compiler::Module;
use asl_runtime::ExecutionError;
use asl_runtime::remote::Worker;
use asl_value::{Object, Value};
use proc_macro2::TokenStream;
use serde_json::Map;
use std::future::Future;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// The machines of a worker, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Machines(Vec<(String, String)>);

impl Machines {
    /// Adds a machine, and returns its number. Its module is one [for a worker](Module::for_worker).
    pub(crate) fn add(&mut self, module: &Module, tokens: &TokenStream) -> usize {
        // To make it readable would take longer than to compile it to tokens did.
        self.add_code(&module.name, tokens.to_string())
    }

    /// The same for code as text.
    pub(crate) fn add_code(&mut self, name: &str, code: String) -> usize {
        self.0.push((name.to_owned(), code));
        self.0.len() - 1
    }

    /// Builds the worker for the command of this name, or finds it built.
    pub(crate) fn build(self, name: &'static str, runtime: &RuntimeArgument) -> Result<PathBuf, BuildError> {
        Program::worker(name, self.0).build(runtime)
    }
}

/// Starts a worker.
pub(crate) fn start(program: &Path) -> Result<Worker, String> {
    start_within(program, None)
}

/// Starts a worker that may have so many bytes of memory.
pub(crate) fn start_within(program: &Path, memory: Option<u64>) -> Result<Worker, String> {
    let mut tries = 0..TRIES;
    loop {
        match Worker::start_within(program, memory, action_of) {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && tries.next().is_some() => {
                thread::sleep(PAUSE);
            }
            started => {
                return started.map_err(|error| format!("`{}` cannot be run: {error}", program.display()));
            }
        }
    }
}

/// An executable that was written just now is held for a moment by another process that this one is starting meanwhile.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// Something asynchronous, to its end.
pub(crate) fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| format!("tokio cannot be started: {error}"))?.block_on(work))
}

/// Something that a worker does, within a time limit. The worker ends with what takes longer, or is started again after it has died.
pub(crate) fn limited<T>(
    worker: &Worker,
    time_limit: Duration,
    work: impl Future<Output = T>,
) -> Result<T, String> {
    let result = wait_for(async { tokio::time::timeout(time_limit, work).await })?;
    match (result, worker.fault()) {
        (Ok(_), Some(fault)) => Err(fault),
        (Ok(result), None) => Ok(result),
        (Err(_), _) => {
            worker.end();
            Err(format!("it was not over after {} s", time_limit.as_secs_f64()))
        }
    }
}

/// Notes how something ended that has an output or an error.
pub(crate) fn ended(answer: &mut Object, result: Result<&Value, &ExecutionError>) {
    match result {
        Ok(output) => {
            answer.insert("status", "SUCCEEDED");
            answer.insert("output", output.clone());
        }
        Err(error) => {
            answer.insert("status", error.status().as_str());
            answer.extend(error.error().map(|name| ("error", name)));
            answer.extend(error.cause().map(|cause| ("cause", cause)));
        }
    }
}

/// What executions say, as commands print it.
pub(crate) fn as_map(answer: Object) -> Result<Map<String, serde_json::Value>, String> {
    let text = Value::from(answer).to_string();
    serde_json::from_str(&text).map_err(|error| format!("the answer is not a JSON object: {error}"))
}
