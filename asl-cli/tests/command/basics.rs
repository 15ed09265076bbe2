//! The command from outside: arguments and files in, texts and exit codes out.

use crate::support::{FINE, asl, code, ended, folder, skipped, stderr, stdout, with_input, write};
use std::path::Path;

const BROKEN: &str = "{\n  \"StartAt\": \"Done\",\n}\n";

#[test]
fn a_definition_without_problems() {
    let folder = folder(module_path!(), "a_definition_without_problems");
    write(&folder, "machine.json", FINE);
    let output = asl(&folder, &["check", "machine.json"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (Some(0), "machine.json: no problems\n"));
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_definition_with_problems() {
    let folder = folder(module_path!(), "a_definition_with_problems");
    write(&folder, "machine.json", BROKEN);
    let output = asl(&folder, &["check", "machine.json"]);
    let expected = r#"error: there is a comma after the last part of an object
 --> machine.json:2:20
  |
2 |   "StartAt": "Done",
  |                    ^ only `}` follows
  |
  = help: remove the comma
  = note: asl::invalid-json

machine.json: 1 error
"#;
    assert_eq!((code(&output), stdout(&output).as_str()), (Some(1), expected));
}

#[test]
fn problems_as_json() {
    let folder = folder(module_path!(), "problems_as_json");
    write(&folder, "a.json", "[\"é\" 1]");
    write(&folder, "b.json", FINE);
    let output = asl(&folder, &["check", "--format", "json", "a.json", "b.json"]);
    assert_eq!(code(&output), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected = serde_json::json!([{
        "code": "invalid-json",
        "severity": "error",
        "message": "expected `,` or `]` after the element, found `1`",
        "label": "expected `,` or `]` after the element",
        "help": [],
        "file": "a.json",
        "line": 1, "column": 6, "end_line": 1, "end_column": 7,
        "related": [{ "label": "the array starts here", "line": 1, "column": 1, "end_line": 1, "end_column": 2 }],
    }]);
    assert_eq!(found, expected);
}

#[test]
fn no_problems_as_json() {
    let output = with_input(&["check", "--format", "json", "-"], FINE.as_bytes());
    assert_eq!((code(&output), stdout(&output).as_str()), (Some(0), "[]\n"));
}

#[test]
fn the_standard_input() {
    let output = with_input(&["check", "-"], BROKEN.as_bytes());
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("--> <stdin>:2:20"));
}

#[test]
fn the_standard_input_in_yaml() {
    let yaml = "# A comment\nStartAt: A\nStates:\n  A:\n    Type: Pas\n";
    let output = with_input(&["check", "-"], yaml.as_bytes());
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("--> <stdin>:5:11"), "{}", stdout(&output));
}

#[test]
fn files_that_cannot_be_read() {
    let folder = folder(module_path!(), "files_that_cannot_be_read");
    std::fs::create_dir(folder.join("directory")).expect("a folder");
    for (command, file, text) in [
        ("check", "missing.json", "error: no such file: `missing.json`\n"),
        ("expand", "missing.json", "error: no such file: `missing.json`\n"),
        ("check", "directory", "error: there is no definition in the folder `directory`\n"),
        ("expand", "directory", "error: `directory` is a directory, not a file\n"),
    ] {
        let output = asl(&folder, &[command, file]);
        assert_eq!((code(&output), stderr(&output).as_str()), (Some(2), text), "{command} {file}");
    }
}

#[test]
fn the_other_files_are_checked_if_one_cannot_be_read() {
    let folder = folder(module_path!(), "the_other_files_are_checked_if_one_cannot_be_read");
    write(&folder, "broken.json", BROKEN);
    let output = asl(&folder, &["check", "missing.json", "broken.json"]);
    assert_eq!(code(&output), Some(2));
    assert!(stdout(&output).contains("broken.json: 1 error\n"));
    assert!(stderr(&output).contains("no such file: `missing.json`"));
}

#[test]
fn arguments_that_make_no_sense() {
    let folder = folder(module_path!(), "arguments_that_make_no_sense");
    let cases: [(&[&str], &str); 8] = [
        (&[], "Usage"),
        (&["chek"], "check"),
        (&["check"], "<FILE>..."),
        (&["check", "--format", "xml", "x.json"], "human, json, sarif, github"),
        (&["check", "--profile", "azure", "x.json"], "local, aws"),
        (&["check", "--allow", "unknown-stat", "x.json"], "did you mean `unknown-state`?"),
        (&["check", "--allow", "unknown-state", "x.json"], "errors cannot be switched off"),
        (&["explain", "zzzzzzzzzzzzz"], "there is no such code"),
    ];
    for (arguments, text) in cases {
        let output = asl(&folder, arguments);
        assert_eq!(code(&output), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(text), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_huge_file_is_refused_at_once() {
    let folder = folder(module_path!(), "a_huge_file_is_refused_at_once");
    let file = std::fs::File::create(folder.join("huge.json")).expect("a file");
    // Reading so much would take too long.
    file.set_len(1 << 40).expect("a file of 1 TiB, in which nothing is");
    let output = asl(&folder, &["check", "huge.json"]);
    assert_eq!(code(&output), Some(1));
    assert!(
        stdout(&output).starts_with("error: the file has more than 8388608 bytes"),
        "{}",
        stdout(&output)
    );
    write(&folder, "fine.json", FINE);
    let cases: [(&[&str], &str); 5] = [
        (&["run", "fine.json", "--input", "@huge.json"], "256 MiB"),
        (&["graph", "fine.json", "--execution", "huge.json"], "256 MiB"),
        (&["replay", "fine.json", "--history", "huge.json"], "256 MiB"),
        (&["test", "fine.json", "--mock-config", "huge.json"], "256 MiB"),
        (&["run", "fine.json", "--config", "huge.json"], "8 MiB"),
    ];
    for (arguments, most) in cases {
        let output = asl(&folder, arguments);
        let (code, _, log) = ended(&output);
        assert!(code == Some(2) && log.contains("huge.json` ") && log.contains(most), "{arguments:?}: {log}");
    }
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let folder = folder(module_path!(), "an_empty_file_is_said_to_be_empty");
    write(&folder, "fine.json", FINE);
    write(&folder, "empty.json", "\n");
    let cases: [&[&str]; 4] = [
        &["graph", "fine.json", "--execution", "empty.json"],
        &["replay", "fine.json", "--history", "empty.json"],
        &["test", "fine.json", "--mock-config", "empty.json"],
        &["run", "fine.json", "--mock", "empty.json"],
    ];
    for arguments in cases {
        let (code, _, log) = ended(&asl(&folder, arguments));
        assert!(code == Some(2) && log.contains("`empty.json` is empty"), "{arguments:?}: {log}");
    }
}

#[test]
fn a_huge_input_is_refused() {
    let output = with_input(&["check", "-"], &vec![b'['; 20 * 1024 * 1024]);
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("asl::file-too-large"));
}

#[test]
fn deep_nesting_is_refused() {
    let output = with_input(&["check", "-"], "[".repeat(1_000_000).as_bytes());
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("asl::nested-too-deeply"));
    assert!(stdout(&output).len() < 2000);
}

#[test]
fn bytes_that_are_no_text() {
    let output = with_input(&["check", "-"], b"{\n  \"caf\xE9\": 1\n}");
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("--> <stdin>:2:7\n"), "{}", stdout(&output));
    assert!(stdout(&output).contains("asl::invalid-utf8"));
}

#[test]
fn many_problems_are_cut_off() {
    let members: Vec<_> = (0..50).map(|_| "\"a\": 1").collect();
    let output = with_input(&["check", "-"], format!("{{{}}}", members.join(",\n")).as_bytes());
    assert_eq!(stdout(&output).matches("\nerror: ").count() + 1, 20);
    assert!(stdout(&output).contains("\nand "), "{}", stdout(&output));
}

#[test]
fn warnings_can_be_errors_or_nothing() {
    let folder = folder(module_path!(), "warnings_can_be_errors_or_nothing");
    let machine = r#"{ "StartAt": "Fetch", "States": { "Fetch": {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": { "ApiEndpoint": "https://api.example.com/", "Method": "GET" },
        "End": true
    } } }"#;
    write(&folder, "machine.json", machine);
    let cases: [(&[&str], i32, &str); 6] = [
        (&[], 0, "machine.json: 1 warning\n"),
        (&["--deny-warnings"], 1, "machine.json: 1 error\n"),
        (&["--deny", "warnings"], 1, "machine.json: 1 error\n"),
        (&["--profile", "aws"], 1, "machine.json: 1 error\n"),
        (&["--allow", "aws-needs-connection"], 0, "machine.json: no problems\n"),
        (&["--deny-warnings", "--allow", "asl::aws-needs-connection"], 0, "machine.json: no problems\n"),
    ];
    for (options, exit_code, summary) in cases {
        let output = asl(&folder, &[&["check", "machine.json"], options].concat());
        assert_eq!(code(&output), Some(exit_code), "{options:?}");
        assert!(stdout(&output).ends_with(summary), "{options:?}: {}", stdout(&output));
    }
}

