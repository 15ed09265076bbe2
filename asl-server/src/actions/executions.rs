//! Executions: started, described, listed, stopped.

use super::machines::{described, does_not_exist, find, is_here};
use super::pages::Page;
use super::{Answer, Request, map_runs, versions};
use crate::arn::{self, ArnKind};
use crate::control::State;
use crate::control::machines::MachineType;
use crate::executions::{Description, MapRunDescription, NewExecution, NotStarted, Running};
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_durable::{Wanted, Whose};
use asl_engine::EffectId;
use asl_runtime::{Invocation, Pattern, Status, Text, Timestamp};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `StartExecution`
pub(super) async fn start(server: &Arc<Inner>, request: &Request) -> Answer {
    let started = begin(server, request, By::Request).await?;
    Ok(json!({ "executionArn": &*started.arn, "startDate": Value::from(started.start_date) }))
}

/// `StartSyncExecution`: answers when the execution has ended.
pub(super) async fn start_sync(server: &Arc<Inner>, request: &Request) -> Answer {
    // The time that a machine takes to be built is none of the execution.
    let (arn, _) = without_case(server, request.required("stateMachineArn"));
    let target = Target::find(server, &server.control.read(), arn)?;
    By::SyncRequest.may_start(target.r#type)?;
    let _ = server.machines.machine(&target.revision.settings.definition).await;
    let ended = begin(server, request, By::SyncRequest).await?.ended(server).await?;
    let ended = ended.ok_or_else(|| ApiError::internal("the execution is lost"))?;
    let mut answer = outcome(&ended, request.wants_metadata_only());
    if !request.wants_metadata_only() {
        answer.insert("outputDetails".to_owned(), included());
    }
    answer.insert("billingDetails".to_owned(), billing(&ended));
    Ok(answer.into())
}

/// What AWS would take money for: each begun tenth of a second, and each begun 64 MB, of which the smallest number is told.
fn billing(ended: &Description) -> Value {
    let taken = ended.stop_date.map_or(0, |stop| stop.milliseconds() - ended.start_date.milliseconds());
    let tenths = u64::try_from(taken).unwrap_or_default().div_ceil(100).max(1);
    json!({ "billedDurationInMilliseconds": tenths * 100, "billedMemoryUsedInMB": 64 })
}

/// An execution that was started.
pub(crate) struct Started {
    pub(crate) arn: Text,
    pub(crate) start_date: Date,
    express: Option<Running>,
}

impl Started {
    /// One that a task started before, by what it was told then.
    pub(crate) fn before(answer: &asl_runtime::Value) -> Self {
        let arn = answer.get("ExecutionArn").and_then(asl_runtime::Value::as_str).unwrap_or_default();
        let date = answer.get("StartDate").and_then(asl_runtime::Value::as_i64).unwrap_or_default();
        Self { arn: arn.into(), start_date: Timestamp::from_milliseconds(date).into(), express: None }
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(self, server: &Inner) -> Result<Option<Description>, ApiError> {
        match self.express {
            Some(running) => Ok(Some(running.ended().await)),
            None => server.executions.ended(&self.arn).await,
        }
    }
}

/// Who starts an execution.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'t> {
    /// `StartExecution`
    Request,
    /// `StartSyncExecution`
    SyncRequest,
    /// A task of another execution.
    Task(&'t Invocation),
}

impl<'t> By<'t> {
    fn may_start(self, r#type: MachineType) -> Result<(), ApiError> {
        match (self, r#type) {
            (Self::SyncRequest, MachineType::Standard) => Err(type_not_supported()),
            _ => Ok(()),
        }
    }

    const fn task(self) -> Option<&'t Invocation> {
        match self {
            Self::Task(task) => Some(task),
            Self::Request | Self::SyncRequest => None,
        }
    }
}

/// Starts an execution of the machine, version or alias that a request names, if its type will do. One that the same task has started before
/// is that one, whether it has ended or not.
pub(crate) async fn begin(server: &Arc<Inner>, request: &Request, by: By<'_>) -> Result<Started, ApiError> {
    let (new, r#type) = new_execution(server, request, by)?;
    by.may_start(r#type)?;
    if let Some(mocking) = &server.mocking {
        mocking.begin(&new).map_err(ApiError::validation)?;
    }
    let arn = new.arn.clone();
    if r#type == MachineType::Express {
        let start_date = new.start_date;
        return Ok(Started { arn, start_date, express: Some(server.executions.start_express(new)) });
    }
    match server.executions.start(&new).await {
        Ok(start_date) => Ok(Started { arn, start_date, express: None }),
        Err(NotStarted::AlreadyExists) => Err(ApiError::about("ExecutionAlreadyExists", &arn)),
        Err(NotStarted::Failed(error)) => Err(error),
    }
}

/// The effect of an execution that a task is.
fn waits(task: &Invocation) -> (Text, EffectId) {
    (task.execution().id.to_string().into(), task.effect().clone())
}

/// The execution that a request is about, and the type of its machine.
fn new_execution(
    server: &Inner,
    request: &Request,
    by: By<'_>,
) -> Result<(NewExecution, MachineType), ApiError> {
    let name = request.owned("name").unwrap_or_else(|| server.new_id());
    arn::check_name(&name)?;
    let input_text = request.text("input").unwrap_or("{}");
    let input = asl_runtime::Value::from_json(input_text).map_err(|error| {
        ApiError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{error}'"))
    })?;
    let state = server.control.read();
    let (arn, test_case) = without_case(server, request.required("stateMachineArn"));
    let target = Target::find(server, &state, arn)?;
    let identity = server.identity();
    let arn = match target.r#type {
        MachineType::Express => identity.arn_of("express", &[&target.machine, &name, &server.new_id()]),
        MachineType::Standard => identity.arn_of("execution", &[&target.machine, &name]),
    };
    let new = NewExecution {
        arn,
        name: name.into(),
        machine_arn: server.machine_arn(&target.machine, None).into(),
        machine_name: target.machine,
        version_arn: target.version_arn,
        alias_arn: target.alias_arn,
        input_text: input_text.to_owned(),
        input,
        trace_header: request.owned("traceHeader"),
        started_by: by.task().map(Invocation::idempotency_key),
        is_synchronous: matches!(by, By::SyncRequest),
        waits: by.task().filter(|task| task.pattern() == Pattern::Sync).map(waits),
        test_case: test_case.map(str::to_owned),
        start_date: server.executions.now(),
        revision: target.revision,
    };
    Ok((new, target.r#type))
}

/// The ARN of a machine, and the test case behind it, where there are test cases.
fn without_case<'a>(server: &Inner, arn: &'a str) -> (&'a str, Option<&'a str>) {
    match arn.split_once('#').filter(|_| server.mocking.is_some()) {
        Some((arn, case)) => (arn, Some(case)),
        None => (arn, None),
    }
}

/// What an execution is started of.
struct Target {
    machine: Text,
    r#type: MachineType,
    revision: crate::control::Revision,
    version_arn: Option<Text>,
    alias_arn: Option<Text>,
}

impl Target {
    fn find(server: &Inner, state: &State, arn: &str) -> Result<Self, ApiError> {
        let (machine, qualifier) = find(server, state, arn)?;
        is_here(server, machine)?;
        let mut target = Self {
            machine: machine.name.as_str().into(),
            r#type: machine.r#type,
            revision: machine.revision.clone(),
            version_arn: None,
            alias_arn: None,
        };
        let Some(qualifier) = qualifier else { return Ok(target) };
        let version = match machine.aliases.get(qualifier) {
            None => machine.version_named(qualifier),
            Some(alias) => {
                target.alias_arn = Some(arn.into());
                alias.version(server.services.chance()).and_then(|number| machine.version(number))
            }
        };
        let version = version.ok_or_else(|| does_not_exist(arn))?;
        target.revision = version.revision.clone();
        target.version_arn = Some(versions::arn(server, &machine.name, version.number).into());
        Ok(target)
    }
}

/// `DescribeExecution`
pub(super) async fn describe(server: &Arc<Inner>, request: &Request) -> Answer {
    let execution = find_execution(server, request.required("executionArn")).await?;
    let never_redrives = server.executions.never_redrives();
    Ok(description(&execution, never_redrives, request.wants_metadata_only()).into())
}

/// What `DescribeExecution` answers.
pub(crate) fn description(
    execution: &Description,
    never_redrives: Option<&str>,
    metadata_only: bool,
) -> Map<String, Value> {
    let mut answer = outcome(execution, metadata_only);
    let mut optional = |name: &str, value: Option<Value>| {
        answer.extend(value.map(|value| (name.to_owned(), value)));
    };
    let text = |text: &Option<Text>| text.as_deref().map(Value::from);
    optional("outputDetails", execution.output.as_ref().filter(|_| !metadata_only).map(|_| included()));
    optional("stateMachineVersionArn", text(&execution.version_arn));
    optional("stateMachineAliasArn", text(&execution.alias_arn));
    optional("mapRunArn", text(&execution.map_run_arn));
    optional("redriveCount", Some(execution.redrive_count.into()));
    optional("redriveDate", execution.redrive_date.map(Value::from));
    let (status, reason) = redrive_status(execution, never_redrives);
    optional("redriveStatus", Some(status.into()));
    optional("redriveStatusReason", reason.map(Value::from));
    answer
}

/// What `DescribeExecution` and `StartSyncExecution` both answer.
fn outcome(execution: &Description, metadata_only: bool) -> Map<String, Value> {
    let mut answer = Map::new();
    let mut add =
        |name: &str, value: Option<Value>| answer.extend(value.map(|value| (name.to_owned(), value)));
    add("executionArn", Some((*execution.arn).into()));
    add("stateMachineArn", Some((*execution.machine_arn).into()));
    add("name", Some((*execution.name).into()));
    add("status", Some(execution.status.as_str().into()));
    add("startDate", Some(execution.start_date.into()));
    add("stopDate", execution.stop_date.map(Value::from));
    add("traceHeader", execution.trace_header.as_deref().map(Value::from));
    if !metadata_only {
        add("input", Some(execution.input_text.as_str().into()));
        add("inputDetails", Some(included()));
        add("output", execution.output.as_ref().map(|output| output.to_string().into()));
        add("error", execution.error.as_deref().map(Value::from));
        add("cause", execution.cause.as_deref().map(Value::from));
    }
    answer
}

fn included() -> Value {
    json!({ "included": true })
}

/// So long after its end can an execution be redriven: 14 days.
const REDRIVABLE: i64 = 14 * 24 * 60 * 60 * 1000;

/// Whether an execution can be redriven, and why not.
fn redrive_status(execution: &Description, never: Option<&str>) -> (&'static str, Option<String>) {
    let is_old = |end: Date| Date::now().milliseconds() - end.milliseconds() > REDRIVABLE;
    match execution.status {
        Status::Running | Status::Succeeded => {
            let reason = format!("Execution is {} and cannot be redriven", execution.status);
            ("NOT_REDRIVABLE", Some(reason))
        }
        Status::Failed | Status::TimedOut | Status::Aborted if never.is_some() => {
            ("NOT_REDRIVABLE", never.map(str::to_owned))
        }
        Status::Failed | Status::TimedOut | Status::Aborted if execution.map_run_arn.is_some() => {
            ("REDRIVABLE_BY_MAP_RUN", None)
        }
        Status::Failed | Status::TimedOut | Status::Aborted if execution.stop_date.is_some_and(is_old) => {
            let reason = "Execution has exceeded the redrivable period of 14 days";
            ("NOT_REDRIVABLE", Some(reason.to_owned()))
        }
        Status::Failed | Status::TimedOut | Status::Aborted => ("REDRIVABLE", None),
    }
}

/// `DescribeStateMachineForExecution`: the machine as it was when the execution was started.
pub(super) async fn describe_machine(server: &Arc<Inner>, request: &Request) -> Answer {
    let execution = find_execution(server, request.required("executionArn")).await?;
    let revision = server.executions.revision(&execution.arn).await?;
    let mut answer = described(&revision, request.wants_metadata_only());
    answer.insert("stateMachineArn".to_owned(), (*execution.machine_arn).into());
    answer.insert("name".to_owned(), (*execution.machine_name).into());
    answer.insert("updateDate".to_owned(), revision.date.into());
    if let Some(map_run) = &execution.map_run_arn {
        answer.insert("mapRunArn".to_owned(), (**map_run).into());
        let label = execution.machine_name.split_once('/').map(|(_, label)| label.to_owned());
        answer.extend(label.map(|label| ("label".to_owned(), label.into())));
    }
    Ok(answer.into())
}

/// The statuses that executions have here. The API knows one more, of those that are about to be redriven.
const STATUSES: [Status; 5] =
    [Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted];

/// `ListExecutions`: from the newest on.
pub(super) async fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let scope = request.text("stateMachineArn").or_else(|| request.text("mapRunArn")).unwrap_or_default();
    let (of, run) = match (request.text("stateMachineArn"), request.text("mapRunArn")) {
        (Some(arn), None) => (of_machine(server, arn)?, None),
        (None, Some(arn)) => {
            let run = map_runs::find(server, arn).await?;
            (Whose::MapRun(run.arn.clone()), Some(run))
        }
        _ => {
            let message = "Must provide either a state machine ARN or a Map Run ARN, and not both";
            return Err(ApiError::validation(message));
        }
    };
    let page = Page::read(request, scope)?;
    let status = request.text("statusFilter");
    let wanted = Wanted {
        of,
        status: status.and_then(|status| STATUSES.into_iter().find(|known| known.as_str() == status)),
        until: None,
        redriven: request.text("redriveFilter").map(|filter| filter == "REDRIVEN"),
        after: page.after_number().and_then(|number| i64::try_from(number).ok()),
        most: page.count.saturating_add(1),
    };
    let executions = match (status, wanted.status) {
        // It is a status that no execution has.
        (Some(_), None) => Vec::new(),
        _ => server.executions.list(&wanted).await?,
    };
    let entry = |execution: &Description| (execution.number.to_string(), entry(execution, run.as_ref()));
    Ok(page.answer("executions", executions.iter().map(entry).collect()))
}

/// The executions of the machine, version or alias that an ARN names.
fn of_machine(server: &Inner, arn: &str) -> Result<Whose, ApiError> {
    let state = server.control.read();
    let (machine, qualifier) = find(server, &state, arn)?;
    if machine.r#type == MachineType::Express {
        return Err(type_not_supported());
    }
    Ok(match qualifier {
        None => Whose::Machine(server.machine_arn(&machine.name, None).into()),
        Some(alias) if machine.aliases.contains_key(alias) => Whose::Alias(arn.into()),
        Some(version) if machine.version_named(version).is_some() => Whose::Version(arn.into()),
        Some(_) => return Err(ApiError::resource_not_found(arn)),
    })
}

