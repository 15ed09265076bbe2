//! `asl run`: an execution of a definition, here and now.
//!
//! In: a definition and an input. Out: what its executable prints. The executable is built first if it is not in the cache.

mod mocks;

use crate::answer::{Answers, Format, Outcome, problems};
use crate::executable::{ExecutableArguments, Tasks};
use clap::{Args, ValueEnum};
use mocks::{MockArguments, Mocked};
use std::path::PathBuf;
use std::process::Command;

/// Run an execution of a definition, and show each state as it happens
///
/// The output goes to the standard output, what happens to the standard error. Exit code: 0 if the execution succeeded, 1 if it failed or the
/// definition has errors, 2 if it could not be started, 3 if it timed out, 130 if it was stopped.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl run order.asl.json --input '{\"order\": 7}'\n\
\x20 asl run order.asl.json --input @order.json --mock order.test.json --case 'a busy gateway'\n\
\x20 asl run order.asl.yaml --substitute Table=orders --history history.json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) execution: ExecutionArguments,

    #[command(flatten)]
    mocks: MockArguments,

    #[command(flatten)]
    pub(crate) executable: ExecutableArguments,
}

/// What the executable is told.
#[derive(Debug, Args)]
pub(crate) struct ExecutionArguments {
    /// The input: JSON, `@FILE`, or `-` for the standard input; without it, the input of the case or the standard input, or `{}` if that is a terminal
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,

    /// The name of the execution; by default a new one
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

    /// For whom the result and the log are: with `json` the result is one object, and each event of the log a line
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

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.execution.format
    }

    /// Runs one execution.
    fn answer(&self) -> Result<Outcome, String> {
        self.command()?.map_or(Ok(Outcome::ProblemsFound), replace)
    }
}

impl Arguments {
    /// The files that an execution depends on.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let input = self.execution.input.as_deref();
        let input = input.and_then(|input| if input == "-" { Some(input) } else { input.strip_prefix('@') });
        let mocks = self.mocks.file();
        let named = [input, mocks].into_iter().flatten().map(PathBuf::from);
        std::iter::once(self.executable.file.clone()).chain(named).collect()
    }

    /// Whether no service is asked.
    pub(crate) fn is_mocked(&self) -> bool {
        self.mocks.file().is_some()
    }

    /// The executable with its arguments, unless the definition has errors, which are printed.
    pub(crate) fn command(&self) -> Result<Option<Command>, String> {
        let ExecutionArguments { format, quiet, .. } = self.execution;
        let tasks = if self.is_mocked() { Tasks::Mocked } else { Tasks::Done };
        let built = self.executable.build(tasks)?;
        if !quiet || built.executable.is_none() {
            built.show(format);
        }
        let Some(executable) = &built.executable else {
            format.only_problems(problems(&built.source, &built.diagnostics));
            return Ok(None);
        };
        let mut command = Command::new(executable);
        self.execution.hand_over(&mut command);
        match self.mocks.file() {
            None => self.execution.hand_over_input(&mut command),
            Some(file) => {
                let options = self.executable.options();
                match self.mocks.read(file, built.source, &options, &self.execution)? {
                    Mocked::Case(case) => command.stdin(mocks::unnamed(&case)?),
                    Mocked::Refused => return Ok(None),
                };
            }
        }
        Ok(Some(command))
    }
}

impl ExecutionArguments {
    fn hand_over_input(&self, command: &mut Command) {
        if let Some(input) = &self.input {
            match input.strip_prefix('@') {
                Some(file) => command.arg(format!("--input={file}")),
                None if input == "-" => command.arg("--input=-"),
                None => command.arg(format!("--input-json={input}")),
            };
        }
    }

    fn hand_over(&self, command: &mut Command) {
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
fn replace(mut command: Command) -> Result<Outcome, String> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(format!("the executable cannot be started: {error}"))
}

/// The executable runs in place of this process.
#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<Outcome, String> {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(130)),
        Err(error) => Err(format!("the executable cannot be started: {error}")),
    }
}
