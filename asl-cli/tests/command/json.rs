//! `--format json` and the exit codes, which mean the same in every command.

use crate::support::{FINE, asl, code, folder, json, write};
use serde_json::{Value, json};
use std::path::PathBuf;

const BROKEN: &str = r#"{ "StartAt": "Dome", "States": { "Done": { "Type": "Succeed" } } }"#;
const TESTS: &str = r#"{ "cases": [{ "name": "done", "expect": { "path": ["Done"] } }] }"#;

fn scene(test: &str) -> PathBuf {
    let folder = folder(module_path!(), test);
    write(&folder, "fine.asl.json", FINE);
    write(&folder, "fine.test.json", TESTS);
    write(&folder, "broken.asl.json", BROKEN);
    write(&folder, "broken.test.json", TESTS);
    write(
        &folder,
        "fails.asl.json",
        r#"{ "StartAt": "No", "States": { "No": { "Type": "Fail", "Error": "No" } } }"#,
    );
    write(&folder, "fails.test.json", r#"{ "cases": [{ "name": "done" }] }"#);
    let run = asl(&folder, &["run", "fine.asl.json", "--quiet", "--history", "history.json"]);
    assert_eq!(code(&run), Some(0), "{run:?}");
    folder
}

#[test]
fn what_every_command_says_is_one_value_and_its_exit_code_says_how_it_went() {
    let folder = scene("what_every_command_says_is_one_value_and_its_exit_code_says_how_it_went");
    for (arguments, exit_code, field) in [
        ("new project", 0, "files"),
        ("new project", 2, "error"),
        ("check fine.asl.json", 0, ""),
        ("check broken.asl.json", 1, ""),
        ("explain", 0, ""),
        ("explain unknown-state", 0, "page"),
        ("expand fine.asl.json", 0, "rust"),
        ("expand broken.asl.json", 1, "problems"),
        ("expand missing.asl.json", 2, "error"),
        ("build fine.asl.json -o fine", 0, "executable"),
        ("build broken.asl.json", 1, "problems"),
        ("build missing.asl.json", 2, "error"),
        ("run fine.asl.json", 0, "output"),
        ("run fails.asl.json", 1, "status"),
        ("run broken.asl.json", 1, "problems"),
        ("run missing.asl.json", 2, "error"),
        ("run fine.asl.json --input {", 2, "error"),
        ("run fine.asl.json --mock fine.test.json", 0, "output"),
        ("run fine.asl.json --mock missing.json", 2, "error"),
        ("watch -", 2, "error"),
        ("test fine.asl.json", 0, "tests"),
        ("test fails.asl.json", 1, "tests"),
        ("test broken.asl.json", 1, "problems"),
        ("test missing.asl.json", 2, "error"),
        ("replay fine.asl.json --history history.json", 0, "agree"),
        ("replay fails.asl.json --history history.json", 1, "difference"),
        ("replay broken.asl.json --history history.json", 1, "problems"),
        ("replay fine.asl.json --history fine.asl.json", 2, "error"),
        ("graph fine.asl.json", 0, "states"),
        ("graph fine.asl.json --execution history.json", 0, "transitions"),
        ("graph broken.asl.json", 1, "problems"),
        ("graph missing.asl.json", 2, "error"),
        ("policy fine.asl.json", 0, "Statement"),
        ("policy fine.asl.json --explain", 0, ""),
        ("policy fine.asl.json --compare s3:GetObject", 0, "broader"),
        ("policy broken.asl.json", 1, "problems"),
        ("policy missing.asl.json", 2, "error"),
        ("jsonata 1+1", 0, "result"),
        ("jsonata nothing", 0, "undefined"),
        ("jsonata 1+", 1, "problems"),
        ("jsonata $error()", 1, "message"),
        ("jsonata a --input missing.json", 2, "error"),
    ] {
        let words: Vec<_> = arguments.split(' ').chain(["--format", "json"]).collect();
        let output = asl(&folder, &words);
        let answer = json(&output);
        assert_eq!(code(&output), Some(exit_code), "{arguments}: {output:?}");
        assert!(field.is_empty() == answer.is_array(), "{arguments}: {answer}");
        assert!(field.is_empty() || answer.get(field).is_some(), "{arguments}: {answer}");
    }
}

#[test]
fn a_picture_is_data_too() {
    let folder = scene("a_picture_is_data_too");
    let picture =
        json(&asl(&folder, &["graph", "fine.asl.json", "--format", "json", "--execution", "history.json"]));
    let state = picture.pointer("/states/0").expect("a state");
    assert_eq!(
        (&state["name"], &state["type"], &state["ran"]["status"]),
        (&json!("Done"), &json!("Succeed"), &json!("succeeded"))
    );
    assert_eq!((&picture["start_at"], &picture["transitions"]), (&json!("Done"), &json!([])));
}

#[test]
fn cases_are_summed_up() {
    let folder = scene("cases_are_summed_up");
    let case: Value = json!({ "id": "a", "expr": "1", "definition": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }, "result": 1 });
    write(&folder, "cases/a.json", &case.to_string());
    for (command, field) in [("check", "with_errors"), ("replay", "as_recorded"), ("jsonata", "as_expected")]
    {
        let arguments = [command, "--cases", "cases", "--report", "report.jsonl", "--format", "json"];
        let answer = json(&asl(&folder, &arguments));
        assert!(answer["cases"] == 1 && answer.get(field).is_some(), "{command}: {answer}");
    }
}
