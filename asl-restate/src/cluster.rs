//! What a cluster of Restate says of the machines that are registered with it and of their executions, for whatever shows them to others.
//!
//! In: the addresses of its ingress and of its admin API. Out: machines, executions, events. Nothing is kept here: Restate's tables know which
//! executions there are, and the build of a machine tells what happened in one ([`Cluster::told`]).

mod http;
mod journal;
mod tables;

use crate::names::{Names, machine_of_build};
use crate::replay::Replay;
use asl_engine::Told;
use asl_engine::codec::{from_bytes, to_bytes};
use asl_runtime::{ExecutionError, Identity, Status, TaskError, Text, Timestamp, Value};
use http::{Answer, Http, list, text};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tables::Row;

/// Why a cluster does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterError {
    /// It cannot be reached, for this reason.
    Unreachable(String),
    /// It says that there is something wrong.
    Refused(String),
}

impl fmt::Display for ClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "Restate cannot be reached: {reason}"),
            Self::Refused(reason) => write!(f, "Restate says: {reason}"),
        }
    }
}

impl std::error::Error for ClusterError {}

type Result<T, E = ClusterError> = std::result::Result<T, E>;

/// A machine that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its name.
    pub name: Text,
    /// Its definition, as it was compiled.
    pub definition: Text,
    /// Whose it is.
    pub identity: Identity,
    /// When it was registered.
    pub since: Timestamp,
}

/// An execution on the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its invocation.
    pub invocation: Text,
    /// The name of its machine.
    pub machine: Text,
    /// Its name.
    pub name: Text,
    /// When Restate accepted it.
    pub started: Timestamp,
    /// When it ended, if it has, and how. The output of one that succeeded is known where one execution was asked for, and not in lists.
    pub end: Option<(Timestamp, std::result::Result<Option<Value>, ExecutionError>)>,
    /// Its input as it was written, where one execution was asked for.
    pub input: Option<String>,
    /// `x-amzn-trace-id`, where one execution was asked for.
    pub trace_header: Option<String>,
    /// The deployment that it belongs to, when it has begun.
    deployment: Option<String>,
    protocol: u64,
}

/// Which executions of a machine are asked for, the newest first.
#[derive(Clone, Debug)]
pub struct Wanted<'w> {
    /// The name of the machine.
    pub machine: &'w str,
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those that were accepted before this moment.
    pub before: Option<Timestamp>,
    /// So many at most.
    pub most: usize,
}

/// What has become of an execution that was to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its invocation.
    pub invocation: Text,
    /// There was no execution of this name before.
    pub is_new: bool,
}

/// A cluster. A clone is the same.
#[derive(Clone, Debug)]
pub struct Cluster {
    http: Http,
    /// What builds have said of themselves, which never changes.
    builds: Arc<Mutex<HashMap<String, Registered>>>,
}

impl Cluster {
    /// A cluster by the address of its ingress (`http://127.0.0.1:8080`) and of its admin API (`http://127.0.0.1:9070`).
    ///
    /// # Errors
    /// Why there cannot be a server at such an address.
    pub fn at(ingress: &str, admin: &str) -> std::result::Result<Self, String> {
        Ok(Self { http: Http::new(ingress, admin)?, builds: Arc::default() })
    }

