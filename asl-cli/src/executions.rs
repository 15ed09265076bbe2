//! `asl executions`: what is kept in a folder, and what is to become of it.
//!
//! In: a folder that `asl run --data`, `asl serve --data` or a program has written. Out: its executions. Those that read can do so while
//! another process has the folder; those that change something need it for themselves.

use crate::answer::{Answers, Format, Outcome, as_line, print};
use crate::data::{self, Kept, say};
use crate::machines;
use crate::options::CompileArguments;
use crate::program::RuntimeArgument;
use crate::settings::SettingsArguments;
use asl_durable::{Description, Durable, Filter, Listed};
use asl_language::visible;
use asl_runtime::{Event, ExecutionError, Status, TaskError, Value};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// List, show and stop the executions that are kept in a folder, and let them go on
///
/// Exit code: 0 if all is well, 1 if an execution that was resumed failed, 2 if it could not be done.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl run order.asl.json --data data --name first\n\
\x20 asl executions list --data data\n\
\x20 asl executions history first --data data > history.json\n\
\x20 asl executions resume --data data")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List executions, the newest first
    List {
        #[command(flatten)]
        folder: Folder,

        /// Only those with this status
        #[arg(long, value_enum, ignore_case = true)]
        status: Option<StatusArgument>,

        /// So many at most
        #[arg(long, default_value_t = 100)]
        most: usize,
    },
    /// Show an execution: its input, its status, its output or its error
    Show {
        #[command(flatten)]
        one: One,
    },
    /// Print what happened in an execution, as `GetExecutionHistory` has it
    History {
        #[command(flatten)]
        one: One,

        #[command(flatten)]
        how: How,
    },
    /// Let all executions go on that have not ended, until they have, or only wait
    Resume {
        #[command(flatten)]
        folder: Folder,

        #[command(flatten)]
        how: How,

        /// Wait until all have ended, however long they wait for a time or a token
        #[arg(long)]
        wait: bool,
    },
    /// Stop an execution
    Stop {
        #[command(flatten)]
        one: One,

        #[command(flatten)]
        how: How,

        /// The error that it ends with
        #[arg(long)]
        error: Option<String>,

        /// The cause of that
        #[arg(long)]
        cause: Option<String>,
    },
    /// Let an execution go on that failed, timed out or was stopped, with what failed in it
    Redrive {
        #[command(flatten)]
        one: One,

        #[command(flatten)]
        how: How,
    },
    /// Send a result for the token of a task
    SendSuccess {
        #[command(flatten)]
        folder: Folder,

        /// The token
        token: String,

        /// The result, as JSON
        #[arg(long, default_value = "{}")]
        output: String,

        #[command(flatten)]
        how: How,
    },
    /// Say that the task of a token has failed
    SendFailure {
        #[command(flatten)]
        folder: Folder,

        /// The token
        token: String,

        /// The error
        #[arg(long, default_value = "States.TaskFailed")]
        error: String,

        /// The cause of that
        #[arg(long, default_value = "")]
        cause: String,

        #[command(flatten)]
        how: How,
    },
}

/// Where the executions are.
#[derive(Debug, Args)]
struct Folder {
    /// The folder
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// One of them.
#[derive(Debug, Args)]
struct One {
    /// Its name, or its ARN
    execution: String,

    #[command(flatten)]
    folder: Folder,
}

/// How the definitions are compiled that are kept with executions.
#[derive(Debug, Args)]
struct How {
    #[command(flatten)]
    runtime: RuntimeArgument,

    #[command(flatten)]
    compile: CompileArguments,

    #[command(flatten)]
    settings: SettingsArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StatusArgument {
    Running,
    Succeeded,
    Failed,
    #[value(alias = "timed_out")]
    TimedOut,
    Aborted,
}

impl From<StatusArgument> for Status {
    fn from(status: StatusArgument) -> Self {
        match status {
            StatusArgument::Running => Self::Running,
            StatusArgument::Succeeded => Self::Succeeded,
            StatusArgument::Failed => Self::Failed,
            StatusArgument::TimedOut => Self::TimedOut,
            StatusArgument::Aborted => Self::Aborted,
        }
    }
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        match &self.what {
            What::List { folder, .. }
            | What::Resume { folder, .. }
            | What::SendSuccess { folder, .. }
            | What::SendFailure { folder, .. } => folder.format,
            What::Show { one }
            | What::History { one, .. }
            | What::Stop { one, .. }
            | What::Redrive { one, .. } => one.folder.format,
        }
    }

