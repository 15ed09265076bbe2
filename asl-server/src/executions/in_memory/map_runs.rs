//! Map Runs, as far as their executions tell of them.

use super::record::Record;
use crate::executions::{MapRunDescription, NewExecution};
use crate::protocol::date::Date;
use asl_runtime::{Counts, Event, EventDetails, ExecutionContext, MapRunProgress, Status, Text, Timestamp};
use serde_json::Value;
use std::sync::{Arc, PoisonError, RwLock};

/// More children than there will ever be: what AWS says where a definition sets no limit.
const UNLIMITED: u64 = 2_147_483_647;

/// The Map Runs in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct MapRuns(RwLock<Vec<MapRun>>);

#[derive(Debug)]
struct MapRun {
    description: MapRunDescription,
    /// The execution that it is in.
    parent: Arc<NewExecution>,
    /// The children belong to this: `Machine/Label`.
    machine_arn: Text,
}

impl MapRuns {
    pub(super) fn find(&self, arn: &str) -> Option<MapRunDescription> {
        self.read(|run| run.description.arn == arn).pop()
    }

    pub(super) fn of(&self, execution_arn: &str) -> Vec<MapRunDescription> {
        self.read(|run| run.description.execution_arn == execution_arn)
    }

    fn read(&self, is_wanted: impl Fn(&MapRun) -> bool) -> Vec<MapRunDescription> {
        let runs = self.0.read().unwrap_or_else(PoisonError::into_inner);
        runs.iter().filter(|run| is_wanted(run)).map(|run| run.description.clone()).collect()
    }

    fn update(&self, is_wanted: impl Fn(&MapRun) -> bool, change: impl FnOnce(&mut MapRunDescription)) {
        let mut runs = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = runs.iter_mut().rev().find(|run| is_wanted(run)) {
            change(&mut run.description);
        }
    }

    /// A Map Run begins in a state of an execution.
    pub(super) fn begin(&self, arn: &Text, parent: &Record, state: Option<&str>, now: Timestamp) {
        let new = &parent.new;
        let machine_arn =
            arn.rsplit_once(':').map_or(&**arn, |(head, _)| head).replacen(":mapRun:", ":stateMachine:", 1);
        let limits =
            state.map(|state| Limits::of(&new.revision.settings.definition, state)).unwrap_or_default();
        let description = MapRunDescription {
            arn: arn.clone(),
            execution_arn: new.arn.clone(),
            machine_arn: new.machine_arn.clone(),
            status: Status::Running,
            start_date: now.into(),
            stop_date: None,
            max_concurrency: limits.max_concurrency,
            tolerated_failure_percentage: limits.tolerated_failure_percentage,
            tolerated_failure_count: limits.tolerated_failure_count,
            items: Counts::default(),
            executions: Counts::default(),
        };
        let run = MapRun { description, parent: Arc::clone(new), machine_arn: machine_arn.into() };
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(run);
    }

    pub(super) fn progress(&self, progress: &MapRunProgress) {
        self.update(
            |run| run.description.arn == progress.map_run_arn,
            |run| {
                run.items = progress.items;
                run.executions = progress.executions;
            },
        );
    }

    /// The end of a Map Run, or of the execution that it is in.
    pub(super) fn event(&self, execution: &ExecutionContext, event: &Event) {
        let Some(status) = status_after(&event.details) else { return };
        self.update(
            |run| run.description.execution_arn == *execution.id && run.description.status == Status::Running,
            |run| {
                run.status = status;
                run.stop_date = Some(Date::from(event.timestamp));
            },
        );
    }

    /// A child execution that is told of for the first time. It belongs to the Map Run of its label that began last.
    pub(super) fn child(&self, context: &ExecutionContext) -> Option<NewExecution> {
        let runs = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let run = runs.iter().rev().find(|run| run.machine_arn == context.state_machine_id)?;
        Some(NewExecution {
            arn: context.id.clone(),
            name: context.name.clone(),
            machine_name: context.state_machine_name.clone(),
            machine_arn: run.parent.machine_arn.clone(),
            version_arn: run.parent.version_arn.clone(),
            alias_arn: run.parent.alias_arn.clone(),
            map_run_arn: Some(run.description.arn.clone()),
            test_case: run.parent.test_case.clone(),
            is_express: false,
            input_text: context.input.to_string(),
            input: context.input.clone(),
            trace_header: None,
            start_date: context.start_time.into(),
            revision: run.parent.revision.clone(),
        })
    }
}

/// The status of a Map Run after such an event.
fn status_after(event: &EventDetails) -> Option<Status> {
    let has_failed = matches!(event, EventDetails::MapRunFailed { .. });
    let is_aborted = matches!(
        event,
        EventDetails::ExecutionAborted { .. }
            | EventDetails::ExecutionFailed { .. }
            | EventDetails::ExecutionTimedOut
    );
    let has_succeeded = matches!(event, EventDetails::MapRunSucceeded);
    let ends =
        [(has_succeeded, Status::Succeeded), (has_failed, Status::Failed), (is_aborted, Status::Aborted)];
    ends.into_iter().find_map(|(is, status)| is.then_some(status))
}

/// What a definition says about the children of a distributed Map.
struct Limits {
    max_concurrency: u64,
    tolerated_failure_percentage: f64,
    tolerated_failure_count: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_concurrency: UNLIMITED, tolerated_failure_percentage: 0.0, tolerated_failure_count: 0 }
    }
}

impl Limits {
    fn of(definition: &str, state: &str) -> Self {
        let definition: Value = serde_json::from_str(definition).unwrap_or_default();
        let Some(state) = state_named(&definition, state) else { return Self::default() };
        let number = |name| state.get(name).and_then(Value::as_u64);
        Self {
            max_concurrency: number("MaxConcurrency").filter(|most| *most > 0).unwrap_or(UNLIMITED),
            tolerated_failure_percentage: state
                .get("ToleratedFailurePercentage")
                .and_then(Value::as_f64)
                .unwrap_or_default(),
            tolerated_failure_count: number("ToleratedFailureCount").unwrap_or_default(),
        }
    }
}

/// The state of a name, wherever it is: names are unique in a machine.
fn state_named<'d>(value: &'d Value, name: &str) -> Option<&'d Value> {
    let states = value.get("States")?.as_object()?;
    states.get(name).or_else(|| {
        states.values().find_map(|state| {
            let branches = state.get("Branches").and_then(Value::as_array).into_iter().flatten();
            let processors = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
            branches.chain(processors).find_map(|inner| state_named(inner, name))
        })
    })
}
