//! Variables that are read before anything can have assigned them.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::ir::StateId;
use crate::path::Path;
use crate::resolve::Machine;

/// Nothing if no scope in reach assigns it anywhere, which was reported with the names.
pub(super) fn never_assigned(
    machine: &Machine<'_>,
    id: StateId,
    path: &Path,
    name: &str,
) -> Option<Diagnostic> {
    let scope = machine.state(id)?.scope;
    let states = machine.visible(scope).filter_map(|scope| machine.scopes.get(scope.0));
    let mut states = states.flat_map(|scope| scope.states.iter().filter_map(|id| machine.state(*id)));
    let place = states.find_map(|state| {
        let assigned = state.definition.assigned();
        assigned.iter().find(|found| found.variable.name() == name).map(|found| found.variable.key.span)
    })?;
    let message = format!("the variable `${name}` is read before it is assigned");
    Some(
        Diagnostic::new(Code::VariableNeverAssigned, path.root_span, message)
            .label("nothing on any way to this state assigns it")
            .related(place, "it is assigned here"),
    )
}
