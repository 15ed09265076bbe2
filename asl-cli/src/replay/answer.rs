use asl_runtime::{BoxFuture, Event, Objects, Recording, Replay, Replayed};

type Entry = fn(Replay) -> BoxFuture<'static, Replayed>;

/// Runs an execution with what was recorded.
fn answer(run: &Entry, request: &Value) -> Object {
    let mut replay = Replay::new(recording(request));
    if request.get("express") == Some(&Value::Bool(true)) {
        replay = replay.express();
    }
    if let Some(arn) = request.get("executionArn").and_then(Value::as_str) {
        replay = replay.execution_arn(arn);
    }
    for object in request.get("objects").and_then(Value::as_array).into_iter().flat_map(|objects| objects.iter()) {
        insert(replay.objects(), object);
    }
    let replayed = wait_for(run(replay));
    let mut answer = Object::new();
    ended(&mut answer, replayed.result.as_ref());
    if let Ok(output) = &replayed.result {
        // As histories have it.
        answer.insert("output", output.to_string());
    }
    answer.insert("events", list(&replayed.events, Event::to_json));
    answer
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
