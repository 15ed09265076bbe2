//! `asl check` from outside: folders, formats, placeholders, and watching.

use crate::support::{FINE, Watching, asl, command, folder, replace, stdout, write};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

const BROKEN: &str =
    "{\n  \"StartAt\": \"Dome\",\n  \"States\": { \"Done\": { \"Type\": \"Succeed\" } }\n}\n";
const YAML: &str =
    "StartAt: Wait\nStates:\n  Wait:\n    Type: Wait\n    Seconds: ${Seconds}\n    End: true\n";

fn check(folder: &Path, arguments: &[&str]) -> Output {
    asl(folder, &[&["check"], arguments].concat())
}

#[test]
fn a_folder_stands_for_its_definitions() {
    let folder = folder(module_path!(), "a_folder_stands_for_its_definitions");
    write(&folder, "flows/b.asl.json", FINE);
    write(&folder, "flows/a/c.json", BROKEN);
    write(&folder, "flows/a/d.asl.yaml", YAML);
    write(&folder, "flows/package.json", "{ \"name\": \"StartAt\" }");
    write(&folder, "flows/settings.yaml", "a: !b c");
    write(&folder, "flows/node_modules/e.asl.json", BROKEN);
    write(&folder, "flows/.hidden/f.asl.json", BROKEN);
    let output = check(&folder, &["flows"]);
    let lines: Vec<_> =
        stdout(&output).lines().map(str::to_owned).filter(|line| line.starts_with("flows")).collect();
    assert_eq!(
        lines,
        ["flows/a/c.json: 1 error", "flows/a/d.asl.yaml: no problems", "flows/b.asl.json: no problems"]
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_path_without_end_harms_no_other_file() {
    let folder = folder(module_path!(), "a_path_without_end_harms_no_other_file");
    for (name, fields) in [
        ("a.asl.json", format!(r#""Type": "Pass", "ResultPath": "${}""#, ".a".repeat(20_000))),
        ("b.asl.json", format!(r#""Type": "Pass", "InputPath": "${}""#, "[*]".repeat(20_000))),
        ("c.asl.json", "\"Type\": \"Pass\", \"Comment\": 1".to_owned()),
    ] {
        let text = format!(r#"{{ "StartAt": "A", "States": {{ "A": {{ {fields}, "End": true }} }} }}"#);
        write(&folder, &format!("flows/{name}"), &text);
    }
    let output = check(&folder, &["flows"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    for line in ["flows/a.asl.json: 1 error", "flows/b.asl.json: 1 error", "flows/c.asl.json: 1 error"] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    assert_eq!(text.matches("too-many-parts").count(), 2, "{text}");
    for command in ["expand", "graph", "policy"] {
        let output = asl(&folder, &[command, "flows/a.asl.json"]);
        assert_eq!(output.status.code(), Some(1), "{command}: {output:?}");
    }
}

/// What lies in folders besides files, and files that are none for long.
#[test]
#[cfg(unix)]
fn odd_files_keep_no_other_from_being_checked() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = folder(module_path!(), "odd_files_keep_no_other_from_being_checked");
    write(&folder, "flows/a.asl.json/b.asl.json", FINE);
    write(&folder, "flows/z.asl.json", BROKEN);
    let flows = folder.join("flows");
    let fifo = std::process::Command::new("mkfifo").arg(flows.join("c.asl.json")).status();
    assert!(fifo.expect("mkfifo").success());
    symlink(&flows, flows.join("d.asl.json")).expect("a link");
    symlink("e.asl.json", flows.join("e.asl.json")).expect("a link to itself");
    symlink("nowhere", flows.join(".#z.asl.json")).expect("what an editor makes");
    symlink("z.asl.json", flows.join("y.asl.json")).expect("a link");
    let name = OsStr::from_bytes(b"caf\xe9.asl.json");
    std::fs::write(flows.join(name), FINE).expect("a file");
    let output = check(&folder, &["flows"]);
    let lines: Vec<_> =
        stdout(&output).lines().filter(|line| line.starts_with("flows")).map(str::to_owned).collect();
    let expected = [
        "flows/a.asl.json/b.asl.json: no problems",
        "flows/caf\u{fffd}.asl.json: no problems",
        "flows/y.asl.json: 1 error",
        "flows/z.asl.json: 1 error",
    ];
    assert_eq!(lines, expected);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(
        log.starts_with("error: `flows/e.asl.json` cannot be read: ") && log.lines().count() == 1,
        "{log}"
    );
    assert_eq!(output.status.code(), Some(2));
    // A file of such a name can be named too.
    for arguments in [&["check"][..], &["graph"], &["expand"], &["policy"]] {
        let output = command(&flows, arguments).arg(name).output().expect("asl runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    }
}

/// `asl check <(yq ..)`
#[test]
#[cfg(unix)]
fn a_pipe_that_is_named_is_read() {
    let folder = folder(module_path!(), "a_pipe_that_is_named_is_read");
    let fifo = folder.join("pipe.asl.json");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    let writer = std::thread::spawn(move || std::fs::write(fifo, FINE));
    let output = check(&folder, &["pipe.asl.json"]);
    assert_eq!(stdout(&output), "pipe.asl.json: no problems\n");
    writer.join().expect("no panic").expect("a reader");
}

#[test]
fn values_of_placeholders() {
    let folder = folder(module_path!(), "values_of_placeholders");
    write(&folder, "wait.yaml", YAML);
    let run = |given: &str| check(&folder, &["wait.yaml", "--substitute", given]);
    assert_eq!(run("Seconds=5").status.code(), Some(0));
    assert_eq!(run("Other=5").status.code(), Some(0));
    let wrong = run("Seconds=soon");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stdout(&wrong).contains("--> wait.yaml:5:14"), "{}", stdout(&wrong));
    assert_eq!(run("Seconds").status.code(), Some(2));
}

#[test]
fn problems_as_sarif() {
    let folder = folder(module_path!(), "problems_as_sarif");
    write(&folder, "a b.asl.json", BROKEN);
    let output = check(&folder, &["a b.asl.json", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(1));
    let log = crate::support::json(&output);
    assert_eq!(log.pointer("/version"), Some(&json!("2.1.0")));
    let run = log.pointer("/runs/0").expect("a run");
    let rules = run.pointer("/tool/driver/rules").and_then(Value::as_array).expect("rules");
    let results = run.pointer("/results").and_then(Value::as_array).expect("results");
    assert_eq!(results.len(), 1);
    for result in results {
        let index =
            result.get("ruleIndex").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
        let rule = index.and_then(|index| rules.get(index)).expect("the rule");
        assert_eq!(rule.get("id"), result.get("ruleId"));
        let help = rule.pointer("/help/markdown").and_then(Value::as_str).expect("help");
        assert!(help.contains("## Why"));
    }
    let place = results.first().and_then(|result| result.pointer("/locations/0/physicalLocation"));
    let expected = json!({
        "artifactLocation": { "uri": "a%20b.asl.json" },
        "region": { "startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 20 },
    });
    assert_eq!(place, Some(&expected));
    let clean = check(&folder, &["--format", "sarif", "-"]);
    assert_eq!(clean.status.code(), Some(1));
}

#[test]
fn problems_as_commands_of_github() {
    let folder = folder(module_path!(), "problems_as_commands_of_github");
    write(&folder, "a,b.asl.json", BROKEN);
    let output = check(&folder, &["a,b.asl.json", "--format", "github"]);
    let text = stdout(&output);
    let lines: Vec<_> = text.lines().collect();
    let start = "::error file=a%2Cb.asl.json,line=2,endLine=2,col=14,endColumn=19,title=asl%3A%3Aunknown-state::state `Dome` does not exist";
    assert_eq!(lines.len(), 1);
    assert!(
        lines.first().is_some_and(|line| line.starts_with(start) && line.contains("%0Ahelp: ")),
        "{text}"
    );
}

#[test]
fn colours_are_used_when_asked_for() {
    let folder = folder(module_path!(), "colours_are_used_when_asked_for");
    write(&folder, "a.asl.json", BROKEN);
    let coloured = |arguments: &[&str]| stdout(&check(&folder, arguments)).contains('\u{1b}');
    assert!(coloured(&["a.asl.json", "--color", "always"]));
    assert!(!coloured(&["a.asl.json", "--color", "never"]));
    assert!(!coloured(&["a.asl.json"]));
}

#[test]
fn a_changed_file_is_checked_again() {
    let folder = folder(module_path!(), "a_changed_file_is_checked_again");
    write(&folder, "flows/a.asl.json", BROKEN);
    let mut watching = Watching::start(&folder, &["check", "--watch", "flows"]);
    let mut summary = || watching.round().last().cloned().unwrap_or_default();
    assert_eq!(summary(), "flows/a.asl.json: 1 error");
    replace(&folder, "flows/a.asl.json", FINE);
    assert_eq!(summary(), "flows/a.asl.json: no problems");
    replace(&folder, "flows/b.asl.yaml", YAML);
    assert_eq!(summary(), "flows/b.asl.yaml: no problems");
}

const SLIPS: &str = r#"{
  "StartAt": "Dome",
  "States": {
    "Done": { "Type": "Pass", "Parameters": { "id": "$.order.id" }, "Next": "Greet" },
    "Greet": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "Hello {% $states.input.id %}!", "End": true }
  }
}
"#;

#[test]
fn errors_with_one_certain_repair_are_mended_in_the_file() {
    let folder = folder(module_path!(), "errors_with_one_certain_repair_are_mended_in_the_file");
    write(&folder, "a.asl.json", SLIPS);
    let output = check(&folder, &["a.asl.json", "--fix"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("a.asl.json: mended 3 problems"), "{output:?}");
    let mended = SLIPS
        .replace("\"id\": ", "\"id.$\": ")
        .replace("\"Dome\"", "\"Done\"")
        .replace("Hello {% $states.input.id %}!", "{% 'Hello ' & $states.input.id & '!' %}");
    assert_eq!(std::fs::read_to_string(folder.join("a.asl.json")).expect("the file"), mended);
    let again = check(&folder, &["a.asl.json", "--fix"]);
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    assert_eq!(std::fs::read_to_string(folder.join("a.asl.json")).expect("the file"), mended);
}

/// What changes files changes the file itself, and not one of the name as it is shown.
#[test]
#[cfg(unix)]
fn a_file_whose_name_is_not_unicode_is_changed_where_it_is() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(module_path!(), "a_file_whose_name_is_not_unicode_is_changed_where_it_is");
    write(&folder, "flows/asl.toml", "");
    let flows = folder.join("flows");
    let file = flows.join(OsStr::from_bytes(b"caf\xe9.asl.json"));
    std::fs::write(&file, BROKEN).expect("a file");
    let mended = check(&folder, &["flows", "--fix"]);
    assert_eq!(mended.status.code(), Some(0), "{mended:?}");
    let text = || std::fs::read_to_string(&file).expect("the file");
    assert_eq!(text(), BROKEN.replace("Dome", "Done"));
    let laid_out = asl(&folder, &["fmt", "flows"]);
    assert_eq!(stdout(&laid_out), "flows/caf\u{fffd}.asl.json: laid out anew\n", "{laid_out:?}");
    assert_eq!(text().lines().count(), 8, "{}", text());
    assert_eq!(std::fs::read_dir(&flows).expect("the folder").count(), 2, "no other file was made");
}

#[test]
fn values_of_options_come_before_those_of_the_project_file() {
    let folder = folder(module_path!(), "values_of_options_come_before_those_of_the_project_file");
    let wait =
        r#"{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": "${Pause}", "End": true } } }"#;
    write(&folder, "flows/a.asl.json", wait);
    write(&folder, "asl.toml", "[definitions]\nsubstitutions = { Pause = \"5\" }\n");
    let code = |arguments: &[&str]| {
        let output = check(&folder.join("flows"), &[&["a.asl.json"], arguments].concat());
        output.status.code()
    };
    assert_eq!(code(&[]), Some(1), "a text of the file around it stays a text");
    assert_eq!(code(&["--substitute", "Pause=5"]), Some(0));
    write(&folder, "asl.toml", "[definitions]\nsubstitutions = { Pause = 5 }\n");
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--substitute", "Pause=long"]), Some(1));
}

#[test]
fn the_project_file_around_a_definition_says_how_it_is_compiled() {
    let folder = folder(module_path!(), "the_project_file_around_a_definition_says_how_it_is_compiled");
    let warned = r#"{ "StartAt": "Ask", "States": { "Ask": { "Type": "Task", "Comment": null,
        "Resource": "arn:aws:states:::http:invoke", "Parameters": { "ApiEndpoint": "http://x", "Method": "GET" }, "End": true } } }"#;
    write(&folder, "flows/a.asl.json", warned);
    let count = |arguments: &[&str]| {
        let output = check(&folder, &[&["flows/a.asl.json", "--format", "json"], arguments].concat());
        let problems: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let of = |severity: &str| {
            problems.as_array().into_iter().flatten().filter(|found| found["severity"] == severity).count()
        };
        (of("error"), of("warning"))
    };
    assert_eq!(count(&[]), (0, 3));
    write(&folder, "asl.toml", "[definitions]\nprofile = \"aws\"\nallow = [\"null-field\"]\n");
    assert_eq!(count(&[]), (2, 0));
    assert_eq!(count(&["--profile", "local"]), (0, 2));
    write(&folder, "flows/asl.toml", "[definitions]\nprofil = \"aws\"\n");
    let output = check(&folder, &["flows/a.asl.json"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("asl.toml:2: `definitions` has no `profil`"), "{text}");
}

/// What is mended by each kind of suggestion, and by what else than words for names.
#[test]
fn operators_values_and_commas_are_mended() {
    let folder = folder(module_path!(), "operators_values_and_commas_are_mended");
    let jsonata = |expression: &str| {
        format!(
            r#"{{ "QueryLanguage": "JSONata", "StartAt": "A", "States": {{ "A": {{ "Type": "Pass", "Output": "{{% {expression} %}}", "End": true }} }} }}"#
        )
    };
    let put = |value: &str| {
        format!(
            r#"{{ "StartAt": "A", "States": {{ "A": {{ "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {{ "TableName": "t", "Item": {{ "n": {value} }} }}, "End": true }} }} }}"#
        )
    };
    let start = |parameters: &str| {
        format!(
            r#"{{ "StartAt": "A", "States": {{ "A": {{ "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ec2:startInstances", "Parameters": {{ {parameters} }}, "End": true }} }} }}"#
        )
    };
    for (name, wrong, right) in [
        ("equal", jsonata("$states.input.a == 1"), jsonata("$states.input.a = 1")),
        ("join", jsonata("'a' + $string(1)"), jsonata("'a' & $string(1)")),
        ("function", jsonata("$toUpper('a')"), jsonata("$uppercase('a')")),
        ("number", put("5"), put(r#"{ "N": "5" }"#)),
        ("array", start(r#""InstanceIds.$": ["$.id"]"#), start(r#""InstanceIds.$": "States.Array($.id)""#)),
        ("comma", put(r#"{ "S": "x", }"#), put(r#"{ "S": "x" }"#)),
    ] {
        let file = format!("{name}.asl.json");
        write(&folder, &file, &wrong);
        let output = check(&folder, &[&file, "--fix"]);
        let mended = std::fs::read_to_string(folder.join(&file)).unwrap();
        assert_eq!((output.status.code(), mended), (Some(0), right), "{}", stdout(&output));
    }
}

/// A machine of one state.
fn alone(fields: &str) -> String {
    format!(r#"{{ "StartAt": "A", "States": {{ "A": {{ {fields} }} }} }}"#)
}

#[test]
fn what_is_too_much_is_left_out_and_what_is_missing_is_put_in() {
    let folder = folder(module_path!(), "what_is_too_much_is_left_out_and_what_is_missing_is_put_in");
    let retry = |names: &str| {
        alone(&format!(
            r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Retry": [{{ "ErrorEquals": [{names}] }}], "End": true"#
        ))
    };
    let jsonata = |output: &str| {
        alone(&format!(
            r#""Type": "Pass", "QueryLanguage": "JSONata", "Output": {{ {output} }}, "End": true"#
        ))
    };
    let pass = |parameters: &str| {
        alone(&format!(r#""Type": "Pass", "Parameters": {{ {parameters} }}, "End": true"#))
    };
    let update = |values: &str| {
        alone(&format!(
            r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {{ "TableName": "t", "Key": {{ "id": {{ "S": "x" }} }}, "UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {{ {values} }} }}, "End": true"#
        ))
    };
    for (name, wrong, right) in [
        ("end", alone(r#""Type": "Succeed", "End": true"#), alone(r#""Type": "Succeed""#)),
        ("null", alone(r#""Type": "Succeed", "Comment": null"#), alone(r#""Type": "Succeed""#)),
        ("twice", retry(r#""A", "B", "A""#), retry(r#""A", "B""#)),
        ("runtime", retry(r#""States.Runtime", "B""#), retry(r#""B""#)),
        ("star", retry(r#""*""#), retry(r#""States.ALL""#)),
        ("unused", update(r#"":a": { "S": "x" }, ":b": { "S": "y" }"#), update(r#"":a": { "S": "x" }"#)),
        ("letter", update(r#"":a": { "N": 5 }"#), update(r#"":a": { "N": "5" }"#)),
        (
            "number",
            alone(r#""Type": "Wait", "Seconds": "10", "End": true"#),
            alone(r#""Type": "Wait", "Seconds": 10, "End": true"#),
        ),
        (
            "path",
            alone(r#""Type": "Wait", "Seconds": "$.delay", "End": true"#),
            alone(r#""Type": "Wait", "SecondsPath": "$.delay", "End": true"#),
        ),
        (
            "list",
            retry(r#""A""#).replace(r#"[{ "ErrorEquals": ["A"] }]"#, r#"{ "ErrorEquals": ["A"] }"#),
            retry(r#""A""#),
        ),
        ("key", jsonata(r#""a.$": "{% $states.input.a %}""#), jsonata(r#""a": "{% $states.input.a %}""#)),
        ("dollar", jsonata(r#""a.$": "$.a""#), jsonata(r#""a": "{% $states.input.a %}""#)),
        (
            "bracket",
            jsonata(r#""a": "{% $states.input.a['b'] %}""#),
            jsonata(r#""a": "{% $states.input.a.b %}""#),
        ),
        ("call", jsonata(r#""a": "{% $uuid %}""#), jsonata(r#""a": "{% $uuid() %}""#)),
        ("signs", jsonata(r#""a": "{{ $states.input.a }}""#), jsonata(r#""a": "{% $states.input.a %}""#)),
        ("context", pass(r#""a.$": "$.Execution.Id""#), pass(r#""a.$": "$$.Execution.Id""#)),
        (
            "quotes",
            pass(r#""a.$": "States.StringToJson('$.a')""#),
            pass(r#""a.$": "States.StringToJson($.a)""#),
        ),
        ("inside", pass(r#""a": "/orders/$.id""#), pass(r#""a.$": "States.Format('/orders/{}', $.id)""#)),
    ] {
        let file = format!("{name}.asl.json");
        write(&folder, &file, &wrong);
        let output = check(&folder, &[&file, "--fix", "--deny-warnings"]);
        let mended = std::fs::read_to_string(folder.join(&file)).unwrap();
        assert_eq!((output.status.code(), mended), (Some(0), right), "{}", stdout(&output));
    }
}

#[test]
fn warnings_are_mended_only_where_they_are_denied() {
    let folder = folder(module_path!(), "warnings_are_mended_only_where_they_are_denied");
    let text = |key: &str| {
        format!(
            r#"{{ "StartAt": "A", "States": {{ "A": {{ "Type": "Pass", "Parameters": {{ "{key}": "$.5a" }}, "End": true }} }} }}"#
        )
    };
    write(&folder, "a.asl.json", &text("a"));
    let read = || std::fs::read_to_string(folder.join("a.asl.json")).unwrap();
    assert_eq!(check(&folder, &["a.asl.json", "--fix"]).status.code(), Some(0));
    assert_eq!(read(), text("a"));
    assert_eq!(check(&folder, &["a.asl.json", "--fix", "--deny-warnings"]).status.code(), Some(0));
    assert_eq!(read(), text("a.$"));
}

#[test]
fn an_input_is_no_schema() {
    let folder = folder(module_path!(), "an_input_is_no_schema");
    write(&folder, "a.asl.json", FINE);
    let output = check(&folder, &["a.asl.json", "--input", "schema.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`--schema FILE`"), "{output:?}");
}

#[test]
fn a_function_that_is_not_known_can_be_allowed() {
    let folder = folder(module_path!(), "a_function_that_is_not_known_can_be_allowed");
    let text = r#"{ "QueryLanguage": "JSONata", "StartAt": "A", "States": { "A": { "Type": "Pass", "Output": "{% $newer(1) %}", "End": true } } }"#;
    write(&folder, "a.asl.json", text);
    let code = |arguments: &[&str]| check(&folder, &[&["a.asl.json"], arguments].concat()).status.code();
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&["--allow", "unknown-function"]), Some(0));
    assert_eq!(code(&["--profile", "aws"]), Some(0), "AWS takes any name");
}