#[test]
fn the_body_of_an_answer_can_be_the_result() {
    let folder = folder(module_path!(), "the_body_of_an_answer_can_be_the_result");
    let machine = r#"{ "StartAt": "Fetch", "States": {
        "Fetch": {
            "Type": "Task",
            "Resource": "arn:aws:states:::http:invoke",
            "Parameters": { "ApiEndpoint": "https://api.example.com/", "Method": "GET" },
            "ResultPath": "$.answer",
            "Next": "Copy"
        },
        "Copy": { "Type": "Pass", "Parameters": { "id.$": "$.answer.id" }, "End": true }
    } }"#;
    write(&folder, "machine.json", machine);
    let output = asl(&folder, &["check", "machine.json", "--http-result", "body"]);
    assert_eq!(code(&output), Some(0), "{}", stdout(&output));
    let output = asl(&folder, &["check", "machine.json"]);
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("asl::path-not-in-result"), "{}", stdout(&output));
}

#[test]
fn the_generated_code_is_printed() {
    let output = with_input(&["expand", "-"], FINE.as_bytes());
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    assert!(syn::parse_file(&stdout(&output)).is_ok());
}

#[test]
fn a_definition_with_problems_has_no_generated_code() {
    let output = with_input(&["expand", "-"], BROKEN.as_bytes());
    assert_eq!((code(&output), stdout(&output).as_str()), (Some(1), ""));
    assert!(stderr(&output).contains("asl::invalid-json"));
}

