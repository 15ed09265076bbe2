//! A running program of compiled code: a request in, an answer out, within a time limit.
//!
//! The program is a separate process, so that code that never ends, or takes the process with it, spoils no other.

use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// The program, started when it is first needed and again when it has ended.
#[derive(Debug)]
pub(crate) struct Worker {
    program: PathBuf,
    time_limit: Duration,
    process: Option<Process>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    complaints: Receiver<String>,
}

impl Worker {
    pub(crate) const fn new(program: PathBuf, time_limit: Duration) -> Self {
        Self { program, time_limit, process: None }
    }

    /// Waits longer than the time limit, which the program itself keeps.
    pub(crate) fn with_grace(mut self, grace: Duration) -> Self {
        self.time_limit += grace;
        self
    }

    /// Hands over a request, and waits for its answer.
    pub(crate) fn ask(&mut self, request: &Value) -> Result<Map<String, Value>, String> {
        let process = match &mut self.process {
            Some(process) => process,
            none => none.insert(Process::start(&self.program)?),
        };
        let answer = process.ask(request, self.time_limit);
        if answer.is_err() {
            self.process = None;
        }
        answer
    }
}

impl Process {
    fn start(program: &Path) -> Result<Self, String> {
        let failed =
            |reason: &dyn std::fmt::Display| format!("`{}` cannot be run: {reason}", program.display());
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(failed(&"it has no input or output"));
        };
        Ok(Self { child, input, answers: lines(output), complaints: text(errors) })
    }

    fn ask(&mut self, request: &Value, time_limit: Duration) -> Result<Map<String, Value>, String> {
        // A process that has ended shows when its answer is waited for.
        let _ = writeln!(self.input, "{request}").and_then(|()| self.input.flush());
        match self.answers.recv_timeout(time_limit) {
            Ok(line) => answer(&line),
            Err(RecvTimeoutError::Timeout) => {
                Err(format!("it was not over after {} s", time_limit.as_secs_f64()))
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.complaint()),
        }
    }

    /// What the process said before it ended.
    fn complaint(&mut self) -> String {
        let text = self.complaints.recv().unwrap_or_default();
        format!("it ended before it answered: {}", text.trim())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a line says: an answer, or why there is none.
fn answer(line: &str) -> Result<Map<String, Value>, String> {
    let answer: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| format!("the answer is not a JSON object: {error}"))?;
    match answer.get("fault").and_then(Value::as_str) {
        Some(fault) => Err(fault.to_owned()),
        None => Ok(answer),
    }
}

/// The lines of an output as they come.
fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { return };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// An output as a whole.
fn text(mut output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = output.read_to_end(&mut bytes);
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use serde_json::json;

    fn worker(program: &str) -> Worker {
        Worker::new(PathBuf::from(program), Duration::from_millis(300))
    }

    #[test]
    fn a_program_that_answers_is_asked_again() {
        let mut echo = Worker::new(PathBuf::from("/bin/cat"), Duration::from_secs(600));
        for number in 0..3 {
            let request = json!({ "entry": number });
            assert_eq!(echo.ask(&request).map(Value::Object), Ok(request));
        }
    }

    #[test]
    fn a_program_that_hangs_is_ended_and_started_again() {
        // Without a file it waits for the end of its input.
        let mut hangs = worker("/usr/bin/tail");
        for _ in 0..2 {
            assert_eq!(hangs.ask(&json!({})), Err(String::from("it was not over after 0.3 s")));
        }
    }

    #[test]
    fn a_program_that_ends_is_not_waited_for() {
        let mut ends = Worker::new(PathBuf::from("/bin/false"), Duration::from_secs(600));
        assert_eq!(ends.ask(&json!({})), Err(String::from("it ended before it answered: ")));
        assert!(worker("/nowhere/program").ask(&json!({})).is_err());
    }
}
