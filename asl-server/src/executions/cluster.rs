//! Executions on a cluster of Restate: they go on in whatever processes it calls, and this one only asks.
//!
//! Machines are those that are registered with the cluster, and activities those that their definitions name; so nothing is written here. Remembered is
//! what was seen of machines and Map Runs, and work that its worker did not wait for. What a cluster does not do is refused in words that say so.

use super::{
    Asked, Description, Home, MapRunDescription, NewExecution, NotStarted, TokenFault, not_redrivable,
};
use crate::actions::settings;
use crate::arn;
use crate::control::machines::MachineType;
use crate::control::{Activity, Revision, Settings, State, StateMachine, Tags};
use crate::definition;
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use asl_durable::{DurableError, Resumed, Started, Wanted, Whose};
use asl_engine::Outcome;
use asl_engine::history::Told;
use asl_engine::map_run::MapRunLimits;
use asl_restate::cluster::{self, Accepted, Cluster, ClusterError, Found, Registered};
use asl_runtime::{ActivityTask, BoxFuture, EventDetails, Identity, Status, Text, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How old what is known of the machines may be.
const FRESH: Duration = Duration::from_secs(1);
/// Between two looks whether an activity has work.
const LOOK: Duration = Duration::from_millis(500);
/// How long a worker waits for one machine. Restate calls one whose process is down again and again, and others may have work.
const HANDING_OUT: Duration = Duration::from_secs(5);
/// So many executions more than are wanted are asked for, because many may have started in the same millisecond.
const MORE: usize = 100;

/// Why nothing can be redriven.
const NEVER_REDRIVEN: &str = "Executions on a cluster of Restate cannot be redriven";

/// What changes machines and activities: those of a cluster are what is registered there.
const CHANGES: [&str; 12] = [
    "CreateActivity",
    "CreateStateMachine",
    "CreateStateMachineAlias",
    "DeleteActivity",
    "DeleteStateMachine",
    "DeleteStateMachineAlias",
    "DeleteStateMachineVersion",
    "PublishStateMachineVersion",
    "TagResource",
    "UntagResource",
    "UpdateStateMachine",
    "UpdateStateMachineAlias",
];

/// The executions of a cluster.
pub(crate) struct OnCluster {
    cluster: Cluster,
    identity: Identity,
    /// When it was looked which machines there are: by one at a time.
    looked: tokio::sync::Mutex<Option<Instant>>,
    /// The machines that are served. What else is on the cluster is not shown.
    served: Mutex<HashSet<Text>>,
    /// Work that was taken, by its activity, until a worker has it.
    taken: Arc<Taken>,
    /// The executions in which Map Runs are, as far as they were seen.
    map_runs: Mutex<HashMap<Text, Text>>,
}

/// Work that was taken from machines, until a worker has it: one that has gone away meanwhile leaves it to the next.
#[derive(Default)]
struct Taken {
    work: Mutex<HashMap<Text, VecDeque<ActivityTask>>>,
    /// The machines that were asked for work, and have not answered for long.
    late: Mutex<HashSet<Text>>,
}

impl Taken {
    fn late(&self) -> MutexGuard<'_, HashSet<Text>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, activity: &str, task: ActivityTask) {
        let mut taken = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        taken.entry(activity.into()).or_default().push_back(task);
    }

    fn next(&self, activity: &str) -> Option<ActivityTask> {
        let mut taken = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let tasks = taken.get_mut(activity)?;
        let next = tasks.pop_front();
        if tasks.is_empty() {
            taken.remove(activity);
        }
        next
    }
}

impl From<ClusterError> for ApiError {
    fn from(error: ClusterError) -> Self {
        let message = error.to_string();
        if matches!(error, ClusterError::Impossible(_)) {
            Self::validation(message)
        } else {
            Self::internal(message)
        }
    }
}

impl OnCluster {
    /// Those of a cluster whose machines have this identity.
    pub(crate) fn new(cluster: Cluster, identity: Identity) -> Self {
        let (looked, served, taken, map_runs) = Default::default();
        Self { cluster, identity, looked, served, taken, map_runs }
    }

