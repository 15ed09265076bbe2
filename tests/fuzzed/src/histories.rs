//! Histories of executions that are run again.

use asl_runtime::{Recording, Replay, asl_machine};

asl_machine!(pub(crate) mod order = "../machines/order.asl.json");

/// Replays a text as the history of an execution: it is refused, or the execution ends.
pub fn history(bytes: &[u8]) {
    let [choice, text @ ..] = bytes else { return };
    let Ok(recording) = Recording::from_json(&String::from_utf8_lossy(text)) else { return };
    let replay = Replay::new(recording);
    let replay = match choice % 3 {
        0 => replay,
        1 => replay.express(),
        _ => replay.execution_arn(&String::from_utf8_lossy(text)),
    };
    let replayed = crate::done(replay.run::<order::Machine>());
    // What happened can be shown, and starts and ends once.
    for event in &replayed.events {
        let _ = event.to_json().to_string();
    }
    let ends = replayed.events.iter().filter(|event| event.type_name().starts_with("Execution"));
    assert_eq!(ends.count(), 2, "the start and the end");
}
