//! Events in the form of `GetExecutionHistory`.
//!
//! In: events. Out: JSON objects with `timestamp`, `type`, `id`, `previousEventId` and, where AWS has them, the details. Payloads are
//! JSON text, as in AWS's interface; the time is in seconds since 1970. Nothing is shortened.

use super::{Event, EventDetails};
use crate::machine::StateType;
use crate::resource::Resource;
use asl_language::errors;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use serde_core::{Serialize, Serializer};
use std::time::Duration;

impl Event {
    /// The event in the form of `GetExecutionHistory`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Needs;
    /// use asl_runtime::engine::{Execution, Start, Told, program};
    ///
    /// let start = Start { tells: Some(Needs::ALL), ..Start::new(order::context(60), [1, 2]) };
    /// let mut execution = Execution::start(program::<order::Machine>(), start);
    /// let Some(Told::Event(event)) = execution.told().pop() else { panic!("it has started") };
    /// let details = event.to_json().get("executionStartedEventDetails").cloned().unwrap_or_default();
    /// assert_eq!(details.get("input").and_then(|input| input.as_str()), Some("60"));
    /// # }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let Named { r#type, details } = self.details.named(Form::Whole);
        let mut event = object([
            ("timestamp", seconds(self.timestamp)),
            ("type", Text::new_static(r#type).into()),
            ("id", self.id.into()),
            ("previousEventId", self.previous_event_id.into()),
        ]);
        if let Some(details) = details {
            event.insert(field(r#type), details);
        }
        event.into()
    }

    /// The type in the words of `GetExecutionHistory`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.details.named(Form::Name).r#type
    }

    /// What `GetExecutionHistory` tells of the event beside its type, if there is anything. Without data, inputs, outputs, parameters and
    /// variables are left out, and cost nothing however large they are.
    #[doc(hidden)]
    #[must_use]
    pub fn details(&self, with_data: bool) -> Option<Object> {
        self.details.named(if with_data { Form::Whole } else { Form::WithoutData }).details
    }
}

/// As [`Event::to_json`].
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// How much of an event is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Its type alone.
    Name,
    /// All but what the execution is about.
    WithoutData,
    /// All.
    Whole,
}

/// The name of an event's type, and its details where it has any and they are wanted.
struct Named {
    r#type: &'static str,
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

/// `PassStateEntered` and its like.
macro_rules! of_state {
    ($state_type:expr, $what:literal) => {
        match $state_type {
            StateType::Pass => concat!("Pass", $what),
            StateType::Task => concat!("Task", $what),
            StateType::Choice => concat!("Choice", $what),
            StateType::Wait => concat!("Wait", $what),
            StateType::Succeed => concat!("Succeed", $what),
            StateType::Fail => concat!("Fail", $what),
            StateType::Parallel => concat!("Parallel", $what),
            StateType::Map => concat!("Map", $what),
        }
    };
}

/// `LambdaFunctionFailed` and its like.
macro_rules! of_family {
    ($family:expr, $what:literal) => {
        match $family {
            Family::Function(_) => concat!("LambdaFunction", $what),
            Family::Activity(_) => concat!("Activity", $what),
            Family::Service { .. } => concat!("Task", $what),
        }
    };
}

impl EventDetails {
    fn named(&self, form: Form) -> Named {
        match self {
            Self::ExecutionStarted { input, role_arn } => form.detailed("ExecutionStarted", || {
                with(form.payload("input", input), "roleArn", role_arn.clone())
            }),
            Self::ExecutionSucceeded { output } => {
                form.detailed("ExecutionSucceeded", || form.payload("output", output))
            }
            Self::ExecutionFailed { error, cause } => {
                form.detailed("ExecutionFailed", || failure(error.as_ref(), cause.as_deref()))
            }
            Self::ExecutionTimedOut => form.detailed("ExecutionTimedOut", timed_out),
            Self::ExecutionAborted { error, cause } => {
                form.detailed("ExecutionAborted", || failure(error.as_ref(), cause.as_deref()))
            }
            Self::ExecutionRedriven { redrive_count } => {
                form.detailed("ExecutionRedriven", || object([("redriveCount", (*redrive_count).into())]))
            }
            Self::StateEntered { state_type, name, input } => form
                .detailed(of_state!(state_type, "StateEntered"), || {
                    with(form.payload("input", input), "name", name.clone())
                }),
            Self::StateExited { state_type, name, output, assigned } => {
                form.detailed(of_state!(state_type, "StateExited"), || {
                    let details = with(form.payload("output", output), "name", name.clone());
                    form.with_assigned(details, assigned.as_ref())
                })
            }
            Self::StateAborted { state_type } => plain(of_state!(state_type, "StateAborted")),
            Self::EvaluationFailed { error, cause, location, state } => {
                form.detailed("EvaluationFailed", || {
                    let details = with_location(failure(Some(error), cause.as_deref()), location.as_ref());
                    with(details, "state", state.clone())
                })
            }
            Self::TaskScheduled { resource, .. }
            | Self::TaskStarted { resource, .. }
            | Self::TaskSubmitted { resource, .. }
            | Self::TaskSucceeded { resource, .. }
            | Self::TaskFailed { resource, .. }
            | Self::TaskTimedOut { resource } => self.named_of_task(&Family::of(resource), form),
            Self::ParallelStateStarted => plain("ParallelStateStarted"),
            Self::ParallelStateSucceeded => plain("ParallelStateSucceeded"),
            Self::ParallelStateFailed => plain("ParallelStateFailed"),
            Self::MapStateStarted { length } => {
                form.detailed("MapStateStarted", || object([("length", count(*length))]))
            }
            Self::MapStateSucceeded => plain("MapStateSucceeded"),
            Self::MapStateFailed => plain("MapStateFailed"),
            Self::MapRunStarted { map_run_arn } => {
                form.detailed("MapRunStarted", || object([("mapRunArn", map_run_arn.clone().into())]))
            }
            Self::MapRunRedriven { map_run_arn, redrive_count } => form.detailed("MapRunRedriven", || {
                object([("mapRunArn", map_run_arn.clone().into()), ("redriveCount", (*redrive_count).into())])
            }),
            Self::MapRunSucceeded => plain("MapRunSucceeded"),
            Self::MapRunFailed { error, cause } => {
                form.detailed("MapRunFailed", || failure(error.as_ref(), cause.as_deref()))
            }
            Self::MapIterationStarted { name, index } => form.iteration("MapIterationStarted", name, *index),
            Self::MapIterationSucceeded { name, index } => {
                form.iteration("MapIterationSucceeded", name, *index)
            }
            Self::MapIterationFailed { name, index } => form.iteration("MapIterationFailed", name, *index),
            Self::MapIterationAborted { name, index } => form.iteration("MapIterationAborted", name, *index),
        }
    }

