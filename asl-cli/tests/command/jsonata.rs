//! `asl jsonata` from outside: expressions and data in, values or faults out.

use crate::support::{asl, folder, stderr, stdout};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;

fn jsonata(folder: &Path, arguments: &[&str]) -> Output {
    asl(folder, &[&["jsonata"], arguments].concat())
}

#[test]
fn a_fault_is_shown_at_its_place() {
    let output = jsonata(&folder(module_path!(), "a_fault_is_shown_at_its_place"), &["$sum(1, 2)"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    let shown = "\
error: `$sum` takes 1 argument, not 2
 --> expression:1:9
  |
1 | $sum(1, 2)
  |         ^
  |
  = help: put them into one array: `$sum([ .. ])`
  = note: asl::wrong-arguments
";
    assert_eq!(stderr(&output).trim_end(), shown.trim_end());
}

#[test]
fn an_expression_is_evaluated_on_a_file_with_variables() {
    let folder = folder(module_path!(), "an_expression_is_evaluated_on_a_file_with_variables");
    fs::write(folder.join("data.json"), r#"{ "a": [1, 2] }"#).expect("a file");
    let output = jsonata(&folder, &["$sum(a) * $x", "--input", "@data.json", "--bind", "x=1.5"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "4.5\n"), "{}", stderr(&output));
}

#[test]
fn a_folder_of_cases_gets_a_line_for_each() {
    let folder = folder(module_path!(), "a_folder_of_cases_gets_a_line_for_each");
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
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "5 cases: 5 as expected, 0 did not end\n"),
        "{}",
        stderr(&output)
    );
    let report = fs::read_to_string(folder.join("report.jsonl")).expect("a report");
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.first(), Some(&json!({ "id": "a", "result": [1, 2] })));
    let places: Vec<_> = lines.iter().map(|line| line["at"].as_str()).collect();
    assert_eq!(places, [None, None, Some("compile"), Some("run"), Some("run")]);
}
