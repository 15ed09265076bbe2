//! A folder of workloads, each with the output that it must have: nanoseconds a transition.
//!
//! A workload is `<name>.asl.json`, and for each of its inputs `<name>.input.json` and `<name>.expected.json`, or
//! `<name>@<size>.input.json` and `<name>@<size>.expected.json`; `manifest.json` has the transitions of each. The build script
//! has compiled the machines; README.md says how the folder is found.

#![allow(dead_code, reason = "without a folder of workloads there is nothing to measure")]

use asl_benches::{Bench, Measurement, print};
use asl_runtime::{InMemory, StateMachine, TaskError, Value};
use serde_json::Value as Json;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/workloads.rs"));

type Outcome<T> = Result<T, Box<dyn Error>>;

type Measure = fn(&Bench, &Case) -> Outcome<()>;

/// A definition of the folder.
struct Workload {
    name: &'static str,
    /// What measures its machine on one input, or the codes of the errors in it.
    measure: Result<Measure, &'static str>,
}

/// One input of a workload.
struct Case {
    name: String,
    transitions: u32,
    input: Json,
    expected: Json,
}

fn main() -> Outcome<ExitCode> {
    let Some(folder) = FOLDER.map(Path::new) else {
        print("there is no folder of workloads: name one by the variable ASL_WORKLOADS");
        return Ok(ExitCode::SUCCESS);
    };
    let bench = Bench::from_args()?;
    let manifest = read(&folder.join("manifest.json"))?;
    for Workload { name, measure } in WORKLOADS.iter().filter(|workload| bench.wants(workload.name)) {
        let measure = match measure {
            Ok(measure) => measure,
            Err(codes) => {
                print(&format!("{name:<40} does not compile: {codes}"));
                continue;
            }
        };
        for case in cases(folder, name, &manifest)? {
            measure(&bench, &case)?;
        }
    }
    Ok(bench.finish())
}

/// The inputs of a workload. One without its files is told and passed over.
fn cases(folder: &Path, workload: &str, manifest: &Json) -> Outcome<Vec<Case>> {
    let sizes = manifest.as_object().into_iter().flatten();
    let sizes = sizes.filter(|(name, _)| name.split('@').next() == Some(workload));
    let mut cases = Vec::new();
    for (name, facts) in sizes {
        let file = |part| -> PathBuf { folder.join(format!("{name}.{part}.json")) };
        if !file("input").is_file() || !file("expected").is_file() {
            print(&format!("{name:<40} has no input or no expected output"));
            continue;
        }
        let transitions =
            facts.get("transitions").and_then(Json::as_u64).ok_or("the manifest has no `transitions`")?;
        let (input, expected) = (read(&file("input"))?, read(&file("expected"))?);
        cases.push(Case { name: name.clone(), transitions: u32::try_from(transitions)?, input, expected });
    }
    Ok(cases)
}

fn read(path: &Path) -> Outcome<Json> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// Checks the output, then measures executions.
fn measure<M: StateMachine>(bench: &Bench, case: &Case) -> Outcome<()> {
    let Case { name, transitions, input, expected } = case;
    let host = host();
    let input = Value::from(input.clone());
    let output = bench.once(asl_runtime::run::<M>(&host, input.clone()))?;
    if output != Value::from(expected.clone()) {
        return Err(format!("{name}: the output is not the expected one").into());
    }
    let ours = bench.side(|| input.clone(), async |input| asl_runtime::run::<M>(&host, input).await);
    let sides = vec![("ours", ours)];
    bench.measure(Measurement { name, unit: "transition", units: *transitions, sides, target: None });
    Ok(())
}

/// Serves the tasks that the workloads call: `bump` counts on and fails at each tenth number, `recover` passes over one.
fn host() -> InMemory {
    const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:";
    InMemory::new()
        .resource(format!("{FUNCTION}bump"), |input: Value| async move { bump(&input) })
        .resource(format!("{FUNCTION}recover"), |input: Value| async move { recover(&input) })
}

fn number(input: &Value, field: &str) -> Result<i64, TaskError> {
    input.get(field).and_then(Value::as_i64).ok_or_else(|| TaskError::new("Custom.Input", field))
}

fn bump(input: &Value) -> Result<i64, TaskError> {
    let number = number(input, "i")?;
    if number % 10 == 9 {
        return Err(TaskError::new("Custom.Skip", format!("{number} is passed over")));
    }
    Ok(number + 1)
}

fn recover(input: &Value) -> Result<Value, TaskError> {
    let mut output = input.as_object().cloned().unwrap_or_default();
    for field in ["i", "skipped"] {
        output.insert(field, number(input, field)? + 1);
    }
    Ok(output.into())
}
