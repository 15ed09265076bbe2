//! Executions: started, told things, and told of.
//!
//! In: executions to start, tokens with results, questions. Out: what the API tells of executions. Where they are is a [`Home`]: a folder, or memory
//! as if it were one, or a cluster. What is answered is kept there. Executions of Express machines are not kept, as nothing is reported of them but
//! their ends.

#[cfg(feature = "restate")]
pub(crate) mod cluster;
mod express;
pub(crate) mod folder;
pub(crate) mod history;
mod home;
mod host;
mod late;
mod map_runs;
mod record;
mod tokens;

pub(crate) use express::Running;
pub(crate) use home::{Asked, Home};
pub(crate) use map_runs::MapRunDescription;
pub(crate) use record::{Description, NewExecution};
pub(crate) use tokens::{HasActivity, TokenFault};

use crate::compile::Machines;
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use asl_engine::Outcome;
use asl_engine::history::Told;
use asl_runtime::{Event, Host, TaskError, Value};
use history::Histories;
use std::ops::Deref;
use std::sync::Arc;

/// The executions of a server: what is asked of them is asked of where they are.
pub(crate) struct Executions {
    home: Box<dyn Home>,
    host: Arc<dyn Host>,
    machines: Machines,
    histories: Histories,
}

impl Deref for Executions {
    type Target = dyn Home;

    fn deref(&self) -> &Self::Target {
        &*self.home
    }
}

/// Why an execution does not start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NotStarted {
    /// There is another execution with this ARN.
    AlreadyExists,
    /// It cannot be written down.
    Failed(ApiError),
}

/// Which events of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventRange {
    /// From the newest on.
    pub(crate) reversed: bool,
    /// So many are passed over.
    pub(crate) skip: usize,
    /// So many at most.
    pub(crate) count: usize,
}

/// An execution cannot be redriven, for this reason.
pub(crate) fn not_redrivable(reason: &str) -> ApiError {
    ApiError::about("ExecutionNotRedrivable", reason)
}

impl Executions {
    /// Executions that are somewhere; those of Express machines are in memory, and a host does their tasks.
    pub(crate) fn new(home: Box<dyn Home>, host: Arc<dyn Host>, machines: Machines) -> Self {
        Self { home, host, machines, histories: Histories::default() }
    }

    /// Starts an execution of an Express machine.
    pub(crate) fn start_express(&self, new: NewExecution) -> Running {
        express::start(&self.host, &self.machines, new)
    }

    /// Waits until an execution has ended, and says how. `None` if there is no such execution.
    pub(crate) async fn ended(&self, arn: &str) -> Result<Option<Description>, ApiError> {
        self.until_end(arn).await?;
        self.find(arn).await
    }

    /// The events of an execution as far as it has come.
    pub(crate) async fn events(
        &self,
        execution: &Description,
        range: &EventRange,
    ) -> Result<Vec<Event>, ApiError> {
        if let Some(known) = self.histories.page(execution, range) {
            return Ok(known);
        }
        let told = self.told(execution).await?;
        let events = told.into_iter().filter_map(Told::into_event).collect();
        Ok(self.histories.keep(execution, events, range))
    }

    /// The events of an execution as far as it has come, all at once.
    pub(crate) async fn all_events(&self, execution: &Description) -> Result<Arc<Vec<Event>>, ApiError> {
        self.events_through(execution, u64::MAX).await
    }

    /// The events of an execution with these numbers. Other events of it are at hand afterwards.
    pub(crate) async fn events_of(
        &self,
        execution: &Description,
        ids: &[u64],
    ) -> Result<Vec<Event>, ApiError> {
        let Some(last) = ids.iter().max() else { return Ok(Vec::new()) };
        let events = self.events_through(execution, *last).await?;
        let find =
            |id: &u64| events.binary_search_by_key(id, |event| event.id).ok().and_then(|at| events.get(at));
        Ok(ids.iter().filter_map(find).cloned().collect())
    }

    /// At least the events up to one, if the execution has come so far.
    async fn events_through(&self, execution: &Description, last: u64) -> Result<Arc<Vec<Event>>, ApiError> {
        if let Some(known) = self.histories.through(execution, last) {
            return Ok(known);
        }
        let events = self.told(execution).await?.into_iter().filter_map(Told::into_event).collect();
        let events = Arc::new(events);
        self.histories.keep_all(execution, Arc::clone(&events));
        Ok(events)
    }

    /// The time by which they run.
    pub(crate) fn now(&self) -> Date {
        self.host.clock().now().into()
    }

    /// Ends the task of a token.
    pub(crate) async fn end_task(
        &self,
        token: &str,
        result: Result<Value, TaskError>,
    ) -> Result<(), TokenFault> {
        self.signal(token, Outcome::Signalled(result)).await
    }

    /// Says that the task of a token is alive.
    pub(crate) async fn heartbeat(&self, token: &str) -> Result<(), TokenFault> {
        self.signal(token, Outcome::Heartbeat).await
    }

    /// A Map Run.
    pub(crate) async fn map_run(&self, arn: &str) -> Result<Option<MapRunDescription>, ApiError> {
        let Some(execution) = self.of_map_run(arn).await? else { return Ok(None) };
        Ok(self.map_runs(&execution).await?.into_iter().find(|run| run.arn == arn))
    }

    /// The Map Runs of an execution, from the first on.
    pub(crate) async fn map_runs(&self, execution_arn: &str) -> Result<Vec<MapRunDescription>, ApiError> {
        let Some(execution) = self.find(execution_arn).await? else { return Ok(Vec::new()) };
        Ok(map_runs::of(&execution, &self.told(&execution).await?))
    }
}
