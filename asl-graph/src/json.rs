//! The picture as data, for programs that draw it themselves.
//!
//! In: a graph, and if there is one an execution. Out: an object with the states of the scope, what leads from one to the other, and what happened in them.

use crate::model::{Edge, Graph, Reason, State, StateKind};
use crate::summary::{Iterations, Ran, Status, Summary};
use serde_json::{Value, json};

/// The graph as JSON.
#[must_use]
pub fn to_json(graph: &Graph, execution: Option<&Summary>) -> Value {
    let name = |index: usize| graph.states.get(index).map(|state| state.name.as_str());
    let states = graph.states.iter().map(|state| state_to_json(state, execution));
    let transitions = graph.edges.iter().map(|edge| edge_to_json(edge, name, execution));
    json!({
        "start_at": graph.start_at.and_then(name),
        "states": states.collect::<Value>(),
        "transitions": transitions.collect::<Value>(),
    })
}

fn state_to_json(state: &State, execution: Option<&Summary>) -> Value {
    let inner = state.inner.iter().map(|graph| to_json(graph, execution));
    let mut json = json!({
        "name": state.name,
        "type": type_of(&state.kind),
        "detail": state.detail,
        "about": state.about,
        "retriers": state.retriers,
        "inner": inner.collect::<Value>(),
    });
    if let (Some(execution), Some(fields)) = (execution, json.as_object_mut()) {
        let nothing = Ran::default();
        fields.insert("ran".to_owned(), ran_to_json(execution.state(&state.name).unwrap_or(&nothing)));
    }
    json
}

fn ran_to_json(ran: &Ran) -> Value {
    let Iterations { items, begun, succeeded, failed } = ran.iterations;
    json!({
        "status": status(ran.status()),
        "entered": ran.entered,
        "succeeded": ran.succeeded,
        "failed": ran.failed,
        "caught": ran.caught,
        "aborted": ran.aborted,
        "retries": ran.retries,
        "active": ran.active,
        "waiting": ran.waiting,
        "milliseconds": ran.milliseconds,
        "total_milliseconds": ran.total_milliseconds,
        "error": ran.error,
        "iterations": { "items": items, "begun": begun, "succeeded": succeeded, "failed": failed },
    })
}

fn edge_to_json<'a>(
    edge: &Edge,
    name: impl Fn(usize) -> Option<&'a str>,
    execution: Option<&Summary>,
) -> Value {
    let (from, to) = (name(edge.from).unwrap_or_default(), edge.to.and_then(&name));
    let reason = match edge.reason {
        Reason::Next => "next",
        Reason::Choice => "choice",
        Reason::Catch => "catch",
    };
    let mut json = json!({ "from": from, "to": to, "reason": reason, "label": edge.label });
    if let (Some(execution), Some(fields)) = (execution, json.as_object_mut()) {
        let taken = execution.taken(from, to, edge.reason == Reason::Catch);
        fields.insert("taken".to_owned(), taken.is_some().into());
    }
    json
}

const fn type_of(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task(_) => "Task",
        StateKind::Pass => "Pass",
        StateKind::Choice => "Choice",
        StateKind::Wait => "Wait",
        StateKind::Succeed => "Succeed",
        StateKind::Fail => "Fail",
        StateKind::Parallel => "Parallel",
        StateKind::Map => "Map",
        StateKind::Unknown => "unknown",
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Untouched => "untouched",
        Status::Running => "running",
        Status::Retrying => "retrying",
        Status::Succeeded => "succeeded",
        Status::Caught => "caught",
        Status::Failed => "failed",
        Status::Aborted => "aborted",
    }
}
