//! Where something holds, by going along the ways between states until nothing changes.
//!
//! In: a [`Flow`]. Out: sets of states.

use super::{Change, Edge, ExitKind, Flow, Noted};
use std::collections::{BTreeMap, BTreeSet};

/// Names of states.
pub(super) type States<'f> = BTreeSet<&'f str>;

/// Where somebody still looks at what a field has: in the state itself, or later.
pub(super) fn read_later<'f>(flow: &'f Flow, field: &str) -> States<'f> {
    backwards(
        flow,
        |noted| noted.is_opaque || noted.reads_whole || noted.reads.contains(field),
        |change| match change {
            Change::Kept | Change::Within(_) => true,
            Change::Set(other) => other != field,
            Change::Copied(fields) => fields.contains(field),
            Change::Replaced => false,
        },
    )
}

/// Where somebody still looks at data that is not in a variable, given those that are there.
pub(super) fn rest_read_later<'f>(flow: &'f Flow, is_variable: impl Fn(&str, &str) -> bool) -> States<'f> {
    let reads = |(name, noted): (&'f String, &'f Noted)| {
        let copied = noted.exits.iter().flat_map(|exit| match &exit.change {
            Change::Copied(fields) => fields.iter().collect(),
            Change::Kept | Change::Set(_) | Change::Within(_) | Change::Replaced => Vec::new(),
        });
        let reads_field = noted.reads.iter().chain(copied).any(|field| !is_variable(name, field));
        (noted.is_opaque || noted.reads_whole || reads_field).then_some(name.as_str())
    };
    let start = flow.states.iter().filter_map(reads).collect();
    closed_backwards(flow, start, |change| {
        matches!(change, Change::Kept | Change::Set(_) | Change::Within(_))
    })
}

fn backwards<'f>(
    flow: &'f Flow,
    reads: impl Fn(&Noted) -> bool,
    passes: impl Fn(&Change) -> bool,
) -> States<'f> {
    let start = flow.states.iter().filter(|(_, noted)| reads(noted)).map(|(name, _)| name.as_str()).collect();
    closed_backwards(flow, start, passes)
}

/// What is passed on is read where it comes to, and at the end by those who get the output.
fn closed_backwards<'f>(
    flow: &'f Flow,
    mut found: States<'f>,
    passes: impl Fn(&Change) -> bool,
) -> States<'f> {
    let ends = |noted: &Noted| noted.exits.iter().any(|exit| exit.to.is_none() && passes(&exit.change));
    found.extend(flow.states.iter().filter(|(_, noted)| ends(noted)).map(|(name, _)| name.as_str()));
    let mut sources = BTreeMap::<&str, Vec<&str>>::new();
    for edge in flow.edges().filter(|edge| passes(&edge.exit.change)) {
        sources.entry(edge.to).or_default().push(edge.from);
    }
    let mut open: Vec<_> = found.iter().copied().collect();
    while let Some(state) = open.pop() {
        for from in sources.get(state).into_iter().flatten() {
            if found.insert(from) {
                open.push(from);
            }
        }
    }
    found
}

/// The largest part of `candidates` each state of which is reached only over ways that bring it, given where it is.
pub(super) fn reached_with<'f>(
    flow: &'f Flow,
    mut candidates: States<'f>,
    brings: impl Fn(Edge<'f>, &States<'f>) -> bool,
) -> States<'f> {
    let mut ways = BTreeMap::<&str, Vec<Edge<'f>>>::new();
    for edge in flow.edges() {
        ways.entry(edge.to).or_default().push(edge);
    }
    // Nothing comes before the start of the machine.
    if let Some(scope) = flow.scopes.first() {
        candidates.remove(scope.start.as_str());
    }
    candidates.retain(|state| ways.contains_key(state));
    let mut open: Vec<_> = candidates.iter().copied().collect();
    while let Some(state) = open.pop() {
        let ways_here = || ways.get(state).into_iter().flatten();
        if !candidates.contains(state) || ways_here().all(|edge| brings(*edge, &candidates)) {
            continue;
        }
        candidates.remove(state);
        // What it leads to may have lost it too, and what the same state leads to.
        let affected = std::iter::once(state).chain(ways_here().map(|edge| edge.from));
        let exits = affected.filter_map(|state| flow.states.get(state)).flat_map(|noted| &noted.exits);
        open.extend(exits.filter_map(|exit| exit.to.as_deref()));
    }
    candidates
}

/// Whether all states that the same template leads to have it, so that it can be left out of that.
pub(super) fn is_with_all(flow: &Flow, edge: Edge<'_>, has: impl Fn(&str) -> bool) -> bool {
    let exits = flow.states.get(edge.from).map(|noted| noted.exits.as_slice()).unwrap_or_default();
    let calls = exits.iter().filter(|exit| exit.kind == ExitKind::Call);
    edge.exit.kind != ExitKind::Call || calls.filter_map(|exit| exit.to.as_deref()).all(has)
}
