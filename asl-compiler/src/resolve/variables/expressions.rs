//! JSONata expressions: what must fail in them, and variables that may not be there. On AWS a variable that is not there is nothing.

use super::{Reads, unknown};
use crate::definition::Expression;
use crate::diagnostic::{Diagnostic, Severity};
use crate::jsonata::{self, Dialect, FindingKind, Reference, functions, presence};
use crate::resolve::State;
use crate::suggest::closest;

pub(super) fn check(reads: &mut Reads<'_>, state: &State<'_>, expression: &Expression) {
    let Some(tree) = &expression.tree else { return };
    let visible = reads.visible(state.scope);
    let is_visible = |name: &str| visible.iter().any(|scope| scope.contains_key(name));
    // What one expression gets wrong leaves nothing open about the others.
    let outer = reads.diagnostics.set_aside(true);
    for finding in jsonata::check(tree, Dialect::States, &is_visible) {
        let Some(diagnostic) = expression.diagnostic(&finding) else { continue };
        // AWS takes any name for that of a function.
        if finding.kind == FindingKind::UnknownFunction {
            reads.diagnostics.push_accepted(diagnostic);
        } else {
            reads.diagnostics.push(diagnostic);
        }
    }
    reads.diagnostics.set_aside(outer);
    let references = jsonata::references(tree);
    reads.read.extend(references.iter().map(|reference| reference.name.clone()));
    let missing = references.iter().filter(|reference| {
        let name = reference.name.as_str();
        reference.is_assigned() && !is_visible(name)
    });
    for reference in missing {
        let diagnostic = missing_variable(reads, state, expression, reference);
        reads.diagnostics.push_accepted(diagnostic);
    }
}

fn missing_variable(
    reads: &mut Reads<'_>,
    state: &State<'_>,
    expression: &Expression,
    reference: &Reference,
) -> Diagnostic {
    let (name, span) = (&reference.name, expression.place(reference.span));
    let tree = expression.tree.as_ref();
    let is_asked = tree.is_some_and(|tree| presence::asked_itself(tree, false).contains(name.as_str()));
    let is_states = closest(name, ["states"]).is_some();
    let mut diagnostic = reads.out_of_reach(state, name, span).unwrap_or_else(|| {
        let visible = reads.visible(state.scope);
        let bound = || closest(name, tree.into_iter().flat_map(|tree| jsonata::bound(tree)));
        let function = || closest(name, functions::all(Dialect::States).map(|function| function.name));
        let known = reads.suggestion(name, span, &visible).or_else(bound);
        let suggestion = known.or_else(function);
        let note = if ["input", "context", "result", "errorOutput"].contains(&name.as_str()) {
            format!("write `$states.{name}`")
        } else {
            format!("a field of the input is `$states.input.{name}`")
        };
        unknown(name, span, suggestion, &note)
    });
    // What is not there is nothing, and an expression may ask whether it is. `$states` always is, so there is no reason to ask for it.
    if is_asked && !is_states {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic
}
