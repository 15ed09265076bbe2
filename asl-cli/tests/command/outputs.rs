//! Outputs that cannot be written: a command that says nothing about it would be taken for one that has done its work.

use crate::support::{FINE, command, folder, write};
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Everything that is written to it is lost, as on a full disk.
pub(crate) fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").expect("a device")
}

const BROKEN: &str = r#"{ "StartAt": "Dome", "States": { "Done": { "Type": "Succeed" } } }"#;

/// A warning, and nothing else.
const DOUBTFUL: &str = r#"{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {
    "ApiEndpoint": "https://a.example", "Method": "GET" }, "End": true } } }"#;

fn files(test: &str) -> std::path::PathBuf {
    let folder = folder(module_path!(), test);
    write(&folder, "fine.asl.json", FINE);
    write(&folder, "broken.asl.json", BROKEN);
    write(&folder, "doubtful.asl.json", DOUBTFUL);
    // A new project joins this one, and not the workspace of these tests.
    write(&folder, "Cargo.toml", "[workspace]\n");
    folder
}

fn into_full(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).stdout(full()).stderr(Stdio::piped()).output().expect("asl runs")
}

#[test]
fn a_lost_output_is_no_success() {
    let folder = files("a_lost_output_is_no_success");
    let commands: &[&[&str]] = &[
        &["check", "fine.asl.json"],
        &["check", "broken.asl.json"],
        &["check", "fine.asl.json", "--format", "json"],
        &["check", "fine.asl.json", "--format", "sarif"],
        &["check", "broken.asl.json", "--format", "github"],
        &["check", "missing.asl.json", "--format", "json"],
        &["check", "fine.asl.json", "--watch"],
        &["explain"],
        &["explain", "unknown-state"],
        &["expand", "fine.asl.json"],
        &["expand", "broken.asl.json", "--format", "json"],
        &["graph", "fine.asl.json"],
        &["graph", "fine.asl.json", "--format", "json"],
        &["graph", "fine.asl.json", "-o", "/dev/full"],
        &["policy", "fine.asl.json"],
        &["policy", "fine.asl.json", "--explain"],
        &["completions", "bash"],
        &["man"],
        &["new", "other"],
        &["--help"],
        &["--version"],
        &["help", "check"],
    ];
    for arguments in commands {
        let output = into_full(&folder, arguments);
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {log}");
        assert!(log.contains("cannot be written"), "{arguments:?}: {log}");
    }
}

#[test]
fn lost_problems_are_no_success() {
    let folder = files("lost_problems_are_no_success");
    let run = |arguments: &[&str]| {
        let mut command = command(&folder, arguments);
        command.stdout(Stdio::piped()).stderr(full()).output().expect("asl runs").status.code()
    };
    assert_eq!(run(&["expand", "fine.asl.json"]), Some(0));
    assert_eq!(run(&["expand", "doubtful.asl.json"]), Some(2));
    assert_eq!(run(&["expand", "broken.asl.json"]), Some(2));
    assert_eq!(run(&["chek"]), Some(2));
}

/// A pipe whose reader has gone: `asl .. | head -0`.
#[test]
fn a_reader_who_has_gone_misses_nothing() {
    let folder = files("a_reader_who_has_gone_misses_nothing");
    for (arguments, expected) in [
        (&["expand", "fine.asl.json"][..], 0),
        (&["check", "broken.asl.json"], 1),
        (&["check", "fine.asl.json", "--watch"], 0),
        (&["--help"], 0),
    ] {
        let mut command: Command = command(&folder, arguments);
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = command.stdout(writer).stderr(Stdio::piped()).output().expect("asl runs");
        assert_eq!(output.status.code(), Some(expected), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The author of a folder chooses the names in it.
#[test]
fn no_name_of_a_file_does_anything_to_a_terminal() {
    let folder = folder(module_path!(), "no_name_of_a_file_does_anything_to_a_terminal");
    write(&folder, "fine\u{1b}[31m\r\n.asl.json", FINE);
    write(&folder, "broken\u{1b}[2J\r.asl.json", BROKEN);
    write(&folder, "doubtful\u{202e}.asl.json", DOUBTFUL);
    write(&folder, "untested\u{1b}.test.json", "{}");
    for arguments in [&["check", "."][..], &["fmt", "."], &["fmt", "--check", "."], &["test", "."]] {
        let output = command(&folder, arguments).output().expect("asl runs");
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).expect("text");
            let hidden = |letter: char| matches!(letter, '\r' | '\u{1b}' | '\u{202e}');
            assert!(!text.contains(hidden), "{arguments:?}: {text:?}");
        }
    }
}
