//! Which fields become variables.
//!
//! In: a [`Flow`], and the names that are taken. Out: a [`Plan`]. A field that a state puts into the data is a variable from there on, as far as every
//! way to a state comes from such a state; where it pays: more states read the field than need the data whole, with the field in it.

use super::spread::{States, is_with_all, reached_with, read_later, rest_read_later};
use super::{Change, Edge, ExitKind, Flow, ScopeKind};
use asl_language::jsonata::{Dialect, find};
use std::collections::{BTreeMap, BTreeSet};

/// What is in variables where states are entered.
#[derive(Debug, Default)]
pub(in crate::convert) struct Plan {
    states: BTreeMap<String, Entry>,
    /// The names of the variables.
    pub(in crate::convert) variables: BTreeSet<String>,
}

/// The data of a state when it is entered.
#[derive(Clone, Debug)]
pub(in crate::convert) struct Entry {
    /// Fields that are variables, with their names.
    pub(in crate::convert) fields: BTreeMap<String, String>,
    /// The variable that everything else is in; otherwise it is the input.
    pub(in crate::convert) rest: Option<String>,
    /// Everything that is not in a variable is read, here or later.
    pub(in crate::convert) needs_rest: bool,
    /// The fields that are variables elsewhere, and that nothing reads any more.
    unread: BTreeSet<String>,
}

impl Default for Entry {
    /// Nothing is in variables, and everything is needed.
    fn default() -> Self {
        Self { fields: BTreeMap::new(), rest: None, needs_rest: true, unread: BTreeSet::new() }
    }
}

impl Entry {
    /// Whether a field is read here or later.
    pub(in crate::convert) fn reads(&self, field: &str) -> bool {
        !self.unread.contains(field)
    }
}

impl Plan {
    /// What is known where a state is entered.
    pub(in crate::convert) fn entry(&self, state: &str) -> Entry {
        self.states.get(state).cloned().unwrap_or_default()
    }

    /// Decides about all of it.
    pub(in crate::convert) fn of(flow: &Flow, taken: &BTreeSet<String>) -> Self {
        let mut planner = Planner::new(flow, taken);
        if planner.read.len().saturating_mul(flow.states.len()) > LIMIT {
            return Self::default();
        }
        planner.look();
        planner.fields();
        planner.rests();
        planner.finish()
    }
}

struct Planner<'f> {
    flow: &'f Flow,
    taken: &'f BTreeSet<String>,
    entries: BTreeMap<&'f str, Entry>,
    /// Where each field that a state puts into the data is read later.
    read: BTreeMap<&'f str, States<'f>>,
    /// The variables, each with its scope.
    variables: Vec<(String, usize)>,
}

impl<'f> Planner<'f> {
    fn new(flow: &'f Flow, taken: &'f BTreeSet<String>) -> Self {
        let exits = flow.states.values().flat_map(|noted| &noted.exits);
        let fields: BTreeSet<&str> = exits.filter_map(|exit| changed(&exit.change)).collect();
        let read = fields.into_iter().map(|field| (field, States::new())).collect();
        let entries = flow.states.keys().map(|name| (name.as_str(), Entry::default())).collect();
        Self { flow, taken, entries, read, variables: Vec::new() }
    }

    fn look(&mut self) {
        for (field, states) in &mut self.read {
            *states = read_later(self.flow, field);
        }
    }

    fn finish(mut self) -> Plan {
        let variables: BTreeSet<_> =
            self.entries.values().flat_map(|entry| entry.fields.keys().cloned()).collect();
        self.read.retain(|field, _| variables.contains(*field));
        for (name, entry) in &mut self.entries {
            let unread = self.read.iter().filter(|(_, states)| !states.contains(name));
            entry.unread = unread.map(|(field, _)| (*field).to_owned()).collect();
        }
        if self.variables.is_empty() {
            return Plan::default();
        }
        let read = self.rest_read();
        for (name, entry) in &mut self.entries {
            entry.needs_rest = entry.rest.is_none() && read.contains(name);
        }
        Plan {
            states: self.entries.into_iter().map(|(name, entry)| (name.to_owned(), entry)).collect(),
            variables: self.variables.into_iter().map(|(name, _)| name).collect(),
        }
    }

