//! Tasks that call a service: its parameters, and the errors that retriers and catchers wait for.
//!
//! In: the [`Call`] of a task, and what is known about what it gives. What must fail is an error. Values that the table of services does
//! not know are only a warning, because AWS adds some all the time; names that it does not know are errors that can be switched off.

mod attributes;
mod errors;
mod parameters;

use super::Checker;
use super::given::Given;
use crate::definition::{State, Task};
use crate::services::Call;

pub(super) fn check(state: &State, task: &Task, call: &Call, checker: &mut Checker<'_>) {
    // Without `Parameters` the input of the state is what is sent, of which nothing is known.
    if let Some(template) = &task.parameters {
        parameters::check(state, call, &Given::of_template(template), checker);
    }
    errors::check(task, call, checker);
}

/// A task whose resource is the ARN of a function raises what the integration of Lambda raises, and what the function raises.
pub(super) fn check_function(task: &Task, checker: &mut Checker<'_>) {
    if let Some(call) = Call::of("arn:aws:states:::lambda:invoke") {
        errors::check(task, &call, checker);
    }
}
