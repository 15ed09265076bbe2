//! A machine that is run before it is saved: all of it, with mocks, on a virtual clock.
//!
//! In: a definition, and a [`Script`] of input and mocks. Out: the history of the run, and what is not as the case expects. The definition is compiled
//! apart from the machines of the server, so that no process of theirs is touched; no task is done, and nothing is kept.

mod record;
mod script;

pub(crate) use script::Script;

use crate::compile::Machines;
use asl_runtime::test::{Case, Difference};
use asl_runtime::{BoxFuture, Counts, Limits, Stop};
use record::Record;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A machine may have so many states.
pub(crate) const STATES: usize = 500;
/// A run may take so long, once its machine is compiled.
pub(crate) const TIME: Duration = Duration::from_secs(30);
/// So much longer may it take to stop.
const GRACE: Duration = Duration::from_secs(5);
/// The data of all events may take so many bytes.
pub(crate) const BYTES: usize = 32 << 20;
/// So many runs are under way at once; others wait.
const AT_ONCE: usize = 2;

/// The error of a run that was stopped because of a limit.
const STOPPED: &str = "Run.Stopped";

/// Runs machines that are not saved. A clone shares the places.
#[derive(Clone, Debug)]
pub(crate) struct Rehearsals(Arc<Semaphore>);

impl Default for Rehearsals {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Rehearsed {
    /// In the form of `GetExecutionHistory`.
    pub(crate) history: Value,
    /// How far the Map Runs have come, by their ARNs: no event says that.
    pub(crate) map_runs: BTreeMap<String, Counts>,
    /// Whether the case says what has to come of it.
    pub(crate) expects: bool,
    pub(crate) differences: Vec<Difference>,
}

impl Rehearsals {
    /// Compiles a definition that has no errors, and runs it once.
    ///
    /// # Errors
    /// The script makes no sense, or the machine cannot be built or run.
    pub(crate) async fn run(
        &self,
        machines: &Machines,
        definition: &str,
        script: &Script<'_>,
    ) -> Result<Rehearsed, String> {
        let content = script.case(definition).map_err(|error| error.to_string())?;
        // As texts of numbers are read where executions run.
        let content = asl_value::Value::from_json(&content.to_string()).map_err(|error| error.to_string())?;
        let case = Case::from_json(&content).map_err(|error| error.to_string())?;
        let _place = self.0.acquire().await.map_err(|error| error.to_string())?;
        let machine = machines.apart(definition).await?;
        let input = case.input().map_or_else(|| "{}".to_owned(), asl_value::Value::to_string);
        let record = Record::new(input);
        let test = case.test(machine).map_err(|error| error.to_string())?;
        let test = test.limits(Limits::aws()).observe(record.clone()).until(stop(record.clone()));
        let run = tokio::time::timeout(TIME + GRACE, test.run()).await;
        let run =
            run.map_err(|_| format!("the run was not over after {} s, and was ended", TIME.as_secs()))?;
        let (events, map_runs) = record.take();
        Ok(Rehearsed {
            history: json!({ "events": events }),
            map_runs,
            expects: content.get("expect").is_some(),
            differences: if content.get("expect").is_some() { case.differences(&run) } else { Vec::new() },
        })
    }
}

/// Ends when a run has reached a limit: why it is stopped.
fn stop(record: Record) -> BoxFuture<'static, Stop> {
    Box::pin(async move {
        let cause = match tokio::time::timeout(TIME, record.full()).await {
            Ok(()) => format!("The data of its events took more than {} MiB.", BYTES >> 20),
            Err(_) => format!("It was not over after {} s.", TIME.as_secs()),
        };
        (Some(STOPPED.into()), Some(cause))
    })
}
