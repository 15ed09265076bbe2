//! `asl replay` from outside: recorded executions in, agreement or the first difference out.

use crate::support::{asl, folder, skipped, stderr, stdout, write};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const MACHINE: &str = include_str!("replay/order.asl.json");
const HISTORY: &str = include_str!("replay/order.history.json");

fn replay(folder: &Path, arguments: &[&str]) -> Output {
    asl(folder, &[&["replay"], arguments].concat())
}

fn replay_order(folder: &Path) -> Output {
    replay(folder, &["order.asl.json", "--history", "order.history.json"])
}

#[test]
fn an_execution_that_still_runs_as_recorded() {
    let folder = folder(module_path!(), "an_execution_that_still_runs_as_recorded");
    write(&folder, "order.asl.json", MACHINE);
    write(&folder, "order.history.json", HISTORY);
    let output = replay_order(&folder);
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "order.asl.json: all 30 events agree\n"),
        "{}",
        stderr(&output)
    );
    // The bare list of events does as well.
    let history: Value = serde_json::from_str(HISTORY).expect("JSON");
    write(&folder, "order.history.json", &history["events"].to_string());
    assert_eq!(replay_order(&folder).status.code(), Some(0));
}

#[test]
fn the_first_event_that_differs_is_shown_side_by_side() {
    let folder = folder(module_path!(), "the_first_event_that_differs_is_shown_side_by_side");
    write(&folder, "order.asl.json", &MACHINE.replace("\"id.$\"", "\"message.$\""));
    write(&folder, "order.history.json", HISTORY);
    let output = replay_order(&folder);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(&output));
    assert!(text.starts_with("order.asl.json: 16 events agree, then they differ\n"), "{text}");
    assert!(
        text.lines().any(|line| line.starts_with('!')
            && line.contains("\"id\": \"m-0\"")
            && line.contains("\"message\": \"m-0\"")),
        "{text}"
    );
}

#[test]
fn a_task_that_was_not_recorded_has_no_answer() {
    let folder = folder(module_path!(), "a_task_that_was_not_recorded_has_no_answer");
    write(&folder, "order.asl.json", &MACHINE.replace("\"MaxAttempts\": 1", "\"MaxAttempts\": 0"));
    write(&folder, "order.history.json", HISTORY);
    let output = replay_order(&folder);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(&output));
    assert!(text.contains("LambdaFunctionScheduled") && text.contains("ExecutionFailed"), "{text}");
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let folder = folder(module_path!(), "what_cannot_be_replayed_is_said");
    write(&folder, "order.asl.json", MACHINE);
    write(&folder, "order.history.json", "{}");
    let no_events = replay_order(&folder);
    assert_eq!(no_events.status.code(), Some(2));
    assert!(stderr(&no_events).contains("has no events"), "{}", stderr(&no_events));
    write(&folder, "order.history.json", HISTORY);
    let no_runtime =
        replay(&folder, &["order.asl.json", "--history", "order.history.json", "--runtime", "nowhere"]);
    assert_eq!(no_runtime.status.code(), Some(2));
    assert!(
        stderr(&no_runtime).contains("there is no crate `asl-runtime` in `nowhere`"),
        "{}",
        stderr(&no_runtime)
    );
    write(&folder, "order.asl.json", "{}");
    assert_eq!(replay_order(&folder).status.code(), Some(1));
    assert_eq!(replay(&folder, &["order.asl.json"]).status.code(), Some(2));
}

#[test]
fn a_folder_of_cases_gives_a_line_each() {
    let folder = folder(module_path!(), "a_folder_of_cases_gives_a_line_each");
    fs::create_dir(folder.join("cases")).expect("a folder");
    let case = |id: &str, definition: &Value, status: &str| {
        let case = json!({ "id": id, "kind": "history", "definition": definition, "input": { "order": 7 }, "status": status,
            "history": serde_json::from_str::<Value>(HISTORY).expect("JSON")["events"] });
        write(&folder, &format!("cases/{id}.json"), &case.to_string());
    };
    case("a-order", &serde_json::from_str(MACHINE).expect("JSON"), "SUCCEEDED");
    case(
        "b-endless",
        &json!({ "StartAt": "A", "States": {
        "A": { "Type": "Choice", "Choices": [{ "Variable": "$.order", "NumericEquals": 7, "Next": "B" }], "Default": "C" },
        "B": { "Type": "Pass", "Next": "A" }, "C": { "Type": "Succeed" } } }),
        "FAILED",
    );
    case("c-broken", &json!({ "StartAt": "A", "States": {} }), "REJECTED");
    case(
        "d-wait",
        &json!({ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 86400, "End": true } } }),
        "SUCCEEDED",
    );
    let output = replay(&folder, &["--cases", "cases", "--report", "report.jsonl", "--time-limit", "600"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(stdout(&output), "4 cases: 3 compiled, 4 ended as recorded, 0 did not end\n");
    let report = fs::read_to_string(folder.join("report.jsonl")).expect("a report");
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let fields = |name: &str| lines.iter().map(|line| line[name].clone()).collect::<Vec<_>>();
    assert_eq!(fields("id"), ["a-order", "b-endless", "c-broken", "d-wait"]);
    assert_eq!(fields("compiled"), [true, true, false, true]);
    assert_eq!(fields("status"), [json!("SUCCEEDED"), json!("FAILED"), Value::Null, json!("SUCCEEDED")]);
    let arguments = ["--cases", "cases", "--report", "restarted.jsonl", "--restart", "--time-limit", "20"];
    assert_eq!(replay(&folder, &arguments).status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.join("restarted.jsonl")).expect("a report"), report);
    let limited = replay(
        &folder,
        &["--cases", "cases", "--report", "report.jsonl", "--filter", "wait", "--limit", "1"],
    );
    assert_eq!(stdout(&limited), "1 cases: 1 compiled, 1 ended as recorded, 0 did not end\n");
}

/// The executions that were recorded on AWS, in the folder that this variable names, or where they lie beside the project.
fn recorded() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/history");
    let folder = std::env::var_os("ASL_RECORDED").map_or(beside, PathBuf::from);
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

#[test]
fn recorded_executions_that_are_stored_at_every_answer_are_the_same() {
    let Some(recorded) = recorded() else {
        return skipped("there are no recorded executions; `ASL_RECORDED` names a folder of them");
    };
    let folder = folder(module_path!(), "recorded_executions_that_are_stored_at_every_answer_are_the_same");
    let report = |name: &str, more: &[&str]| {
        let cases = recorded.display().to_string();
        let arguments = [&["--cases", &cases, "--report", name, "--time-limit", "60"], more].concat();
        let output = replay(&folder, &arguments);
        assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
        fs::read_to_string(folder.join(name)).expect("a report")
    };
    let whole = report("whole.jsonl", &[]);
    assert!(whole.lines().count() > 0);
    // As bytes and back, and made again of what a journal holds.
    for (name, how) in [("restarted.jsonl", &["--restart"][..]), ("again.jsonl", &["--journal", "journal"])] {
        let again = report(name, how);
        for (whole, again) in whole.lines().zip(again.lines()) {
            assert_eq!(whole, again, "{name}");
        }
        assert_eq!(whole.lines().count(), again.lines().count(), "{name}");
    }
}