#[test]
fn a_code_is_explained() {
    let folder = folder(module_path!(), "a_code_is_explained");
    for name in ["unknown-state", "asl::unknown-state"] {
        let output = asl(&folder, &["explain", name]);
        assert_eq!(code(&output), Some(0));
        assert!(stdout(&output).starts_with("# `unknown-state`\n"));
    }
    let output = asl(&folder, &["explain"]);
    assert_eq!(code(&output), Some(0));
    assert!(stdout(&output).lines().any(|line| line.starts_with("unknown-state  ")));
}

#[test]
fn a_policy_is_compared_with_what_is_needed() {
    let machine = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/seed/machine.json");
    let machine = machine.to_str().expect("a path in UTF-8");
    let granted = "states:StartExecution,dynamodb:PutItem,states:InvokeHTTPEndpoint";
    let output = asl(
        &folder(module_path!(), "policy"),
        &[
            &["policy", machine, "--http-result", "body", "--compare", granted][..],
            &["--partition", "aws", "--region", "us-east-1", "--account", "123456789012", "--name", "m"],
        ]
        .concat(),
    );
    assert_eq!(code(&output), Some(1));
    let text = stdout(&output);
    let lines: Vec<_> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "needed and granted: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/TabelaResultados",
            "needed and granted: states:InvokeHTTPEndpoint on arn:aws:states:us-east-1:123456789012:stateMachine:m",
            "lacking: events:RetrieveConnectionCredentials on arn:aws:events:us-east-1:123456789012:connection/*, needed by `Chamar API Externa`: no statement allows it",
            "lacking: secretsmanager:DescribeSecret on arn:aws:secretsmanager:us-east-1:123456789012:secret:events!connection/*, needed by `Chamar API Externa`: no statement allows it",
            "lacking: secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-1:123456789012:secret:events!connection/*, needed by `Chamar API Externa`: no statement allows it",
            "more than needed: states:StartExecution in `states:StartExecution`",
        ]
    );
}

