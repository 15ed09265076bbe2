//! `asl jsonata`: compiles JSONata expressions and evaluates them.
//!
//! In: an expression and its data, or a folder of cases. Out: the value, or a report. Expressions are compiled into a small program of
//! their own, which is built with cargo and kept in a cache.

mod batch;
mod case;
mod program;
mod single;

use crate::answer::{Answers, Format, Outcome};
use crate::cases::CasesArguments;
use crate::program::WorkerArguments;
use clap::Args;

/// Compile a JSONata expression, and evaluate it on data
///
/// Exit code: 0 if it yields a value or nothing, 1 if it has errors or its evaluation fails, 2 if the command failed to run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl jsonata '$sum(lines.(price * count))' --input @order.json\n\
\x20 asl jsonata '$x + 1' --bind x=41")]
pub(crate) struct Arguments {
    /// The expression
    #[arg(required_unless_present = "cases", conflicts_with = "cases")]
    expression: Option<String>,

    /// The data: JSON, `@FILE`, or `-` for the standard input
    #[arg(long, short, value_name = "JSON", conflicts_with = "cases", allow_hyphen_values = true)]
    input: Option<String>,

    /// A variable, as `name=JSON`
    #[arg(long = "bind", value_name = "NAME=JSON", conflicts_with = "cases", value_parser = parse_binding)]
    bindings: Vec<(String, serde_json::Value)>,

    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    worker: WorkerArguments,

    #[command(flatten)]
    cases: CasesArguments,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Evaluates one expression or many.
    fn answer(&self) -> Result<Outcome, String> {
        match (&self.expression, self.cases.get()) {
            (Some(expression), _) => single::run(self, expression),
            (_, Some(cases)) => batch::run(self, cases),
            _ => Err(String::from("an expression, or `--cases` with `--report`, is needed")),
        }
    }
}

fn parse_binding(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected `name=JSON`")?;
    let value =
        serde_json::from_str(value).map_err(|error| format!("the value of `{name}` is not JSON: {error}"))?;
    Ok((name.trim_start_matches('$').to_owned(), value))
}
