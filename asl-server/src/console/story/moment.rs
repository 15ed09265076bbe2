//! What the console needs to know of an event, recorded here or on AWS.
//!
//! In: an event of an execution here, or one in the JSON of AWS's `GetExecutionHistory`. Out: a [`Moment`], without any data.

use asl_runtime::{Event, EventDetails, Resource};
use serde_json::Value;

/// An event, without its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) id: u64,
    pub(crate) previous: u64,
    /// Milliseconds since 1970.
    pub(crate) time: i64,
    /// `TaskStateEntered`
    pub(crate) kind: String,
    /// The state that it names.
    pub(crate) name: Option<String>,
    /// The number of the iteration, or of the items.
    pub(crate) number: Option<u64>,
    pub(crate) error: Option<String>,
    pub(crate) cause: Option<String>,
    /// What a task asks, or the ARN of a Map Run.
    pub(crate) about: Option<String>,
}

/// Longer texts are cut in lists; the whole is in the event.
const LONGEST: usize = 400;

/// The beginning of a text.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl Moment {
    /// An event of an execution here.
    pub(crate) fn of(event: &Event) -> Self {
        let mut moment = Self {
            id: event.id,
            previous: event.previous_event_id,
            time: event.timestamp.milliseconds(),
            ..Self::default()
        };
        moment.tell(&event.details);
        moment
    }

    fn tell(&mut self, details: &EventDetails) {
        use EventDetails as E;
        #[expect(clippy::wildcard_enum_match_arm, reason = "of all others there is nothing but their names")]
        match details {
            E::StateEntered { state_type, name, .. } => self.named(format!("{state_type}StateEntered"), name),
            E::StateExited { state_type, name, .. } => self.named(format!("{state_type}StateExited"), name),
            E::EvaluationFailed { error, cause, state, .. } => {
                self.named("EvaluationFailed".to_owned(), state);
                self.failed(Some(error), cause.as_deref());
            }
            E::TaskFailed { error, cause, .. } => self.failed(Some(error), cause.as_deref()),
            E::TaskTimedOut { .. } | E::ExecutionTimedOut => self.failed(Some("States.Timeout"), None),
            E::ExecutionFailed { error, cause }
            | E::ExecutionAborted { error, cause }
            | E::MapRunFailed { error, cause } => self.failed(error.as_deref(), cause.as_deref()),
            E::MapStateStarted { length } => self.number = u64::try_from(*length).ok(),
            E::MapRunStarted { map_run_arn } | E::MapRunRedriven { map_run_arn, .. } => {
                self.about = Some(map_run_arn.to_string());
            }
            E::TaskScheduled { resource, .. } => self.about = Some(resource.to_string()),
            E::MapIterationStarted { name, index }
            | E::MapIterationSucceeded { name, index }
            | E::MapIterationFailed { name, index }
            | E::MapIterationAborted { name, index } => {
                (self.name, self.number) = (Some(name.to_string()), u64::try_from(*index).ok());
            }
            _ => {}
        }
        if self.kind.is_empty() {
            self.kind = kind(details);
        }
    }

    fn named(&mut self, kind: String, name: &str) {
        (self.kind, self.name) = (kind, Some(name.to_owned()));
    }

    fn failed(&mut self, error: Option<&str>, cause: Option<&str>) {
        self.error = error.map(|error| cut(error, LONGEST));
        self.cause = cause.map(|cause| cut(cause, LONGEST));
    }

    /// An event as AWS writes it, if it is one.
    pub(crate) fn read(event: &Value) -> Option<Self> {
        let kind = event.get("type")?.as_str()?.to_owned();
        let number = |field: &str| event.get(field).and_then(Value::as_u64);
        let details = event.as_object()?.iter().find(|(field, _)| field.ends_with("EventDetails"));
        let details = details.map_or(&Value::Null, |(_, details)| details);
        let text = |field: &str| details.get(field).and_then(Value::as_str);
        let iteration = details.get("index").or_else(|| details.get("length")).and_then(Value::as_u64);
        let is_late = kind.ends_with("TimedOut");
        Some(Self {
            id: number("id")?,
            previous: number("previousEventId").unwrap_or_default(),
            // A history without times is told all the same; one with times that there are not is none.
            time: event.get("timestamp").map_or(Some(0), asl_graph::history::milliseconds)?,
            name: text("name").or_else(|| text("state")).map(str::to_owned),
            number: iteration,
            error: text("error").or(is_late.then_some("States.Timeout")).map(|error| cut(error, LONGEST)),
            cause: text("cause").map(|cause| cut(cause, LONGEST)),
            about: text("mapRunArn").or_else(|| text("resource")).map(str::to_owned),
            kind,
        })
    }
}

/// The name of an event that names no state.
fn kind(details: &EventDetails) -> String {
    use EventDetails as E;
    let of = |resource: &str, what: &str| match Resource::parse(resource) {
        Resource::Lambda => format!("LambdaFunction{what}"),
        Resource::Activity => format!("Activity{what}"),
        Resource::Service { .. } | Resource::Other => format!("Task{what}"),
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others have one name")]
    match details {
        E::TaskScheduled { resource, .. } => of(resource, "Scheduled"),
        E::TaskStarted { resource, .. } => of(resource, "Started"),
        E::TaskSubmitted { resource, .. } => of(resource, "Submitted"),
        E::TaskSucceeded { resource, .. } => of(resource, "Succeeded"),
        E::TaskFailed { resource, .. } => of(resource, "Failed"),
        E::TaskTimedOut { resource } => of(resource, "TimedOut"),
        E::StateAborted { state_type } => format!("{state_type}StateAborted"),
        other => constant(other).to_owned(),
    }
}

/// The names of events that always have the same one.
fn constant(details: &EventDetails) -> &'static str {
    use EventDetails as E;
    #[expect(clippy::wildcard_enum_match_arm, reason = "the names of all others depend on what they tell")]
    match details {
        E::ExecutionStarted { .. } => "ExecutionStarted",
        E::ExecutionSucceeded { .. } => "ExecutionSucceeded",
        E::ExecutionFailed { .. } => "ExecutionFailed",
        E::ExecutionTimedOut => "ExecutionTimedOut",
        E::ExecutionAborted { .. } => "ExecutionAborted",
        E::ExecutionRedriven { .. } => "ExecutionRedriven",
        E::ParallelStateStarted => "ParallelStateStarted",
        E::ParallelStateSucceeded => "ParallelStateSucceeded",
        E::ParallelStateFailed => "ParallelStateFailed",
        E::MapStateStarted { .. } => "MapStateStarted",
        E::MapStateSucceeded => "MapStateSucceeded",
        E::MapStateFailed => "MapStateFailed",
        E::MapRunStarted { .. } => "MapRunStarted",
        E::MapRunRedriven { .. } => "MapRunRedriven",
        E::MapRunSucceeded => "MapRunSucceeded",
        E::MapRunFailed { .. } => "MapRunFailed",
        E::MapIterationStarted { .. } => "MapIterationStarted",
        E::MapIterationSucceeded { .. } => "MapIterationSucceeded",
        E::MapIterationFailed { .. } => "MapIterationFailed",
        E::MapIterationAborted { .. } => "MapIterationAborted",
        _ => "Unknown",
    }
}
