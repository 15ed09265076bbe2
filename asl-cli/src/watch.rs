//! `asl watch`: an execution after every change of a definition.
//!
//! In: what `asl run` gets. Out: what it prints, again and again. An execution that still runs when something changes is ended.

use crate::run::Arguments;
use crate::stamps::{PAUSE, stamps};
use crate::{Outcome, complain, printed};
use std::io::IsTerminal;
use std::process::Child;
use std::thread::sleep;

/// Checks and runs until the process is stopped, for example with Ctrl-C.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let files = files(arguments);
    if files.iter().any(|file| file == "-") || arguments.execution.input.as_deref() == Some("-") {
        return complain("the standard input does not change: name a file");
    }
    loop {
        let seen = stamps(&files);
        let clear = if std::io::stdout().is_terminal() { "\u{1b}[2J\u{1b}[3J\u{1b}[H" } else { "" };
        if !printed(clear) {
            return Outcome::Fine;
        }
        let mut running = start(arguments);
        while stamps(&files) == seen {
            if running.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None))) {
                running = None;
                if !printed("watching for changes, Ctrl-C ends\n") {
                    return Outcome::Fine;
                }
            }
            sleep(PAUSE);
        }
        if let Some(mut child) = running {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The definition, and the input if it is in a file.
fn files(arguments: &Arguments) -> Vec<String> {
    let input = arguments.execution.input.as_deref().and_then(|input| input.strip_prefix('@'));
    [arguments.executable.file.as_str()].into_iter().chain(input).map(str::to_owned).collect()
}

/// Starts the executable if there is one. What is wrong is printed, and may be mended with the next change.
fn start(arguments: &Arguments) -> Option<Child> {
    let started = arguments.command().and_then(|command| {
        let Some(mut command) = command else { return Ok(None) };
        // Nobody could type an input twice.
        let child = command.stdin(std::process::Stdio::null()).spawn();
        child.map(Some).map_err(|error| format!("the executable cannot be started: {error}"))
    });
    started.unwrap_or_else(|reason| {
        complain(&reason);
        None
    })
}
