//! `asl run`: an execution of a definition, here and now.
//!
//! In: a definition and an input. Out: what an executable of it prints. The machine is in a worker, which is built first if it is not in the
//! cache, and knows no service: this command does its tasks.

mod mocks;

use crate::answer::{Answers, Format, Outcome, problems};
use crate::executable::{Built, ExecutableArguments};
use crate::input;
use crate::settings::SettingsArguments;
use crate::{data, machines};
use asl_compiler::source::SourceFile;
use asl_runtime::command::{Options, run_case_on, run_on};
use asl_runtime::settings::Settings;
use asl_runtime::test::{Case, SomeMocks};
use asl_runtime::{InMemory, Value};
use clap::{Args, ValueEnum};
use mocks::{MockArguments, Mocked};
use std::ffi::OsString;
use std::path::PathBuf;

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
    settings: SettingsArguments,

    #[command(flatten)]
    pub(crate) executable: ExecutableArguments,
}

/// How the execution is run.
#[derive(Debug, Args)]
pub(crate) struct ExecutionArguments {
    /// The input: JSON, `@FILE`, or `-` for the standard input; without it, the input of the case or the standard input, or `{}` if that is a terminal
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,

    /// The name of the execution; by default a new one
    #[arg(long)]
    name: Option<String>,

    /// Keep the execution in this folder: if the process dies, the same command, or `asl executions resume`, goes on with it
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,

    /// Write the history of the execution to a file, as `GetExecutionHistory` has it
    #[arg(long, value_name = "FILE")]
    history: Option<String>,

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

    fn is_quiet(&self) -> bool {
        self.execution.quiet
    }

    /// Runs one execution.
    fn answer(&self) -> Result<Outcome, String> {
        let ExecutionArguments { format, quiet, .. } = self.execution;
        let options = self.options()?;
        let compiled = self.executable.compile_worker()?;
        // What is wrong with what the user names is said before anything takes its time.
        let given =
            match compiled.has_code().then(|| self.given(&compiled.about.source, &options)).transpose()? {
                Some(None) => return Ok(Outcome::ProblemsFound),
                other => other.flatten(),
            };
        let built = self.executable.build(compiled)?;
        if !quiet || built.program.is_none() {
            built.show(format);
        }
        let (Some(program), Some(given)) = (&built.program, given) else {
            return Ok(format.only_problems(problems(&built.source, &built.diagnostics)));
        };
        let worker = machines::start(program)?;
        let machine = worker.machine(0).ok_or("the worker has no machine")?;
        let code = match given {
            Given::Input(input, settings) => {
                if !quiet {
                    built.show_calls(format);
                }
                machines::wait_for(async {
                    let host = host(&settings, &built).await?;
                    match &self.execution.data {
                        None => Ok(run_on(&*machine, host, &options, input).await?),
                        Some(folder) => data::run(&*machine, host, folder, &options, input).await,
                    }
                })?
            }
            Given::SomeMocks(case, settings) => machines::wait_for(async {
                let host = host(&settings, &built).await?;
                let mocks = SomeMocks::of_case(&case).map_err(|error| error.to_string())?;
                let input = case.input().cloned().unwrap_or_else(Value::empty_object);
                Ok(run_on(&*machine, host.mocks(mocks), &options, input).await?)
            })?,
            Given::Mocks(case) => {
                machines::wait_for(run_case_on(machine, &case, &options))?.map_err(String::from)
            }
        };
        Ok(Outcome::Ended(code?))
    }
}

/// What the options set up for tasks.
fn settings(options: &Options) -> Result<Settings, String> {
    options.settings().map_err(|error| error.to_string())
}

/// A host of the services that a program calls.
async fn host(settings: &Settings, built: &Built) -> Result<InMemory, String> {
    let host = settings.host(|service| built.features.contains(service)).await;
    host.map_err(|error| error.to_string())
}

/// What an execution begins with.
enum Given {
    /// Its input, and what its tasks need.
    Input(Value, Settings),
    /// A case that mocks some tasks, and what the others need.
    SomeMocks(Box<Case>, Settings),
    /// A case that mocks all tasks.
    Mocks(Box<Case>),
}

impl Arguments {
    /// Reads what the arguments name; nothing where problems were shown.
    fn given(&self, source: &SourceFile, options: &Options) -> Result<Option<Given>, String> {
        let Some(file) = self.mocks.file() else {
            return Ok(Some(Given::Input(options.read_input()?, settings(options)?)));
        };
        match self.mocks.read(file, source.clone(), &self.executable.options()?, &self.execution)? {
            Mocked::Refused => Ok(None),
            Mocked::Case(case) if self.mocks.is_for_some() => {
                Ok(Some(Given::SomeMocks(case, settings(options)?)))
            }
            Mocked::Case(case) => Ok(Some(Given::Mocks(case))),
        }
    }

    /// The files that an execution depends on.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let input = self.execution.input.as_deref().and_then(input::file);
        let mocks = self.mocks.file();
        let named = [input, mocks].into_iter().flatten().map(PathBuf::from);
        self.executable.files().into_iter().chain(named).collect()
    }

    /// Whether no service is asked.
    pub(crate) fn is_mocked(&self) -> bool {
        self.mocks.file().is_some()
    }

    /// The options of the execution, as an executable takes them.
    fn options(&self) -> Result<Options, String> {
        let mut arguments = self.execution.hand_over();
        arguments.extend(self.settings.hand_over());
        if !self.is_mocked() {
            arguments.extend(self.execution.hand_over_input());
        }
        Ok(Options::parse(arguments)?)
    }
}

impl ExecutionArguments {
    fn hand_over_input(&self) -> Option<OsString> {
        self.input.as_ref().map(|input| format!("--input={input}").into())
    }

    fn hand_over(&self) -> Vec<OsString> {
        let log = match self.log {
            Log::All => None,
            Log::Error => Some("error"),
            Log::Off => Some("off"),
        };
        let format = (self.format == Format::Json).then_some("json");
        let options = [
            ("name", self.name.as_deref()),
            ("history", self.history.as_deref()),
            ("log", log),
            ("format", format),
        ];
        let options =
            options.into_iter().filter_map(|(option, value)| Some(format!("--{option}={}", value?)));
        let quiet = self.quiet.then(|| String::from("--quiet"));
        quiet.into_iter().chain(options).map(OsString::from).collect()
    }
}
