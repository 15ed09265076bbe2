//! A case that is run, and what came of it.

use crate::machines::{as_map, ended, limited};
use asl_runtime::remote::Worker;
use asl_runtime::test::{Case, Difference, PathStep};
use asl_value::{Array, Object, Value};
use serde_json::Map;
use std::time::{Duration, Instant};

/// Runs a case on the machine of this number.
pub(crate) fn run(
    worker: &Worker,
    machine: usize,
    case: &serde_json::Value,
    time_limit: Duration,
) -> Result<Map<String, serde_json::Value>, String> {
    let start = Instant::now();
    let machine = worker.machine(machine).ok_or("the worker does not have the machine")?;
    // As texts of numbers are read where executions run.
    let case = Value::from_json(&case.to_string()).map_err(|error| error.to_string())?;
    let case = Case::from_json(&case).map_err(|error| error.to_string())?;
    let (run, differences) =
        limited(worker, time_limit, case.run_on(machine))?.map_err(|error| error.to_string())?;
    let mut answer = Object::new();
    ended(&mut answer, run.result());
    answer.insert("path", run.steps().iter().map(PathStep::to_json).collect::<Array>());
    let mut sent = Object::new();
    for (state, calls) in run.all_sent() {
        sent.insert(state.clone(), calls.iter().cloned().collect::<Array>());
    }
    answer.insert("sent", sent);
    answer.insert("differences", differences.iter().map(difference).collect::<Array>());
    answer.insert("coverage", run.coverage().to_json());
    answer.insert("milliseconds", start.elapsed().as_secs_f64() * 1000.0);
    as_map(answer)
}

fn difference(difference: &Difference) -> Value {
    let mut object = Object::new();
    object.insert("place", difference.place.as_str());
    object.extend(difference.expected.clone().map(|value| ("expected", value)));
    object.extend(difference.found.clone().map(|value| ("found", value)));
    object.into()
}
