//! Machines that wait for requests: a line of JSON in for an execution, a line of JSON out with what came of it.
#![allow(clippy::all, reason = "this file is generated")]

use asl_runtime::{Array, BoxFuture, Event, Object, Objects, Recording, Replay, Replayed, Value};
use std::io::{BufRead, Write};

type Run = fn(Replay) -> BoxFuture<'static, Replayed>;

fn main() {
    // Values may be nested deeply, and code that is not optimised needs much of the stack.
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(work);
    if worker.map_or(true, |worker| worker.join().is_err()) {
        std::process::exit(101);
    }
}

fn work() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let request = Value::from_json(&line).expect("a request is JSON");
        let number = request.get("machine").and_then(Value::as_i64).and_then(|number| usize::try_from(number).ok());
        let run = number.and_then(|number| MACHINES.get(number)).expect("the number of a machine");
        let mut replay = Replay::new(recording(&request));
        if request.get("express") == Some(&Value::Bool(true)) {
            replay = replay.express();
        }
        for object in request.get("objects").and_then(Value::as_array).into_iter().flat_map(|objects| objects.iter()) {
            insert(replay.objects(), object);
        }
        let replayed = runtime.block_on(run(replay));
        let mut output = std::io::stdout().lock();
        writeln!(output, "{}", answer(&replayed)).expect("somebody reads");
        output.flush().expect("somebody reads");
    }
}

/// An object has its text in the request, or lies in a file.
fn insert(objects: &Objects, object: &Value) {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let (Some(bucket), Some(key)) = (text("bucket"), text("key")) else { return };
    match (text("body"), text("file")) {
        (Some(body), _) => objects.insert(bucket, key, body),
        (None, Some(file)) => objects.insert(bucket, key, std::fs::read(file).expect("an object's file can be read")),
        (None, None) => {}
    }
}

fn recording(request: &Value) -> Recording {
    let recording = request.get("history").map(Recording::new).expect("a history");
    match request.get("input") {
        Some(input) => recording.with_input(input.clone()),
        None => recording,
    }
}

fn answer(replayed: &Replayed) -> Value {
    let mut answer = Object::new();
    match &replayed.result {
        Ok(output) => {
            answer.insert("status", "SUCCEEDED");
            answer.insert("output", output.to_string());
        }
        Err(error) => {
            answer.insert("status", error.status().as_str());
            answer.extend(error.error().map(|name| ("error", name)));
            answer.extend(error.cause().map(|cause| ("cause", cause)));
        }
    }
    let events: Array = replayed.events.iter().map(Event::to_json).collect();
    answer.insert("events", events);
    answer.into()
}
