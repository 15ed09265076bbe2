//! What a cluster of Restate says of the machines that are registered with it and of their executions, for whatever shows them to others.
//!
//! In: the addresses of its ingress and of its admin API. Out: machines, executions, events. Restate's tables know which executions there are, and the
//! build of a machine tells what happened in one ([`Cluster::told`]); what a build has said of itself is the only thing that is remembered here.

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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tables::Row;

/// How long a build may take to say what it is. Restate asks one whose process is down again and again.
const DESCRIBING: Duration = Duration::from_secs(3);
/// A build that did not say what it is, is not asked again for so long.
const SILENCE: Duration = Duration::from_secs(30);

/// Why a cluster does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterError {
    /// It cannot be reached, for this reason.
    Unreachable(String),
    /// It says that there is something wrong.
    Refused(String),
    /// It takes too long for an answer.
    Silent,
    /// It cannot be asked that, for this reason.
    Impossible(String),
}

impl fmt::Display for ClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "Restate cannot be reached: {reason}"),
            Self::Refused(reason) => write!(f, "Restate says: {reason}"),
            Self::Silent => f.write_str("Restate does not answer in time"),
            Self::Impossible(reason) => write!(f, "Restate cannot be asked that: {reason}"),
        }
    }
}

impl std::error::Error for ClusterError {}

/// Why there cannot be a cluster at an address. As a text it does not show the address, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// It is not a URL.
    NotAUrl {
        /// Whose address it is.
        of: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// It is a URL of something other than a server.
    NotAServer {
        /// Whose address it is.
        of: &'static str,
    },
    /// No connection can be made from here, for this reason.
    NoClient(String),
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUrl { of, why } => write!(f, "the address of {of} is not a URL: {why}"),
            Self::NotAServer { of } => {
                write!(f, "the address of {of} is not that of a server: write `http://HOST:PORT`")
            }
            Self::NoClient(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for AddressError {}

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
    builds: Arc<Mutex<Builds>>,
}

#[derive(Debug, Default)]
struct Builds {
    /// What they have said of themselves, which never changes.
    known: HashMap<String, Registered>,
    /// Those that have not said anything, and when they were asked.
    silent: HashMap<String, Instant>,
}

/// The builds of a machine, from the newest on, each with the number that Restate gave it and the moment at which it was registered.
type Registrations = Vec<(u64, String, Timestamp)>;

impl Cluster {
    /// A cluster by the address of its ingress (`http://127.0.0.1:8080`) and of its admin API (`http://127.0.0.1:9070`).
    ///
    /// # Errors
    /// Why there cannot be a server at such an address.
    pub fn at(ingress: &str, admin: &str) -> Result<Self, AddressError> {
        Ok(Self { http: Http::new(ingress, admin)?, builds: Arc::default() })
    }

    /// The machines that are registered, by their names: of each, the newest build. While that does not say what it is, it is the newest of those that
    /// have said so; a machine of which nothing is known is left out.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn machines(&self) -> Result<Vec<Registered>> {
        let answer = self.http.admin("/deployments").await?.ok()?;
        let mut machines = Vec::new();
        for builds in registrations(&answer.json()?).into_values() {
            if let Some((_, newest, _)) = builds.first() {
                self.ask(newest).await?;
            }
            let known = &self.builds().known;
            let of_machine = builds.iter().find_map(|(_, build, since)| Some((known.get(build)?, *since)));
            machines.extend(of_machine.map(|(build, since)| Registered { since, ..build.clone() }));
        }
        Ok(machines)
    }

    /// The builds that have not said what they are when they were asked last, by the names of their services.
    #[must_use]
    pub fn silent(&self) -> Vec<String> {
        let mut silent: Vec<_> = self.builds().silent.keys().cloned().collect();
        silent.sort_unstable();
        silent
    }

    fn builds(&self) -> MutexGuard<'_, Builds> {
        self.builds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks a build what it is, unless that is known, or it was silent a moment ago.
    async fn ask(&self, build: &str) -> Result<()> {
        if self.builds().silent.get(build).is_some_and(|asked| asked.elapsed() < SILENCE) {
            return Ok(());
        }
        match self.build(build).await {
            Ok(_) => drop(self.builds().silent.remove(build)),
            Err(error @ ClusterError::Unreachable(_)) => return Err(error),
            Err(_) => drop(self.builds().silent.insert(build.to_owned(), Instant::now())),
        }
        Ok(())
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
        let path = http::path([machine, name, "run", "send"])?;
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
        // Nothing that cannot be asked for is there.
        let Ok(path) = http::path(["restate", "workflow", machine, name, "output"]) else { return Ok(None) };
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
        let path = http::path([&*build, "events"])?;
        let answer = self.http.send_bytes(&path, replay, http::PATIENCE).await?.ok()?;
        from_bytes(&answer.body).map_err(|error| ClusterError::Refused(error.to_string()))
    }

    /// Waits until an execution has ended.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn until_end(&self, execution: &Found) -> Result<()> {
        let path = http::path(["restate", "workflow", &execution.machine, &execution.name, "attach"])?;
        self.http.wait_at_ingress(&path).await.map(drop)
    }

    /// Stops an execution, if it has not ended.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn stop(&self, execution: &Found, error: Option<&str>, cause: Option<&str>) -> Result<()> {
        let service = Names::of(&execution.machine, "").executions;
        let path = http::path([&*service, "stop"])?;
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
        let path = http::path([&*service, handler])?;
        let answer = self.http.ingress(&path, &[], body).await?;
        if answer.status == 404 { Ok(false) } else { answer.ok().map(|_| true) }
    }

    /// The machines that may have work for the workers of an activity.
    ///
    /// # Errors
    /// The cluster does not answer.
    pub async fn have_work(&self, activity: &str) -> Result<Vec<Text>> {
        let rows = self.rows(&tables::has_work(activity)).await?;
        let services = rows.iter().filter_map(|row| row.text("service_name"));
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
        let path = http::path([&*service, activity, "take"])?;
        let body = json!({ "workerName": worker_name });
        let answer = self.http.fetch(&path, body.to_string()).await?.ok()?.json()?;
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
        let answer = self.http.admin(&http::path(["deployments", deployment])?).await?;
        if answer.status == 404 {
            return Err(gone());
        }
        let answer = answer.ok()?.json()?;
        let mut names = list(&answer, "services").iter().filter_map(|service| text(service, "name"));
        let build = names.find(|name| machine_of_build(name) == Some(&execution.machine));
        build.map(str::to_owned).ok_or_else(gone)
    }

    async fn build(&self, service: &str) -> Result<Registered> {
        if let Some(build) = self.builds().known.get(service).cloned() {
            return Ok(build);
        }
        let path = http::path([service, "describe"])?;
        let answer = self.http.send_bytes(&path, Vec::new(), DESCRIBING).await?.ok()?.json()?;
        let unreadable = || ClusterError::Refused(format!("`{service}` does not say which machine it is"));
        let build = described(service, &answer).ok_or_else(unreadable)?;
        self.builds().known.insert(service.to_owned(), build.clone());
        Ok(build)
    }

    async fn rows(&self, query: &str) -> Result<Vec<Row>> {
        let answer: Answer = self.http.query(query).await?.ok()?;
        Row::read(&answer.body).ok_or_else(|| ClusterError::Refused(String::from("a table cannot be read")))
    }
}

