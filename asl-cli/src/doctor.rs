//! `asl doctor`: what this command needs of the system, what of that is there, and what helps where it is not.
//!
//! In: the `PATH`, the environment and the cache. Out: a line for each thing. Nothing is built, fetched or changed.

use crate::answer::{Answers, Format, Outcome};
use crate::program::{Finding, Need, needs};
use clap::Args;
use serde_json::json;

/// Say what this command needs, what of that is there, and what is missing
///
/// Exit code: 0 if everything is there, 1 if something is missing.
#[derive(Debug, Args)]
#[command(
    after_help = "What only reads definitions (`check`, `explain`, `graph`, `policy`, `lsp`) needs nothing of this."
)]
pub(crate) struct Arguments {
    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Looks at each thing.
    fn answer(&self) -> Result<Outcome, String> {
        let needs = needs();
        self.format.print(
            || needs.iter().map(as_text).collect(),
            || {
                let needs = needs.iter().map(|Need { name, finding }| match finding {
                    Finding::There(what) => json!({ "name": name, "there": true, "about": what }),
                    Finding::Missing { reason, help } => {
                        json!({ "name": name, "there": false, "about": reason, "help": help })
                    }
                });
                json!({ "version": env!("CARGO_PKG_VERSION"), "needs": Vec::from_iter(needs) })
            },
        );
        let is_missing = needs.iter().any(|need| matches!(need.finding, Finding::Missing { .. }));
        Ok(if is_missing { Outcome::ProblemsFound } else { Outcome::Fine })
    }
}

fn as_text(need: &Need) -> String {
    match &need.finding {
        Finding::There(what) => format!("ok       {:8}  {what}\n", need.name),
        Finding::Missing { reason, help } => {
            format!("missing  {:8}  {reason}\n                   help: {help}\n", need.name)
        }
    }
}