    /// The machine and the name of an execution of a machine that is served here.
    fn names<'a>(&self, arn: &'a str) -> Option<(&'a str, &'a str)> {
        let (rest, name) = arn.rsplit_once(':')?;
        let (_, machine) = rest.rsplit_once(':')?;
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let is_here = served.contains(machine) && self.identity.arn_of("execution", &[machine, name]) == arn;
        is_here.then_some((machine, name))
    }

    async fn look_up(&self, arn: &str) -> Result<Option<Found>, ApiError> {
        match self.names(arn) {
            Some((machine, name)) => Ok(self.cluster.find(machine, name).await?),
            None => Ok(None),
        }
    }

    async fn expect(&self, arn: &str) -> Result<Found, ApiError> {
        self.look_up(arn).await?.ok_or_else(|| ApiError::about("ExecutionDoesNotExist", arn))
    }

    fn described(&self, found: Found) -> Description {
        let number = number(&found);
        let (machine, name) = (&found.machine, &found.name);
        let mut description = Description::elsewhere(found.input.unwrap_or_default(), found.trace_header);
        description.arn = self.identity.arn_of("execution", &[machine, name]);
        description.machine_arn = self.identity.arn_of("stateMachine", &[machine]);
        (description.name, description.machine_name) = (found.name, found.machine);
        (description.start_date, description.number) = (found.started.into(), number);
        description
            .end(found.end.map(|(moment, result)| (moment.into(), result.map(Option::unwrap_or_default))));
        description
    }
}

/// The number of an execution: it grows with the moment at which it was started, and those of one moment have different ones.
fn number(found: &Found) -> i64 {
    number_of(found.started, &found.invocation)
}

fn number_of(started: Timestamp, invocation: &str) -> i64 {
    let digest = Sha256::digest(invocation.as_bytes());
    let [first, second, third, ..] = digest.as_slice() else { return 0 };
    let low = i64::from(u32::from_be_bytes([0, *first, *second, *third]) >> (24 - NUMBER_BITS));
    (started.milliseconds() << NUMBER_BITS) | low
}

/// How many bits of the number of an execution are not of its moment: what is left is enough until the year 2248.
const NUMBER_BITS: u32 = 20;

/// A machine that is registered, as the API knows machines.
fn machine(registered: &Registered) -> StateMachine {
    let revision = revision(registered);
    let created = revision.date;
    StateMachine::new(&registered.name, MachineType::Standard, revision, Tags::default(), created)
}

fn revision(registered: &Registered) -> Revision {
    let settings = Settings {
        definition: registered.definition.to_string(),
        role_arn: registered.identity.role_arn.to_string(),
        logging: settings::logging(None).unwrap_or_default(),
        tracing: settings::tracing(None),
        encryption: settings::encryption(None),
        variable_references: definition::accept(&registered.definition, MachineType::Standard)
            .unwrap_or_default(),
    };
    Revision { id: None, date: registered.since.into(), settings: Arc::new(settings) }
}

/// The activities that a definition names.
fn activities(registered: &Registered) -> Vec<Activity> {
    let Some(definition) = definition::value::value(&registered.definition) else { return Vec::new() };
    let mut names = Vec::new();
    name_activities(&definition, &registered.identity, &mut names);
    let activity =
        |name| Activity { name, created: registered.since.into(), encryption: None, tags: Tags::default() };
    names.into_iter().map(activity).collect()
}

fn name_activities(value: &serde_json::Value, identity: &Identity, names: &mut Vec<String>) {
    if let Some(fields) = value.as_object() {
        let resource = fields.get("Resource").and_then(serde_json::Value::as_str);
        if let Some(Ok(arn::Named::Activity { name })) = resource.map(arn::parse)
            && resource.is_some_and(|resource| identity.arn_of("activity", &[name]) == resource)
        {
            names.push(name.to_owned());
        }
        fields.values().for_each(|field| name_activities(field, identity, names));
    }
    let elements = value.as_array().into_iter().flatten();
    elements.for_each(|element| name_activities(element, identity, names));
}

