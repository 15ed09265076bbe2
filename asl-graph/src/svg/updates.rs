//! What changes in a picture that is shown already.
//!
//! In: the graph and the execution, and the event up to which the picture shows it. Out: JSON with the states and transitions that are drawn in another
//! way since then, and with nothing else, so that a picture which is followed live costs a few bytes for each change.

use super::{badge, glyphs, painter};
use crate::model::{Graph, Reason, State};
use crate::summary::{Ran, Summary};
use serde_json::{Value, json};

/// What has changed since an event: `0` is all that has happened at all.
#[must_use]
pub fn updates(graph: &Graph, execution: &Summary, since: u64) -> Value {
    let mut found = Found { states: Vec::new(), wires: Vec::new() };
    found.scope(graph, execution, since);
    json!({ "event": execution.last_event(), "states": found.states, "wires": found.wires })
}

struct Found {
    states: Vec<Value>,
    wires: Vec<Value>,
}

impl Found {
    fn scope(&mut self, graph: &Graph, execution: &Summary, since: u64) {
        let name = |index: usize| graph.states.get(index).map(|state| state.name.as_str());
        for edge in &graph.edges {
            let taken = name(edge.from)
                .and_then(|from| execution.taken(from, edge.to.and_then(name), edge.reason == Reason::Catch));
            if taken.is_some_and(|event| event > since) {
                self.wires.push(format!("w{}", edge.number).into());
            }
        }
        let first = graph.start_at.and_then(|first| graph.states.get(first));
        if let Some(first) = first
            && execution.state(&first.name).is_some_and(|ran| ran.first_event > since)
        {
            self.wires.push(format!("i{}", first.number).into());
        }
        for state in &graph.states {
            if let Some(ran) = execution.state(&state.name).filter(|ran| ran.changed > since) {
                self.states.push(update(state, ran));
            }
            state.inner.iter().for_each(|inner| self.scope(inner, execution, since));
        }
    }
}

fn update(state: &State, ran: &Ran) -> Value {
    let status = ran.status();
    let badge = badge::text(ran);
    json!({
        "id": format!("s{}", state.number),
        "state": state.name,
        "class": painter::classes(state, Some(status)),
        "status": status.word(),
        "glyph": glyphs::of(status),
        "width": badge::across(&badge),
        "badge": badge,
    })
}
