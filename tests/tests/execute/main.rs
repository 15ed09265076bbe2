//! Runs executions that are data: for each `fixtures/**/<behaviour>.cases.json` the machine beside it, which the build script
//! compiled, on a virtual clock.
//!
//! Adding a machine and its cases adds a test. What a case can say is in `case.rs`.

mod case;
mod script;

use asl_runtime::{ExecutionError, InMemory, StateMachine, Value};
use case::Case;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

#[warn(clippy::pedantic)]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Host = InMemory;
type Run = fn(Host, Value) -> Pin<Box<dyn Future<Output = Result<Value, ExecutionError>> + Send>>;

fn run<M: StateMachine>(
    host: Host,
    input: Value,
) -> Pin<Box<dyn Future<Output = Result<Value, ExecutionError>> + Send>> {
    Box::pin(async move { asl_runtime::run::<M>(&host, input).await })
}

datatest_stable::harness! {
    { test = execute, root = "fixtures", pattern = r"\.cases\.json$" },
}

/// Runs all cases of a file, and says which of them fail.
fn execute(path: &Path) -> Result<(), Box<dyn Error>> {
    let name = path.display().to_string();
    let (_, run) = machines::MACHINES
        .iter()
        .find(|(cases, _)| *cases == name)
        .ok_or_else(|| format!("{name} has no definition beside it"))?;
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    if cases.is_empty() {
        return Err(format!("{name} has no case").into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let faults: Vec<String> = cases
        .iter()
        .enumerate()
        .flat_map(|(number, case)| {
            let title = case.title(number);
            runtime.block_on(case.check(*run)).into_iter().map(move |fault| format!("{title}: {fault}"))
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Box::new(Faults(faults))) }
}

/// What is wrong, a line each: the test runner prints errors in their `Debug` form.
struct Faults(Vec<String>);

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Error for Faults {}
