//! Duplicate names, and names that lead nowhere or out of their scope.

use super::{Machine, Scope, ScopeId, State, StateId, Target, targets};
use crate::code::Code;
use crate::definition::Work;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::suggest::closest;
use std::collections::HashMap;

pub(super) fn check_duplicates(machine: &Machine<'_>, diagnostics: &mut Diagnostics) {
    let mut seen = HashMap::new();
    for state in &machine.states {
        let name = &state.definition.name;
        match seen.get(&name.value) {
            // A key that one object has twice was reported with the text.
            Some((_, scope)) if *scope == state.scope => {}
            Some((first, _)) => diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateStateName,
                    name.span,
                    format!("there are two states `{}`", name.value),
                )
                .label("names are unique in the whole machine, branches and item processors included")
                .related(*first, "the first is here"),
            ),
            None => {
                seen.insert(&name.value, (name.span, state.scope));
            }
        }
    }
}

/// Reports targets that do not exist. Returns the states that were probably meant, which are not unreachable for the mistake.
pub(super) fn check_targets(machine: &Machine<'_>, diagnostics: &mut Diagnostics) -> Vec<StateId> {
    let mut checker = Checker { machine, diagnostics, comparisons: COMPARISONS, meant: Vec::new() };
    for (scope, number) in machine.scopes.iter().zip(0..) {
        // That there are no states was reported.
        if let Some(name) = scope.definition.start_at.as_ref().filter(|_| !scope.states.is_empty()) {
            checker.check(ScopeId(number), Target { name, field: "StartAt" }, &scope.definition.owner);
        }
    }
    for state in &machine.states {
        if matches!(state.definition.work, Work::Unknown(_)) {
            continue;
        }
        let owner = format!("state `{}`", state.definition.name.value);
        for target in targets(state.definition) {
            checker.check(state.scope, target, &owner);
        }
    }
    checker.meant
}

/// How many comparisons of names all suggestions together may take: each compares a wrong name with all others.
const COMPARISONS: usize = 100_000;

struct Checker<'a> {
    machine: &'a Machine<'a>,
    diagnostics: &'a mut Diagnostics,
    comparisons: usize,
    meant: Vec<StateId>,
}

impl<'a> Checker<'a> {
    fn check(&mut self, scope: ScopeId, target: Target<'_>, owner: &str) {
        let Target { name, field } = target;
        if self.machine.target(scope, &name.value).is_some() {
            return;
        }
        if let Some(id) = self.machine.anywhere.get(name.value.as_str())
            && let Some(found) = self.machine.state(*id)
        {
            self.diagnostics.push(out_of_scope(self.machine, target, owner, found));
            return;
        }
        let diagnostic =
            Diagnostic::new(Code::UnknownState, name.span, format!("state `{}` does not exist", name.value))
                .label(format!("`{field}` of {owner} must name a state in `States`"));
        let diagnostic = match self.suggestion(scope, &name.value) {
            Some(closest) => {
                self.meant.extend(self.machine.target(scope, closest));
                diagnostic.help(format!("did you mean `{closest}`?"))
            }
            None => diagnostic,
        };
        self.diagnostics.push(diagnostic);
    }

    fn suggestion(&mut self, scope: ScopeId, name: &str) -> Option<&'a str> {
        let scope = self.machine.scopes.get(scope.0)?;
        self.comparisons = self.comparisons.checked_sub(scope.states.len())?;
        closest(name, state_names(scope))
    }
}

fn state_names<'d>(scope: &Scope<'d>) -> Vec<&'d str> {
    scope.definition.states.iter().map(|state| state.name.value.as_str()).collect()
}

fn out_of_scope(machine: &Machine<'_>, target: Target<'_>, owner: &str, found: &State<'_>) -> Diagnostic {
    let Target { name, field } = target;
    let home = machine.scopes.get(found.scope.0).map_or("another scope", |scope| &scope.definition.owner);
    let message = format!("`{field}` of {owner} cannot lead to state `{}`", name.value);
    Diagnostic::new(Code::TransitionOutOfScope, name.span, message)
        .label("a transition cannot leave its own `States`")
        .related(found.definition.name.span, format!("the state belongs to {home}"))
}
