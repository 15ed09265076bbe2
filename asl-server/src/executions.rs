//! Executions: started, told things, and told of.
//!
//! In: executions to start, tokens with results, questions. Out: what the API tells of executions. They are kept in a [`Folder`], or in memory as
//! if it were one: what is answered is on the disk. Executions of Express machines are not kept, as nothing is reported of them but their ends.

mod express;
pub(crate) mod history;
mod host;
mod late;
mod map_runs;
mod record;
mod tokens;

pub(crate) use express::Running;
pub(crate) use map_runs::MapRunDescription;
pub(crate) use record::{Description, NewExecution};
pub(crate) use tokens::{HasActivity, TokenFault, Tokens};

use crate::compile::Machines;
use crate::control::Revision;
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use asl_durable::{DurableError, Folder, Resumed, Started, Wanted, Whose};
use asl_engine::history::Told;
use asl_engine::map_run::MapRunLimits;
use asl_engine::{EffectId, Outcome};
use asl_runtime::{ActivityTask, BoxFuture, Event, Host, Launch, Status, TaskError, Text, Timestamp, Value};
use history::Histories;
use host::Hosted;
use late::Late;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// The executions of a server.
pub(crate) struct Executions {
    folder: Folder,
    host: Arc<dyn Host>,
    machines: Machines,
    tokens: Tokens,
    histories: Histories,
}

/// What has become of an execution that was to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// It has begun.
    New,
    /// It had begun before, and runs.
    Before,
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

fn failed(error: &DurableError) -> ApiError {
    ApiError::internal(error.to_string())
}

impl Executions {
    /// Executions in a folder, whose tasks a host does.
    pub(crate) fn new(
        folder: Folder,
        host: Arc<dyn Host>,
        machines: Machines,
        has_activity: HasActivity,
    ) -> Self {
        let tokens = Tokens::new(folder.clone(), has_activity);
        let host: Arc<dyn Host> = Arc::new(Hosted::new(host, tokens.clone()));
        let made = machines.clone();
        let folder = folder
            .machines(move |name, text| Some(Arc::new(Late::new(made.clone(), name.clone(), text.clone()))));
        Self { folder, host, machines, tokens, histories: Histories::default() }
    }

    /// Lets everything go on that had not ended: how many executions these are, and what has become of them.
    pub(crate) async fn resume(&self) -> Result<(usize, BoxFuture<'static, Resumed>), DurableError> {
        let kept = i64::try_from(Folder::RETENTION.as_secs()).unwrap_or(i64::MAX);
        let since = self.host.clock().now().seconds().saturating_sub(kept);
        self.folder.resume(&self.host, Timestamp::new(since, 0)).await
    }

    /// Starts an execution of a Standard machine. The same one, if it runs already, is that one.
    pub(crate) async fn start(&self, new: &NewExecution) -> Result<Begun, NotStarted> {
        let definition = new.revision.settings.definition.as_str().into();
        let machine = Late::new(self.machines.clone(), new.machine_name.clone(), definition);
        let (arn, name) = (Some(&*new.machine_arn), Some(new.name.clone()));
        let launch = Launch::new(&*self.host, &machine, arn, new.input.clone(), name);
        let start = launch.change(|context| new.change(context)).start(&*self.host);
        match self.folder.start(&self.host, &machine, start, new.facts(), new.waits()).await {
            Ok(true) => Ok(Begun::New),
            Ok(false) => Ok(Begun::Before),
            Err(DurableError::ExecutionAlreadyExists(_)) => Err(NotStarted::AlreadyExists),
            Err(error) => Err(NotStarted::Failed(failed(&error))),
        }
    }

    /// Starts an execution of an Express machine.
    pub(crate) fn start_express(&self, new: NewExecution) -> Running {
        express::start(&self.host, &self.machines, new)
    }

    /// What is known of an execution.
    pub(crate) async fn find(&self, arn: &str) -> Result<Option<Description>, ApiError> {
        let found = self.folder.find(arn).await.map_err(|error| failed(&error))?;
        Ok(found.map(Description::of))
    }

    /// Executions from the newest on.
    pub(crate) async fn list(&self, wanted: &Wanted) -> Result<Vec<Description>, ApiError> {
        let found = self.folder.list(wanted).await.map_err(|error| failed(&error))?;
        Ok(found.into_iter().map(Description::of).collect())
    }

    /// How the children of a Map Run stand, so many at most, in the order in which they were started.
    pub(crate) async fn children(&self, map_run: &str, most: usize) -> Result<Vec<Status>, ApiError> {
        self.folder.children(map_run, most).await.map_err(|error| failed(&error))
    }

    /// The ARN of the child at a place in that order, from 0.
    pub(crate) async fn child(&self, map_run: &str, place: usize) -> Result<Option<Text>, ApiError> {
        self.folder.child(map_run, place).await.map_err(|error| failed(&error))
    }

    /// How many executions of a machine were started in each of so many spans of time.
    pub(crate) async fn started(
        &self,
        machine: &str,
        from: Timestamp,
        span: Duration,
        spans: usize,
    ) -> Result<Vec<Started>, ApiError> {
        self.folder.started(machine, from, span, spans).await.map_err(|error| failed(&error))
    }