    fn answer(&self) -> Result<Outcome, String> {
        machines::wait_for(self.what.answer())?
    }
}

impl What {
    async fn answer(&self) -> Result<Outcome, String> {
        match self {
            Self::List { folder, status, most } => list(folder, *status, *most).await,
            Self::Show { one } => show(one).await,
            Self::History { one, how } => history(one, how).await,
            Self::Resume { folder, how, wait } => {
                let (durable, kept) = open(folder, how).await?;
                resume(folder.format, &durable, &kept, *wait).await
            }
            Self::Stop { one, how, error, cause } => {
                let (durable, _kept) = open(&one.folder, how).await?;
                let arn = one.arn(&durable).await?;
                durable.resume().await.map_err(say)?;
                let error = error.as_deref().map(Into::into);
                durable.stop(&arn, error, cause.clone()).await.map_err(say)?;
                describe(one.folder.format, &durable.describe(&arn).await.map_err(say)?);
                Ok(Outcome::Fine)
            }
            Self::Redrive { one, how } => redrive(one, how).await,
            Self::SendSuccess { folder, token, output, how } => {
                let output =
                    Value::from_json(output).map_err(|error| format!("the output is not JSON: {error}"))?;
                send(folder, how, token, Ok(output)).await
            }
            Self::SendFailure { folder, token, error, cause, how } => {
                send(folder, how, token, Err(TaskError::new(error.as_str(), cause.as_str()))).await
            }
        }
    }
}

async fn open(folder: &Folder, how: &How) -> Result<(Durable, Kept), String> {
    data::open(&folder.data, false, &how.compile, &how.runtime, &how.settings).await
}

impl One {
    /// The ARN of the execution that is meant.
    async fn arn(&self, durable: &Durable) -> Result<String, String> {
        if self.execution.starts_with("arn:") {
            return Ok(self.execution.clone());
        }
        let all = Filter { most: usize::MAX, ..Filter::default() };
        let all = durable.list(&all).await.map_err(say)?;
        let named: Vec<_> = all.iter().filter(|one| one.name == self.execution.as_str()).collect();
        match &*named {
            [one] => Ok(one.arn.to_string()),
            [] => Err(format!("there is no execution `{}`", self.execution)),
            several => {
                let arns: Vec<_> = several.iter().map(|one| one.arn.as_str()).collect();
                Err(format!("`{}` may be {}", self.execution, arns.join(" or ")))
            }
        }
    }
}

async fn list(folder: &Folder, status: Option<StatusArgument>, most: usize) -> Result<Outcome, String> {
    let durable = Durable::look(&folder.data).map_err(say)?;
    let filter = Filter { status: status.map(Into::into), most, ..Filter::default() };
    let listed = durable.list(&filter).await.map_err(say)?;
    folder.format.print(
        || listed.iter().map(line).collect(),
        || json!({ "executions": listed.iter().map(as_json).collect::<Vec<_>>() }),
    );
    Ok(Outcome::Fine)
}

fn line(listed: &Listed) -> String {
    let stop = listed.stop_date.map_or_else(|| String::from("-"), |date| date.to_string());
    format!("{:9}  {}  {stop:24}  {}\n", listed.status, listed.start_date, listed.arn)
}

fn as_json(listed: &Listed) -> serde_json::Value {
    json!({
        "executionArn": listed.arn.as_str(),
        "stateMachineArn": listed.machine.as_str(),
        "name": listed.name.as_str(),
        "status": listed.status.as_str(),
        "startDate": listed.start_date.to_string(),
        "stopDate": listed.stop_date.map(|date| date.to_string()),
    })
}

async fn show(one: &One) -> Result<Outcome, String> {
    let durable = Durable::look(&one.folder.data).map_err(say)?;
    let arn = one.arn(&durable).await?;
    describe(one.folder.format, &durable.describe(&arn).await.map_err(say)?);
    Ok(Outcome::Fine)
}

/// Prints what is known of an execution.
fn describe(format: Format, description: &Description) {
    format.print(
        || {
            facts(description)
                .iter()
                .map(|(name, fact)| format!("{name:9}  {}\n", visible::lines(fact)))
                .collect()
        },
        || facts_as_json(description),
    );
}

/// What is known of an execution, for programs.
pub(crate) fn facts_as_json(description: &Description) -> serde_json::Value {
    let facts = facts(description).into_iter().map(|(name, fact)| {
        let is_data = matches!(name, "input" | "output");
        let data = is_data.then(|| serde_json::from_str(&fact).ok()).flatten();
        (name.to_owned(), data.unwrap_or_else(|| json!(fact)))
    });
    facts.collect::<serde_json::Map<_, _>>().into()
}

fn facts(description: &Description) -> Vec<(&'static str, String)> {
    let Description { execution, end, .. } = description;
    let end = end.as_ref().map(|(moment, result)| (moment.to_string(), result));
    let result: Option<Result<&Value, &ExecutionError>> = end.as_ref().map(|(_, result)| result.as_ref());
    let mut facts = vec![
        ("execution", execution.id.to_string()),
        ("machine", execution.state_machine_id.to_string()),
        ("status", description.status().to_string()),
        ("start", execution.start_time.to_string()),
    ];
    facts.extend(end.as_ref().map(|(moment, _)| ("stop", moment.clone())));
    facts.push(("input", execution.input.to_string()));
    match result {
        Some(Ok(output)) => facts.push(("output", output.to_string())),
        Some(Err(error)) => {
            facts.extend(error.error().map(|error| ("error", error.to_owned())));
            facts.extend(error.cause().map(|cause| ("cause", cause.to_owned())));
        }
        None => {}
    }
    facts
}

async fn history(one: &One, how: &How) -> Result<Outcome, String> {
    let durable = Durable::look(&one.folder.data).map_err(say)?;
    let arn = one.arn(&durable).await?;
    let definition = (name_of(&arn), durable.definition(&arn).await.map_err(say)?);
    let kept = Kept::compile(&[definition], &how.compile.options()?, &how.runtime)?;
    let durable = kept.know(durable);
    let events = durable.history(&arn).await.map_err(say)?;
    print(&as_line(&json!({ "events": events_as_json(&events)? })));
    Ok(Outcome::Fine)
}

/// The events of a history, for programs.
pub(crate) fn events_as_json(events: &[Event]) -> Result<serde_json::Value, String> {
    let events: Value = events.iter().map(Event::to_json).collect::<Vec<_>>().into();
    serde_json::from_str(&events.to_string()).map_err(|error| format!("the history is not JSON: {error}"))
}

/// The name of the machine in the ARN of an execution.
fn name_of(arn: &str) -> asl_value::Text {
    arn.split(':').nth(6).unwrap_or("machine").into()
}

async fn resume(format: Format, durable: &Durable, kept: &Kept, waits: bool) -> Result<Outcome, String> {
    for broken in &kept.broken {
        format.note(broken);
    }
    let began = Filter { status: Some(Status::Running), most: usize::MAX, ..Filter::default() };
    let began = durable.list(&began).await.map_err(say)?;
    let resumed = durable.resume().await.map_err(say)?;
    for damaged in &resumed.damaged {
        format.note(damaged);
    }
    settle(durable, waits).await;
    durable.synced().await.map_err(say)?;
    let mut failed = 0;
    let mut running = 0;
    for one in &began {
        match durable.describe(&one.arn).await.map_err(say)?.status() {
            Status::Running => running += 1,
            Status::Succeeded => {}
            Status::Failed | Status::TimedOut | Status::Aborted => failed += 1,
        }
    }
    let succeeded = began.len() - failed - running;
    let damaged = resumed.damaged.len();
    let waiting = running.saturating_sub(damaged);
    format.print(
        || {
            let mut text = format!("{succeeded} succeeded, {failed} failed, {waiting} wait");
            if !resumed.unknown.is_empty() {
                text.push_str(&format!(", of these {} for a machine with their definition", resumed.unknown.len()));
            }
            if damaged > 0 {
                text.push_str(&format!(", {damaged} damaged (`asl data check` says how)"));
            }
            text + "\n"
        },
        || {
            json!({
                "succeeded": succeeded, "failed": failed, "waiting": waiting, "unknown": resumed.unknown.len(),
                "damaged": damaged,
            })
        },
    );
    Ok(if failed + damaged > 0 { Outcome::ProblemsFound } else { Outcome::Fine })
}

async fn redrive(one: &One, how: &How) -> Result<Outcome, String> {
    let opened = data::open(&one.folder.data, true, &how.compile, &how.runtime, &how.settings).await;
    let (durable, _kept) = opened?;
    let arn = one.arn(&durable).await?;
    durable.resume().await.map_err(say)?;
    durable.redrive(&arn).await.map_err(say)?;
    settle(&durable, false).await;
    durable.synced().await.map_err(say)?;
    let description = durable.describe(&arn).await.map_err(say)?;
    describe(one.folder.format, &description);
    Ok(match description.status() {
        Status::Running | Status::Succeeded => Outcome::Fine,
        Status::Failed | Status::TimedOut | Status::Aborted => Outcome::ProblemsFound,
    })
}

/// Waits until all executions have ended, or only wait.
async fn settle(durable: &Durable, waits: bool) {
    while if waits { durable.running() } else { durable.at_work() } > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn send(
    folder: &Folder,
    how: &How,
    token: &str,
    result: Result<Value, TaskError>,
) -> Result<Outcome, String> {
    let (durable, kept) = open(folder, how).await?;
    durable.resume().await.map_err(say)?;
    // Executions that go on come as far as their tokens first.
    settle(&durable, false).await;
    let sent = match result {
        Ok(output) => durable.send_task_success(token, output).await,
        Err(error) => durable.send_task_failure(token, error).await,
    };
    sent.map_err(|error| error.to_string())?;
    settle(&durable, false).await;
    durable.synced().await.map_err(say)?;
    drop(kept);
    folder.format.print(|| String::from("sent\n"), || json!({ "sent": true }));
    Ok(Outcome::Fine)
}
