//! Inspection: the states of a definition, what leads to them, and its variables.
//!
//! In: a tree. Out: the [`Outline`]. It takes what is there, and says nothing about what is wrong with it.

use crate::definition::StateType;
use crate::json::{Kind, Text, Value};
use crate::outline::{LinkedBy, Machine, machines_in};
use crate::source::Span;

/// The index of a scope in [`Outline::scopes`].
pub(super) type ScopeId = usize;

/// What has names.
#[derive(Debug, Default)]
pub(super) struct Outline<'t> {
    /// The first is that of the whole machine.
    pub(super) scopes: Vec<Scope>,
    /// In the order of the text, an inner state after the one that holds it.
    pub(super) states: Vec<State<'t>>,
    pub(super) links: Vec<Link<'t>>,
    pub(super) assigned: Vec<Assigned<'t>>,
}

#[derive(Debug)]
pub(super) struct Scope {
    /// The scope around it.
    pub(super) around: Option<ScopeId>,
    /// The state that it is in.
    pub(super) holder: Option<usize>,
    jsonata: bool,
}

#[derive(Debug)]
pub(super) struct State<'t> {
    pub(super) name: &'t Text,
    pub(super) value: &'t Value,
    pub(super) scope: ScopeId,
    pub(super) jsonata: bool,
}

/// A name that leads to a state.
#[derive(Debug)]
pub(super) struct Link<'t> {
    pub(super) name: &'t Text,
    pub(super) scope: ScopeId,
    /// The state that it leads away from; none for `StartAt`.
    pub(super) from: Option<usize>,
    /// `StartAt`, `Next`, `Default` or `Catch`
    pub(super) field: &'static str,
}

/// A variable where it is assigned.
#[derive(Debug)]
pub(super) struct Assigned<'t> {
    pub(super) key: &'t Text,
    pub(super) scope: ScopeId,
}

impl Assigned<'_> {
    /// The name of the variable.
    pub(super) fn name(&self) -> &str {
        self.key.value.strip_suffix(".$").unwrap_or(&self.key.value)
    }
}

impl State<'_> {
    pub(super) fn state_type(&self) -> Option<StateType> {
        StateType::from_name(self.value.get("Type")?.as_str()?)
    }
}

impl<'t> Outline<'t> {
    pub(super) fn new(root: &'t Value) -> Self {
        let mut outline = Self::default();
        outline.scope(Machine::of(root), None);
        outline
    }

    fn scope(&mut self, machine: Machine<'t>, holder: Option<usize>) {
        let id = self.scopes.len();
        let around = holder.and_then(|holder| self.states.get(holder)).map(|holder| holder.scope);
        self.scopes.push(Scope { around, holder, jsonata: machine.is_jsonata });
        self.links.extend(machine.start_at().map(|name| Link {
            name,
            scope: id,
            from: None,
            field: "StartAt",
        }));
        for state in machine.states() {
            let index = self.states.len();
            self.states.push(State {
                name: state.key,
                value: state.value,
                scope: id,
                jsonata: state.is_jsonata,
            });
            self.links.extend(state.links().into_iter().map(|link| Link {
                name: link.to,
                scope: id,
                from: Some(index),
                field: match link.by {
                    LinkedBy::Next | LinkedBy::Rule(_) => "Next",
                    LinkedBy::Default => "Default",
                    LinkedBy::Catcher(_) => "Catch",
                },
            }));
            self.assigned.extend(state.assigned().into_iter().map(|key| Assigned { key, scope: id }));
            state.machines().for_each(|machine| self.scope(machine, Some(index)));
        }
    }

    /// The state named `name` in a scope.
    pub(super) fn find(&self, scope: ScopeId, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.scope == scope && state.name.value == name)
    }

    /// The innermost state around an offset.
    pub(super) fn state_at(&self, offset: usize) -> Option<usize> {
        self.states.iter().rposition(|state| is_in(state.value.span, offset))
    }

    /// The scope that states at an offset belong to.
    pub(super) fn scope_at(&self, root: &Value, offset: usize) -> ScopeId {
        let Some(index) = self.state_at(offset) else { return 0 };
        let Some(state) = self.states.get(index) else { return 0 };
        let inner = machines_in(state.value).position(|scope| is_in(scope.span, offset));
        let held = self.scopes.iter().enumerate().filter(|(_, scope)| scope.holder == Some(index));
        let inner = inner.and_then(|inner| held.map(|(id, _)| id).nth(inner));
        inner.unwrap_or(if is_in(root.span, offset) { state.scope } else { 0 })
    }

    /// A scope and those around it, from the inside out.
    pub(super) fn visible(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |scope| self.scopes.get(*scope)?.around)
    }

    /// The scope whose variable `name` means in `scope`.
    pub(super) fn scope_of_variable(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        self.visible(scope)
            .find(|scope| self.assigned.iter().any(|found| found.scope == *scope && found.name() == name))
    }

    /// The names of the variables that states of a scope see, each once.
    pub(super) fn variables(&self, scope: ScopeId) -> Vec<&str> {
        let visible: Vec<ScopeId> = self.visible(scope).collect();
        let found = self.assigned.iter().filter(|found| visible.contains(&found.scope));
        let mut names: Vec<&str> = found.map(Assigned::name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether the query language of a place is JSONata.
    pub(super) fn is_jsonata(&self, state: Option<usize>, scope: ScopeId) -> bool {
        let of_state = state.and_then(|state| self.states.get(state)).map(|state| state.jsonata);
        of_state.or_else(|| self.scopes.get(scope).map(|scope| scope.jsonata)).unwrap_or(false)
    }
}

const fn is_in(span: Span, offset: usize) -> bool {
    span.start <= offset && offset <= span.end
}

/// Every string in a value, with the key that it is under.
pub(super) fn strings<'t>(value: &'t Value, key: &'t str, found: &mut Vec<(&'t str, &'t Text)>) {
    match &value.kind {
        Kind::String(text) => found.push((key, text)),
        Kind::Array(elements) => elements.iter().for_each(|element| strings(element, key, found)),
        Kind::Object(members) => {
            members.iter().for_each(|member| strings(&member.value, &member.key.value, found));
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}
