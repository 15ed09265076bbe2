//! Follows the data from the start to a fixed point: what is known at the entry of each state, on all the ways that lead there.

use super::flow::{AtState, Edge, Facts, Outflow, anything, step};
use super::{Settings, Shape, integration};
use crate::definition::Work;
use crate::resolve::{Machine, ScopeId, targets};
use crate::vocabulary::StateId;
use std::collections::BTreeSet;

/// What is known about the data of a machine.
#[derive(Clone, Debug)]
pub struct Solution {
    /// For each state what is known where it is entered; nothing for one that no execution enters.
    entries: Vec<Option<Facts>>,
    /// For each scope what comes out of it; nothing for one that never ends well.
    outputs: Vec<Option<Shape>>,
    /// For each state the result of the task that it is.
    results: Vec<Shape>,
    /// For each state whether something in it is at fault, so that it is not known what it was to do.
    faulty: Vec<bool>,
}

/// So often a state is looked at before what still changes is given up.
const PATIENCE: usize = 4;

/// Follows the data through a machine.
#[must_use]
pub fn solve(machine: &Machine<'_>, settings: &Settings) -> Solution {
    let ranks = ranks(machine);
    let mut solver = Solver {
        machine,
        solution: Solution {
            entries: vec![None; machine.states.len()],
            outputs: vec![None; machine.scopes.len()],
            results: integration::results(machine, settings),
            faulty: faulty(machine, settings),
        },
        visits: vec![0; machine.states.len()],
        after: last_inside(machine, &ranks),
        ranks,
        waiting: BTreeSet::new(),
        settled: Settled::default(),
    };
    if let Some(start) = machine.start(ScopeId(0)) {
        solver.enter(start, Facts::at_start(&settings.input));
    }
    solver.run();
    // What no rule lets in with the data that is known is looked at for any: with the same fault it fails for other data as well.
    while let Some(id) = solver.beside() {
        solver.settle();
        solver.enter(id, Facts::unknown());
        solver.run();
    }
    solver.solution
}

impl Solution {
    /// Looks at a state, if any execution enters it.
    pub(super) fn step<'d>(&self, machine: &Machine<'d>, id: StateId) -> Option<Outflow<'d>> {
        self.step_with(machine, id, self.entry(id)?)
    }

    /// Whether it is not known what a state was to do.
    pub(super) fn is_faulty(&self, id: StateId) -> bool {
        self.faulty.get(id.0) == Some(&true)
    }

    /// Looks at a state where this is known at its entry.
    pub(super) fn step_with<'d>(
        &self,
        machine: &Machine<'d>,
        id: StateId,
        entry: &Facts,
    ) -> Option<Outflow<'d>> {
        let state = machine.state(id)?;
        if self.is_faulty(id) {
            return Some(anything(machine, state));
        }
        let result = self.results.get(id.0)?;
        Some(step(AtState { machine, id, state, result, outputs: &self.outputs }, entry))
    }

    /// The data where a state is left, on whatever way; nothing if no execution leaves it well.
    #[must_use]
    pub fn output(&self, machine: &Machine<'_>, id: StateId) -> Option<Shape> {
        let scope = machine.state(id)?.scope;
        let is_out = |edge: &Edge| match edge {
            Edge::State(next, _) => machine.state(*next).is_some_and(|next| next.scope == scope),
            Edge::End(_) => true,
        };
        let edges = self.step(machine, id)?.edges;
        let outputs = edges.into_iter().filter(|(edge, _)| is_out(edge)).map(|(_, facts)| facts.data);
        outputs.reduce(|one, other| one.join(&other))
    }

    /// The output of the machine; nothing if it never ends well.
    #[must_use]
    pub fn end(&self) -> Option<&Shape> {
        self.outputs.first()?.as_ref()
    }

    /// What is known where a state is entered; nothing for one that no execution enters.
    pub(super) fn entry(&self, id: StateId) -> Option<&Facts> {
        self.entries.get(id.0)?.as_ref()
    }

    /// The data where a state is entered; nothing for one that no execution enters.
    #[must_use]
    pub fn input(&self, id: StateId) -> Option<&Shape> {
        Some(&self.entries.get(id.0)?.as_ref()?.data)
    }

    /// The result of the task that a state is; unknown for other states.
    #[must_use]
    pub fn result(&self, id: StateId) -> Option<&Shape> {
        self.results.get(id.0)
    }

    /// The variables where a state is entered: an object with a field for each that may have been assigned.
    #[must_use]
    pub fn variables(&self, id: StateId) -> Option<&Shape> {
        Some(&self.entries.get(id.0)?.as_ref()?.variables)
    }
}

