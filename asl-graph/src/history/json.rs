//! Events as AWS prints them.

use super::time::milliseconds;
use super::{Event, IterationStep, Role, What};
use serde_json::Value;

impl<'a> Event<'a> {
    /// Reads an event, if it is one.
    #[must_use]
    pub fn read(event: &'a Value) -> Option<Self> {
        let number = |field: &str| event.get(field).and_then(Value::as_u64);
        Some(Self {
            id: number("id")?,
            previous: number("previousEventId").unwrap_or_default(),
            milliseconds: event.get("timestamp").and_then(milliseconds),
            what: what(event, event.get("type")?.as_str()?),
        })
    }
}

fn what<'a>(event: &'a Value, kind: &str) -> What<'a> {
    if let Some(kind) = kind.strip_suffix("StateEntered") {
        return text(event, "stateEntered", "name")
            .map_or(What::Other, |name| What::Entered { name, role: role(kind) });
    }
    if kind.ends_with("StateExited") {
        return text(event, "stateExited", "name").map_or(What::Other, |name| What::Exited { name });
    }
    if let Some(step) = kind.strip_prefix("MapIteration") {
        return iteration(event, step).unwrap_or(What::Other);
    }
    match kind {
        "ExecutionSucceeded" => What::ExecutionSucceeded,
        "ExecutionFailed" => What::ExecutionFailed,
        "ExecutionTimedOut" | "ExecutionAborted" => What::ExecutionStopped,
        "ExecutionRedriven" => What::Redriven,
        "TaskScheduled" | "LambdaFunctionScheduled" | "ActivityScheduled" => {
            What::Begun { items: None, role: Role::Plain }
        }
        "ParallelStateStarted" => What::Begun { items: None, role: Role::Parallel },
        "MapStateStarted" => What::Begun {
            items: details(event, "mapStateStarted", "length").and_then(Value::as_u64),
            role: Role::Map,
        },
        "EvaluationFailed" => What::Failed {
            role: Role::Plain,
            name: text(event, "evaluationFailed", "state"),
            error: text(event, "evaluationFailed", "error"),
        },
        kind => ended(event, kind),
    }
}

/// `TaskSucceeded`, `LambdaFunctionTimedOut`, `MapStateFailed`, ...
fn ended<'a>(event: &'a Value, kind: &str) -> What<'a> {
    let role = match kind {
        kind if kind.starts_with("ParallelState") => Role::Parallel,
        kind if kind.starts_with("MapState") || kind.starts_with("MapRun") => Role::Map,
        _ => Role::Plain,
    };
    if kind == "MapStateSucceeded" || (kind.ends_with("Succeeded") && role != Role::Map) {
        return What::Succeeded { role };
    }
    let has_failed = ["Failed", "TimedOut"].iter().any(|end| kind.ends_with(end));
    // `LambdaFunctionScheduleFailed` and the like: the first letter of the field is small.
    let mut letters = kind.chars();
    let field: String =
        letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
    if has_failed {
        What::Failed { role, name: None, error: text(event, &field, "error") }
    } else {
        What::Other
    }
}

fn iteration<'a>(event: &'a Value, step: &str) -> Option<What<'a>> {
    let (step, field) = match step {
        "Started" => (IterationStep::Started, "mapIterationStarted"),
        "Succeeded" => (IterationStep::Succeeded, "mapIterationSucceeded"),
        "Failed" => (IterationStep::Failed, "mapIterationFailed"),
        "Aborted" => (IterationStep::Aborted, "mapIterationAborted"),
        _ => return None,
    };
    let index = details(event, field, "index").and_then(Value::as_u64).unwrap_or_default();
    Some(What::Iteration { name: text(event, field, "name")?, index, step })
}

fn role(kind: &str) -> Role {
    match kind {
        "Parallel" => Role::Parallel,
        "Map" => Role::Map,
        "Fail" => Role::Fail,
        _ => Role::Plain,
    }
}

fn details<'a>(event: &'a Value, kind: &str, field: &str) -> Option<&'a Value> {
    event.get(format!("{kind}EventDetails"))?.get(field)
}

fn text<'a>(event: &'a Value, kind: &str, field: &str) -> Option<&'a str> {
    details(event, kind, field)?.as_str()
}