/// The builds of each machine in a list of deployments.
fn registrations(deployments: &serde_json::Value) -> BTreeMap<String, Registrations> {
    let mut machines: BTreeMap<String, Registrations> = BTreeMap::new();
    for deployment in list(deployments, "deployments") {
        let since = text(deployment, "created_at").and_then(Timestamp::parse).unwrap_or_default();
        let services = list(deployment, "services");
        let names = || services.iter().filter_map(|service| text(service, "name"));
        for (build, machine) in names().filter_map(|name| Some((name, machine_of_build(name)?))) {
            // The service of the executions says which deployment is the newest.
            let of_machine = services.iter().find(|service| text(service, "name") == Some(machine));
            let revision = of_machine.and_then(|service| service.get("revision")?.as_u64());
            let build = (revision.unwrap_or_default(), build.to_owned(), since);
            machines.entry(machine.to_owned()).or_default().push(build);
        }
    }
    for builds in machines.values_mut() {
        builds.sort_by_key(|(revision, ..)| std::cmp::Reverse(*revision));
    }
    machines
}

/// What a build says of itself, if it says so.
fn described(service: &str, answer: &serde_json::Value) -> Option<Registered> {
    let text = |name| text(answer, name).map(Text::from);
    let identity =
        Identity { region: text("region")?, account: text("account")?, role_arn: text("roleArn")? };
    let name = text("name").filter(|name| machine_of_build(service) == Some(name))?;
    Some(Registered { name, definition: text("definition")?, identity, since: Timestamp::default() })
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

/// The status of a row that represents many executions.
fn status(row: &Row) -> Status {
    let named = |status: Status| row.text("execution_status") == Some(status.as_str());
    let statuses = [Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted];
    statuses.into_iter().find(|status| named(*status)).unwrap_or(Status::Running)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn the_builds_of_a_machine_come_from_the_newest_on() {
        let deployment = |build: &str, revision: u64| {
            let workflow = json!({ "name": "order", "revision": revision });
            json!({ "services": [workflow, { "name": build, "revision": 1 }] })
        };
        let all = json!({ "deployments": [deployment("order.build.a", 1), deployment("order.build.b", 2)] });
        let builds = registrations(&all).remove("order").unwrap();
        let names: Vec<_> = builds.iter().map(|(_, build, _)| &**build).collect();
        assert_eq!(names, ["order.build.b", "order.build.a"]);
    }

    #[test]
    fn a_build_that_was_silent_is_not_asked_again_at_once() {
        let cluster = Cluster::at("http://127.0.0.1:1", "http://127.0.0.1:1").unwrap();
        cluster.builds().silent.insert(String::from("order.build.a"), Instant::now());
        let asked = pin!(cluster.ask("order.build.a")).poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(asked, Poll::Ready(Ok(())));
        assert_eq!(cluster.silent(), ["order.build.a"]);
    }

    #[test]
    fn what_is_no_description_is_none() {
        let mut answer =
            json!({ "name": "order", "definition": "{}", "region": "r", "account": "1", "roleArn": "a" });
        assert!(described("order.build.a", &answer).is_some());
        assert_eq!(described("other.build.a", &answer), None);
        answer["definition"] = json!(1);
        assert_eq!(described("order.build.a", &answer), None);
        assert_eq!(described("order.build.a", &json!({ "message": "no" })), None);
    }
}
