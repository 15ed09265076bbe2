//! `asl watch`: an execution after every change of a definition.
//!
//! In: what `asl run` gets. Out: what it prints, again and again. An execution that still runs when something changes is ended.

use crate::answer::{Answers, Format, Outcome};
use crate::{changes, run};
use clap::Args;
use std::process::{Child, Stdio};

/// Run an execution of a definition, and again after every change, until Ctrl-C
///
/// The arguments are those of `asl run`. Changes of the definition count, and of the files of input and mocks. With `--format json` each end of
/// an execution is a line of JSON, and so are the problems of a definition.
#[derive(Debug, Args)]
// It has the arguments of another command, and with them their group.
#[group(skip)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: run::Arguments,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.run.format()
    }

    /// Checks and runs until the process is stopped, for example with Ctrl-C.
    fn answer(&self) -> Result<Outcome, String> {
        let files = self.run.files();
        if files.iter().any(|file| file.as_os_str() == "-") {
            return Err(String::from("the standard input does not change: name a file"));
        }
        changes::watch(&files, self.format(), || self.start());
        Ok(Outcome::Fine)
    }
}

impl Arguments {
    /// Starts the executable if there is one. What is wrong is printed, and may be mended with the next change.
    fn start(&self) -> Option<Child> {
        let started = self.run.command().and_then(|command| {
            let Some(mut command) = command else { return Ok(None) };
            if !self.run.is_mocked() {
                // Nobody could type an input twice.
                command.stdin(Stdio::null());
            }
            let child = command.spawn();
            child.map(Some).map_err(|error| format!("the executable cannot be started: {error}"))
        });
        started.unwrap_or_else(|reason| {
            self.format().refuse(&reason);
            None
        })
    }
}
