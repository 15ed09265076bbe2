//! Definitions in JSONata yield what they did in JSONPath: those of a user, and all that was recorded or published.

#![expect(clippy::indexing_slicing, reason = "a corpus that is something else fails the test")]

mod generated;
mod published;

use super::paths;
use super::support::{asl, code, ended, folder, json, skipped, stderr, stdout, write};
use asl_compiler::Options;
use asl_compiler::convert::{Conversion, Manner, Weight, to_jsonata};
use asl_compiler::source::SourceFile;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ORDER: &str = r#"{
  "Comment": "An order",
  "StartAt": "Charge",
  "States": {
    "Charge": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Charge",
      "Parameters": { "order.$": "$.id", "amount.$": "$.total.amount", "currency": "EUR" },
      "ResultSelector": { "id.$": "$.chargeId" },
      "ResultPath": "$.charge",
      "Catch": [{ "ErrorEquals": ["Declined"], "ResultPath": "$.problem", "Next": "Refuse" }],
      "Next": "Large?"
    },
    "Large?": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.total.amount", "NumericGreaterThan": 100, "Next": "Count" }],
      "Default": "Done"
    },
    "Count": {
      "Type": "Pass",
      "Parameters": { "n.$": "States.MathAdd($.n, 1)" },
      "ResultPath": "$.large",
      "Next": "Done"
    },
    "Done": { "Type": "Succeed" },
    "Refuse": { "Type": "Fail", "Error": "Refused", "CausePath": "$.problem.Cause" }
  }
}
"#;

const TESTS: &str = r#"{ "cases": [
  {
    "name": "a small order",
    "input": { "id": "a", "total": { "amount": 3 } },
    "mocks": { "Charge": { "result": { "chargeId": "c" } } },
    "expect": { "status": "SUCCEEDED" }
  },
  {
    "name": "a large order",
    "input": { "id": "a", "n": 7, "total": { "amount": 300.5 } },
    "mocks": { "Charge": { "result": { "chargeId": "c" } } },
    "expect": { "status": "SUCCEEDED" }
  },
  {
    "name": "no money",
    "input": { "id": "a", "total": { "amount": 3 } },
    "mocks": { "Charge": { "error": "Declined", "cause": "no money" } },
    "expect": { "status": "FAILED" }
  }
] }"#;

#[test]
fn a_definition_is_converted_and_comes_to_the_same() {
    let folder = folder(module_path!(), "a_definition_is_converted_and_comes_to_the_same");
    write(&folder, "order.asl.json", ORDER);
    write(&folder, "order.test.json", TESTS);
    let arguments = ["convert", "order.asl.json", "--to", "jsonata", "--verify", "-o", "new.asl.json"];
    let converted = asl(&folder, &arguments);
    assert_eq!(code(&converted), Some(0), "{}", stderr(&converted));
    assert!(stderr(&converted).ends_with("verified: 3 of 3 executions agree\n"), "{}", stderr(&converted));
    insta::assert_snapshot!("order", fs::read_to_string(folder.join("new.asl.json")).expect("a definition"));
    let checked = asl(&folder, &["check", "new.asl.json"]);
    assert_eq!(code(&checked), Some(0), "{}", stdout(&checked));
    // Nothing is left to convert.
    let again = asl(&folder, &["convert", "new.asl.json", "--to", "jsonata", "--format", "json"]);
    assert_eq!(json(&again)["converted"], 0);
}

#[test]
fn what_stays_is_said_and_what_cannot_be_is_refused() {
    let folder = folder(module_path!(), "what_stays_is_said_and_what_cannot_be_is_refused");
    let kept =
        r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "ResultPath": "$.a[0]", "End": true } } }"#;
    write(&folder, "kept.asl.json", kept);
    let (code, text, log) = ended(&asl(&folder, &["convert", "kept.asl.json", "--to", "jsonata"]));
    assert_eq!((code, text.as_str()), (Some(1), kept));
    assert!(log.starts_with("kept.asl.json:1:68: impossible: state `A`: "), "{log}");
    write(&folder, "wrong.asl.json", "{}");
    assert_eq!(asl(&folder, &["convert", "wrong.asl.json", "--to", "jsonata"]).status.code(), Some(1));
    let template = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: A\n        States: { A: { Type: Succeed } }\n";
    write(&folder, "template.yaml", template);
    let (code, _, log) = ended(&asl(&folder, &["convert", "template.yaml", "--to", "jsonata"]));
    assert!(code == Some(2) && log.contains("is a template"), "{log}");
    let nothing = asl(&folder, &["convert", "kept.asl.json", "--to", "jsonata", "--verify"]);
    assert!(stderr(&nothing).contains("nothing to verify with"), "{}", stderr(&nothing));
}

