//! Paths into a result that the state before has thrown away with `"ResultPath": null`.
//!
//! Only a doubt: what came into that state could have fields of the same names.

use super::Checker;
use crate::code::Code;
use crate::definition::{ResultPath, Transition, Work};
use crate::diagnostic::{Diagnostic, Severity};
use crate::resolve::{Machine, State, targets};
use crate::shape::{Shape, Solution};
use crate::vocabulary::{Root, StateId, Step};

pub(super) fn check(machine: &Machine<'_>, solution: &Solution, checker: &mut Checker<'_>) {
    for (state, number) in machine.states.iter().zip(0..) {
        let Work::Task(task) = &state.definition.work else { continue };
        let (ResultPath::Discard, Transition::Next(next)) = (&task.after.result_path, &task.after.transition)
        else {
            continue;
        };
        let Some(next) = machine.target(state.scope, &next.value) else { continue };
        if leads_alone(machine, next)
            && let (Some(result), Some(data)) = (solution.result(StateId(number)), solution.input(next))
            && let Some(follower) = machine.state(next)
        {
            check_paths(state, follower, result, data, checker);
        }
    }
}

/// Whether only one transition leads to a state.
fn leads_alone(machine: &Machine<'_>, next: StateId) -> bool {
    let leads = machine.states.iter().flat_map(|state| {
        targets(state.definition)
            .into_iter()
            .filter_map(|target| machine.target(state.scope, &target.name.value))
            .collect::<Vec<_>>()
    });
    leads.filter(|found| *found == next).count() == 1
}

fn check_paths(
    state: &State<'_>,
    follower: &State<'_>,
    result: &Shape,
    data: &Shape,
    checker: &mut Checker<'_>,
) {
    let known: Vec<_> = data.fields().map(|(name, ..)| name).collect();
    for path in follower.definition.paths() {
        let Some(Step::Name(first)) = path.steps.first().map(|step| &step.step) else { continue };
        let is_of_result = result.fields().any(|(name, ..)| name == first);
        let may_be =
            data.kinds().is_none_or(|kinds| kinds.object.as_ref().is_some_and(|data| data.is_open()));
        if path.root != Root::Data || !is_of_result || !may_be || known.contains(&first.as_str()) {
            continue;
        }
        let name = &state.definition.name;
        let message = format!("`{}` is hardly there: state `{}` discards its result", path.text, name.value);
        let mut diagnostic = Diagnostic::new(Code::PathNotInData, path.span, message)
            .label(format!("`{first}` is a field of that result"))
            .related(name.span, "`\"ResultPath\": null` keeps the input and nothing else")
            .help("put the result into a field of its own, as with `\"ResultPath\": \"$.result\"`");
        diagnostic.severity = Severity::Warning;
        checker.diagnostics.push(diagnostic);
    }
}