    fn rest_read(&self) -> States<'f> {
        rest_read_later(self.flow, |state, field| self.is_variable(state, field))
    }

    fn is_variable(&self, state: &str, field: &str) -> bool {
        self.entries.get(state).is_some_and(|entry| entry.fields.contains_key(field))
    }

    fn is_read(&self, state: &str, field: &str) -> bool {
        self.read.get(field).is_none_or(|states| states.contains(state))
    }

    fn scope_of(&self, state: &str) -> usize {
        self.flow.states.get(state).map(|noted| noted.scope).unwrap_or_default()
    }

    /// Each field that is put into the data by states of one scope.
    fn fields(&mut self) {
        let flow = self.flow;
        let sets = flow.states.values().flat_map(|noted| {
            noted.exits.iter().filter_map(|exit| match &exit.change {
                Change::Set(field) => Some((noted.scope, field.as_str())),
                Change::Kept | Change::Within(_) | Change::Copied(_) | Change::Replaced => None,
            })
        });
        for (scope, field) in sets.collect::<BTreeSet<_>>() {
            let states = self.with_field(field, scope);
            if !self.pays(field, scope, &states) {
                continue;
            }
            let Some(variable) = self.free_name(field, scope) else { continue };
            for state in states {
                if let Some(entry) = self.entries.get_mut(state) {
                    entry.fields.insert(field.to_owned(), variable.clone());
                }
            }
        }
    }

    /// The states that are entered with the field in a variable of the scope.
    fn with_field(&self, field: &str, scope: usize) -> States<'f> {
        let is_opaque = |state: &&str| self.flow.states.get(*state).is_none_or(|noted| noted.is_opaque);
        let read = self.read.get(field).into_iter().flatten().copied();
        let candidates = read.filter(|state| !is_opaque(state)).collect();
        reached_with(self.flow, candidates, |edge, states| self.brings(edge, field, scope, states))
    }

    fn brings(&self, edge: Edge<'_>, field: &str, scope: usize, states: &States<'_>) -> bool {
        // A variable is assigned where it is, and not in the states inside of others.
        let assigns = self.scope_of(edge.from) == scope;
        let is_there = states.contains(edge.from);
        match &edge.exit.change {
            Change::Set(other) if other == field => assigns,
            Change::Within(other) if other == field => assigns && is_there,
            Change::Kept | Change::Set(_) | Change::Within(_) => is_there,
            Change::Copied(fields) => {
                let has = |state: &str| states.contains(state) || !self.is_read(state, field);
                fields.contains(field) && is_there && is_with_all(self.flow, edge, has)
            }
            Change::Replaced => false,
        }
    }

    /// Whether more states read the variable by its name than have to put it into the data again. At an end that is done once for all.
    fn pays(&self, field: &str, scope: usize, states: &States<'f>) -> bool {
        let noted = || states.iter().filter_map(|state| self.flow.states.get(*state));
        let readers = noted().filter(|noted| noted.reads.contains(field)).count();
        let whole = noted().filter(|noted| noted.reads_whole).count();
        let is_put_back = |edge: &Edge<'_>| {
            !states.contains(edge.to)
                && self.is_read(edge.to, field)
                && self.brings(*edge, field, scope, states)
        };
        readers > whole + self.flow.edges().filter(is_put_back).count()
    }

    /// All that is in the data where a scope starts, if it is carried past results.
    fn rests(&mut self) {
        let flow = self.flow;
        for (scope, what) in flow.scopes.iter().enumerate() {
            let start = what.start.as_str();
            let comes_back = flow.edges().any(|edge| edge.to == start && edge.exit.kind != ExitKind::Call);
            let is_opaque = flow.states.get(start).is_none_or(|noted| noted.is_opaque);
            let is_variable = self.entries.get(start).is_none_or(|entry| entry.rest.is_some());
            if comes_back || is_opaque || is_variable {
                continue;
            }
            let states = self.with_rest(start);
            let carried =
                flow.edges().filter(|edge| edge.exit.kind == ExitKind::OfResult && states.contains(edge.to));
            if carried.count() < WORTH {
                continue;
            }
            let name = match what.kind {
                ScopeKind::Machine => "input",
                ScopeKind::Branch => "branchInput",
                ScopeKind::Processor { is_selected: false } => "item",
                ScopeKind::Processor { is_selected: true } => "itemInput",
            };
            let Some(variable) = self.free_name(name, scope) else { continue };
            for state in states {
                if let Some(entry) = self.entries.get_mut(state) {
                    entry.rest = Some(variable.clone());
                }
            }
        }
    }

    /// The states that are entered with everything in variables, if the state at the start assigns what it gets.
    fn with_rest(&self, start: &'f str) -> States<'f> {
        let has_other = |state: &&str| {
            *state == start
                || self.flow.states.get(*state).is_none_or(|noted| noted.is_opaque)
                || self.entries.get(state).is_none_or(|entry| entry.rest.is_some())
        };
        let candidates = self.rest_read().into_iter().filter(|state| !has_other(state)).collect();
        reached_with(self.flow, candidates, |edge, states| self.brings_rest(edge, start, states))
    }

    fn brings_rest(&self, edge: Edge<'_>, start: &str, states: &States<'_>) -> bool {
        let assigns = edge.from == start && edge.exit.kind != ExitKind::Call;
        let passes = match &edge.exit.change {
            Change::Kept => true,
            Change::Set(field) => self.is_whole_without(edge.to, field),
            Change::Within(field) => {
                !self.is_read(edge.to, field)
                    || self.is_variable(edge.from, field) && self.is_variable(edge.to, field)
            }
            Change::Copied(_) | Change::Replaced => false,
        };
        let fields = self.entries.get(edge.from).map(|entry| &entry.fields);
        let mut fields = fields.into_iter().flat_map(BTreeMap::keys);
        passes
            && (assigns || states.contains(edge.from))
            && fields.all(|field| self.is_whole_without(edge.to, field))
    }

    /// Whether a field need not be in the data of a state beside its variables.
    fn is_whole_without(&self, state: &str, field: &str) -> bool {
        self.is_variable(state, field) || !self.is_read(state, field)
    }

    /// A name for a variable of the scope that means nothing else in any expression that can see it.
    fn free_name(&mut self, field: &str, scope: usize) -> Option<String> {
        let name = identifier(field)?;
        let name = match find(&name, Dialect::States) {
            Some(_) => format!("{name}Value"),
            None => name,
        };
        let is_free = |name: &String| {
            let sees = |other: usize| self.flow.is_within(scope, other) || self.flow.is_within(other, scope);
            let is_other = |(other, at): &(String, usize)| other == name && sees(*at);
            !self.taken.contains(name)
                && find(name, Dialect::States).is_none()
                && !self.variables.iter().any(is_other)
        };
        let numbered = (2..1000).map(|number| format!("{name}{number}"));
        let found = std::iter::once(name.clone()).chain(numbered).find(is_free)?;
        self.variables.push((found.clone(), scope));
        Some(found)
    }
}

/// So many states times fields are looked at; for more nothing becomes a variable.
const LIMIT: usize = 1_000_000;

/// So many states have to be spared the data for it to be worth a variable.
const WORTH: usize = 2;

const fn changed(change: &Change) -> Option<&str> {
    match change {
        Change::Set(field) | Change::Within(field) => Some(field.as_str()),
        Change::Kept | Change::Copied(_) | Change::Replaced => None,
    }
}

/// A field as the name of a variable: `task-result` is `taskResult`.
fn identifier(field: &str) -> Option<String> {
    let mut name = String::new();
    let mut starts_word = false;
    for letter in field.chars() {
        if !letter.is_ascii_alphanumeric() && letter != '_' {
            starts_word = !name.is_empty();
        } else if std::mem::take(&mut starts_word) {
            name.push(letter.to_ascii_uppercase());
        } else {
            name.push(letter);
        }
    }
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    (starts_well && name.len() <= 60 && name != "states").then_some(name)
}
