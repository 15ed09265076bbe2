//! Stage 5: a resolved machine to a checked one.
//!
//! In: a resolved [`Machine`] and what was reported about it. Out: a [`CheckedMachine`], in which nothing is missing: it is made here and nowhere else, and
//! only where there is no error. Reports nothing.

use crate::definition::{self, Names, Part, Reported};
use crate::diagnostic::Diagnostics;
use crate::ir::{StateId, Work};
use crate::json::Text;
use crate::resolve::{Machine, ScopeId, State};

/// A definition without errors.
#[derive(Debug)]
pub(crate) struct CheckedMachine<'d> {
    /// `Comment` of the definition.
    pub(crate) comment: Option<&'d str>,
    /// The first state.
    pub(crate) start_at: StateId,
    /// `TimeoutSeconds` of the definition, in seconds.
    pub(crate) timeout_seconds: Option<u64>,
    /// Every state in the order of the text, with what it does.
    pub(crate) states: Vec<(&'d definition::State, Work)>,
}

/// Checks that nothing is missing in a machine, once all rules were checked.
///
/// # Errors
/// Something is at fault, and was reported.
pub(crate) fn prove<'d>(
    machine: &Machine<'d>,
    diagnostics: &Diagnostics,
) -> Result<CheckedMachine<'d>, Reported> {
    if diagnostics.has_errors() {
        return Err(Reported);
    }
    let states = machine.states.iter().map(|state| Ok((state.definition, work(machine, state)?)));
    Ok(CheckedMachine {
        comment: machine.definition.comment.as_deref(),
        start_at: machine.start(ScopeId(0)).ok_or(Reported)?,
        timeout_seconds: machine.definition.timeout_seconds,
        states: states.collect::<Result<_, _>>()?,
    })
}

fn work(machine: &Machine<'_>, state: &State<'_>) -> Result<Work, Reported> {
    let names = &mut Names {
        target: &|name: &Text| machine.target(state.scope, &name.value),
        starts: &mut state.inner.iter().map(|scope| machine.start(*scope)),
    };
    Ok(match &state.definition.work {
        definition::Work::Pass(pass) => Work::Pass(pass.checked(names)?),
        definition::Work::Task(task) => Work::Task(Box::new(task.checked(names)?)),
        definition::Work::Choice(choice) => Work::Choice(choice.checked(names)?),
        definition::Work::Wait(wait) => Work::Wait(wait.checked(names)?),
        definition::Work::Succeed(succeed) => Work::Succeed(succeed.checked(names)?),
        definition::Work::Fail(fail) => Work::Fail(fail.checked(names)?),
        definition::Work::Parallel(parallel) => Work::Parallel(parallel.checked(names)?),
        definition::Work::Map(map) => Work::Map(Box::new(map.checked(names)?)),
        definition::Work::Unknown(_) => return Err(Reported),
    })
}

#[cfg(test)]
mod tests;