/// For each state whether a fault is in it, and in no state inside of it.
fn faulty(machine: &Machine<'_>, settings: &Settings) -> Vec<bool> {
    let mut faulty = vec![false; machine.states.len()];
    for fault in &settings.faults {
        // States are in the order of the text, so the last one that begins before the fault is the innermost that it can be in.
        let before = machine.states.partition_point(|state| state.definition.name.span.start <= fault.start);
        let Some(last) = before.checked_sub(1).map(StateId) else { continue };
        // Fields can be behind the states inside.
        let holder = |id: &StateId| machine.scopes.get(machine.state(*id)?.scope.0)?.holder;
        let is_in =
            |id: &StateId| machine.state(*id).is_some_and(|state| fault.end <= state.definition.span.end);
        let holds = std::iter::successors(Some(last), holder).find(is_in).unwrap_or(last);
        if let Some(faulty) = faulty.get_mut(holds.0) {
            *faulty = true;
        }
    }
    faulty
}

struct Solver<'a, 'd> {
    machine: &'a Machine<'d>,
    solution: Solution,
    visits: Vec<usize>,
    /// States that come earlier are looked at first, so that most are looked at once.
    ranks: Vec<usize>,
    /// For each state the last rank of those inside of it: when they have all been looked at, what comes out of them is looked at once.
    after: Vec<usize>,
    waiting: BTreeSet<(usize, bool, StateId)>,
    settled: Settled,
}

/// What is known already, and does not change by what no execution comes to.
#[derive(Debug, Default)]
struct Settled {
    states: Vec<bool>,
    scopes: Vec<bool>,
}

impl Settled {
    fn has_state(&self, id: StateId) -> bool {
        self.states.get(id.0) == Some(&true)
    }

    fn has_scope(&self, id: ScopeId) -> bool {
        self.scopes.get(id.0) == Some(&true)
    }
}

impl Solver<'_, '_> {
    /// Follows what waits until nothing changes any more.
    fn run(&mut self) {
        while let Some((_, _, id)) = self.waiting.pop_first() {
            if let Some(visits) = self.visits.get_mut(id.0) {
                *visits += 1;
            }
            let Some(step) = self.solution.step(self.machine, id) else { continue };
            for (edge, facts) in step.edges {
                match edge {
                    Edge::State(next, _) => self.enter(next, facts),
                    Edge::End(scope) => self.leave(scope, &facts.data),
                }
            }
        }
    }

    /// The first state that a Choice leads to, and that no execution enters with what is known.
    fn beside(&self) -> Option<StateId> {
        let is_entered = |id: StateId| self.solution.entry(id).is_some();
        let choices = self
            .machine
            .states
            .iter()
            .zip((0..).map(StateId))
            .filter(|(state, id)| matches!(state.definition.work, Work::Choice(_)) && is_entered(*id));
        let beside = choices.flat_map(|(state, _)| {
            let next = targets(state.definition);
            next.into_iter().filter_map(|target| self.machine.target(state.scope, &target.name.value))
        });
        beside.filter(|id| !is_entered(*id)).min_by_key(|id| self.ranks.get(id.0))
    }

    /// Keeps all that is known as it is.
    fn settle(&mut self) {
        let Solution { entries, outputs, .. } = &self.solution;
        self.settled = Settled {
            states: entries.iter().map(Option::is_some).collect(),
            scopes: outputs.iter().map(Option::is_some).collect(),
        };
    }

