//! `asl fmt` from outside: files, folders, the standard input, and what is left alone.

use crate::support::{asl, code, command, folder, stdout, write};
use std::fs::read_to_string;
use std::io::Write;
use std::process::Stdio;

const UNTIDY: &str = "{\"States\":{\"A\":{\"End\":true,\"Type\":\"Pass\"}},\"StartAt\":\"A\"}";

const TIDY: &str = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Pass\",\n      \"End\": true\n    }\n  }\n}\n";

const TEMPLATE: &str = "Resources:\n  Order:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition: { StartAt: A, States: { A: { End: true, Type: Pass } } }\n";

#[test]
fn files_are_laid_out_and_templates_left_alone() {
    let folder = folder(module_path!(), "files_are_laid_out_and_templates_left_alone");
    write(&folder, "flows/a.asl.json", UNTIDY);
    write(&folder, "flows/b.asl.json", TIDY);
    write(&folder, "flows/template.yaml", TEMPLATE);
    let checked = asl(&folder, &["fmt", "--check", "flows"]);
    assert_eq!((code(&checked), stdout(&checked).as_str()), (Some(1), "flows/a.asl.json: would change\n"));
    assert_eq!(read_to_string(folder.join("flows/a.asl.json")).unwrap(), UNTIDY);
    let done = asl(&folder, &["fmt", "flows"]);
    assert_eq!((code(&done), stdout(&done).as_str()), (Some(0), "flows/a.asl.json: laid out anew\n"));
    assert_eq!(read_to_string(folder.join("flows/a.asl.json")).unwrap(), TIDY);
    assert_eq!(read_to_string(folder.join("flows/template.yaml")).unwrap(), TEMPLATE);
    let again = asl(&folder, &["fmt", "--check", "--format", "json", "flows"]);
    assert_eq!(code(&again), Some(0));
    let answers: serde_json::Value = serde_json::from_str(&stdout(&again)).unwrap();
    assert!(answers.as_array().unwrap().iter().all(|file| file["changed"] == false), "{answers}");
}

#[test]
fn the_standard_input_goes_to_the_standard_output() {
    let folder = folder(module_path!(), "the_standard_input_goes_to_the_standard_output");
    let mut program =
        command(&folder, &["fmt", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    program.stdin.take().unwrap().write_all(UNTIDY.as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    assert_eq!((code(&output), stdout(&output).as_str()), (Some(0), TIDY));
}

#[test]
fn what_cannot_be_read_is_told_and_not_changed() {
    let folder = folder(module_path!(), "what_cannot_be_read_is_told_and_not_changed");
    write(&folder, "a.asl.json", "{ \"StartAt\": ");
    let output = asl(&folder, &["fmt", "a.asl.json"]);
    assert_eq!(code(&output), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a.asl.json:1:"), "{output:?}");
    assert_eq!(read_to_string(folder.join("a.asl.json")).unwrap(), "{ \"StartAt\": ");
    assert_eq!(code(&asl(&folder, &["fmt", "missing.json"])), Some(2));
}
