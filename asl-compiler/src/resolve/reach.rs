//! Which states can be reached, and whether each scope can end.

use super::{Machine, Scope, ScopeId, StateId, targets};
use crate::code::Code;
use crate::definition::{Transition, Work};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn check_ends(machine: &Machine<'_>, diagnostics: &mut Diagnostics) {
    for scope in &machine.scopes {
        if !scope.states.is_empty() && !has_end(machine, scope) {
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
pub(super) fn check_reachability(machine: &Machine<'_>, meant: &[StateId], diagnostics: &mut Diagnostics) {
    for (scope, number) in machine.scopes.iter().zip(0..) {
        let id = ScopeId(number);
        // Without a start every state would be reported for one mistake.
        if machine.start(id).is_none() || !has_end(machine, scope) {
            continue;
        }
        let reached = reached(machine, id, meant);
        for state in scope.states.iter().filter(|id| reached.get(id.0) != Some(&true)) {
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

/// For each state of the machine whether the scope reaches it.
fn reached(machine: &Machine<'_>, scope: ScopeId, meant: &[StateId]) -> Vec<bool> {
    let mut reached = vec![false; machine.states.len()];
    let in_scope = |id: &StateId| machine.state(*id).is_some_and(|state| state.scope == scope);
    let mut waiting: Vec<_> = meant.iter().copied().filter(in_scope).chain(machine.start(scope)).collect();
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
    reached
}
