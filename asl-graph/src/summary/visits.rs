//! The visits to states that have not come to their ends, and the iterations of Maps: a tree, because branches and iterations are within visits.

use crate::history::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// No machine is nested deeper. In a history that is, what is deeper belongs to the whole machine.
const DEPTH: usize = 256;

/// A visit or an iteration, and what is around it. Unlike [`Visit`] it is known after its end, because events may follow one within it.
#[derive(Debug)]
pub(super) struct VisitPlace {
    /// The number of the event that it began with.
    pub(super) key: u64,
    /// The state, or that of whose iterations it is one.
    pub(super) state: usize,
    /// The number of the iteration.
    pub(super) iteration: Option<u64>,
    pub(super) around: Option<Arc<VisitPlace>>,
    depth: usize,
}

impl VisitPlace {
    pub(super) fn new(
        key: u64,
        state: usize,
        iteration: Option<u64>,
        around: Option<Arc<Self>>,
    ) -> Arc<Self> {
        let around = around.filter(|around| around.depth < DEPTH);
        let depth = around.as_ref().map_or(0, |around| around.depth + 1);
        Arc::new(Self { key, state, iteration, around, depth })
    }
}

/// A place and those around it, from the inside out.
pub(super) fn outwards(place: Option<&Arc<VisitPlace>>) -> impl Iterator<Item = &Arc<VisitPlace>> {
    std::iter::successors(place, |place| place.around.as_ref())
}

/// How a visit or an iteration goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Working,
    /// Its work has failed, and may be tried again or be caught.
    Failing,
    /// An error ended it.
    Failed,
    /// Something else ended it.
    Aborted,
}

/// A visit to a state, or an iteration.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) place: Arc<VisitPlace>,
    pub(super) role: Role,
    pub(super) doing: Doing,
    /// Branches or iterations run in it.
    pub(super) is_open: bool,
    /// The execution is to go on with it, and nothing of it was told yet.
    pub(super) is_revived: bool,
    /// When it began, or went on.
    pub(super) since: Option<i64>,
    /// The last event in it.
    pub(super) last: u64,
    /// The event that its branches or iterations follow.
    pub(super) fork: u64,
    /// Its items, and the iterations of them that have begun, succeeded and failed.
    pub(super) iterations: super::Iterations,
    /// What is within it.
    pub(super) inner: BTreeSet<u64>,
}

/// All visits that have not come to their ends, and those that failed within one that has not.
#[derive(Clone, Debug, Default)]
pub(super) struct Visits {
    visits: BTreeMap<u64, Visit>,
    /// Those that are within no other.
    top: BTreeSet<u64>,
    /// The visits to each state.
    of_state: BTreeMap<usize, BTreeSet<u64>>,
}

impl Visits {
    pub(super) fn get(&self, key: u64) -> Option<&Visit> {
        self.visits.get(&key)
    }

    pub(super) fn get_mut(&mut self, key: u64) -> Option<&mut Visit> {
        self.visits.get_mut(&key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Visit> {
        self.visits.values()
    }

    /// The last visit to a state.
    pub(super) fn last_of(&self, state: usize) -> Option<u64> {
        self.of_state.get(&state)?.last().copied()
    }

    pub(super) fn begin(&mut self, place: Arc<VisitPlace>, role: Role, since: Option<i64>) {
        let key = place.key;
        self.beside(&place).insert(key);
        if place.iteration.is_none() {
            self.of_state.entry(place.state).or_default().insert(key);
        }
        let visit = Visit {
            place,
            role,
            doing: Doing::Working,
            is_open: false,
            is_revived: false,
            since,
            last: key,
            fork: 0,
            iterations: super::Iterations::default(),
            inner: BTreeSet::new(),
        };
        self.visits.insert(key, visit);
    }

    /// All that are within the same as this one.
    fn beside(&mut self, place: &VisitPlace) -> &mut BTreeSet<u64> {
        let around = place.around.as_ref().and_then(|around| self.visits.get_mut(&around.key));
        around.map_or(&mut self.top, |around| &mut around.inner)
    }

    /// Forgets one, when nothing is within it any more.
    pub(super) fn end(&mut self, key: u64) -> Option<Visit> {
        let visit = self.visits.remove(&key)?;
        self.beside(&visit.place).remove(&key);
        if let Some(visits) = self.of_state.get_mut(&visit.place.state) {
            visits.remove(&key);
        }
        Some(visit)
    }

    /// What is within one, or in all, from the outside in.
    pub(super) fn within(&self, key: Option<u64>) -> Vec<u64> {
        let inner = |key: u64| self.visits.get(&key).map(|visit| &visit.inner);
        let mut found: Vec<u64> = key.map_or(Some(&self.top), inner).into_iter().flatten().copied().collect();
        let mut next = 0;
        while let Some(&key) = found.get(next) {
            found.extend(inner(key).into_iter().flatten());
            next += 1;
        }
        found
    }
}