#[test]
fn what_is_carried_along_is_in_variables_and_yaml_stays_yaml() {
    let folder = folder(module_path!(), "what_is_carried_along_is_in_variables_and_yaml_stays_yaml");
    let yaml = "# An order\nStartAt: Charge\nStates:\n  Charge:\n    Type: Task\n    Resource: arn:aws:lambda:us-east-1:123456789012:function:Charge\n    Parameters: { id.$: $.id }\n    ResultPath: $.charge # for later\n    Next: Ship\n  Ship:\n    Type: Task\n    Resource: arn:aws:lambda:us-east-1:123456789012:function:Ship\n    Parameters: { charge.$: $.charge.id, id.$: $.id }\n    ResultPath: $.shipped\n    End: true\n";
    write(&folder, "order.asl.yaml", yaml);
    let case = json!({ "cases": [{
        "name": "an order",
        "input": { "id": "a", "other": 1 },
        "mocks": { "Charge": { "result": { "id": "c" } }, "Ship": { "result": 7 } },
        "expect": {
            "output": { "id": "a", "other": 1, "charge": { "id": "c" }, "shipped": 7 },
            "sent": { "Ship": [{ "charge": "c", "id": "a" }] },
        },
    }]});
    write(&folder, "order.test.json", &case.to_string());
    let arguments = ["convert", "order.asl.yaml", "--to", "jsonata", "--variables", "--in-place", "--verify"];
    let converted = asl(&folder, &arguments);
    assert_eq!(code(&converted), Some(0), "{}", stderr(&converted));
    insta::assert_snapshot!(
        "variables",
        fs::read_to_string(folder.join("order.asl.yaml")).expect("a definition")
    );
    let tested = asl(&folder, &["test", "order.asl.yaml"]);
    assert_eq!(code(&tested), Some(0), "{}", stdout(&tested));
}

/// A part of the corpora, in the folder that this variable names, or where they lie beside the project.
fn corpus(variable: &str, name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance").join(name);
    let folder = std::env::var_os(variable).map_or(beside, PathBuf::from);
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

const EXACT: Manner = Manner { approximately: false, variables: false };
const APPROXIMATE: Manner = Manner { approximately: true, variables: false };

fn converted(definition: &str, manner: Manner) -> Option<Conversion> {
    to_jsonata(&SourceFile::new("machine.asl.json", definition), &Options::default(), manner).ok()
}

/// The same with variables, if any come of it.
fn with_variables(definition: &str, manner: Manner) -> Option<Conversion> {
    converted(definition, Manner { variables: true, ..manner }).filter(|found| !found.variables.is_empty())
}

/// What a folder of cases comes to, by their ids.
fn report(folder: &Path, cases: &str) -> BTreeMap<String, Value> {
    // There may be none of a kind.
    if !folder.join(cases).is_dir() {
        return BTreeMap::new();
    }
    let output = asl(folder, &["replay", "--cases", cases, "--report", "report.jsonl", "--time-limit", "60"]);
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    let report = fs::read_to_string(folder.join("report.jsonl")).expect("a report");
    let lines = report.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line"));
    lines.map(|line| (line["id"].as_str().expect("an id").to_owned(), line)).collect()
}

/// How an execution ended, and what its tasks got. Those that fail may fail otherwise.
fn end(line: &Value) -> Value {
    if line["status"] != "SUCCEEDED" {
        return json!([line["status"]]);
    }
    let output = line["output"].as_str().and_then(|output| serde_json::from_str::<Value>(output).ok());
    json!([line["status"], output, tasks(line)])
}

/// What tasks got.
fn tasks(line: &Value) -> Vec<Value> {
    let details =
        ["taskScheduledEventDetails", "lambdaFunctionScheduledEventDetails", "activityScheduledEventDetails"];
    let got = line["events"].as_array().into_iter().flatten().filter_map(|event| {
        let details = details.iter().find_map(|name| event.get(name))?;
        let text = details.get("parameters").or_else(|| details.get("input"))?.as_str()?;
        Some(serde_json::from_str(text).unwrap_or_else(|_| text.into()))
    });
    got.collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "who reads the log should see what was tried")]