#[test]
fn a_role_is_checked_with_its_trust_and_its_boundary() {
    let folder = folder(module_path!(), "check_role");
    let machine = r#"{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish",
        "Parameters": { "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": "x" }, "End": true } } }"#;
    let document = |statement: &str| format!(r#"{{ "Version": "2012-10-17", "Statement": [{statement}] }}"#);
    let allow = document(
        r#"{ "Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:us-east-1:1:t" }"#,
    );
    let trust = |service: &str| {
        let principal = format!(
            r#"{{ "Effect": "Allow", "Principal": {{ "Service": "{service}" }}, "Action": "sts:AssumeRole" }}"#
        );
        document(&principal)
    };
    let role = |service: &str| {
        format!(
            r#"{{ "AssumeRolePolicyDocument": {}, "RolePolicyList": [{{ "PolicyName": "p", "PolicyDocument": {allow} }}] }}"#,
            trust(service)
        )
    };
    write(&folder, "machine.json", machine);
    write(&folder, "role.json", &role("states.amazonaws.com"));
    write(&folder, "other.json", &role("lambda.amazonaws.com"));
    write(&folder, "boundary.json", &document(r#"{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }"#));
    let checked = asl(&folder, &["policy", "machine.json", "--check-role", "role.json"]);
    assert_eq!((code(&checked), stdout(&checked).lines().count()), (Some(0), 1), "{checked:?}");
    let untrusted = asl(&folder, &["policy", "machine.json", "--check-role", "other.json"]);
    assert_eq!(code(&untrusted), Some(1));
    assert!(stdout(&untrusted).contains("does not trust"), "{untrusted:?}");
    let bounded =
        asl(&folder, &["policy", "machine.json", "--check-role", "role.json", "--boundary", "boundary.json"]);
    assert_eq!(code(&bounded), Some(1));
    assert!(stdout(&bounded).contains("the boundary: no statement allows it"), "{bounded:?}");
}

#[test]
fn policies_are_read_from_yaml() {
    let folder = folder(module_path!(), "yaml_policies");
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Order:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: arn:aws:states:::sns:publish
            Parameters: { TopicArn: !Ref Topic, Message: x }
            End: true
      Policies:
        - SNSPublishMessagePolicy: { TopicName: !GetAtt Topic.TopicName }
";
    let boundary = "Version: 2012-10-17
Statement:
  - Effect: Allow
    Action: s3:*
    Resource: '*'
";
    write(&folder, "template.yaml", template);
    write(&folder, "boundary.yaml", boundary);
    write(&folder, "broken.yaml", "Statement: [");
    let compare = |arguments: &[&str]| asl(&folder, &[&["policy", "template.yaml"], arguments].concat());
    let granted = compare(&["--compare", "template.yaml"]);
    assert_eq!(code(&granted), Some(0), "{granted:?}");
    assert!(stdout(&granted).starts_with("needed and granted: sns:Publish on ${Topic}"), "{granted:?}");
    let bounded = compare(&["--compare", "template.yaml", "--boundary", "boundary.yaml"]);
    assert_eq!(code(&bounded), Some(1));
    assert!(stdout(&bounded).contains("the boundary: no statement allows it"), "{bounded:?}");
    let broken = compare(&["--compare", "broken.yaml"]);
    assert_eq!(code(&broken), Some(2), "{broken:?}");
}

#[test]
fn a_machine_is_drawn_and_an_execution_coloured() {
    let folder = folder(module_path!(), "graph");
    write(&folder, "m.asl.json", FINE);
    let history = r#"{"events":[{"id":1,"previousEventId":0,"type":"SucceedStateEntered","stateEnteredEventDetails":{"name":"Done"}},
        {"id":2,"previousEventId":1,"type":"SucceedStateExited","stateExitedEventDetails":{"name":"Done"}}]}"#;
    write(&folder, "history.json", history);
    let output = asl(&folder, &["graph", "m.asl.json", "--execution", "history.json"]);
    assert_eq!(code(&output), Some(0));
    assert!(stdout(&output).contains("state succeed succeeded"));
    let output = asl(&folder, &["graph", "m.asl.json", "--format", "mermaid", "-o", "m.mmd"]);
    assert_eq!(code(&output), Some(0));
    assert!(std::fs::read_to_string(folder.join("m.mmd")).is_ok_and(|text| text.starts_with("flowchart")));
    let output = asl(&folder, &["graph", "m.asl.json", "--execution", "m.asl.json"]);
    assert_eq!(code(&output), Some(2));
    // The name of the output says what it is.
    let output = asl(&folder, &["graph", "m.asl.json", "--execution", "history.json", "-o", "report.html"]);
    assert_eq!(code(&output), Some(0));
    let report = std::fs::read_to_string(folder.join("report.html")).expect("a page");
    assert!(report.starts_with("<!DOCTYPE html>") && report.contains("Timeline"), "{report}");
    let output = asl(&folder, &["graph", "m.asl.json", "-o", "report.html"]);
    assert_eq!(code(&output), Some(2));
    assert!(stderr(&output).contains("--execution"), "{output:?}");
}