    fn wait(&mut self, id: StateId) {
        let rank = self.ranks.get(id.0).copied().unwrap_or(usize::MAX);
        self.waiting.insert((rank, false, id));
    }

    fn wait_for_inner(&mut self, id: StateId) {
        let rank = self.after.get(id.0).copied().unwrap_or(usize::MAX);
        self.waiting.insert((rank, true, id));
    }

    fn enter(&mut self, id: StateId, facts: Facts) {
        if self.settled.has_state(id) {
            return;
        }
        let visits = self.visits.get(id.0).copied().unwrap_or_default();
        let Some(entry) = self.solution.entries.get_mut(id.0) else { return };
        let joined = match entry {
            // A loop that appends to an array would have another shape in each round. What still changes after some rounds is taken for
            // anything, so that an end is reached.
            Some(entry) if visits > PATIENCE => entry.widen(&entry.join(&facts)),
            Some(entry) => entry.join(&facts),
            None => facts,
        };
        if entry.as_ref() != Some(&joined) {
            *entry = Some(joined);
            self.wait(id);
        }
    }

    /// Something comes out of a scope, so that the state which holds it goes on.
    fn leave(&mut self, scope: ScopeId, data: &Shape) {
        if self.settled.has_scope(scope) {
            return;
        }
        let holder = self.machine.scopes.get(scope.0).and_then(|scope| scope.holder);
        let visits = holder.and_then(|holder| self.visits.get(holder.0)).copied().unwrap_or_default();
        let Some(output) = self.solution.outputs.get_mut(scope.0) else { return };
        let joined = match output {
            Some(output) if visits > PATIENCE => output.widen(&output.join(data)),
            Some(output) => output.join(data),
            None => data.clone(),
        };
        if output.as_ref() != Some(&joined) {
            *output = Some(joined);
            if let Some(holder) = holder {
                self.wait_for_inner(holder);
            }
        }
    }
}

/// For each state its place in an order in which, loops apart, each state comes after those that lead to it.
fn ranks(machine: &Machine<'_>) -> Vec<usize> {
    let mut ranks = vec![usize::MAX; machine.states.len()];
    let mut seen = vec![false; machine.states.len()];
    let mut rank = machine.states.len();
    // Each state with those that follow and were not looked at yet.
    let mut open: Vec<(StateId, Vec<StateId>)> = Vec::new();
    let mut next = machine.start(ScopeId(0));
    loop {
        if let Some(id) = next.take()
            && let Some(seen) = seen.get_mut(id.0)
            && !std::mem::replace(seen, true)
        {
            open.push((id, followers(machine, id)));
        }
        let Some((id, followers)) = open.last_mut() else { return ranks };
        next = followers.pop();
        if next.is_none() {
            rank = rank.saturating_sub(1);
            if let Some(place) = ranks.get_mut(id.0) {
                *place = rank;
            }
            open.pop();
        }
    }
}

/// For each state the last rank of those inside of it, on whatever level; its own if there are none.
fn last_inside(machine: &Machine<'_>, ranks: &[usize]) -> Vec<usize> {
    let mut last = ranks.to_vec();
    // Holders are before what they hold.
    for (number, state) in machine.states.iter().enumerate().rev() {
        let inner = last.get(number).copied().filter(|rank| *rank != usize::MAX);
        let holder = machine.scopes.get(state.scope.0).and_then(|scope| scope.holder);
        if let (Some(inner), Some(outer)) = (inner, holder.and_then(|holder| last.get_mut(holder.0))) {
            *outer = inner.max(if *outer == usize::MAX { inner } else { *outer });
        }
    }
    last
}

/// The states that can follow. What is in a state comes before what comes after it.
fn followers(machine: &Machine<'_>, id: StateId) -> Vec<StateId> {
    let Some(state) = machine.state(id) else { return Vec::new() };
    let inner = state.inner.iter().filter_map(|scope| machine.start(*scope));
    let next = targets(state.definition);
    let next = next.iter().filter_map(|target| machine.target(state.scope, &target.name.value));
    inner.chain(next).collect()
}
