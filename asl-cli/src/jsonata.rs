//! `asl jsonata`: compiles JSONata expressions and evaluates them.
//!
//! In: an expression and its data, or a folder of cases. Out: the value, or a report. Expressions are compiled into a small program of
//! their own, which is built with cargo and kept in a cache.

mod batch;
mod case;
mod program;
mod single;

use crate::program::RuntimeArgument;
use crate::{Outcome, complain};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// Compile a JSONata expression, and evaluate it on data.
///
/// Exit code: 0 if it gives a value or nothing, 1 if it has errors or its evaluation fails, 2 if the command could not do its work.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The expression
    #[arg(required_unless_present = "cases", conflicts_with = "cases")]
    expression: Option<String>,

    /// A file with the data in JSON; `-` is the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "cases")]
    input: Option<String>,

    /// A variable, as `name=JSON`
    #[arg(long = "bind", value_name = "NAME=JSON", conflicts_with = "cases", value_parser = parse_binding)]
    bindings: Vec<(String, serde_json::Value)>,

    /// A folder of cases, a JSON file each, with an expression and what it should give
    #[arg(long, value_name = "FOLDER", requires = "report")]
    cases: Option<PathBuf>,

    /// Where the results of the cases go, a line of JSON each
    #[arg(long, value_name = "FILE", requires = "cases")]
    report: Option<PathBuf>,

    /// Only cases whose id contains this text
    #[arg(long, value_name = "TEXT", requires = "cases")]
    filter: Option<String>,

    /// How long one evaluation may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    time_limit: u64,

    #[command(flatten)]
    runtime: RuntimeArgument,
}

impl Arguments {
    const fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }
}

/// Evaluates one expression or many.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let outcome = match (&arguments.expression, &arguments.cases, &arguments.report) {
        (Some(expression), _, _) => single::run(arguments, expression),
        (_, Some(cases), Some(report)) => batch::run(arguments, cases, report),
        _ => Err(String::from("an expression, or `--cases` with `--report`, is needed")),
    };
    outcome.unwrap_or_else(|reason| complain(&reason))
}

fn parse_binding(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected `name=JSON`")?;
    let value =
        serde_json::from_str(value).map_err(|error| format!("the value of `{name}` is no JSON: {error}"))?;
    Ok((name.trim_start_matches('$').to_owned(), value))
}