#[test]
fn an_execution_is_drawn_beside_what_tests_cover() {
    let folder = folder(module_path!(), "graph_coverage");
    let definition = r#"{ "StartAt": "Ask", "States": {
        "Ask": { "Type": "Choice", "Choices": [{ "Variable": "$.yes", "BooleanEquals": true, "Next": "Yes" }], "Default": "No" },
        "Yes": { "Type": "Succeed" }, "No": { "Type": "Pass", "End": true } } }"#;
    let tests = r#"{ "cases": [{ "name": "yes", "input": { "yes": true }, "expect": { "output": { "yes": true } } }] }"#;
    write(&folder, "m.asl.json", definition);
    write(&folder, "m.test.json", tests);
    write(&folder, "other.asl.json", FINE);
    let run =
        asl(&folder, &["run", "m.asl.json", "--input", r#"{"yes": false}"#, "--history", "history.json"]);
    assert_eq!(code(&run), Some(0), "{run:?}");
    let test = asl(&folder, &["test", "m.asl.json", "--coverage", "--format", "json"]);
    write(&folder, "coverage.json", &stdout(&test));
    let graph = |arguments: &[&str]| {
        asl(&folder, &[&["graph", "m.asl.json", "--coverage", "coverage.json"], arguments].concat())
    };
    // What happened is what no test covers.
    let both = stdout(&graph(&["--execution", "history.json"]));
    let (left, right) = both.split_once("Covered by tests: 3 of 5").expect("two pictures");
    assert!(left.contains("The execution") && left.contains("state pass succeeded"), "{left}");
    assert!(left.contains("state succeed untouched"), "{left}");
    assert!(right.contains("state succeed succeeded") && right.contains("state pass untouched"), "{right}");
    assert_eq!((left.matches("wire taken").count(), right.matches("wire taken").count()), (3, 2), "{both}");
    // Without an execution it is one picture.
    let alone = stdout(&graph(&[]));
    assert!(alone.contains("state pass untouched") && !alone.contains("The execution"), "{alone}");
    assert_eq!(code(&graph(&["--format", "mermaid"])), Some(2));
    let other = asl(&folder, &["graph", "other.asl.json", "--coverage", "coverage.json"]);
    assert!(stderr(&other).contains("no coverage of `other.asl.json`"), "{other:?}");
}

#[test]
fn a_picture_is_a_png_or_a_pdf_where_its_name_says_so() {
    let folder = folder(module_path!(), "pictures");
    write(&folder, "m.asl.json", FINE);
    for (file, begins) in [("m.png", &b"\x89PNG\r\n"[..]), ("m.pdf", b"%PDF-")] {
        let output = asl(&folder, &["graph", "m.asl.json", "-o", file]);
        if stderr(&output).contains("no fonts") {
            skipped("the system has no fonts");
            continue;
        }
        assert_eq!(code(&output), Some(0), "{output:?}");
        assert!(std::fs::read(folder.join(file)).is_ok_and(|bytes| bytes.starts_with(begins)), "{file}");
    }
    // What follows the head of a PNG are its width and its height, twice those of the SVG.
    let Ok(png) = std::fs::read(folder.join("m.png")) else { return };
    let svg = stdout(&asl(&folder, &["graph", "m.asl.json"]));
    let sides = [png.get(16..20), png.get(20..24)]
        .map(|side| side.and_then(|side| Some(u32::from_be_bytes(side.try_into().ok()?))).expect("a number"));
    let [width, height] = sides.map(|side| side / 2);
    assert!(svg.contains(&format!("viewBox=\"0 0 {width} {height}\"")), "{sides:?} {svg}");
}

#[test]
fn the_input_can_be_described() {
    let folder = folder(module_path!(), "the_input_can_be_described");
    let machine = r#"{ "StartAt": "A", "States": { "A": { "Type": "Succeed", "InputPath": "$.ordre" } } }"#;
    let schema = r#"{ "type": "object", "properties": { "order": true }, "additionalProperties": false }"#;
    write(&folder, "machine.json", machine);
    write(&folder, "schema.json", schema);
    write(&folder, "broken.json", r#"{ "type": "text" }"#);
    assert_eq!(code(&asl(&folder, &["check", "machine.json"])), Some(0));
    let checked = asl(&folder, &["check", "machine.json", "--schema", "schema.json"]);
    assert_eq!(code(&checked), Some(1));
    assert!(stdout(&checked).contains("did you mean `$.order`?"), "{}", stdout(&checked));
    let checked = asl(&folder, &["check", "machine.json", "--schema", "broken.json"]);
    assert_eq!(code(&checked), Some(1));
    assert!(stdout(&checked).contains("broken.json:1:11"), "{}", stdout(&checked));
    assert_eq!(code(&asl(&folder, &["check", "machine.json", "--schema", "missing.json"])), Some(2));
}
