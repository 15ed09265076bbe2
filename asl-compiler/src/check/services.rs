//! Tasks that call a service: its parameters, and the errors that retriers and catchers wait for.
//!
//! In: the [`ActionCall`] of a task, and what is known about what it yields. What must fail is an error. Values that the table of services does
//! not know are only a warning, because AWS adds some all the time; names that it does not know are errors that can be switched off.

mod attributes;
mod bounds;
mod errors;
mod events;
mod expressions;
mod forms;
mod literals;
mod messages;
mod models;
mod parameters;
mod parts;
mod schedules;
mod tables;
mod together;
mod values;

pub(super) use parameters::{absent as absent_parameters, is_address, wrong_type};
pub(super) use values::bucket_fault;

use super::Checker;
use super::given::Given;
use crate::definition::{State, Task, Template};
use crate::services::ActionCall;
use crate::shape::Seen;

/// `seen` says what is known about what its parameters are made of.
pub(super) fn check(
    state: &State,
    task: &Task,
    call: &ActionCall,
    seen: Option<&Seen>,
    checker: &mut Checker<'_>,
) {
    match (&task.parameters, &task.resource) {
        (Some(template), _) => {
            let known = |template: &Template| seen.map(|seen| seen.shape(template)).unwrap_or_default();
            let given = Given::of_template(template, &known);
            parameters::check(state, call, &given, checker);
            expressions::check(call, &given, checker);
            literals::check(call, &given, checker);
        }
        (None, Some(resource)) => parameters::check_absent(state, call, resource.span, checker),
        (None, None) => {}
    }
    errors::check(state, call, checker);
}

/// A task whose resource is the ARN of a function raises what the integration of Lambda raises, and what the function raises. Where it is
/// not known what is called, in a branch for example, names that begin like those of Lambda are compared with them, too.
pub(super) fn check_function(state: &State, checker: &mut Checker<'_>) {
    if let Some(call) = ActionCall::of("arn:aws:states:::lambda:invoke") {
        errors::check(state, &call, checker);
    }
}
