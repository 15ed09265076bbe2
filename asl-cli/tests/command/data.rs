//! `asl data` and `asl check --against`: folders of executions from outside.

use crate::support::{asl, code, command, folder, stdout, write};
use serde_json::Value;
use std::time::Duration;

const WAITS: &str = r#"{ "StartAt": "Pause", "States": { "Pause": { "Type": "Wait", "SecondsPath": "$.seconds", "End": true } } }"#;
const WAITS_TWICE: &str = r#"{ "StartAt": "Pause", "States": {
    "Pause": { "Type": "Wait", "SecondsPath": "$.seconds", "Next": "More" },
    "More": { "Type": "Wait", "Seconds": 1, "End": true } } }"#;

#[test]
fn a_folder_is_checked_exported_and_compared_with_a_definition() {
    let folder = folder(module_path!(), "a_folder_is_checked_exported_and_compared_with_a_definition");
    write(&folder, "pause.asl.json", WAITS);
    let run = |name: &str, seconds: u32| {
        let input = format!(r#"{{"seconds": {seconds}}}"#);
        command(&folder, &["run", "pause.asl.json", "--data", "data", "--name", name, "--input", &input])
    };
    assert_eq!(run("over", 0).status().expect("a command").code(), Some(0));
    let mut waiting = run("waiting", 1_000_000).spawn().expect("a command");
    let list = || stdout(&asl(&folder, &["executions", "list", "--data", "data"]));
    while !list().contains(":waiting") {
        std::thread::sleep(Duration::from_millis(10));
    }
    let of_that = asl(&folder, &["executions", "list", "--data", "data", "--status", "RUNNING"]);
    assert!(
        stdout(&of_that).contains(":waiting") && !stdout(&of_that).contains(":over"),
        "{}",
        stdout(&of_that)
    );
    waiting.kill().expect("a process that runs");
    waiting.wait().expect("its end");

    // The name is taken, with another input.
    assert_eq!(run("waiting", 1).status().expect("a command").code(), Some(2));

    let against =
        |format| asl(&folder, &["check", "pause.asl.json", "--against", "data", "--format", format]);
    assert_eq!((code(&against("human")), stdout(&against("json")).trim()), (Some(0), "[]"));
    write(&folder, "pause.asl.json", WAITS_TWICE);
    let human = against("human");
    assert_eq!(code(&human), Some(1));
    assert!(
        stdout(&human).contains("1 execution that has not ended began with another version"),
        "{}",
        stdout(&human)
    );
    let problems: Value = serde_json::from_str(&stdout(&against("json"))).expect("JSON");
    assert_eq!(problems[0]["executions"].as_array().map(Vec::len), Some(1), "{problems}");

    let checked = asl(&folder, &["data", "check", "--data", "data"]);
    assert_eq!(code(&checked), Some(0));
    assert!(stdout(&checked).starts_with("2 executions, 1 not ended"), "{}", stdout(&checked));
    let repaired = asl(&folder, &["data", "repair", "--data", "data"]);
    assert_eq!((code(&repaired), stdout(&repaired).as_str()), (Some(0), "no problems\n"));
    let exported = asl(&folder, &["data", "export", "--data", "data", "--histories"]);
    assert_eq!(code(&exported), Some(0));
    let lines: Vec<Value> =
        stdout(&exported).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |name: &str, field: &str| {
        let line =
            lines.iter().find(|line| line["execution"].as_str().is_some_and(|arn| arn.ends_with(name)));
        line.expect("an execution")[field].clone()
    };
    assert_eq!((of(":over", "status"), of(":waiting", "status")), ("SUCCEEDED".into(), "RUNNING".into()));
    assert_eq!(of(":over", "events").as_array().map(Vec::len), Some(4));
    let vacuumed = asl(&folder, &["data", "vacuum", "--data", "data", "--format", "json"]);
    assert_eq!(code(&vacuumed), Some(0));
    assert_eq!(code(&asl(&folder, &["data", "check", "--data", "nowhere"])), Some(2));
}
