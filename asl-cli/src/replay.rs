//! `asl replay`: runs recorded executions again, and shows where they differ.
//!
//! In: definitions, and histories as `aws stepfunctions get-execution-history` prints them. Out: the first event that differs, or a
//! report on many cases. The machines are compiled into a small program of their own, which is built with cargo and kept in a cache.

mod batch;
mod case;
mod difference;
mod program;
mod single;

use crate::options::CompileArguments;
use crate::program::RuntimeArgument;
use crate::{Outcome, complain};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// Run recorded executions again, with the recorded answers of their tasks, and show where they differ.
///
/// Waiting takes no time. Exit code: 0 if nothing differs, 1 if something does or the definition has errors, 2 if the command
/// could not do its work.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The definition
    #[arg(required_unless_present = "cases", conflicts_with = "cases")]
    file: Option<String>,

    /// What `aws stepfunctions get-execution-history` printed for the execution
    #[arg(long, value_name = "FILE", required_unless_present = "cases", conflicts_with = "cases")]
    history: Option<PathBuf>,

    /// A folder that stands for S3, where an `ItemReader` reads: in it a folder for each bucket
    #[arg(long, value_name = "FOLDER", conflicts_with = "cases")]
    objects: Option<PathBuf>,

    /// A folder of cases, a JSON file each, with a definition and what was recorded
    #[arg(long, value_name = "FOLDER", requires = "report")]
    cases: Option<PathBuf>,

    /// Where the results of the cases go, a line of JSON each
    #[arg(long, value_name = "FILE", requires = "cases")]
    report: Option<PathBuf>,

    /// Only so many cases
    #[arg(long, value_name = "NUMBER", requires = "cases")]
    limit: Option<usize>,

    /// Only cases whose id contains this text
    #[arg(long, value_name = "TEXT", requires = "cases")]
    filter: Option<String>,

    /// How long one execution may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    time_limit: u64,

    #[command(flatten)]
    runtime: RuntimeArgument,

    #[command(flatten)]
    compile: CompileArguments,
}

impl Arguments {
    const fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }
}

/// Replays one execution or many.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let outcome = match (&arguments.file, &arguments.history, &arguments.cases, &arguments.report) {
        (Some(file), Some(history), _, _) => single::run(arguments, file, history),
        (_, _, Some(cases), Some(report)) => batch::run(arguments, cases, report),
        _ => Err(String::from("a definition with `--history`, or `--cases` with `--report`, is needed")),
    };
    outcome.unwrap_or_else(|reason| complain(&reason))
}
