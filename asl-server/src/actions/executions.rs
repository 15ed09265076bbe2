//! Executions: started, described, listed, stopped.

use super::machines::{described, does_not_exist, find};
use super::pages::Page;
use super::{Answer, Request, versions};
use crate::arn::{self, Kind};
use crate::control::State;
use crate::control::machines::MachineType;
use crate::executions::{Description, Filter, NewExecution, Whose};
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_runtime::{Status, Text};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `StartExecution`
pub(super) fn start(server: &Arc<Inner>, request: &Request) -> Answer {
    let started = begin(server, request, |_| Ok(()))?;
    Ok(json!({ "executionArn": &*started.arn, "startDate": Value::from(started.start_date) }))
}

/// `StartSyncExecution`: answers when the execution has ended.
pub(super) async fn start_sync(server: &Arc<Inner>, request: &Request) -> Answer {
    let is_express = |r#type| match r#type {
        MachineType::Express => Ok(()),
        MachineType::Standard => Err(type_not_supported()),
    };
    // The time that a machine takes to be built is none of the execution.
    let (arn, _) = without_case(server, request.required("stateMachineArn"));
    let target = Target::find(server, &server.control.read(), arn)?;
    is_express(target.r#type)?;
    let _ = server.machines.machine(&target.revision.settings.definition).await;
    let started = begin(server, request, is_express)?;
    let ended = server.executions.ended(&started.arn).await;
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
    let taken = ended.stop_date.map_or(0, |stop| stop.milliseconds() - ended.new.start_date.milliseconds());
    let tenths = u64::try_from(taken).unwrap_or_default().div_ceil(100).max(1);
    json!({ "billedDurationInMilliseconds": tenths * 100, "billedMemoryUsedInMB": 64 })
}

