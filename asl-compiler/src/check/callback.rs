//! `.waitForTaskToken`: whether the token leaves the task.

use super::{Checker, resource};
use crate::code::Code;
use crate::definition::{State, Task, Template};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::vocabulary::{ContextField, Root};

pub(super) fn check(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(resource) = task.resource.as_ref().filter(|text| resource::waits_for_token(&text.value)) else {
        return;
    };
    // Without `Parameters` the whole input is sent, of which nothing is known.
    let Some(parameters @ Template::Object(span, _)) = &task.parameters else { return };
    // It is not known what expressions yield.
    let is_known = parameters.expressions().is_empty() && !parameters.has_invalid();
    if !is_known || parameters.paths().iter().any(|path| gives_token(&path.root)) {
        return;
    }
    let message =
        format!("state `{}` waits for its task token, but never passes it to the task", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::MissingTaskToken, Span::new(span.start, span.start.saturating_add(1)), message)
            .label("the token is not passed here")
            .related(resource.span, "the task ends when a result is sent with its token")
            .help("pass it as a parameter: `\"TaskToken.$\": \"$$.Task.Token\"`"),
    );
}

const fn gives_token(root: &Root) -> bool {
    matches!(root, Root::Context(ContextField::Whole | ContextField::Task | ContextField::TaskToken))
}