/// An execution in a list: of a machine, or of a Map Run.
fn entry(execution: &Description, run: Option<&MapRunDescription>) -> Value {
    let mut entry = Map::new();
    let mut add =
        |name: &str, value: Option<Value>| entry.extend(value.map(|value| (name.to_owned(), value)));
    let text = |text: &Option<Text>| text.as_deref().map(Value::from);
    add("executionArn", Some((*execution.arn).into()));
    add("stateMachineArn", Some((*execution.machine_arn).into()));
    add("name", Some((*execution.name).into()));
    add("status", Some(execution.status.as_str().into()));
    add("startDate", Some(execution.start_date.into()));
    add("stopDate", execution.stop_date.map(Value::from));
    add("mapRunArn", text(&execution.map_run_arn));
    add("itemCount", run.map(|run| run.items_of(&execution.input).into()));
    add("stateMachineVersionArn", text(&execution.version_arn));
    add("stateMachineAliasArn", text(&execution.alias_arn));
    add("redriveCount", Some(execution.redrive_count.into()));
    add("redriveDate", execution.redrive_date.map(Value::from));
    entry.into()
}

/// `StopExecution`: answers when the execution has stopped.
pub(super) async fn stop(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = find_execution(server, request.required("executionArn")).await?.arn;
    server.executions.stop(&arn, request.text("error").map(Text::from), request.owned("cause")).await?;
    let ended = server.executions.ended(&arn).await?;
    let date = ended.and_then(|ended| ended.stop_date).unwrap_or_else(Date::now);
    Ok(json!({ "stopDate": Value::from(date) }))
}

/// `RedriveExecution`
pub(super) async fn redrive(server: &Arc<Inner>, request: &Request) -> Answer {
    let execution = find_execution(server, request.required("executionArn")).await?;
    let date = server.executions.redrive(&execution.arn, request.text("clientToken")).await?;
    Ok(json!({ "redriveDate": Value::from(date) }))
}

/// The execution with this ARN.
pub(super) async fn find_execution(server: &Inner, arn: &str) -> Result<Description, ApiError> {
    ArnKind::Execution.read(arn)?;
    server.executions.find(arn).await?.ok_or_else(|| ApiError::about("ExecutionDoesNotExist", arn))
}

fn type_not_supported() -> ApiError {
    ApiError::new(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
}
