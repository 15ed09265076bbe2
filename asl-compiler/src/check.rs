//! Stage 4: rules that need more than one field or state.
//!
//! In: a resolved [`Machine`]. Out: only diagnostics; one module for each family of rules. An error is only for what must
//! fail at run time or what AWS refuses; everything doubtful is a warning.

mod credentials;
mod dynamodb;
mod http;
mod parameters;
pub(crate) mod resource;
mod results;
mod retry;
mod timeouts;

use crate::definition::{State, Task, Work};
use crate::diagnostic::Diagnostics;
use crate::resolve::Machine;
use crate::{HttpResult, Options, Profile};
use resource::Resource;
use std::collections::HashSet;

/// What the rules share.
#[derive(Debug)]
pub(crate) struct Checker<'a> {
    diagnostics: &'a mut Diagnostics,
    profile: Profile,
    http_result: HttpResult,
    /// The file as users name it in the arguments of the macro.
    file_name: &'a str,
}

/// Checks a machine by all rules.
pub(crate) fn check(
    machine: &Machine<'_>,
    options: &Options,
    file_name: &str,
    diagnostics: &mut Diagnostics,
) {
    let mut checker =
        Checker { diagnostics, profile: options.profile, http_result: options.http_result, file_name };
    let raised = retry::raised(machine);
    for state in &machine.states {
        check_state(state.definition, &raised, &mut checker);
    }
    results::check(machine, &mut checker);
}

fn check_state(state: &State, raised: &HashSet<&str>, checker: &mut Checker<'_>) {
    retry::check(state, raised, checker);
    if let Work::Task(task) = &state.work {
        credentials::check(state, task, checker);
        timeouts::check(state, task, checker);
        check_task(state, task, checker);
    }
}

fn check_task(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(text) = &task.resource else { return };
    match resource::check(text, checker) {
        Some(Resource::HttpInvoke) => http::check(state, task, checker),
        Some(Resource::DynamoDb(action)) => dynamodb::check(state, task, action, checker),
        Some(Resource::Registered) | None => {}
    }
}