fn recorded_executions_come_to_the_same() {
    let Some(recorded) = corpus("ASL_RECORDED", "history") else {
        return skipped("there are no recorded executions; `ASL_RECORDED` names a folder of them");
    };
    let folder = folder(module_path!(), "recorded_executions_come_to_the_same");
    let mut cases = BTreeMap::new();
    for (number, path) in files(&recorded).iter().enumerate() {
        let mut case: Value =
            serde_json::from_str(&fs::read_to_string(path).expect("a text")).expect("a case");
        let text = case["definition_text"].as_str();
        let text = text.map_or_else(|| format!("{:#}", case["definition"]), str::to_owned);
        let id = format!("{number}");
        case["id"] = id.as_str().into();
        let mut put = |folder_of: &str, text: String| {
            case["definition_text"] = text.into();
            write(&folder, &format!("{folder_of}/{id}.json"), &case.to_string());
        };
        let Some(exact) = converted(&text, EXACT) else { continue };
        let Some(approximate) = converted(&text, APPROXIMATE).filter(|all| all.converted > 0) else {
            continue;
        };
        if let Some(carried) = with_variables(&text, EXACT) {
            put("exact_variables", carried.text);
        }
        // What has nothing more in it needs no second look.
        if approximate.converted > exact.converted {
            put("approximate", approximate.text);
            if let Some(carried) = with_variables(&text, APPROXIMATE) {
                put("approximate_variables", carried.text);
            }
        }
        put("exact", exact.text);
        put("before", text);
        cases.insert(id, path.file_name().expect("a name").to_owned());
    }
    let folders = ["before", "exact", "approximate", "exact_variables", "approximate_variables"];
    let [before, exact, approximate, variables, approximate_variables] =
        folders.map(|cases| report(&folder, cases));
    let differences = |before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>| -> Vec<_> {
        let differ = |(id, line): &(&String, &Value)| end(&before[*id]) != end(line);
        after
            .iter()
            .filter(differ)
            .map(|(id, line)| (cases[id].clone(), end(&before[id]), end(line)))
            .collect()
    };
    for (before, after) in [(&before, &exact), (&before, &variables), (&approximate, &approximate_variables)]
    {
        let found = differences(before, after);
        assert!(found.is_empty(), "{found:#?}");
    }
    let found = differences(&before, &approximate);
    eprintln!(
        "all of {} recorded executions agree, {} of them with variables; if all that is possible is converted, not in {} cases",
        exact.len(),
        variables.len() + approximate_variables.len(),
        found.len()
    );
    // They are about what the remarks say: rounded numbers, texts of objects, seeds.
    assert!(found.len() * 25 <= exact.len(), "{found:#?}");
}

#[test]
#[expect(clippy::print_stderr, reason = "who reads the log should see what was tried")]
fn published_workflows_are_converted() {
    let Some(published) = corpus("ASL_WORKFLOWS", "workflows") else {
        return skipped("there are no published workflows; `ASL_WORKFLOWS` names a folder of them");
    };
    let (mut states, mut exact, mut kept, mut variables, mut reasons) =
        (0, 0, 0, 0, BTreeMap::<String, usize>::new());
    for path in
        files(&published).iter().filter(|path| path.extension().is_some_and(|ending| ending == "json"))
    {
        let text = fs::read_to_string(path).expect("a text");
        let carried = Manner { variables: true, ..APPROXIMATE };
        let Some(conversion) = converted(&text, carried) else { continue };
        exact += converted(&text, EXACT).map_or(0, |exact| exact.converted);
        variables += usize::from(!conversion.variables.is_empty());
        states += conversion.converted + conversion.kept;
        kept += conversion.kept;
        let source = SourceFile::new("machine.asl.json", conversion.text.as_str());
        let found = asl_compiler::check(&source, &Options::default()).diagnostics;
        let errors: Vec<_> = found
            .iter()
            .filter(|found| found.severity == asl_compiler::diagnostic::Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}\n{}", path.display(), conversion.text);
        for remark in conversion.remarks.iter().filter(|remark| remark.weight == Weight::Impossible) {
            *reasons.entry(remark.message.clone()).or_default() += 1;
        }
    }
    eprintln!(
        "of {states} states {exact} are converted exactly; {kept} stay in JSONPath in any case; {variables} workflows have variables then: {reasons:#?}"
    );
    assert!(states > 0 && kept * 10 <= states, "{reasons:#?}");
}

#[test]
#[expect(clippy::print_stderr, reason = "who reads the log should see what was tried")]
fn paths_come_to_the_same() {
    let Some(corpus) = paths::corpus() else {
        return skipped("there is no corpus of paths; `ASL_JSONPATH` names a folder of it");
    };
    let cases = paths::cases(&corpus);
    let of = |name: &str, convert: &dyn Fn(String) -> String| {
        paths::answers(&folder(module_path!(), name), &cases, convert)
    };
    let before = of("paths_before", &|definition| definition);
    let after = of("paths_after", &|definition| {
        converted(&definition, APPROXIMATE).map_or_else(|| definition.clone(), |conversion| conversion.text)
    });
    let (mut definite, mut any) = ((0, 0), (0, 0));
    let mut different = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        let Some(line) = before.get(id).filter(|line| line["status"] == "SUCCEEDED") else { continue };
        let counts = if case["definite"] == true { &mut definite } else { &mut any };
        counts.1 += 1;
        if end(line) == end(&after[id]) {
            counts.0 += 1;
        } else if case["definite"] == true {
            different.push((case["path"].clone(), end(line), end(&after[id])));
        }
    }
    eprintln!("paths to one value that agree: {definite:?}; to any number of values: {any:?}");
    assert!(definite.1 > 0 && definite.0 == definite.1, "{different:#?}");
}