    /// The same of a task, which is told after who does it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is left of the moments of a task is that it took too long"
    )]
    fn named_of_task(&self, family: &Family<'_>, form: Form) -> Named {
        match self {
            Self::TaskScheduled { region, parameters, timeout, heartbeat, credentials, .. } => {
                let limits = [("timeoutInSeconds", *timeout), ("heartbeatInSeconds", *heartbeat)];
                form.detailed(of_family!(family, "Scheduled"), || {
                    family.with_resource(family.scheduled(
                        form,
                        region,
                        parameters,
                        limits,
                        credentials.as_ref(),
                    ))
                })
            }
            Self::TaskStarted { .. } if matches!(family, Family::Function(_)) => {
                plain(of_family!(family, "Started"))
            }
            Self::TaskStarted { worker_name, .. } => form.detailed(of_family!(family, "Started"), || {
                let worker = worker_name.iter().map(|name| ("workerName", name.clone()));
                family.with_resource(worker.collect())
            }),
            Self::TaskSubmitted { output, .. } => form.detailed(of_family!(family, "Submitted"), || {
                family.with_resource(form.payload("output", output))
            }),
            Self::TaskSucceeded { output, .. } => form.detailed(of_family!(family, "Succeeded"), || {
                family.with_resource(form.payload("output", output))
            }),
            Self::TaskFailed { error, cause, .. } => form.detailed(of_family!(family, "Failed"), || {
                family.with_resource(failure(Some(error), cause.as_deref()))
            }),
            _ => form.detailed(of_family!(family, "TimedOut"), || family.with_resource(timed_out())),
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
        form: Form,
        region: &Text,
        parameters: &Value,
        limits: [(&'static str, Option<Duration>); 2],
        credentials: Option<&Value>,
    ) -> Object {
        let mut details = match self {
            Self::Function(resource) | Self::Activity(resource) => {
                with(form.payload("input", parameters), "resource", *resource)
            }
            Self::Service { .. } => {
                let mut details = object([("region", region.clone().into())]);
                if form == Form::Whole {
                    details.insert("parameters", parameters.to_string());
                }
                details
            }
        };
        // A function cannot say that it is alive.
        let limits = limits.into_iter().take(if matches!(self, Self::Function(_)) { 1 } else { 2 });
        details.extend(limits.filter_map(|(name, limit)| Some((name, limit?.as_secs()))));
        details.extend(credentials.map(|credentials| ("taskCredentials", task_credentials(credentials))));
        details
    }

    /// The same with which service does what, if one does.
    fn with_resource(&self, details: Object) -> Object {
        match self {
            Self::Function(_) | Self::Activity(_) => details,
            Self::Service { resource_type, resource } => {
                with(with(details, "resourceType", *resource_type), "resource", *resource)
            }
        }
    }
}

/// The definition writes `RoleArn`, the history `roleArn`.
fn task_credentials(credentials: &Value) -> Object {
    credentials.get("RoleArn").map(|role_arn| ("roleArn", role_arn.clone())).into_iter().collect()
}

const fn plain(r#type: &'static str) -> Named {
    Named { r#type, details: None }
}

impl Form {
    fn detailed(self, r#type: &'static str, details: impl FnOnce() -> Object) -> Named {
        Named { r#type, details: (self != Self::Name).then(details) }
    }

    fn iteration(self, r#type: &'static str, name: &Text, index: usize) -> Named {
        self.detailed(r#type, || object([("name", name.clone().into()), ("index", count(index))]))
    }

    /// `"input": "..", "inputDetails": {..}`
    fn payload(self, name: &'static str, value: &Value) -> Object {
        if self != Self::Whole {
            return Object::new();
        }
        let mut details = object([(name, value.to_string().into())]);
        details.insert(format!("{name}Details"), complete());
        details
    }

    fn with_assigned(self, mut details: Object, assigned: Option<&Object>) -> Object {
        if let Some(assigned) = assigned.filter(|_| self == Self::Whole) {
            let texts: Object = assigned.iter().map(|(name, value)| (name, value.to_string())).collect();
            details.insert("assignedVariables", texts);
            details.insert("assignedVariablesDetails", complete());
        }
        details
    }
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Object {
    fields.into_iter().collect()
}

fn with(mut details: Object, name: &'static str, value: impl Into<Value>) -> Object {
    details.insert(name, value);
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

fn count(number: usize) -> Value {
    u64::try_from(number).unwrap_or(u64::MAX).into()
}

/// Seconds with milliseconds, as AWS writes moments.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of any date in use fit into 53 bits")]
fn seconds(moment: Timestamp) -> Value {
    (moment.milliseconds() as f64 / 1000.0).into()
}
