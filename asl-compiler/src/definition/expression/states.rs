//! `$states`: which of its fields an expression can read where it stands.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::jsonata::tree::{Kind, StepKind};
use crate::jsonata::{self, Expression};
use crate::path::Place;
use crate::source::Span;
use crate::suggest::closest;

const NAME: &str = "states";

/// Reports fields of `$states` that do not exist. `span_of` makes a place in the source of one in the expression.
pub(super) fn check(
    tree: &Expression,
    place: Place,
    span_of: impl Fn(Span) -> Span,
    diagnostics: &mut Diagnostics,
) {
    let mut open = vec![tree];
    let mut found = Vec::new();
    while let Some(expression) = open.pop() {
        // What has the name afterwards is another variable.
        if binds_states(&expression.kind) {
            return;
        }
        found.extend(field(expression));
        open.extend(expression.children());
    }
    for (name, span) in found {
        if let Some(diagnostic) = fault(name, place, span_of(span)) {
            diagnostics.push(diagnostic);
        }
    }
}

fn binds_states(kind: &Kind) -> bool {
    if let Kind::Bind(bind) = kind {
        return bind.name == NAME;
    }
    if let Kind::Lambda(lambda) = kind {
        return lambda.parameters.iter().any(|parameter| parameter.name == NAME);
    }
    let Kind::Path(path) = kind else { return false };
    let is_states = |name: &Option<String>| name.as_deref() == Some(NAME);
    path.steps.iter().any(|step| is_states(&step.focus) || is_states(&step.index))
}

/// The field after `$states`, with the place of both.
fn field(expression: &jsonata::Expression) -> Option<(&str, Span)> {
    let Kind::Path(path) = &expression.kind else { return None };
    let [first, second, ..] = path.steps.as_slice() else { return None };
    let (StepKind::Expression(first), StepKind::Expression(second)) = (&first.kind, &second.kind) else {
        return None;
    };
    match (&first.kind, &second.kind) {
        (Kind::Variable(variable), Kind::Name(name)) if variable == NAME => {
            Some((name, Span::new(first.span.start, second.span.end)))
        }
        _ => None,
    }
}

/// Why a field cannot be read.
fn fault(name: &str, place: Place, span: Span) -> Option<Diagnostic> {
    let message = format!("`$states.{name}` does not exist");
    let here = |label: &str| {
        Some(Diagnostic::new(Code::UnknownStatesField, span, format!("{message} here")).label(label))
    };
    match name {
        "input" | "context" => None,
        "result" if place.result => None,
        "errorOutput" if place.error_output => None,
        "result" => here("only `Assign` and `Output` of a Task, Parallel or Map state see its result"),
        "errorOutput" => here("only `Assign` and `Output` of a catcher see the Error Output"),
        _ => {
            let diagnostic = Diagnostic::new(Code::UnknownStatesField, span, message)
                .label("`$states` has the fields `input`, `context`, `result` and `errorOutput`");
            Some(match closest(name, ["input", "context", "result", "errorOutput"]) {
                Some(name) => diagnostic.help(format!("did you mean `$states.{name}`?")),
                None => diagnostic,
            })
        }
    }
}
