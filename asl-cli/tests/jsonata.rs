//! `asl jsonata` from outside: expressions and data in, values or faults out.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of its own for each test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jsonata").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Runs the command. What it builds is kept from test to test, and shared with those of `asl replay`.
fn jsonata(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_asl"))
        .current_dir(folder)
        .env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay-cache"))
        .arg("jsonata")
        .args(arguments)
        .output()
        .expect("asl runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_fault_is_shown_at_its_place() {
    let output = jsonata(&folder("a_fault_is_shown_at_its_place"), &["$sum(1, 2)"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    let shown = "\
error: `$sum` takes 1 argument, not 2
 --> expression:1:9
  |
1 | $sum(1, 2)
  |         ^
  |
  = note: asl::wrong-arguments
";
    assert_eq!(text(&output.stderr).trim_end(), shown.trim_end());
}

#[test]
fn an_expression_is_evaluated_on_a_file_with_variables() {
    let folder = folder("an_expression_is_evaluated_on_a_file_with_variables");
    fs::write(folder.join("data.json"), r#"{ "a": [1, 2] }"#).expect("a file");
    let output = jsonata(&folder, &["$sum(a) * $x", "--input", "data.json", "--bind", "x=1.5"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "4.5\n"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_folder_of_cases_gets_a_line_for_each() {
    let folder = folder("a_folder_of_cases_gets_a_line_for_each");
    fs::create_dir_all(folder.join("cases/group")).expect("a folder");
    let cases = [
        json!({ "id": "a", "expr": "a.b", "data": { "a": [{ "b": 1 }, { "b": 2 }] }, "bindings": {}, "result": [1, 2] }),
        json!({ "id": "b", "expr": "nothing", "data": {}, "bindings": {}, "undefined": true }),
        json!({ "id": "c", "expr": "[1, 2", "bindings": {}, "error": "S0203" }),
        json!({ "id": "d", "expr": "$x + 1", "bindings": { "x": "a" }, "error": "T2001" }),
        json!({ "id": "e", "expr": "($f := function() { $f() }; $f())", "bindings": {}, "timelimit": 50, "error": "U1001" }),
    ];
    for (number, case) in cases.iter().enumerate() {
        fs::write(folder.join(format!("cases/group/{number}.json")), case.to_string()).expect("a file");
    }
    let output = jsonata(&folder, &["--cases", "cases", "--report", "report.jsonl"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "5 cases: 5 as expected, 0 did not end\n"),
        "{}",
        text(&output.stderr)
    );
    let report = fs::read_to_string(folder.join("report.jsonl")).expect("a report");
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.first(), Some(&json!({ "id": "a", "result": [1, 2] })));
    let places: Vec<_> = lines.iter().map(|line| line["at"].as_str()).collect();
    assert_eq!(places, [None, None, Some("compile"), Some("run"), Some("run")]);
}
