//! `asl watch`: an execution after every change of a definition.
//!
//! In: what `asl run` gets. Out: what it prints, again and again: each execution is an `asl run` of its own, which is ended when something
//! changes.

use crate::answer::{Answers, Format, Outcome};
use crate::{changes, run};
use clap::Args;
use std::process::{Child, Command, Stdio};

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
    /// Starts the other command with the arguments of this one. What is wrong with the definition it prints.
    fn start(&self) -> Option<Child> {
        let started = std::env::current_exe().and_then(|asl| {
            let mut command = Command::new(asl);
            command.arg("run").args(std::env::args_os().skip(2));
            // No one could type an input twice.
            command.stdin(Stdio::null()).spawn()
        });
        started.map_err(|error| self.format().refuse(&format!("`asl run` cannot be started: {error}"))).ok()
    }
}
