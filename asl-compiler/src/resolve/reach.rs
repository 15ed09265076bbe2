//! Which states can be reached, and whether each scope can end.

use super::{Machine, Scope, ScopeId, State, StateId, targets};
use crate::code::Code;
use crate::definition::{Transition, Work};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::vocabulary::Profile;

pub(super) fn check_ends(machine: &Machine<'_>, profile: Profile, diagnostics: &mut Diagnostics) {
    for (scope, number) in machine.scopes.iter().zip(0..) {
        // The end may be where a transition was meant to lead that leads nowhere.
        let is_open = || profile == Profile::Local && lost(machine, ScopeId(number), scope) > 0;
        if !scope.states.is_empty() && !has_end(machine, scope) && !is_open() {
            let message = format!("{} has no terminal state", scope.definition.owner);
            diagnostics.push(
                Diagnostic::new(Code::NoTerminalState, scope.definition.span, message)
                    .label("expected a state with `\"End\": true`, or one of type Succeed or Fail"),
            );
        }
    }
}

fn has_end(machine: &Machine<'_>, scope: &Scope<'_>) -> bool {
    scope.states.iter().filter_map(|id| machine.state(*id)).any(|state| match &state.definition.work {
        // It is not known what a state of unknown type does.
        Work::Succeed(_) | Work::Fail(_) | Work::Unknown(_) => true,
        Work::Choice(_) => false,
        Work::Pass(_) | Work::Task(_) | Work::Wait(_) | Work::Parallel(_) | Work::Map(_) => {
            matches!(state.definition.transition(), Some(Transition::End | Transition::Missing))
        }
    })
}

/// Reports states that nothing leads to. `meant` are those that a misspelt transition was probably to lead to.
pub(super) fn check_reachability(
    machine: &Machine<'_>,
    profile: Profile,
    meant: &[StateId],
    diagnostics: &mut Diagnostics,
) {
    for (scope, number) in machine.scopes.iter().zip(0..) {
        let id = ScopeId(number);
        // Without a start every state would be reported for one mistake.
        if machine.start(id).is_none() || !has_end(machine, scope) {
            continue;
        }
        let reached = reached(machine, id, meant);
        let unreached: Vec<_> =
            scope.states.iter().filter(|id| reached.get(id.0) != Some(&true)).copied().collect();
        if profile == Profile::Local && starts(machine, id, &unreached) <= lost(machine, id, scope) {
            continue;
        }
        for state in &unreached {
            let Some(state) = machine.state(*state) else { continue };
            let name = &state.definition.name;
            diagnostics.push(
                Diagnostic::new(
                    Code::UnreachableState,
                    name.span,
                    format!("state `{}` is not reachable", name.value),
                )
                .label(format!("no transition of {} leads to it", scope.definition.owner))
                .help("lead to it with `StartAt`, `Next`, `Default` or `Catch`, or remove it"),
            );
        }
    }
}

/// How many transitions of a scope lead to no state, or are not there. Each may have been meant to lead to a state that nothing leads to.
fn lost(machine: &Machine<'_>, id: ScopeId, scope: &Scope<'_>) -> usize {
    let states = scope.states.iter().filter_map(|id| machine.state(*id));
    states.map(|state| lost_of(machine, id, state)).sum()
}

fn lost_of(machine: &Machine<'_>, scope: ScopeId, state: &State<'_>) -> usize {
    if matches!(state.definition.work, Work::Unknown(_)) {
        return 0;
    }
    let targets = targets(state.definition);
    let wrong = targets.iter().filter(|target| machine.target(scope, &target.name.value).is_none()).count();
    let is_missing = matches!(state.definition.transition(), Some(Transition::Missing));
    let catchers = state.definition.catchers().iter().filter(|catcher| catcher.next.is_none()).count();
    let rules = if let Work::Choice(choice) = &state.definition.work { choice.rules.as_slice() } else { &[] };
    let rules = rules.iter().filter(|rule| rule.next.is_none()).count();
    wrong + usize::from(is_missing) + catchers + rules
}

/// To how many of the states that nothing leads to something would have to lead for all to be reached.
fn starts(machine: &Machine<'_>, scope: ScopeId, unreached: &[StateId]) -> usize {
    let mut known = vec![false; machine.states.len()];
    let mut starts = 0;
    for state in unreached {
        if known.get(state.0) == Some(&false) {
            starts += 1;
            follow(machine, scope, vec![*state], &mut known);
        }
    }
    starts
}

/// For each state of the machine whether the scope reaches it.
fn reached(machine: &Machine<'_>, scope: ScopeId, meant: &[StateId]) -> Vec<bool> {
    let mut reached = vec![false; machine.states.len()];
    let in_scope = |id: &StateId| machine.state(*id).is_some_and(|state| state.scope == scope);
    let waiting = meant.iter().copied().filter(in_scope).chain(machine.start(scope)).collect();
    follow(machine, scope, waiting, &mut reached);
    reached
}

/// Marks all that these lead to, themselves included.
fn follow(machine: &Machine<'_>, scope: ScopeId, mut waiting: Vec<StateId>, reached: &mut [bool]) {
    while let Some(id) = waiting.pop() {
        let (Some(seen), Some(state)) = (reached.get_mut(id.0), machine.state(id)) else { continue };
        if !std::mem::replace(seen, true) {
            waiting.extend(
                targets(state.definition)
                    .iter()
                    .filter_map(|target| machine.target(scope, &target.name.value)),
            );
        }
    }
}
