//! Errors that the language reserves, and that a task never raises.
//!
//! In: a Task state. Out: handlers for errors of other states. A function, a worker and who sends a token may raise any error.

use super::{Checker, resource};
use crate::code::Code;
use crate::definition::{QueryLanguage, State, Task};
use crate::diagnostic::Diagnostic;
use asl_language::errors;

pub(super) fn check(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(resource) = task.resource.as_ref().map(|resource| resource.value.as_str()) else { return };
    if resource::raises_any_error(resource) {
        return;
    }
    let retried = state.retriers().iter().flat_map(|retrier| &retrier.error_equals);
    let caught = state.catchers().iter().flat_map(|catcher| &catcher.error_equals);
    for name in retried.chain(caught) {
        let Some(reason) = never_raised(&name.value, state, task, resource) else { continue };
        let message = format!("the task of state `{}` never raises `{}`", state.name.value, name.value);
        let diagnostic = Diagnostic::new(Code::ErrorNeverRaised, name.span, message).label(reason);
        checker.diagnostics.push(diagnostic.into_warning());
    }
}

/// Why a task never raises a reserved error.
fn never_raised(name: &str, state: &State, task: &Task, resource: &str) -> Option<&'static str> {
    const HTTP: &str = "States.Http.";
    match name {
        "States.BranchFailed" => Some("only a Parallel state raises it"),
        "States.NoChoiceMatched" => Some("only a Choice state raises it"),
        errors::ITEM_READER_FAILED
        | errors::RESULT_WRITER_FAILED
        | errors::EXCEED_TOLERATED_FAILURE_THRESHOLD => Some("only a distributed Map raises it"),
        "States.HeartbeatTimeout" if task.heartbeat.is_none() => Some("the state has no `HeartbeatSeconds`"),
        errors::QUERY_EVALUATION_ERROR if state.query_language == QueryLanguage::JsonPath => {
            Some("only a state in JSONata raises it")
        }
        _ if name.starts_with(HTTP) && !resource.ends_with(":http:invoke") => {
            Some("only `http:invoke` raises it")
        }
        _ => None,
    }
}
