//! `asl data`: whether all is well with a folder of executions, and what can be done if it is not.
//!
//! In: a folder. Out: what is wrong with it, or all that is in it as lines of JSON.

use crate::answer::{Answers, Format, Outcome, as_line, print};
use crate::data::{Kept, say};
use crate::executions::{events_as_json, facts_as_json};
use crate::machines;
use crate::options::CompileArguments;
use crate::program::RuntimeArgument;
use asl_durable::{Durable, Filter, care};
use asl_runtime::Timestamp;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::SystemTime;

/// Check, repair and export a folder in which executions are kept
///
/// Exit code: 0 if all is well, 1 if something is damaged (and could not be repaired), 2 if it could not be done.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl data check --data data\n\
\x20 asl data export --data data --histories > executions.jsonl\n\
\x20 asl data vacuum --data data --days 30")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Look for what is damaged, even while another process has the folder
    Check {
        #[command(flatten)]
        folder: Folder,
    },
    /// Make good what is damaged, as far as that is possible; the file is copied before
    Repair {
        #[command(flatten)]
        folder: Folder,
    },
    /// Print all executions, a line of JSON each, the newest first
    Export {
        /// The folder
        #[arg(long, value_name = "FOLDER")]
        data: PathBuf,

        /// With what happened in them, as `GetExecutionHistory` has it
        #[arg(long)]
        histories: bool,

        #[command(flatten)]
        runtime: RuntimeArgument,

        #[command(flatten)]
        compile: CompileArguments,
    },
    /// Give room back that the file does not need
    Vacuum {
        #[command(flatten)]
        folder: Folder,

        /// Before that, forget the executions that ended more than so many days ago
        #[arg(long)]
        days: Option<u32>,
    },
}

#[derive(Debug, Args)]
struct Folder {
    /// The folder
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        match &self.what {
            What::Check { folder } | What::Repair { folder } | What::Vacuum { folder, .. } => folder.format,
            What::Export { .. } => Format::Json,
        }
    }

    fn answer(&self) -> Result<Outcome, String> {
        match &self.what {
            What::Check { folder } => check(folder),
            What::Repair { folder } => repair(folder),
            What::Export { data, histories, runtime, compile } => machines::wait_for(async {
                let durable = Durable::look(data).map_err(say)?;
                let histories = histories.then_some((runtime, compile));
                export(durable, histories).await
            })?,
            What::Vacuum { folder, days } => vacuum(folder, *days),
        }
    }
}

fn check(folder: &Folder) -> Result<Outcome, String> {
    let checked = care::check(&folder.data).map_err(say)?;
    let care::Checked { executions, running, rows, bytes, problems, .. } = &checked;
    folder.format.print(
        || {
            let mut text: String = problems.iter().map(line).collect();
            text.push_str(&format!(
                "{executions} executions, {running} not ended; {rows} rows, {bytes} bytes; {}\n",
                counted(problems.len())
            ));
            text
        },
        || {
            json!({
                "executions": executions, "running": running, "rows": rows, "bytes": bytes,
                "problems": problems.iter().map(as_json).collect::<Vec<_>>(),
            })
        },
    );
    Ok(if problems.is_empty() { Outcome::Fine } else { Outcome::ProblemsFound })
}

fn repair(folder: &Folder) -> Result<Outcome, String> {
    let repaired = care::repair(&folder.data).map_err(say)?;
    let care::Repaired { problems, copy, left, .. } = &repaired;
    folder.format.print(
        || {
            let mut text: String =
                if copy.is_some() { problems.iter().map(line).collect() } else { String::new() };
            if let Some(copy) = copy {
                text.push_str(&format!("the file as it was before is `{}`\n", copy.display()));
            }
            left.iter().for_each(|problem| text.push_str(&format!("not repaired: {}", line(problem))));
            if copy.is_none() && left.is_empty() {
                text.push_str("no problems\n");
            }
            text
        },
        || {
            json!({
                "repaired": if copy.is_some() { problems.iter().map(as_json).collect() } else { Vec::new() },
                "copy": copy.as_ref().map(|copy| copy.display().to_string()),
                "problems": left.iter().map(as_json).collect::<Vec<_>>(),
            })
        },
    );
    Ok(if left.is_empty() { Outcome::Fine } else { Outcome::ProblemsFound })
}

fn vacuum(folder: &Folder, days: Option<u32>) -> Result<Outcome, String> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let ago = |days: u32| now.saturating_sub(u64::from(days) * 24 * 60 * 60);
    let since = days.map(|days| Timestamp::new(i64::try_from(ago(days)).unwrap_or(i64::MAX), 0));
    let (before, after) = care::vacuum(&folder.data, since).map_err(say)?;
    folder.format.print(
        || format!("{before} bytes before, {after} bytes now\n"),
        || json!({ "before": before, "after": after }),
    );
    Ok(Outcome::Fine)
}

/// Prints all executions, with their histories if it is known how their definitions are compiled.
async fn export(
    durable: Durable,
    histories: Option<(&RuntimeArgument, &CompileArguments)>,
) -> Result<Outcome, String> {
    let mut outcome = Outcome::Fine;
    let (durable, _kept) = match histories {
        None => (durable, None),
        Some((runtime, compile)) => {
            let definitions = durable.definitions(true).await.map_err(say)?;
            let kept = Kept::compile(&definitions, &compile.options()?, runtime)?;
            (kept.know(durable), Some(kept))
        }
    };
    let mut filter = Filter { most: 1_000, ..Filter::default() };
    loop {
        let listed = durable.list(&filter).await.map_err(say)?;
        let Some(last) = listed.last() else { return Ok(outcome) };
        filter.after = Some(last.clone());
        for one in &listed {
            let mut line = match durable.describe(&one.arn).await {
                Ok(description) => facts_as_json(&description),
                Err(error) => unreadable(&one.arn, &say(error), &mut outcome),
            };
            if histories.is_some()
                && let Some(line) = line.as_object_mut()
            {
                match durable.history(&one.arn).await.map_err(say).and_then(|events| events_as_json(&events))
                {
                    Ok(events) => drop(line.insert("events".into(), events)),
                    Err(reason) => {
                        outcome = Outcome::ProblemsFound;
                        line.insert("eventsError".into(), json!(reason));
                    }
                }
            }
            print(&as_line(&line));
        }
    }
}

fn unreadable(arn: &str, reason: &str, outcome: &mut Outcome) -> Value {
    *outcome = Outcome::ProblemsFound;
    json!({ "execution": arn, "problem": reason })
}

fn line(problem: &care::Problem) -> String {
    let what = match &problem.execution {
        Some(execution) => format!("{execution}: {}", problem.what),
        None => problem.what.clone(),
    };
    match problem.remedy {
        Some(remedy) => format!("{what}\n  repair: {remedy}\n"),
        None => format!("{what}\n"),
    }
}

fn as_json(problem: &care::Problem) -> Value {
    json!({
        "execution": problem.execution.as_ref().map(|execution| execution.as_str()),
        "problem": problem.what,
        "remedy": problem.remedy,
    })
}

fn counted(problems: usize) -> String {
    match problems {
        0 => String::from("no problems"),
        1 => String::from("1 problem"),
        many => format!("{many} problems"),
    }
}