impl Home for OnCluster {
    fn resume(&self) -> Asked<'_, (usize, BoxFuture<'static, Resumed>), DurableError> {
        let nothing: BoxFuture<'static, Resumed> = Box::pin(async { Resumed::default() });
        Box::pin(async { Ok((0, nothing)) })
    }

    fn state(&self) -> Asked<'_, Option<State>> {
        Box::pin(async {
            let mut looked = self.looked.lock().await;
            if looked.is_some_and(|looked| looked.elapsed() < FRESH) {
                return Ok(None);
            }
            let registered = self.cluster.machines().await;
            // Those who have waited meanwhile need not look again, whatever came of it.
            *looked = Some(Instant::now());
            let registered = registered?;
            let mut state = State::default();
            for registered in registered.iter().filter(|registered| registered.identity == self.identity) {
                state.machines.insert(registered.name.to_string(), machine(registered));
                let activities = activities(registered).into_iter();
                state.activities.extend(activities.map(|activity| (activity.name.clone(), activity)));
            }
            *self.served.lock().unwrap_or_else(PoisonError::into_inner) =
                state.machines.keys().map(|name| Text::from(name.as_str())).collect();
            Ok(Some(state))
        })
    }

    fn refuses(&self, action: &str) -> Option<ApiError> {
        let message = "State machines and activities of a cluster are those of the deployments that are registered with Restate";
        CHANGES.contains(&action).then(|| ApiError::forbidden("AccessDeniedException", message))
    }

    fn is_observed(&self) -> bool {
        false
    }

    fn start<'a>(&'a self, new: &'a NewExecution) -> Asked<'a, Date, NotStarted> {
        Box::pin(async {
            let failed = |error: ClusterError| NotStarted::Failed(error.into());
            let header = new.trace_header.as_deref();
            let started = self.cluster.start(&new.machine_name, &new.name, &new.input_text, header);
            let Accepted { invocation, is_new } = started.await.map_err(failed)?;
            let found = self.cluster.of_invocation(&invocation).await.map_err(failed)?;
            match found {
                // The tables may not have it yet.
                None if is_new => Ok(new.start_date),
                Some(found)
                    if is_new
                        || (found.end.is_none() && found.input.as_deref() == Some(&*new.input_text)) =>
                {
                    Ok(found.started.into())
                }
                _ => Err(NotStarted::AlreadyExists),
            }
        })
    }

    fn find<'a>(&'a self, arn: &'a str) -> Asked<'a, Option<Description>> {
        Box::pin(async { Ok(self.look_up(arn).await?.map(|found| self.described(found))) })
    }

    fn list<'a>(&'a self, wanted: &'a Wanted) -> Asked<'a, Vec<Description>> {
        Box::pin(async {
            let Whose::Machine(arn) = &wanted.of else { return Ok(Vec::new()) };
            let Some(machine) = arn.rsplit(':').next().filter(|_| wanted.redriven != Some(true)) else {
                return Ok(Vec::new());
            };
            let after = wanted.after.map(|after| Timestamp::from_milliseconds((after >> NUMBER_BITS) + 1));
            let before = [after, wanted.until].into_iter().flatten().min();
            let mut most = wanted.most.saturating_add(MORE);
            loop {
                let asked = cluster::Wanted { machine, status: wanted.status, before, most };
                let mut found = self.cluster.list(&asked).await?;
                let is_all = found.len() < most;
                // Of the last moment there may be more, which come before some of these.
                let last = found.last().map(|last| last.started);
                found.retain(|one| is_all || Some(one.started) != last);
                found.sort_by_cached_key(|one| std::cmp::Reverse(number(one)));
                found.retain(|one| wanted.after.is_none_or(|after| number(one) < after));
                if is_all || found.len() >= wanted.most {
                    found.truncate(wanted.most);
                    return Ok(found.into_iter().map(|found| self.described(found)).collect());
                }
                most = most.saturating_mul(4);
            }
        })
    }

    fn started<'a>(
        &'a self,
        machine_arn: &'a str,
        from: Timestamp,
        span: Duration,
        spans: usize,
    ) -> Asked<'a, Vec<Started>> {
        Box::pin(async move {
            let machine = machine_arn.rsplit(':').next().unwrap_or_default();
            let span = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
            let started = self.cluster.started(machine, from, span, spans).await?;
            Ok(started.into_iter().map(|(span, status, count)| Started { span, status, count }).collect())
        })
    }

    fn revision<'a>(&'a self, arn: &'a str) -> Asked<'a, Revision> {
        Box::pin(async {
            let found = self.expect(arn).await?;
            Ok(revision(&self.cluster.machine_of(&found).await?))
        })
    }

    fn told<'a>(&'a self, execution: &'a Description) -> Asked<'a, Vec<Told>> {
        Box::pin(async {
            let told = self.cluster.told(&self.expect(&execution.arn).await?).await?;
            let mut map_runs = self.map_runs.lock().unwrap_or_else(PoisonError::into_inner);
            for event in told.iter().filter_map(Told::as_event) {
                if let EventDetails::MapRunStarted { map_run_arn } = &event.details {
                    map_runs.insert(map_run_arn.clone(), execution.arn.clone());
                }
            }
            Ok(told)
        })
    }

    fn until_end<'a>(&'a self, arn: &'a str) -> Asked<'a, ()> {
        Box::pin(async {
            match self.look_up(arn).await? {
                Some(found) if found.end.is_none() => Ok(self.cluster.until_end(&found).await?),
                _ => Ok(()),
            }
        })
    }

    fn stop<'a>(&'a self, arn: &'a str, error: Option<Text>, cause: Option<String>) -> Asked<'a, ()> {
        Box::pin(async move {
            let found = self.expect(arn).await?;
            if found.end.is_none() {
                self.cluster.stop(&found, error.as_deref(), cause.as_deref()).await?;
            }
            Ok(())
        })
    }

    fn redrive<'a>(&'a self, _: &'a str, _: Option<&'a str>) -> Asked<'a, Date> {
        Box::pin(async { Err(not_redrivable(NEVER_REDRIVEN)) })
    }

    fn never_redrives(&self) -> Option<&'static str> {
        Some(NEVER_REDRIVEN)
    }

    fn any_runs<'a>(&'a self, machine_arn: &'a str) -> Asked<'a, bool> {
        Box::pin(async {
            let machine = machine_arn.rsplit(':').next().unwrap_or_default();
            let running = cluster::Wanted { machine, status: Some(Status::Running), before: None, most: 1 };
            Ok(!self.cluster.list(&running).await?.is_empty())
        })
    }

    fn idle(&self, _: Text) -> Asked<'static, ()> {
        // No machine is deleted here.
        Box::pin(async { Ok(()) })
    }

    fn check_token<'a>(&'a self, token: &'a str) -> Asked<'a, (), TokenFault> {
        Box::pin(async { self.machine_of_token(token).await.map(drop) })
    }

    fn signal<'a>(&'a self, token: &'a str, outcome: Outcome) -> Asked<'a, (), TokenFault> {
        Box::pin(async {
            let machine = self.machine_of_token(token).await?;
            let is_told = if let Outcome::Signalled(result) = outcome {
                self.cluster.end_task(&machine, token, result).await
            } else {
                self.cluster.heartbeat(&machine, token).await
            };
            match is_told {
                Ok(true) => Ok(()),
                Ok(false) => Err(TokenFault::Over),
                Err(error) => Err(TokenFault::Unreadable(error.to_string())),
            }
        })
    }

    fn work<'a>(&'a self, activity: &'a str, worker_name: Option<&'a str>) -> Asked<'a, ActivityTask> {
        Box::pin(async move {
            loop {
                if let Some(task) = self.taken.next(activity) {
                    return Ok(task);
                }
                for machine in self.cluster.have_work(activity).await? {
                    if self.taken.late().contains(&machine) {
                        continue;
                    }
                    self.take(machine, activity, worker_name).await?;
                    if let Some(task) = self.taken.next(activity) {
                        return Ok(task);
                    }
                }
                sleep(LOOK).await;
            }
        })
    }

    fn waiting_for<'a>(&'a self, activity: &'a str) -> Asked<'a, usize> {
        Box::pin(async { Ok(self.cluster.waiting_for(activity).await?) })
    }

    fn of_map_run<'a>(&'a self, arn: &'a str) -> Asked<'a, Option<Text>> {
        let known = self.map_runs.lock().unwrap_or_else(PoisonError::into_inner).get(arn).cloned();
        Box::pin(async { Ok(known) })
    }

    fn limit_map_run<'a>(&'a self, _: &'a MapRunDescription, _: MapRunLimits) -> Asked<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn children<'a>(&'a self, _: &'a str, _: usize) -> Asked<'a, Vec<Status>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn child<'a>(&'a self, _: &'a str, _: usize) -> Asked<'a, Option<Text>> {
        Box::pin(async { Ok(None) })
    }
}

