//! Paths come to what they come to on AWS: a corpus of paths and documents with the answers of the library that AWS evaluates them with.

#![expect(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a corpus that is something else fails the test"
)]

use super::support::{asl, folder, skipped, stderr};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many paths are in one definition, which is compiled once.
const PATHS_A_DEFINITION: usize = 60;

/// What has to agree at least, in thousandths: of the values and of the errors.
const FLOOR: (usize, usize) = (995, 995);

/// The corpus, in the folder that this variable names, or where it lies beside the project.
pub(super) fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/jsonpath/visible");
    let folder = std::env::var_os("ASL_JSONPATH").map_or(beside, PathBuf::from);
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

/// The cases whose path AWS hands to the library as it is.
pub(super) fn cases(corpus: &Path) -> Vec<Value> {
    let files = fs::read_dir(corpus).expect("a folder").map(|entry| entry.expect("a file").path());
    let texts: Vec<_> = files.map(|file| fs::read_to_string(file).expect("a text")).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let cases = lines.map(|line| serde_json::from_str::<Value>(line).expect("a case"));
    cases.filter(|case| case.get("aws_own").is_none()).collect()
}

/// A machine with a state for each path; its input says which is meant, and what it is applied to.
fn definition(paths: &[&str]) -> Value {
    let number = |number: usize| format!("P{number}");
    let choices: Vec<_> = (0..paths.len())
        .map(|k| json!({ "Variable": "$.k", "NumericEquals": k, "Next": number(k) }))
        .collect();
    let which = json!({ "Type": "Choice", "OutputPath": "$.document", "Choices": choices });
    let states = paths
        .iter()
        .enumerate()
        .map(|(k, path)| (number(k), json!({ "Type": "Pass", "Parameters": { "x.$": path }, "End": true })));
    let states: serde_json::Map<_, _> = states.chain([(String::from("Which"), which)]).collect();
    json!({ "StartAt": "Which", "States": states })
}

/// Runs the command with a folder of cases, and returns the lines of its report by their id.
fn report(folder: &Path, command: &str, cases: &[(String, Value)]) -> BTreeMap<String, Value> {
    let name = format!("{command}-cases");
    fs::create_dir_all(folder.join(&name)).expect("a folder");
    for (id, case) in cases {
        fs::write(folder.join(&name).join(format!("{id}.json")), case.to_string()).expect("a file");
    }
    let output = asl(folder, &[command, "--cases", &name, "--report", "report.jsonl"]);
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    let report = fs::read_to_string(folder.join("report.jsonl")).expect("a report");
    let lines = report.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line"));
    lines.map(|line| (line["id"].as_str().expect("an id").to_owned(), line)).collect()
}

/// Which paths the compiler takes.
fn accepted<'c>(folder: &Path, cases: &'c [Value]) -> Vec<&'c str> {
    let mut paths: Vec<_> = cases.iter().filter_map(|case| case["path"].as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    let checked: Vec<_> = paths
        .iter()
        .enumerate()
        .map(|(k, path)| (k.to_string(), json!({ "id": k.to_string(), "definition": definition(&[path]) })))
        .collect();
    let verdicts = report(folder, "check", &checked);
    let is_accepted = |k: &usize| verdicts[&k.to_string()]["errors"].as_array().is_some_and(Vec::is_empty);
    paths.iter().enumerate().filter(|(k, _)| is_accepted(k)).map(|(_, path)| *path).collect()
}

/// What each case comes to, on a definition that became another one before; nothing if its path is refused.
pub(super) fn answers(
    folder: &Path,
    cases: &[Value],
    change: &dyn Fn(String) -> String,
) -> BTreeMap<String, Value> {
    let accepted = accepted(folder, cases);
    let definitions: Vec<_> =
        accepted.chunks(PATHS_A_DEFINITION).map(|paths| change(definition(paths).to_string())).collect();
    let executions = cases.iter().filter_map(|case| {
        let place = accepted.binary_search(&case["path"].as_str()?).ok()?;
        let input = json!({ "k": place % PATHS_A_DEFINITION, "document": case["document"] });
        let id = case["id"].as_str()?.to_owned();
        let definition = &definitions[place / PATHS_A_DEFINITION];
        let execution = json!({
            "id": id, "kind": "outcome", "definition_text": definition, "input": input, "status": "SUCCEEDED"
        });
        Some((id, execution))
    });
    report(folder, "replay", &executions.collect::<Vec<_>>())
}

/// The value that a path came to.
fn value(answer: Option<&Value>) -> Option<Value> {
    let output = answer.filter(|answer| answer["status"] == "SUCCEEDED")?.get("output")?;
    let output = match output {
        Value::String(text) => serde_json::from_str(text).expect("JSON"),
        output => output.clone(),
    };
    Some(output["x"].clone())
}

/// `1` and `1.0` are the same.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

#[test]
fn paths_come_to_what_the_library_of_aws_makes_of_them() {
    let Some(corpus) = corpus() else {
        return skipped("there is no corpus of paths; `ASL_JSONPATH` names a folder of it");
    };
    let folder = folder(module_path!(), "paths_come_to_what_the_library_of_aws_makes_of_them");
    let cases = cases(&corpus);
    let answers = answers(&folder, &cases, &|definition| definition);
    let (mut values, mut errors) = ((0, 0), (0, 0));
    let mut wrong = Vec::new();
    for case in &cases {
        let found = value(case["id"].as_str().and_then(|id| answers.get(id)));
        let (counts, is_right) = match case.get("result") {
            Some(expected) => (&mut values, found.as_ref().is_some_and(|found| same(found, expected))),
            None => (&mut errors, found.is_none()),
        };
        counts.1 += 1;
        if is_right {
            counts.0 += 1;
        } else {
            wrong.push(format!("{} {}: {found:?}", case["id"], case["path"]));
        }
    }
    assert!(values.1 > 0 && errors.1 > 0, "the corpus has values and errors");
    assert!(values.0 * 1000 >= values.1 * FLOOR.0, "{values:?} values agree: {wrong:#?}");
    assert!(errors.0 * 1000 >= errors.1 * FLOOR.1, "{errors:?} errors agree: {wrong:#?}");
}
