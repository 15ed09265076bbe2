//! An execution that is run again, and what came of it.

use crate::data::say;
use crate::machines::{as_map, ended, limited};
use asl_durable::Restarted;
use asl_language::files;
use asl_runtime::remote::Worker;
use asl_runtime::{Event, Objects, Recording, Replay, Timestamp};
use asl_value::{Array, Object, Value};
use serde_json::Map;
use std::path::Path;
use std::time::Duration;

/// Runs an execution with what was recorded, on the machine of this number; in a folder with a journal, if one is given.
pub(super) fn execute(
    worker: &Worker,
    machine: usize,
    request: &serde_json::Value,
    time_limit: Duration,
    journal: Option<&Path>,
) -> Result<Map<String, serde_json::Value>, String> {
    let machine = worker.machine(machine).ok_or("the worker does not have the machine")?;
    // As texts of numbers are read where executions run.
    let request = Value::from_json(&request.to_string()).map_err(|error| error.to_string())?;
    let replay = replay(&request)?;
    let replayed = match journal {
        None => limited(worker, time_limit, replay.run_on(&*machine))?,
        Some(folder) => {
            // Executions of other cases may have the same ARN.
            let place = folder.join("execution");
            // There is none mostly.
            let _ = std::fs::remove_dir_all(&place);
            let restarted = Restarted::new(&place, &*machine).map_err(say)?;
            let replayed = limited(worker, time_limit, replay.run_on(&restarted));
            drop(restarted);
            let _ = std::fs::remove_dir_all(&place);
            replayed?
        }
    };
    let mut answer = Object::new();
    ended(&mut answer, replayed.result.as_ref());
    if let Ok(output) = &replayed.result {
        // As histories have it.
        answer.insert("output", output.to_string());
    }
    answer.insert("events", replayed.events.iter().map(Event::to_json).collect::<Array>());
    if !replayed.unanswered.is_empty() {
        answer.insert("unanswered", replayed.unanswered.into_iter().map(Value::from).collect::<Array>());
    }
    as_map(answer)
}

fn replay(request: &Value) -> Result<Replay, String> {
    let mut replay = Replay::new(recording(request));
    if request.get("express") == Some(&Value::Bool(true)) {
        replay = replay.express();
    }
    if request.get("synchronous") == Some(&Value::Bool(true)) {
        replay = replay.synchronous();
    }
    if let Some(arn) = request.get("executionArn").and_then(Value::as_str) {
        replay = replay.execution_arn(arn);
    }
    for object in
        request.get("objects").and_then(Value::as_array).into_iter().flat_map(|objects| objects.iter())
    {
        insert(replay.objects(), object)?;
    }
    Ok(replay)
}

/// An object has its text in the request, or lies in a file.
fn insert(objects: &Objects, object: &Value) -> Result<(), String> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let (Some(bucket), Some(key)) = (text("bucket"), text("key")) else { return Ok(()) };
    match (text("body"), text("file")) {
        (Some(body), _) => objects.insert(bucket, key, body),
        (None, Some(file)) => {
            let body = files::bytes(Path::new(file), files::FileKind::Data)?;
            objects.insert(bucket, key, body);
        }
        (None, None) => {}
    }
    Ok(())
}

fn recording(request: &Value) -> Recording {
    let mut recording = Recording::new(request.get("history").unwrap_or(&Value::Null));
    let recorded = request.get("recorded").and_then(Value::as_str).and_then(Timestamp::parse);
    if let Some(recorded) = recorded {
        recording = recording.recorded_at(recorded);
    }
    match request.get("input") {
        Some(input) => recording.with_input(input.clone()),
        None => recording,
    }
}
