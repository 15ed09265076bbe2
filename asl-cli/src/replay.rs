//! `asl replay`: runs recorded executions again, and shows where they differ.
//!
//! In: definitions, and histories as `aws stepfunctions get-execution-history` prints them. Out: the first event that differs, or a
//! report on many cases. The machines are compiled into a worker, which is kept in a cache; this command runs their executions.

mod batch;
mod case;
mod difference;
mod execute;
mod single;

pub(crate) use single::again;

use crate::answer::{Answers, Format, Outcome};
use crate::cases::CasesArguments;
use crate::embedded::MachineArgument;
use crate::machines::{self, Machines};
use crate::options::CompileArguments;
use crate::program::WorkerArguments;
use asl_runtime::remote::Worker;
use clap::Args;
use std::path::PathBuf;

/// Run recorded executions again, with the recorded answers of their tasks, and show where they differ
///
/// Waiting takes no time. Exit code: 0 if nothing differs, 1 if something does or the definition has errors, 2 if the command
/// failed to run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 aws stepfunctions get-execution-history --execution-arn ARN > history.json\n\
\x20 asl replay order.asl.json --history history.json --execution-arn ARN")]
pub(crate) struct Arguments {
    /// The definition, or a template with it
    #[arg(required_unless_present = "cases", conflicts_with = "cases")]
    file: Option<PathBuf>,

    #[command(flatten)]
    machine: MachineArgument,

    /// What `aws stepfunctions get-execution-history` printed for the execution
    #[arg(long, value_name = "FILE", required_unless_present = "cases", conflicts_with = "cases")]
    history: Option<PathBuf>,

    /// The ARN of the execution, which its history does not hold: for definitions that use `$$.Execution` or `$$.StateMachine`
    #[arg(long, value_name = "ARN", conflicts_with = "cases")]
    execution_arn: Option<String>,

    /// A folder in the place of S3, where an `ItemReader` reads: in it a folder for each bucket
    #[arg(long, value_name = "FOLDER", conflicts_with = "cases")]
    objects: Option<PathBuf>,

    /// Store the execution at every answer and go on with what was stored, as after a crash: nothing may differ
    #[arg(long)]
    restart: bool,

    /// Keep executions in a journal in this folder, and make them again of what is written there at every answer: nothing may differ
    #[arg(long, value_name = "FOLDER")]
    journal: Option<PathBuf>,

    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    worker: WorkerArguments,

    #[command(flatten)]
    cases: CasesArguments,

    /// Only so many cases
    #[arg(long, value_name = "NUMBER", requires = "cases")]
    limit: Option<usize>,

    #[command(flatten)]
    compile: CompileArguments,
}

impl Arguments {
    /// Starts the worker with these machines.
    fn start(&self, machines: Machines) -> Result<Worker, String> {
        let worker = machines::start(&machines.build("replay", self.worker.runtime())?)?;
        Ok(if self.restart { worker.renewing() } else { worker })
    }
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Replays one execution or many.
    fn answer(&self) -> Result<Outcome, String> {
        match (&self.file, &self.history, self.cases.get()) {
            (Some(file), Some(history), _) => single::run(self, file, history),
            (_, _, Some(cases)) => batch::run(self, cases),
            _ => Err(String::from("a definition with `--history`, or `--cases` with `--report`, is needed")),
        }
    }
}