/// Starts an execution of the machine, version or alias that a request names, if its type will do.
fn begin(
    server: &Arc<Inner>,
    request: &Request,
    check: impl FnOnce(MachineType) -> Result<(), ApiError>,
) -> Result<Arc<NewExecution>, ApiError> {
    let name = request.owned("name").unwrap_or_else(|| server.new_id());
    arn::check_name(&name)?;
    let input_text = request.text("input").unwrap_or("{}");
    let input = asl_runtime::Value::from_json(input_text).map_err(|error| {
        ApiError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{error}'"))
    })?;
    let new = {
        let state = server.control.read();
        let (arn, test_case) = without_case(server, request.required("stateMachineArn"));
        let target = Target::find(server, &state, arn)?;
        check(target.r#type)?;
        let identity = server.identity();
        let is_express = target.r#type == MachineType::Express;
        let arn = if is_express {
            identity.arn_of("express", &[&target.machine, &name, &server.new_id()])
        } else {
            identity.arn_of("execution", &[&target.machine, &name])
        };
        NewExecution {
            arn,
            name: name.into(),
            machine_arn: server.machine_arn(&target.machine, None).into(),
            machine_name: target.machine,
            version_arn: target.version_arn,
            alias_arn: target.alias_arn,
            map_run_arn: None,
            test_case: test_case.map(Text::from),
            is_express,
            input_text: input_text.to_owned(),
            input,
            trace_header: request.owned("traceHeader"),
            start_date: Date::now(),
            revision: target.revision,
        }
    };
    if let Some(mocking) = &server.mocking {
        mocking.begin(&new).map_err(ApiError::validation)?;
    }
    let arn = new.arn.clone();
    server.executions.start(new).map_err(|_| ApiError::about("ExecutionAlreadyExists", &arn))
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
pub(super) fn describe(server: &Arc<Inner>, request: &Request) -> Answer {
    let execution = find_execution(server, request.required("executionArn"))?;
    Ok(description(&execution, request.wants_metadata_only()).into())
}

/// What `DescribeExecution` answers.
pub(crate) fn description(execution: &Description, metadata_only: bool) -> Map<String, Value> {
    let mut answer = outcome(execution, metadata_only);
    let new = &execution.new;
    let mut optional = |name: &str, value: Option<Value>| {
        answer.extend(value.map(|value| (name.to_owned(), value)));
    };
    let text = |text: &Option<Text>| text.as_deref().map(Value::from);
    optional("outputDetails", execution.output.as_ref().filter(|_| !metadata_only).map(|_| included()));
    optional("stateMachineVersionArn", text(&new.version_arn));
    optional("stateMachineAliasArn", text(&new.alias_arn));
    optional("mapRunArn", text(&new.map_run_arn));
    optional("redriveCount", Some(execution.redrive_count.into()));
    optional("redriveDate", execution.redrive_date.map(Value::from));
    let (status, reason) = redrive_status(execution);
    optional("redriveStatus", Some(status.into()));
    optional("redriveStatusReason", reason.map(Value::from));
    answer
}

/// What `DescribeExecution` and `StartSyncExecution` both answer.
fn outcome(execution: &Description, metadata_only: bool) -> Map<String, Value> {
    let new = &execution.new;
    let mut answer = Map::new();
    let mut add =
        |name: &str, value: Option<Value>| answer.extend(value.map(|value| (name.to_owned(), value)));
    add("executionArn", Some((*new.arn).into()));
    add("stateMachineArn", Some((*new.machine_arn).into()));
    add("name", Some((*new.name).into()));
    add("status", Some(execution.status.as_str().into()));
    add("startDate", Some(new.start_date.into()));
    add("stopDate", execution.stop_date.map(Value::from));
    add("traceHeader", new.trace_header.as_deref().map(Value::from));
    if !metadata_only {
        add("input", Some(new.input_text.as_str().into()));
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

/// Whether an execution can be redriven, and why not.
fn redrive_status(execution: &Description) -> (&'static str, Option<String>) {
    match execution.status {
        Status::Running | Status::Succeeded => {
            let reason = format!("Execution is {} and cannot be redriven", execution.status);
            ("NOT_REDRIVABLE", Some(reason))
        }
        Status::Failed | Status::TimedOut | Status::Aborted if execution.new.map_run_arn.is_some() => {
            ("REDRIVABLE_BY_MAP_RUN", None)
        }
        Status::Failed | Status::TimedOut | Status::Aborted => ("REDRIVABLE", None),
    }
}

/// `DescribeStateMachineForExecution`: the machine as it was when the execution was started.
pub(super) fn describe_machine(server: &Arc<Inner>, request: &Request) -> Answer {
    let execution = find_execution(server, request.required("executionArn"))?;
    let new = &execution.new;
    let mut answer = described(&new.revision, request.wants_metadata_only());
    answer.insert("stateMachineArn".to_owned(), (*new.machine_arn).into());
    answer.insert("name".to_owned(), (*new.machine_name).into());
    answer.insert("updateDate".to_owned(), new.revision.date.into());
    if let Some(map_run) = &new.map_run_arn {
        answer.insert("mapRunArn".to_owned(), (**map_run).into());
        let label = new.machine_name.split_once('/').map(|(_, label)| label.to_owned());
        answer.extend(label.map(|label| ("label".to_owned(), label.into())));
    }
    Ok(answer.into())
}

/// `ListExecutions`: from the newest on.
pub(super) fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let of = whose(server, request)?;
    let filter = Filter {
        of,
        status: request.owned("statusFilter"),
        redriven: request.text("redriveFilter").map(|filter| filter == "REDRIVEN"),
    };
    let scope = request.text("stateMachineArn").or_else(|| request.text("mapRunArn")).unwrap_or_default();
    let page = Page::read(request, scope)?;
    let below = page.after_number().unwrap_or(u64::MAX);
    let executions = server.executions.list(&filter, below, page.count.saturating_add(1));
    let entries = executions.iter().map(|execution| (execution.number.to_string(), entry(server, execution)));
    Ok(page.answer("executions", entries.collect()))
}

/// Whose executions are listed.
fn whose(server: &Inner, request: &Request) -> Result<Whose, ApiError> {
    match (request.text("stateMachineArn"), request.text("mapRunArn")) {
        (Some(arn), None) => {
            let state = server.control.read();
            let (machine, qualifier) = find(server, &state, arn)?;
            if machine.r#type == MachineType::Express {
                return Err(type_not_supported());
            }
            let of = Text::from(server.machine_arn(&machine.name, None));
            Ok(match qualifier {
                None => Whose::Machine(of),
                Some(alias) if machine.aliases.contains_key(alias) => {
                    Whose::Alias { machine: of, alias: arn.into() }
                }
                Some(version) if machine.version_named(version).is_some() => {
                    Whose::Version { machine: of, version: arn.into() }
                }
                Some(_) => return Err(ApiError::resource_not_found(arn)),
            })
        }
        (None, Some(arn)) => {
            Kind::MapRun.read(arn)?;
            let run = server.executions.map_run(arn).ok_or_else(|| ApiError::resource_not_found(arn))?;
            Ok(Whose::MapRun(run.arn))
        }
        _ => Err(ApiError::validation(
            "Must provide either a state machine ARN or a Map Run ARN, and not both",
        )),
    }
}

fn entry(server: &Inner, execution: &Description) -> Value {
    let new = &execution.new;
    let mut entry = Map::new();
    let mut add =
        |name: &str, value: Option<Value>| entry.extend(value.map(|value| (name.to_owned(), value)));
    let text = |text: &Option<Text>| text.as_deref().map(Value::from);
    add("executionArn", Some((*new.arn).into()));
    add("stateMachineArn", Some((*new.machine_arn).into()));
    add("name", Some((*new.name).into()));
    add("status", Some(execution.status.as_str().into()));
    add("startDate", Some(new.start_date.into()));
    add("stopDate", execution.stop_date.map(Value::from));
    add("mapRunArn", text(&new.map_run_arn));
    let run = new.map_run_arn.as_ref().and_then(|arn| server.executions.map_run(arn));
    add("itemCount", run.map(|run| run.items_of(&new.input).into()));
    add("stateMachineVersionArn", text(&new.version_arn));
    add("stateMachineAliasArn", text(&new.alias_arn));
    add("redriveCount", Some(execution.redrive_count.into()));
    add("redriveDate", execution.redrive_date.map(Value::from));
    entry.into()
}

/// `StopExecution`: answers when the execution has stopped.
pub(super) async fn stop(server: &Arc<Inner>, request: &Request) -> Answer {
    let execution = find_execution(server, request.required("executionArn"))?;
    let arn = &execution.new.arn;
    server.executions.stop(arn, request.text("error").map(Text::from), request.owned("cause"));
    let ended = server.executions.ended(arn).await;
    let date = ended.and_then(|ended| ended.stop_date).unwrap_or_else(Date::now);
    Ok(json!({ "stopDate": Value::from(date) }))
}

/// `RedriveExecution`
pub(super) fn redrive(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("executionArn");
    let execution = find_execution(server, arn)?;
    let refused = |reason: &str| {
        ApiError::new("ExecutionNotRedrivable", format!("Execution Not Redrivable: '{reason}'"))
    };
    if let (_, Some(reason)) = redrive_status(&execution) {
        return Err(refused(&reason));
    }
    let date = server.executions.redrive(arn).map_err(|reason| refused(&reason))?;
    Ok(json!({ "redriveDate": Value::from(date) }))
}

/// The execution with this ARN.
pub(super) fn find_execution(server: &Inner, arn: &str) -> Result<Description, ApiError> {
    Kind::Execution.read(arn)?;
    server.executions.find(arn).ok_or_else(|| ApiError::about("ExecutionDoesNotExist", arn))
}

fn type_not_supported() -> ApiError {
    ApiError::new(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
}
