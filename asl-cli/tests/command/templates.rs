//! Definitions inside of templates, from outside: which one is meant, and where their problems are.

use crate::support::{FINE, asl, code, ended, json, stderr, stdout, with_input, write};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Two machines, one of which is in a file.
const TEMPLATE: &str = "Resources:
  Order:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Charge
        States:
          Charge:
            Type: Task
            Resource: !GetAtt ChargeCard.Arn
            Next: Done
          Done: { Type: Pass, Result: { charged: true }, End: true }
  Refund:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flows/refund.asl.json
      DefinitionSubstitutions: { Seconds: 0, First: Wait }
";

const REFUND: &str = r#"{ "StartAt": "${First}", "States": { "Wait": { "Type": "Wait", "Seconds": ${Seconds}, "End": true } } }"#;

fn folder(test: &str) -> PathBuf {
    let folder = crate::support::folder(module_path!(), test);
    write(&folder, "template.yaml", TEMPLATE);
    write(&folder, "flows/refund.asl.json", REFUND);
    folder
}

fn problems(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = asl(folder, &[&["check", "--format", "json"], arguments].concat());
    let problems = json(&output);
    let problems = problems.as_array().expect("a list").iter();
    problems
        .map(|problem| json!([problem["file"], problem["machine"], problem["line"], problem["column"]]))
        .collect()
}

#[test]
fn all_machines_of_a_template_are_checked() {
    let folder = folder("all_machines_of_a_template_are_checked");
    let output = asl(&folder, &["check", "template.yaml"]);
    let expected = "template.yaml (Order): no problems\nflows/refund.asl.json (Refund): no problems\n";
    assert_eq!(ended(&output), (Some(0), expected.to_owned(), String::new()));
    write(
        &folder,
        "template.yaml",
        &TEMPLATE.replace("Next: Done", "Next: Dome").replace("First: Wait", "First: X"),
    );
    assert_eq!(
        problems(&folder, &["template.yaml"]),
        [json!(["template.yaml", "Order", 11, 19]), json!(["flows/refund.asl.json", "Refund", 1, 14])]
    );
    assert_eq!(problems(&folder, &["template.yaml", "--machine", "Order"]).len(), 1);
    let unknown = asl(&folder, &["check", "template.yaml", "--machine", "Ordr"]);
    assert_eq!(code(&unknown), Some(2));
    assert!(
        stderr(&unknown)
            .contains("there is no state machine `Ordr` in `template.yaml`; did you mean `Order`?")
    );
}

#[test]
fn a_template_comes_through_the_standard_input() {
    let text = TEMPLATE.replace("Next: Done", "Next: Dome");
    let output = with_input(&["check", "-", "--machine", "Order"], text.as_bytes());
    assert!(stdout(&output).contains("<stdin>:11:19"), "{output:?}");
    assert!(stdout(&output).ends_with("<stdin> (Order): 1 error\n"), "{output:?}");
}

#[test]
fn what_is_not_at_hand_is_said() {
    let folder = folder("what_is_not_at_hand_is_said");
    write(
        &folder,
        "s3.yaml",
        "Resources:\n  A:\n    Type: AWS::Serverless::StateMachine\n    Properties: { DefinitionUri: { Bucket: b, Key: k } }\n",
    );
    let output = asl(&folder, &["check", "s3.yaml"]);
    assert_eq!(ended(&output), (Some(0), String::new(), "note: the definition of `A` is in S3\n".to_owned()));
    let output = asl(&folder, &["expand", "s3.yaml"]);
    assert_eq!(
        ended(&output),
        (Some(2), String::new(), "error: the definition of `A` is in S3\n".to_owned())
    );
    std::fs::remove_file(folder.join("flows/refund.asl.json")).expect("a file");
    let output = asl(&folder, &["check", "template.yaml"]);
    assert_eq!(code(&output), Some(2));
    assert!(stderr(&output).contains("no such file: `flows/refund.asl.json`"), "{output:?}");
    assert!(stdout(&output).contains("template.yaml (Order): no problems"), "{output:?}");
}

#[test]
fn commands_want_one_machine() {
    let folder = folder("commands_want_one_machine");
    for command in ["graph", "policy", "expand", "run"] {
        let output = asl(&folder, &[command, "template.yaml"]);
        let reason = "error: `template.yaml` has several state machines: choose one with `--machine NAME` from `Order`, `Refund`\n";
        assert_eq!(ended(&output), (Some(2), String::new(), reason.to_owned()), "{command}");
    }
    let graph = asl(&folder, &["graph", "template.yaml", "--machine", "Refund", "--format", "mermaid"]);
    assert!(code(&graph) == Some(0) && stdout(&graph).contains("Wait"), "{graph:?}");
    let expanded = asl(&folder, &["expand", "template.yaml", "--machine", "Refund"]);
    let rust = stdout(&expanded);
    assert!(rust.contains("pub mod refund {") && rust.contains(r#"{"StartAt":"Wait""#), "{rust}");
    let policy = asl(&folder, &["policy", "template.yaml", "--machine", "Order"]);
    assert!(code(&policy) == Some(0) && stdout(&policy).contains("lambda:InvokeFunction"), "{policy:?}");
}

#[test]
fn a_machine_of_a_template_runs() {
    let folder = folder("a_machine_of_a_template_runs");
    let output = asl(&folder, &["run", "template.yaml", "--machine", "Refund", "--input", "7", "--quiet"]);
    assert_eq!(ended(&output), (Some(0), "7\n".to_owned(), String::new()));
}

#[test]
fn tests_name_the_machine_that_they_are_for() {
    let folder = folder("tests_name_the_machine_that_they_are_for");
    let tests = |machine: &str| {
        format!(
            r#"{{ {machine} "mocks": {{ "Charge": {{ "result": 1 }} }}, "cases": [{{ "name": "all is well", "expect": {{ "output": {{ "charged": true }} }} }}] }}"#
        )
    };
    write(&folder, "template.test.json", &tests(""));
    let undecided = asl(&folder, &["test", "template.yaml"]);
    assert_eq!(code(&undecided), Some(2));
    assert!(stderr(&undecided).contains(r#"choose one with `"machine": "NAME"` from `Order`, `Refund`"#));
    write(&folder, "template.test.json", &tests(r#""machine": "Order","#));
    let output = asl(&folder, &["test", "template.yaml", "--coverage"]);
    let text = stdout(&output);
    assert_eq!(code(&output), Some(0), "{output:?}");
    assert!(text.contains("test template.yaml (Order): all is well ... ok\n"), "{text}");
    assert!(text.contains("\ntemplate.yaml (Order)\n  states      2 of 2, 100.0 %\n"), "{text}");
}

#[test]
fn a_folder_has_templates_and_what_they_name() {
    let folder = folder("a_folder_has_templates_and_what_they_name");
    write(&folder, "flows/other.asl.json", FINE);
    write(&folder, "package.json", "{ \"name\": \"stepFunctions\" }");
    write(&folder, "values.yaml", "stepFunctions: {{ .Values.x }}");
    write(&folder, "queue.yaml", "Resources: { Queue: { Type: AWS::SQS::Queue } }");
    let output = asl(&folder, &["check", "."]);
    let expected = "./flows/other.asl.json: no problems\n./template.yaml (Order): no problems\n./flows/refund.asl.json (Refund): no problems\n";
    assert_eq!(ended(&output), (Some(0), expected.to_owned(), String::new()));
    assert_eq!(
        stdout(&asl(&folder, &["check", ".", "--machine", "Order"])),
        "./template.yaml (Order): no problems\n"
    );
}