    /// The machines that are registered, by their names: of each, the newest build.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn machines(&self) -> Result<Vec<Registered>> {
        let answer = self.http.admin("/deployments").await?.ok()?;
        let mut newest: BTreeMap<String, (u64, String, Timestamp)> = BTreeMap::new();
        for deployment in list(&answer.json()?, "deployments") {
            let since = text(deployment, "created_at").and_then(Timestamp::parse).unwrap_or_default();
            let services = list(deployment, "services");
            let names = || services.iter().filter_map(|service| text(service, "name"));
            for (build, machine) in names().filter_map(|name| Some((name, machine_of_build(name)?))) {
                // The service of the executions says which deployment is the newest.
                let of_machine = services.iter().find(|service| text(service, "name") == Some(machine));
                let revision = of_machine.and_then(|service| service.get("revision")?.as_u64());
                let revision = revision.unwrap_or_default();
                if newest.get(machine).is_none_or(|(known, ..)| *known < revision) {
                    newest.insert(machine.to_owned(), (revision, build.to_owned(), since));
                }
            }
        }
        let mut machines = Vec::new();
        for (_, build, since) in newest.into_values() {
            machines.push(Registered { since, ..self.build(&build).await? });
        }
        Ok(machines)
    }

    /// The machine that an execution belongs to, as it was when this began.
    ///
    /// # Errors
    /// The cluster does not answer, or the build of the execution is not registered any more.
    pub async fn machine_of(&self, execution: &Found) -> Result<Registered> {
        self.build(&self.build_of(execution).await?).await
    }

    /// Starts an execution, unless there is one of this name.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn start(
        &self,
        machine: &str,
        name: &str,
        input: &str,
        trace_header: Option<&str>,
    ) -> Result<Accepted> {
        let path = ["", machine, name, "run", "send"].map(http::escaped).join("/");
        let headers: Vec<_> = trace_header.map(|header| (TRACE_HEADER, header)).into_iter().collect();
        let answer = self.http.ingress(&path, &headers, input.to_owned()).await?.ok()?;
        let answer = answer.json()?;
        let invocation = text(&answer, "invocationId").unwrap_or_default().into();
        Ok(Accepted { invocation, is_new: text(&answer, "status") == Some("Accepted") })
    }

    /// The execution of a machine that has this name.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn find(&self, machine: &str, name: &str) -> Result<Option<Found>> {
        let path = ["", "restate", "workflow", machine, name, "output"].map(http::escaped).join("/");
        let answer = self.http.get_ingress(&path).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        match answer.invocation() {
            Some(invocation) => self.of_invocation(&invocation).await,
            None => {
                let query = tables::by_name(machine, name);
                let Some(row) = self.rows(&query).await?.into_iter().next() else { return Ok(None) };
                self.of_invocation(row.text("id").unwrap_or_default()).await
            }
        }
    }

    /// The execution with this invocation.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn of_invocation(&self, invocation: &str) -> Result<Option<Found>> {
        let Some(row) = self.rows(&tables::by_id(invocation)).await?.into_iter().next() else {
            return Ok(None);
        };
        let Some(mut found) = found(&row) else { return Ok(None) };
        for entry in self.rows(&tables::ends_of_journal(invocation)).await? {
            let bytes = entry.bytes("raw").unwrap_or_default();
            if entry.text("entry_type") == Some("Command: Input") {
                let input = journal::input(&bytes);
                found.trace_header = input
                    .headers
                    .into_iter()
                    .find_map(|(name, value)| (name == TRACE_HEADER).then_some(value));
                found.input = Some(input.text);
            } else if let Some((_, Ok(output))) = &mut found.end {
                *output = journal::output(&bytes);
            }
        }
        Ok(Some(found))
    }

    /// Executions of a machine.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn list(&self, wanted: &Wanted<'_>) -> Result<Vec<Found>> {
        Ok(self.rows(&tables::list(wanted)).await?.iter().filter_map(found).collect())
    }

    /// How many executions of a machine were accepted in each of so many spans of so many milliseconds, and how they stand now.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn started(
        &self,
        machine: &str,
        from: Timestamp,
        span: u64,
        spans: usize,
    ) -> Result<Vec<(usize, Status, u64)>> {
        let rows = self.rows(&tables::started(machine, from, span, spans)).await?;
        let started = rows.iter().filter_map(|row| {
            let span = usize::try_from(row.number("span")?).ok()?;
            Some((span, status(row), u64::try_from(row.number("executions")?).ok()?))
        });
        Ok(started.collect())
    }

    /// What an execution tells as far as it has come, in the words of the build that it belongs to.
    ///
    /// # Errors
    /// The cluster does not answer, or the build of the execution is not registered any more.
    pub async fn told(&self, execution: &Found) -> Result<Vec<Told>> {
        if execution.deployment.is_none() {
            // It has not begun.
            return Ok(Vec::new());
        }
        let build = self.build_of(execution).await?;
        let rows = self.rows(&tables::journal(&execution.invocation)).await?;
        let entries: Option<Vec<_>> =
            rows.iter().map(|row| Some((row.text("entry_type")?, row.bytes("raw")?))).collect();
        let replay = entries.and_then(|entries| {
            Replay::new(execution.protocol, &execution.invocation, &execution.name, &entries)
        });
        let unreadable = || ClusterError::Refused(String::from("the journal is of a form that is not known"));
        let replay = to_bytes(&replay.ok_or_else(unreadable)?);
        let path = ["", &build, "events"].map(http::escaped).join("/");
        let answer = self.http.send_bytes(&path, replay).await?.ok()?;
        from_bytes(&answer.body).map_err(|error| ClusterError::Refused(error.to_string()))
    }

    /// Waits until an execution has ended.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn until_end(&self, execution: &Found) -> Result<()> {
        let path = ["", "restate", "workflow", &execution.machine, &execution.name, "attach"];
        self.http.get_ingress(&path.map(http::escaped).join("/")).await.map(drop)
    }

    /// Stops an execution, if it has not ended.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn stop(&self, execution: &Found, error: Option<&str>, cause: Option<&str>) -> Result<()> {
        let service = Names::of(&execution.machine, "").executions;
        let path = ["", &service, "stop"].map(http::escaped).join("/");
        let body = json!({ "invocationId": &*execution.invocation, "error": error, "cause": cause });
        self.http.ingress(&path, &[], body.to_string()).await?.ok().map(drop)
    }

    /// The machine among these whose execution waits for a token.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn waits_for(&self, task_token: &str) -> Result<Option<Text>> {
        let rows = self.rows(&tables::token(&crate::names::key_of(task_token))).await?;
        let service = rows.first().and_then(|row| row.text("service_name"));
        Ok(service.and_then(|name| name.strip_suffix(".tokens")).map(Text::from))
    }

    /// Ends the task of a token; `false` if nothing waits for it any more.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn end_task(
        &self,
        machine: &str,
        task_token: &str,
        result: std::result::Result<Value, TaskError>,
    ) -> Result<bool> {
        let (handler, body) = match result {
            Ok(output) => ("success", json!({ "taskToken": task_token, "output": output.to_string() })),
            Err(error) => (
                "failure",
                json!({ "taskToken": task_token, "error": error.error(), "cause": error.cause() }),
            ),
        };
        self.call_back(machine, handler, body.to_string()).await
    }

    /// Says that the task of a token is alive; `false` if nothing waits for it any more.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn heartbeat(&self, machine: &str, task_token: &str) -> Result<bool> {
        self.call_back(machine, "heartbeat", json!({ "taskToken": task_token }).to_string()).await
    }

    async fn call_back(&self, machine: &str, handler: &str, body: String) -> Result<bool> {
        let service = Names::of(machine, "").callbacks;
        let path = ["", &service, handler].map(http::escaped).join("/");
        let answer = self.http.ingress(&path, &[], body).await?;
        if answer.status == 404 { Ok(false) } else { answer.ok().map(|_| true) }
    }

    /// The machines that have work for the workers of an activity.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn have_work(&self, activity: &str) -> Result<Vec<Text>> {
        let rows = self.rows(&tables::work(activity)).await?;
        let has_some = |row: &&Row| {
            let work = row.bytes("value").and_then(|work| from_bytes::<Vec<(Text, Value)>>(&work).ok());
            work.is_some_and(|work| !work.is_empty())
        };
        let services = rows.iter().filter(has_some).filter_map(|row| row.text("service_name"));
        Ok(services.filter_map(|name| name.strip_suffix(".activities")).map(Text::from).collect())
    }

    /// How much work of an activity no worker has taken.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn waiting_for(&self, activity: &str) -> Result<usize> {
        let rows = self.rows(&tables::work(activity)).await?;
        let work = rows.iter().filter_map(|row| from_bytes::<Vec<(Text, Value)>>(&row.bytes("value")?).ok());
        Ok(work.map(|work| work.len()).sum())
    }

    /// Takes work of an activity from a machine, if there is some: its token, and its input.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn take(
        &self,
        machine: &str,
        activity: &str,
        worker_name: Option<&str>,
    ) -> Result<Option<(Text, Value)>> {
        let service = Names::of(machine, "").activities;
        let path = ["", &service, activity, "take"].map(http::escaped).join("/");
        let body = json!({ "workerName": worker_name });
        let answer = self.http.ingress(&path, &[], body.to_string()).await?.ok()?.json()?;
        let text = |name| text(&answer, name);
        Ok(text("taskToken")
            .zip(text("input").and_then(|input| Value::from_json(input).ok()))
            .map(|(task_token, input)| (Text::from(task_token), input)))
    }

    /// The service that tells of the build that an execution belongs to.
    async fn build_of(&self, execution: &Found) -> Result<String> {
        let gone = || {
            let name = &execution.name;
            ClusterError::Refused(format!(
                "the build that the execution `{name}` belongs to is not registered any more"
            ))
        };
        let deployment = execution.deployment.as_deref().ok_or_else(gone)?;
        let answer = self.http.admin(&format!("/deployments/{}", http::escaped(deployment))).await?;
        if answer.status == 404 {
            return Err(gone());
        }
        let answer = answer.ok()?.json()?;
        let mut names = list(&answer, "services").iter().filter_map(|service| text(service, "name"));
        let build = names.find(|name| machine_of_build(name) == Some(&execution.machine));
        build.map(str::to_owned).ok_or_else(gone)
    }

    async fn build(&self, service: &str) -> Result<Registered> {
        let known = || self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(build) = known().get(service).cloned() {
            return Ok(build);
        }
        let path = ["", service, "describe"].map(http::escaped).join("/");
        let answer = self.http.send_bytes(&path, Vec::new()).await?.ok()?.json()?;
        let text = |name| Text::from(text(&answer, name).unwrap_or_default());
        let identity =
            Identity { region: text("region"), account: text("account"), role_arn: text("roleArn") };
        let (name, definition) = (text("name"), text("definition"));
        let build = Registered { name, definition, identity, since: Timestamp::default() };
        known().insert(service.to_owned(), build.clone());
        Ok(build)
    }

    async fn rows(&self, query: &str) -> Result<Vec<Row>> {
        let answer: Answer = self.http.query(query).await?.ok()?;
        Row::read(&answer.body).ok_or_else(|| ClusterError::Refused(String::from("a table cannot be read")))
    }
}