impl OnCluster {
    /// Takes work from a machine, if it has some and answers soon. That goes on to its end even if the worker does not wait for it: no one else
    /// has what was handed out.
    async fn take(&self, machine: Text, activity: &str, worker_name: Option<&str>) -> Result<(), ApiError> {
        let (cluster, taken) = (self.cluster.clone(), Arc::clone(&self.taken));
        let (activity, worker_name) = (Text::from(activity), worker_name.map(str::to_owned));
        let take = tokio::spawn(async move {
            let mut take = pin!(cluster.take(&machine, &activity, worker_name.as_deref()));
            let work = match timeout(HANDING_OUT, &mut take).await {
                Ok(work) => work,
                Err(_) => {
                    taken.late().insert(machine.clone());
                    let work = take.await;
                    taken.late().remove(&machine);
                    work
                }
            };
            if let Some((task_token, input)) = work? {
                taken.put(&activity, ActivityTask { task_token, input });
            }
            Ok::<_, ClusterError>(())
        });
        match timeout(HANDING_OUT, take).await {
            // The runtime is being shut down where this does not come to its end.
            Ok(took) => Ok(took.map_err(|error| ApiError::internal(error.to_string()))??),
            Err(_) => Ok(()),
        }
    }

    /// The machine whose execution waits for a token.
    async fn machine_of_token(&self, token: &str) -> Result<Text, TokenFault> {
        let is_one =
            token.len() == 64 && token.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if !is_one {
            return Err(TokenFault::Unknown);
        }
        match self.cluster.waits_for(token).await {
            Ok(Some(machine)) => Ok(machine),
            // Nothing is kept of a token whose task is over.
            Ok(None) => Err(TokenFault::Over),
            Err(error) => Err(TokenFault::Unreadable(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nowhere() -> OnCluster {
        let cluster = Cluster::at("http://127.0.0.1:1", "http://127.0.0.1:1").unwrap();
        OnCluster::new(cluster, Identity::default())
    }

    #[test]
    fn only_machines_that_are_served_have_executions() {
        let home = nowhere();
        home.served.lock().unwrap().insert("order".into());
        let arn = |machine| Identity::default().arn_of("execution", &[machine, "one"]);
        assert_eq!(home.names(&arn("order")), Some(("order", "one")));
        assert_eq!(home.names(&arn("other.workflow")), None);
        assert_eq!(home.names("arn:aws:states:elsewhere:1:execution:order:one"), None);
    }

    #[test]
    fn later_executions_have_larger_numbers() {
        let moments = ["2026-01-01T00:00:00Z", "2039-12-31T00:00:00Z", "2200-01-01T00:00:00Z"];
        let numbers = moments.map(|moment| number_of(Timestamp::parse(moment).unwrap(), "inv_1"));
        assert!(numbers.is_sorted() && numbers[0] > 0, "{numbers:?}");
    }

    #[test]
    fn work_that_a_worker_did_not_wait_for_is_the_next_ones() {
        let taken = Taken::default();
        let task = |token: &'static str| ActivityTask { task_token: token.into(), input: true.into() };
        ["one", "two"].into_iter().for_each(|token| taken.put("work", task(token)));
        assert!(taken.next("other").is_none());
        let next = || taken.next("work").map(|task| task.task_token.to_string());
        assert_eq!([next(), next(), next()], [Some("one".into()), Some("two".into()), None]);
    }
}