    /// What the machine of an execution was when that was started.
    pub(crate) async fn revision(&self, arn: &str) -> Result<Revision, ApiError> {
        let text = self.folder.shared(arn).await.map_err(|error| failed(&error))?;
        let text = text.ok_or_else(|| ApiError::internal("the machine of the execution is not known"))?;
        serde_json::from_str(&text).map_err(|error| ApiError::internal(error.to_string()))
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

    async fn told(&self, execution: &Description) -> Result<Vec<Told>, ApiError> {
        self.folder.told(&execution.arn).await.map_err(|error| failed(&error))
    }

    /// Waits until an execution has ended, and says how. `None` if there is no such execution.
    pub(crate) async fn ended(&self, arn: &str) -> Result<Option<Description>, ApiError> {
        if let Some(end) = self.folder.end_of(arn) {
            // What came of it is read from where it is kept.
            drop(end.await);
        }
        self.find(arn).await
    }

    /// Stops an execution, if it runs.
    pub(crate) async fn stop(&self, arn: &str, error: Option<Text>, cause: Option<String>) {
        let outcome = Outcome::Stopped { error, cause };
        // One that has ended meanwhile need not be told.
        let _ = self.folder.tell(&self.host, arn, EffectId::EXECUTION, outcome).await;
    }

    /// Lets an execution that has failed, timed out or was stopped go on with what failed in it: when that was. The same client token is the same
    /// redrive.
    pub(crate) async fn redrive(&self, arn: &str, client_token: Option<&str>) -> Result<Date, ApiError> {
        let (folder, host, arn) = (self.folder.clone(), Arc::clone(&self.host), arn.to_owned());
        let client_token = client_token.map(str::to_owned);
        // The caller may go meanwhile, and the execution goes on nevertheless.
        let redriven =
            tokio::spawn(async move { folder.redrive(&host, &arn, client_token.as_deref()).await });
        match redriven.await.map_err(|error| ApiError::internal(error.to_string()))? {
            Ok(moment) => Ok(moment.into()),
            Err(DurableError::NotRedrivable(reason)) => Err(not_redrivable(&reason)),
            Err(error) => Err(failed(&error)),
        }
    }

    /// The time by which they run.
    pub(crate) fn now(&self) -> Date {
        self.host.clock().now().into()
    }

    /// Good when no execution of a machine runs any more that can end here.
    pub(crate) fn idle(&self, machine_arn: Text) -> BoxFuture<'static, Result<(), ApiError>> {
        let folder = self.folder.clone();
        let of = Whose::Machine(machine_arn);
        let running =
            Wanted { of, status: Some(Status::Running), redriven: None, until: None, after: None, most: 100 };
        Box::pin(async move {
            let mut endless = HashSet::new();
            loop {
                let found = folder.list(&running).await.map_err(|error| failed(&error))?;
                if found.is_empty() {
                    return Ok(());
                }
                let before = std::mem::take(&mut endless);
                let mut ends = Vec::new();
                for one in found {
                    match folder.end_of(&one.execution.id) {
                        Some(end) => ends.push(end),
                        // It has ended since it was listed, and is not listed again; or does not go on here.
                        None => _ = endless.insert(Text::clone(&one.execution.id)),
                    }
                }
                if ends.is_empty() && endless.is_subset(&before) {
                    return Err(ApiError::internal("nothing here can go on with its executions"));
                }
                for end in ends {
                    drop(end.await);
                }
            }
        })
    }

    /// Whether an execution of a machine has not ended.
    pub(crate) async fn any_runs(&self, machine_arn: &str) -> Result<bool, ApiError> {
        self.folder.any_runs(machine_arn).await.map_err(|error| failed(&error))
    }

    /// Whether the task of a token can be ended.
    pub(crate) async fn check_token(&self, token: &str) -> Result<(), TokenFault> {
        self.tokens.check(token).await
    }

    /// Ends the task of a token.
    pub(crate) async fn end_task(
        &self,
        token: &str,
        result: Result<Value, TaskError>,
    ) -> Result<(), TokenFault> {
        self.tokens.signal(&self.host, token, Outcome::Signalled(result)).await
    }

    /// Says that the task of a token is alive.
    pub(crate) async fn heartbeat(&self, token: &str) -> Result<(), TokenFault> {
        self.tokens.signal(&self.host, token, Outcome::Heartbeat).await
    }

    /// Waits for work of an activity, and takes it.
    pub(crate) async fn work(&self, activity: &str, worker_name: Option<&str>) -> ActivityTask {
        self.tokens.work(&self.host, activity, worker_name).await
    }

    /// How many tasks wait for a worker of an activity.
    pub(crate) fn waiting_for(&self, activity: &str) -> usize {
        self.tokens.waiting_for(activity)
    }

    /// A Map Run.
    pub(crate) async fn map_run(&self, arn: &str) -> Result<Option<MapRunDescription>, ApiError> {
        let execution = self.folder.of_map_run(arn).await.map_err(|error| failed(&error))?;
        let Some(execution) = execution else { return Ok(None) };
        Ok(self.map_runs(&execution).await?.into_iter().find(|run| run.arn == arn))
    }

    /// The Map Runs of an execution, from the first on.
    pub(crate) async fn map_runs(&self, execution_arn: &str) -> Result<Vec<MapRunDescription>, ApiError> {
        let Some(execution) = self.find(execution_arn).await? else { return Ok(Vec::new()) };
        Ok(map_runs::of(&execution, &self.told(&execution).await?))
    }

    /// Changes what a Map Run may do: whether it still ran.
    pub(crate) async fn limit_map_run(
        &self,
        run: &MapRunDescription,
        limits: MapRunLimits,
    ) -> Result<bool, ApiError> {
        let effect = self.folder.effect_of_map_run(&run.arn).await.map_err(|error| failed(&error))?;
        let Some(effect) = effect else { return Ok(false) };
        let outcome = Outcome::Limited(limits);
        Ok(self.folder.tell(&self.host, &run.execution_arn, effect, outcome).await.unwrap_or_default())
    }
}
