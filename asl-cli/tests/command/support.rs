//! What all tests share: folders of their own, and the command run in them.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

/// A definition without problems.
pub(crate) const FINE: &str = r#"{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }"#;

/// An empty folder of its own for each test, which says its own name.
pub(crate) fn folder(module: &str, test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(module.replace("::", "-")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes a file, and the folders that it lies in.
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Writes a file anew. Nothing sees it while only a part is written.
pub(crate) fn replace(folder: &Path, name: &str, text: &str) {
    write(folder, "new", text);
    fs::rename(folder.join("new"), folder.join(name)).expect("a file");
}

/// The command in a folder. What it builds is kept from test to test.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asl"));
    command
        .current_dir(folder)
        .env_remove("ASL_RUNTIME")
        // Which test is the first to build anything is of no interest.
        .env("ASL_PROGRESS", "off")
        .env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"))
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs the command without an input.
pub(crate) fn asl(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("asl runs")
}

/// The command while it watches files. It ends with the test, however that ends.
pub(crate) struct Watching {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    /// Starts it.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = command(folder, arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("asl runs");
        let output = child.stdout.take().expect("an output");
        Self { child, lines: BufReader::new(output).lines() }
    }

    /// What it prints until it waits for the next change.
    pub(crate) fn round(&mut self) -> Vec<String> {
        let lines = self.lines.by_ref().map_while(Result::ok);
        lines.take_while(|line| !line.starts_with("watching")).collect()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the command with an input, of which it reads as much as it wants.
pub(crate) fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = command(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("asl runs");
    let _ = child.stdin.take().expect("an input").write_all(input);
    child.wait_with_output().expect("asl ends")
}

pub(crate) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// The exit code, the standard output, the standard error.
pub(crate) fn ended(output: &Output) -> (Option<i32>, String, String) {
    (code(output), stdout(output), stderr(output))
}

/// The standard output as one value of JSON.
pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
pub(crate) fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}
