//! Events in the form of `GetExecutionHistory`.
//!
//! In: events. Out: JSON objects with `timestamp`, `type`, `id`, `previousEventId` and, where AWS has them, the details. Payloads are
//! JSON text, as in AWS's interface; the time is in seconds since 1970. Nothing is shortened.

use super::{Event, EventDetails};
use crate::resource::Resource;
use asl_language::errors;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use serde_core::{Serialize, Serializer};
use std::time::Duration;

impl Event {
    /// The event in the form of `GetExecutionHistory`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let Named { r#type, details } = self.details.named();
        let mut event = object([
            ("timestamp", seconds(self.timestamp)),
            ("type", r#type.as_str().into()),
            ("id", self.id.into()),
            ("previousEventId", self.previous_event_id.into()),
        ]);
        if let Some(details) = details {
            event.insert(field(&r#type), details);
        }
        event.into()
    }
}

impl Event {
    /// The type in the words of `GetExecutionHistory`, and the details where there are any.
    #[doc(hidden)]
    pub fn type_and_details(&self) -> (String, Option<Object>) {
        let Named { r#type, details } = self.details.named();
        (r#type, details)
    }
}

/// As [`Event::to_json`].
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// The name of an event's type, and its details where it has any.
struct Named {
    r#type: String,
    details: Option<Object>,
}

/// `taskScheduledEventDetails` for `TaskScheduled`. All types of states share the field for being entered, and that for being left.
fn field(r#type: &str) -> String {
    let name =
        ["StateEntered", "StateExited"].into_iter().find(|name| r#type.ends_with(name)).unwrap_or(r#type);
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).chain("EventDetails".chars()).collect()
}

impl EventDetails {
    fn named(&self) -> Named {
        match self {
            Self::ExecutionStarted { input, role_arn } => {
                detailed("ExecutionStarted", with(payload("input", input), "roleArn", role_arn.clone()))
            }
            Self::ExecutionSucceeded { output } => detailed("ExecutionSucceeded", payload("output", output)),
            Self::ExecutionFailed { error, cause } => {
                detailed("ExecutionFailed", failure(error.as_ref(), cause.as_deref()))
            }
            Self::ExecutionTimedOut => detailed("ExecutionTimedOut", timed_out()),
            Self::ExecutionAborted { error, cause } => {
                detailed("ExecutionAborted", failure(error.as_ref(), cause.as_deref()))
            }
            Self::ExecutionRedriven { redrive_count } => {
                detailed("ExecutionRedriven", object([("redriveCount", (*redrive_count).into())]))
            }
            Self::StateEntered { state_type, name, input } => detailed(
                format!("{state_type}StateEntered"),
                with(payload("input", input), "name", name.clone()),
            ),
            Self::StateExited { state_type, name, output, assigned } => {
                let details = with(payload("output", output), "name", name.clone());
                detailed(format!("{state_type}StateExited"), with_assigned(details, assigned.as_ref()))
            }
            Self::StateAborted { state_type } => plain(format!("{state_type}StateAborted")),
            Self::EvaluationFailed { error, cause, location, state } => {
                let details = with_location(failure(Some(error), cause.as_deref()), location.as_ref());
                detailed("EvaluationFailed", with(details, "state", state.clone()))
            }
            Self::TaskScheduled { resource, region, parameters, timeout, heartbeat, credentials, .. } => {
                let limits = [("timeoutInSeconds", *timeout), ("heartbeatInSeconds", *heartbeat)];
                Family::of(resource).scheduled(region, parameters, limits, credentials.as_ref())
            }
            Self::TaskStarted { resource, worker_name } => Family::of(resource).started(worker_name.as_ref()),
            Self::TaskSubmitted { resource, output } => {
                Family::of(resource).event("Submitted", payload("output", output))
            }
            Self::TaskSucceeded { resource, output } => {
                Family::of(resource).event("Succeeded", payload("output", output))
            }
            Self::TaskFailed { resource, error, cause } => {
                Family::of(resource).event("Failed", failure(Some(error), cause.as_deref()))
            }
            Self::TaskTimedOut { resource } => Family::of(resource).event("TimedOut", timed_out()),
            Self::ParallelStateStarted => plain("ParallelStateStarted"),
            Self::ParallelStateSucceeded => plain("ParallelStateSucceeded"),
            Self::ParallelStateFailed => plain("ParallelStateFailed"),
            Self::MapStateStarted { length } => {
                detailed("MapStateStarted", object([("length", count(*length))]))
            }
            Self::MapStateSucceeded => plain("MapStateSucceeded"),
            Self::MapStateFailed => plain("MapStateFailed"),
            Self::MapRunStarted { map_run_arn } => {
                detailed("MapRunStarted", object([("mapRunArn", map_run_arn.clone().into())]))
            }
            Self::MapRunRedriven { map_run_arn, redrive_count } => detailed(
                "MapRunRedriven",
                object([
                    ("mapRunArn", map_run_arn.clone().into()),
                    ("redriveCount", (*redrive_count).into()),
                ]),
            ),
            Self::MapRunSucceeded => plain("MapRunSucceeded"),
            Self::MapRunFailed { error, cause } => {
                detailed("MapRunFailed", failure(error.as_ref(), cause.as_deref()))
            }
            Self::MapIterationStarted { name, index } => iteration("Started", name, *index),
            Self::MapIterationSucceeded { name, index } => iteration("Succeeded", name, *index),
            Self::MapIterationFailed { name, index } => iteration("Failed", name, *index),
            Self::MapIterationAborted { name, index } => iteration("Aborted", name, *index),
        }
    }
}

fn with_location(mut details: Object, location: Option<&Text>) -> Object {
    details.extend(location.map(|location| ("location", location.clone())));
    details
}

/// Who does a task decides how its events are called, and what is in them.
enum Family<'a> {
    Function(&'a str),
    Activity(&'a str),
    Service { resource_type: &'a str, resource: &'a str },
}

impl<'a> Family<'a> {
    fn of(resource: &'a str) -> Self {
        match Resource::parse(resource) {
            Resource::Lambda => Self::Function(resource),
            Resource::Activity => Self::Activity(resource),
            Resource::Service { service, action, .. } => {
                Self::Service { resource_type: service, resource: action }
            }
            Resource::Other => Self::Service { resource_type: "", resource },
        }
    }

    fn scheduled(
        &self,
        region: &Text,
        parameters: &Value,
        limits: [(&'static str, Option<Duration>); 2],
        credentials: Option<&Value>,
    ) -> Named {
        let mut details = match self {
            Self::Function(resource) | Self::Activity(resource) => {
                with(payload("input", parameters), "resource", *resource)
            }
            Self::Service { .. } => {
                object([("region", region.clone().into()), ("parameters", parameters.to_string().into())])
            }
        };
        // A function cannot say that it is alive.
        let limits = limits.into_iter().take(if matches!(self, Self::Function(_)) { 1 } else { 2 });
        details.extend(limits.filter_map(|(name, limit)| Some((name, limit?.as_secs()))));
        details.extend(credentials.map(|credentials| ("taskCredentials", task_credentials(credentials))));
        self.event("Scheduled", details)
    }

    fn started(&self, worker_name: Option<&Text>) -> Named {
        match self {
            Self::Function(_) => plain("LambdaFunctionStarted"),
            Self::Activity(_) | Self::Service { .. } => self
                .event("Started", worker_name.map(|name| ("workerName", name.clone())).into_iter().collect()),
        }
    }

    fn event(&self, what: &str, details: Object) -> Named {
        match self {
            Self::Function(_) => detailed(format!("LambdaFunction{what}"), details),
            Self::Activity(_) => detailed(format!("Activity{what}"), details),
            Self::Service { resource_type, resource } => detailed(
                format!("Task{what}"),
                with(with(details, "resourceType", *resource_type), "resource", *resource),
            ),
        }
    }
}

/// The definition writes `RoleArn`, the history `roleArn`.
fn task_credentials(credentials: &Value) -> Object {
    credentials.get("RoleArn").map(|role_arn| ("roleArn", role_arn.clone())).into_iter().collect()
}

fn plain(r#type: impl Into<String>) -> Named {
    Named { r#type: r#type.into(), details: None }
}

fn detailed(r#type: impl Into<String>, details: Object) -> Named {
    Named { r#type: r#type.into(), details: Some(details) }
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Object {
    fields.into_iter().collect()
}

fn with(mut details: Object, name: &'static str, value: impl Into<Value>) -> Object {
    details.insert(name, value);
    details
}

fn with_assigned(mut details: Object, assigned: Option<&Object>) -> Object {
    if let Some(assigned) = assigned {
        let texts: Object = assigned.iter().map(|(name, value)| (name, value.to_string())).collect();
        details.insert("assignedVariables", texts);
        details.insert("assignedVariablesDetails", complete());
    }
    details
}

/// `"input": "..", "inputDetails": {..}`
fn payload(name: &'static str, value: &Value) -> Object {
    let mut details = object([(name, value.to_string().into())]);
    details.insert(format!("{name}Details"), complete());
    details
}

fn complete() -> Object {
    object([("truncated", false.into())])
}

fn failure(error: Option<&Text>, cause: Option<&str>) -> Object {
    let mut details = Object::new();
    details.extend(error.filter(|error| !error.is_empty()).map(|error| ("error", error.clone())));
    details.extend(cause.map(|cause| ("cause", cause)));
    details
}

fn timed_out() -> Object {
    object([("error", Text::new_static(errors::TIMEOUT).into())])
}

fn iteration(what: &str, name: &Text, index: usize) -> Named {
    detailed(format!("MapIteration{what}"), object([("name", name.clone().into()), ("index", count(index))]))
}

fn count(number: usize) -> Value {
    u64::try_from(number).unwrap_or(u64::MAX).into()
}

/// Seconds with milliseconds, as AWS writes moments.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of any date in use fit into 53 bits")]
fn seconds(moment: Timestamp) -> Value {
    (moment.milliseconds() as f64 / 1000.0).into()
}
