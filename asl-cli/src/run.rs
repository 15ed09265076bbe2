//! `asl run`: an execution of a definition, here and now.
//!
//! In: a definition and an input. Out: what its executable prints. The executable is built first if it is not in the cache.

use crate::build::{Format, tell};
use crate::executable::ExecutableArguments;
use crate::{Outcome, complain};
use clap::{Args, ValueEnum};
use std::process::Command;

/// Run an execution of a definition, and show each state as it happens.
///
/// The output goes to the standard output, what happens to the standard error. Exit code: 0 if the execution succeeded, 1 if it failed, 2 if
/// it could not be started, as when the definition has errors, 3 if it timed out, 130 if it was stopped.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) execution: ExecutionArguments,

    #[command(flatten)]
    pub(crate) executable: ExecutableArguments,
}

/// What the executable is told.
#[derive(Debug, Args)]
pub(crate) struct ExecutionArguments {
    /// The input: JSON, `@` and the name of a file, or `-` for the standard input; without it the standard input, or `{}` if that is a terminal
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,

    /// The name of the execution
    #[arg(long)]
    name: Option<String>,

    /// Write the history of the execution to a file, as `GetExecutionHistory` has it
    #[arg(long, value_name = "FILE")]
    history: Option<String>,

    /// Let a folder stand for a bucket of S3; may be repeated
    #[arg(long, value_name = "NAME=FOLDER")]
    bucket: Vec<String>,

    /// What goes to the standard error
    #[arg(long, value_enum, default_value_t = Log::All)]
    log: Log,

    /// The same as `--log off`
    #[arg(long, short, conflicts_with = "log")]
    quiet: bool,

    /// For whom the output and the log are
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Log {
    /// Every state, every call and every error
    All,
    /// Errors only
    Error,
    /// Nothing
    Off,
}

/// Runs one execution.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match arguments.command() {
        Ok(Some(command)) => replace(command),
        Ok(None) => Outcome::CouldNotRun,
        Err(reason) => complain(&reason),
    }
}

impl Arguments {
    /// The executable with its arguments, unless the definition has errors, which are printed.
    pub(crate) fn command(&self) -> Result<Option<Command>, String> {
        let built = self.executable.build()?;
        if !self.execution.quiet || built.executable.is_none() {
            tell(&built);
        }
        Ok(built.executable.map(|executable| {
            let mut command = Command::new(executable);
            self.execution.hand_over(&mut command);
            command
        }))
    }
}

impl ExecutionArguments {
    fn hand_over(&self, command: &mut Command) {
        if let Some(input) = &self.input {
            match input.strip_prefix('@') {
                Some(file) => command.arg(format!("--input={file}")),
                None if input == "-" => command.arg("--input=-"),
                None => command.arg(format!("--input-json={input}")),
            };
        }
        if self.quiet {
            command.arg("--quiet");
        }
        let log = match self.log {
            Log::All => None,
            Log::Error => Some("error"),
            Log::Off => Some("off"),
        };
        let format = (self.format == Format::Json).then_some("json");
        for (option, value) in [
            ("name", self.name.as_deref()),
            ("history", self.history.as_deref()),
            ("log", log),
            ("format", format),
        ] {
            command.args(value.map(|value| format!("--{option}={value}")));
        }
        command.args(self.bucket.iter().map(|bucket| format!("--bucket={bucket}")));
    }
}

/// The executable takes the place of this process: signals, and the end of the process, are its own.
#[cfg(unix)]
fn replace(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    complain(&format!("the executable cannot be started: {error}"))
}

/// The executable runs in place of this process.
#[cfg(not(unix))]
fn replace(mut command: Command) -> Outcome {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(130)),
        Err(error) => complain(&format!("the executable cannot be started: {error}")),
    }
}