/// The header in which the `traceHeader` of an execution comes.
const TRACE_HEADER: &str = "x-amzn-trace-id";

/// The execution of a row.
fn found(row: &Row) -> Option<Found> {
    let text = |name| row.text(name).map(Text::from);
    let moment = |name| row.number(name).map(Timestamp::from_milliseconds);
    let end = moment("completed").map(|completed| {
        let failure = row.text("completion_failure");
        let result = match row.text("completion_result") {
            Some("failure") => Err(journal::failure(failure.unwrap_or_default())),
            _ => Ok(None),
        };
        (completed, result)
    });
    Some(Found {
        invocation: text("id")?,
        machine: text("target_service_name")?,
        name: text("target_service_key")?,
        started: moment("created")?,
        end,
        input: None,
        trace_header: None,
        deployment: row.text("pinned_deployment_id").map(str::to_owned),
        protocol: row
            .number("pinned_service_protocol_version")
            .and_then(|version| version.try_into().ok())
            .unwrap_or_default(),
    })
}

/// The status of a row that stands for many executions.
fn status(row: &Row) -> Status {
    let named = |status: Status| row.text("execution_status") == Some(status.as_str());
    let statuses = [Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted];
    statuses.into_iter().find(|status| named(*status)).unwrap_or(Status::Running)
}
