//! `asl test` from outside: test files in, verdicts and coverage out.

use crate::support::{Watching, asl, code, replace, stderr, stdout, write};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const MACHINE: &str = include_str!("test/pay.asl.json");
const TESTS: &str = include_str!("test/pay.test.json");
const MOCKS: &str = include_str!("test/MockConfigFile.json");

/// A separate folder for each test, with the machine in it.
fn folder(test: &str) -> PathBuf {
    let folder = crate::support::folder(module_path!(), test);
    write(&folder, "pay.asl.json", MACHINE);
    folder
}

fn test(folder: &Path, arguments: &[&str]) -> Output {
    asl(folder, &[&["test"], arguments].concat())
}

#[test]
fn tests_that_pass_and_what_they_leave_out() {
    let folder = folder("tests_that_pass");
    write(&folder, "pay.test.json", TESTS);
    let output = test(&folder, &["pay.asl.json", "--coverage"]);
    let text = stdout(&output);
    assert_eq!(code(&output), Some(0), "{text}{}", stderr(&output));
    for line in [
        "running 2 tests\n",
        "test pay.asl.json: a card that is charged at the second try ... ok\n",
        "test result: ok. 2 passed; 0 failed; ",
        "coverage: 8 of 11, 72.7 %\n",
        "  states      4 of 4, 100.0 %\n  transitions 1 of 1, 100.0 %\n  rules       1 of 3, 33.3 %\n",
        "  not used: pay.asl.json:18 `Large?` rule 2 to `Done`\n",
        "  not used: pay.asl.json:10 `Charge` catcher 1 of Declined to `Done`\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
    assert_eq!(code(&test(&folder, &["--min-coverage", "72"])), Some(0));
    let too_little = test(&folder, &["--min-coverage", "73"]);
    assert_eq!(code(&too_little), Some(1));
    assert!(stderr(&too_little).contains("8 of 11, 72.7 % are covered, and at least 73 % have to be"));
    let lcov = stdout(&test(&folder, &["--format", "lcov"]));
    assert!(lcov.starts_with("TN:\nSF:") && lcov.contains("BRF:7\nBRH:4\n"), "{lcov}");
}

#[test]
fn a_test_that_fails_shows_what_was_expected_beside_what_was_found() {
    let folder = folder("a_test_that_fails");
    let tests = json!({"cases": [
        {"name": "fine", "mocks": {"Charge": {"result": 5}}, "expect": {"output": 5}},
        {"name": "wrong", "mocks": {"Charge": {"result": 7}}, "expect": {"output": 8, "path": ["Charge", "Hold"]}},
        {"name": "without a mock"},
    ]});
    write(&folder, "pay.test.json", &tests.to_string());
    let output = test(&folder, &[".", "--junit", "junit.xml"]);
    let text = stdout(&output);
    assert_eq!(code(&output), Some(1), "{text}{}", stderr(&output));
    let table = "  at       expected  found\n  output   8         7\n  path[1]  \"Hold\"    \"Large?\"\n  path[2]  -         \"Done\"\n";
    assert!(text.contains(table), "{text}");
    assert!(text.contains("no mock for the state 'Charge'"), "{text}");
    let junit = fs::read_to_string(folder.join("junit.xml")).expect("a report");
    assert!(
        junit.contains("<testsuites name=\"asl test\" tests=\"3\" failures=\"2\" errors=\"0\""),
        "{junit}"
    );
    assert!(junit.contains("found&#10;  output   8         7&#10;"), "{junit}");
    let report = stdout(&test(&folder, &["--format", "json", "--filter", "wrong"]));
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!((&report["passed"], &report["failed"]), (&json!(0), &json!(1)));
    let difference = json!({"place": "output", "expected": 8, "found": 7});
    assert_eq!(report["tests"][0]["differences"][0], difference);
}

#[test]
fn a_test_file_with_mistakes_is_shown_where_they_are() {
    let folder = folder("a_test_file_with_mistakes");
    let tests = "mocks:\n  Chrage: { result: 1 }\ncases:\n  - name: a\n    expct: {}\n  - expect: { path: [Large?, 3] }\n    mocks: { Large?: { result: 1 } }\n  - inputFile: no.json\n    start: noon\n    mocks: { Charge: { result: 1, after: -1 } }\n    expect: { retries: { Charge: 0.5 } }\n  - expect: { error: A, output: 1 }\n";
    write(&folder, "pay.test.yaml", tests);
    let output = test(&folder, &["pay.test.yaml"]);
    let text = stderr(&output);
    assert_eq!(code(&output), Some(1), "{text}");
    for line in [
        "error: state `Chrage` does not exist\n --> pay.test.yaml:2:3\n",
        "help: did you mean `Charge`?",
        "error: the case has a field `expct` that does not exist\n --> pay.test.yaml:5:5\n",
        "error: a step is a number\n --> pay.test.yaml:6:30\n",
        "error: state `Large?` has no task\n --> pay.test.yaml:7:14\n",
        "--> pay.test.yaml:8:16\n",
        "error: `start` of the case is a string\n --> pay.test.yaml:9:12\n",
        "error: `after` of the answer is a number\n  --> pay.test.yaml:10:42\n",
        "error: `expect` has both an `error` and `output`\n  --> pay.test.yaml:12:25\n",
        "error: the number of retries is a number\n  --> pay.test.yaml:11:34\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn tests_may_be_in_a_folder_of_their_own() {
    let folder = crate::support::folder(module_path!(), "tests_in_a_folder");
    write(&folder, "asl.toml", "[definitions]\ntests = [\"tests\"]\n");
    write(&folder, "flows/pay.asl.json", MACHINE);
    // What is wrong with them shows that they are found, and to which definition they belong.
    let tests = r#"{ "mocks": { "Chrage": { "result": 1 } }, "cases": [] }"#;
    write(&folder, "tests/flows/pay.test.json", tests);
    for arguments in [&[][..], &["flows"], &["flows/pay.asl.json"], &["tests/flows/pay.test.json"]] {
        let output = test(&folder, arguments);
        let text = stderr(&output);
        let found = "error: state `Chrage` does not exist\n --> tests/flows/pay.test.json:1:14\n";
        assert_eq!((code(&output), text.matches(found).count()), (Some(1), 1), "{arguments:?}: {text}");
    }
}

#[test]
fn a_mock_configuration_of_step_functions_local() {
    let folder = folder("a_mock_configuration");
    write(&folder, "MockConfigFile.json", MOCKS);
    let configured = ["pay.asl.json", "--mock-config", "MockConfigFile.json"];
    let output = test(&folder, &configured);
    let text = stdout(&output);
    assert_eq!(code(&output), Some(0), "{text}{}", stderr(&output));
    assert!(text.contains("test pay.asl.json: Pay: HappyPath ... ok\n"), "{text}");
    assert!(text.contains("test result: ok. 2 passed; 0 failed; "), "{text}");
    let one = test(&folder, &[&configured[..], &["--test-case", "RetryPath", "--format", "json"]].concat());
    let report: Value = serde_json::from_str(&stdout(&one)).expect("JSON");
    assert_eq!(report["tests"][0]["output"], json!(5));
    assert_eq!(code(&test(&folder, &[&configured[..], &["--test-case", "Nothing"]].concat())), Some(2));
    // A test file takes the mocks of a test case, and says what comes of it.
    let tests = json!({"mockConfig": "MockConfigFile.json", "cases": [
        {"testCase": "RetryPath", "expect": {"output": 5, "retries": {"Charge": 1}}}
    ]});
    write(&folder, "pay.test.json", &tests.to_string());
    assert_eq!(code(&test(&folder, &["pay.asl.json"])), Some(0));
}

#[test]
fn the_tests_of_the_examples_pass_and_leave_nothing_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = test(&root, &["examples", "--http-result", "body", "--min-coverage", "100"]);
    assert_eq!(code(&output), Some(0), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn what_cannot_be_tested() {
    let folder = folder("what_cannot_be_tested");
    for (arguments, reason) in [
        (vec!["nothing.asl.json"], "there is no definition or test file `nothing.asl.json`"),
        (vec!["pay.asl.json"], "there is no test file for `pay.asl.json`: expected `pay.test.json`"),
        (vec!["."], "there is no test file in the folder `.`"),
    ] {
        let output = test(&folder, &arguments);
        assert_eq!(code(&output), Some(2));
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
}

#[test]
fn expected_outputs_become_those_that_are_found() {
    let folder = folder("expected_outputs_become");
    let before = r#"{ "cases": [
  { "name": "fine", "mocks": { "Charge": { "result": 5 } }, "expect": { "output": 5 } },
  { "name": "other", "mocks": { "Charge": { "result": 7 } }, "expect": { "output": { "a": [1] } } }
] }
"#;
    write(&folder, "pay.test.json", before);
    let output = test(&folder, &["pay.asl.json", "--update"]);
    assert_eq!(code(&output), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("test result: ok. 2 passed; 0 failed; "), "{}", stdout(&output));
    assert_eq!(stderr(&output), "note: 1 expected output was written\n");
    let after = fs::read_to_string(folder.join("pay.test.json")).expect("the tests");
    assert_eq!(after, before.replace(r#"{ "a": [1] }"#, "7"));
}

#[test]
fn long_values_are_shown_whole_if_asked() {
    let folder = folder("long_values");
    let (long, other) = ("a".repeat(300), "b".repeat(300));
    let tests = json!({"cases": [
        {"name": "long", "mocks": {"Charge": {"result": long}}, "expect": {"output": other}},
    ]});
    write(&folder, "pay.test.json", &tests.to_string());
    assert!(!stdout(&test(&folder, &["pay.asl.json"])).contains(&other));
    let whole = stdout(&test(&folder, &["pay.asl.json", "--whole"]));
    assert!(
        whole.contains(&format!("  at output\n    expected  \"{other}\"\n    found     \"{long}\"\n")),
        "{whole}"
    );
}

#[test]
fn a_file_with_errors_is_no_good_result() {
    let folder = folder("a_file_with_errors");
    let tests = json!({"cases": [
        {"name": "fine", "mocks": {"Charge": {"result": 5}}, "expect": {"output": 5}},
        {"name": "wrong", "expects": {}},
    ]});
    write(&folder, "pay.test.json", &tests.to_string());
    let output = test(&folder, &["pay.asl.json"]);
    assert_eq!(code(&output), Some(1));
    let verdict = "test result: FAILED. 1 passed; 0 failed; 1 with errors in their files;";
    assert!(stdout(&output).contains(verdict), "{}", stdout(&output));
}

#[test]
fn test_files_give_placeholders_values() {
    let folder = folder("placeholders");
    let machine =
        r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "Result": "${Stage}", "End": true } } }"#;
    write(&folder, "stage.asl.json", machine);
    for stage in ["one", "two"] {
        let tests = json!({"definition": "stage.asl.json", "substitutions": {"Stage": stage},
            "cases": [{"name": stage, "expect": {"output": stage}}]});
        write(&folder, &format!("{stage}.test.json"), &tests.to_string());
    }
    let output = test(&folder, &["."]);
    assert_eq!(code(&output), Some(0), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn what_has_changed_is_tested_again() {
    let folder = folder("what_has_changed");
    let case = |found: u8| {
        json!({"definition": "pay.asl.json", "cases": [
            {"name": "a payment", "mocks": {"Charge": {"result": 5}}, "expect": {"output": found}}
        ]})
        .to_string()
    };
    write(&folder, "one.test.json", &case(5));
    write(&folder, "two.test.json", &case(6));
    let mut watching = Watching::start(&folder, &["test", "--watch"]);
    let mut counts = || {
        let lines = watching.round();
        let of = |start: &str| lines.iter().find(|line| line.starts_with(start)).cloned().unwrap_or_default();
        let verdict = of("test result");
        (of("running"), verdict.split("; finished").next().unwrap_or_default().to_owned())
    };
    let expect = |running: &str, verdict: &str| (running.to_owned(), format!("test result: {verdict}"));
    assert_eq!(counts(), expect("running 2 tests", "FAILED. 1 passed; 1 failed"));
    // Only the one that was wrong, and its file.
    replace(&folder, "two.test.json", &case(5));
    assert_eq!(counts(), expect("running 1 test", "ok. 1 passed; 0 failed"));
    replace(&folder, "one.test.json", &case(7));
    assert_eq!(counts(), expect("running 1 test", "FAILED. 0 passed; 1 failed"));
    // The definition is that of both.
    replace(&folder, "pay.asl.json", &MACHINE.replace("\"StartAt\"", "\"Comment\": \"new\", \"StartAt\""));
    assert_eq!(counts(), expect("running 2 tests", "FAILED. 1 passed; 1 failed"));
}
