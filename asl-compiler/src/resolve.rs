//! Stage 3: names to ids.
//!
//! In: a [`StateMachine`]. Out: a [`Machine`] that lists its states in the order of the text and knows the scope of each and what every
//! name leads to; and diagnostics for duplicate and unknown names of states and variables, transitions out of a scope, unreachable states
//! and scopes without an end. Never looks at data.

mod names;
mod reach;
mod variables;

use crate::definition::{self, StateMachine, Work};
use crate::diagnostic::Diagnostics;
use crate::json::Text;
use crate::vocabulary::{Profile, StateId};
use std::collections::HashMap;

/// A definition with its names resolved.
#[derive(Debug)]
pub struct Machine<'d> {
    /// The definition.
    pub definition: &'d StateMachine,
    /// Every state in the order of the text, an inner state after the state that holds it. [`StateId`] counts here.
    pub states: Vec<State<'d>>,
    /// Every scope; the first is that of the whole machine. [`ScopeId`] counts here.
    pub scopes: Vec<Scope<'d>>,
    ids: HashMap<(ScopeId, &'d str), StateId>,
    /// The first state of a name in the whole machine, for names that are looked up in the wrong scope.
    anywhere: HashMap<&'d str, StateId>,
}

/// The index of a scope in [`Machine::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub usize);

/// A state and where it is.
#[derive(Clone, Debug)]
pub struct State<'d> {
    /// What was written.
    pub definition: &'d definition::State,
    /// The scope it is in.
    pub scope: ScopeId,
    /// The scopes in it: its branches, or its item processor.
    pub inner: Vec<ScopeId>,
}

/// States that can lead to each other.
#[derive(Clone, Debug)]
pub struct Scope<'d> {
    /// The state that it is in; none for the scope of the whole machine.
    pub holder: Option<StateId>,
    /// What was written.
    pub definition: &'d definition::Scope,
    /// Its states.
    pub states: Vec<StateId>,
}

/// A name that leads to a state: where it is written, and in which field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'d> {
    /// The name.
    pub name: &'d Text,
    /// The field that says it.
    pub field: &'static str,
}

/// Resolves all names, and reports those that lead nowhere. AWS also says what follows from one of those, and so does its profile.
pub(crate) fn resolve<'d>(
    definition: &'d StateMachine,
    profile: Profile,
    diagnostics: &mut Diagnostics,
) -> Machine<'d> {
    let mut machine = Machine {
        definition,
        states: Vec::new(),
        scopes: Vec::new(),
        ids: HashMap::new(),
        anywhere: HashMap::new(),
    };
    add_scope(&mut machine, &definition.scope, None);
    names::check_duplicates(&machine, diagnostics);
    let meant = names::check_targets(&machine, diagnostics);
    reach::check_ends(&machine, profile, diagnostics);
    reach::check_reachability(&machine, profile, &meant, diagnostics);
    variables::check(&machine, diagnostics);
    machine
}

fn add_scope<'d>(
    machine: &mut Machine<'d>,
    definition: &'d definition::Scope,
    holder: Option<StateId>,
) -> ScopeId {
    let id = ScopeId(machine.scopes.len());
    machine.scopes.push(Scope { holder, definition, states: Vec::new() });
    let mut states = Vec::new();
    for state in &definition.states {
        let state_id = StateId(machine.states.len());
        states.push(state_id);
        machine.states.push(State { definition: state, scope: id, inner: Vec::new() });
        machine.ids.insert((id, &state.name.value), state_id);
        machine.anywhere.entry(&state.name.value).or_insert(state_id);
        let inner = state.scopes().iter().map(|scope| add_scope(machine, scope, Some(state_id))).collect();
        if let Some(state) = machine.states.get_mut(state_id.0) {
            state.inner = inner;
        }
    }
    if let Some(scope) = machine.scopes.get_mut(id.0) {
        scope.states = states;
    }
    id
}

impl<'d> Machine<'d> {
    /// The state that `name` leads to from within `scope`.
    #[must_use]
    pub fn target(&self, scope: ScopeId, name: &str) -> Option<StateId> {
        self.ids.get(&(scope, name)).copied()
    }

    /// The state that a scope starts at.
    #[must_use]
    pub fn start(&self, scope: ScopeId) -> Option<StateId> {
        self.target(scope, &self.start_at(scope)?.value)
    }

    /// The name of that state, as `StartAt` has it.
    #[must_use]
    pub fn start_at(&self, scope: ScopeId) -> Option<&'d Text> {
        self.scopes.get(scope.0)?.definition.start_at.as_ref()
    }

    /// The scopes whose variables the states of a scope see, from the inside out: itself and those around it, up to the processor of
    /// a distributed Map, whose iterations are separate executions.
    pub(crate) fn visible(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |scope| {
            self.around(*scope).filter(|_| !self.is_distributed(*scope))
        })
    }

    /// The scope around a scope.
    #[must_use]
    pub fn around(&self, scope: ScopeId) -> Option<ScopeId> {
        Some(self.holder(scope)?.scope)
    }

    /// Whether the scope is the processor of a distributed Map.
    #[must_use]
    pub fn is_distributed(&self, scope: ScopeId) -> bool {
        let holder = self.holder(scope).map(|holder| &holder.definition.work);
        matches!(holder, Some(Work::Map(map)) if map.is_distributed())
    }

    /// The state that a scope is in.
    #[must_use]
    pub fn holder(&self, scope: ScopeId) -> Option<&State<'d>> {
        self.state(self.scopes.get(scope.0)?.holder?)
    }

    /// A state by its id.
    #[must_use]
    pub fn state(&self, id: StateId) -> Option<&State<'d>> {
        self.states.get(id.0)
    }
}

/// Every name in a state that leads to another.
#[must_use]
pub(crate) fn targets(state: &definition::State) -> Vec<Target<'_>> {
    let mut targets = Vec::new();
    if let Some(definition::Transition::Next(name)) = state.transition() {
        targets.push(Target { name, field: "Next" });
    }
    match &state.work {
        Work::Choice(choice) => {
            targets.extend(
                choice
                    .rules
                    .iter()
                    .filter_map(|rule| rule.next.as_ref())
                    .map(|name| Target { name, field: "Next" }),
            );
            targets.extend(choice.default.iter().map(|name| Target { name, field: "Default" }));
        }
        Work::Unknown(names) => targets.extend(names.iter().map(|name| Target { name, field: "Next" })),
        Work::Pass(_)
        | Work::Task(_)
        | Work::Wait(_)
        | Work::Succeed(_)
        | Work::Fail(_)
        | Work::Parallel(_)
        | Work::Map(_) => {}
    }
    let caught = state.catchers().iter().filter_map(|catcher| catcher.next.as_ref());
    targets.extend(caught.map(|name| Target { name, field: "Next" }));
    targets
}
