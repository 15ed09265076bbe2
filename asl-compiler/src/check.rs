//! Stage 4: rules that need more than one field or state.
//!
//! In: a resolved [`Machine`]. Out: only diagnostics; one module for each family of rules. An error is only for what must
//! fail at run time or what AWS refuses; everything doubtful is a warning.

mod arn;
mod callback;
mod credentials;
mod depth;
mod discarded;
mod dollars;
mod endless;
mod express;
mod given;
mod http;
mod items;
mod map;
mod parameters;
mod payload;
mod polling;
mod reserved;
pub(crate) mod resource;
mod retry;
mod services;
mod timeouts;

use crate::definition::{State, Task, Work};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::options::Options;
use crate::resolve::Machine;
use crate::shape::{Seen, Solution};
use crate::source::Span;
use crate::vocabulary::Profile;
use crate::vocabulary::{MachineType, StateId};
use resource::AskedOf;
use std::collections::HashSet;

/// What the rules share.
#[derive(Debug)]
pub(crate) struct Checker<'a> {
    diagnostics: &'a mut Diagnostics,
    profile: Profile,
    /// The texts that a service refuses because they begin as a path or an expression does. What they are is said once, by `dollars`.
    refused: HashSet<Span>,
    /// The names of all variables that the machine assigns.
    variables: HashSet<&'a str>,
}

impl Checker<'_> {
    /// Reports what AWS refuses and a separate program can do: a warning, or an error under the profile of AWS.
    fn report_aws(&mut self, mut diagnostic: Diagnostic) {
        if self.profile == Profile::Aws {
            diagnostic.severity = Severity::Error;
        }
        self.diagnostics.push(diagnostic);
    }

    /// Reports what AWS takes but cannot have been meant.
    fn report_accepted(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push_accepted(diagnostic);
    }
}

/// Checks a machine by all rules; `solution` is what is known about its data, if that counts.
pub(crate) fn check<'a>(
    machine: &'a Machine<'_>,
    options: &Options,
    solution: Option<&Solution>,
    diagnostics: &'a mut Diagnostics,
) {
    let assigned = machine.states.iter().flat_map(|state| state.definition.assigned());
    let variables = assigned.map(|assigned| assigned.variable.name()).collect();
    let mut checker = Checker { diagnostics, profile: options.profile, refused: HashSet::new(), variables };
    let express = options.machine_type == MachineType::Express;
    let raised = retry::raised(machine);
    for (state, number) in machine.states.iter().zip(0..) {
        let seen = |task: &Task| solution.map(|solution| solution.seen(StateId(number), task));
        check_state(state.definition, &raised, &seen, &mut checker);
        let found = state.definition.found();
        depth::check(&state.definition.name.value, &found, &mut checker);
        dollars::check(state.definition, found, &mut checker);
        endless::check(machine, state.definition, express, &mut checker);
        payload::check(state.definition, &mut checker);
        express::check(machine, state, express, &mut checker);
    }
    polling::check(machine, &mut checker);
    map::check_labels(machine, &mut checker);
    if let Some(solution) = solution {
        discarded::check(machine, solution, &mut checker);
    }
}

/// `seen` says what the parameters of the state see, if that is followed.
fn check_state(
    state: &State,
    raised: &HashSet<&str>,
    seen: &dyn Fn(&Task) -> Option<Seen>,
    checker: &mut Checker<'_>,
) {
    retry::check(state, raised, checker);
    match &state.work {
        Work::Task(task) => {
            timeouts::check(state, task, checker);
            callback::check(state, task, checker);
            reserved::check(state, task, checker);
            let seen = seen(task);
            credentials::check(state, task, seen.as_ref(), checker);
            check_task(state, task, seen.as_ref(), checker);
        }
        Work::Map(map) => {
            map::check(state, map, checker);
            items::check(map, checker);
            services::check_function(state, checker);
        }
        Work::Parallel(_) => services::check_function(state, checker),
        Work::Pass(_)
        | Work::Choice(_)
        | Work::Wait(_)
        | Work::Succeed(_)
        | Work::Fail(_)
        | Work::Unknown(_) => {}
    }
}

fn check_task(state: &State, task: &Task, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Some(text) = &task.resource else { return };
    match resource::check(text, checker) {
        Some(AskedOf::HttpInvoke) => http::check(state, task, seen, checker),
        Some(AskedOf::Service(call)) => services::check(state, task, &call, seen, checker),
        Some(AskedOf::Function) => {
            services::check_function(state, checker);
            parameters::check_event(state, task, checker);
        }
        Some(AskedOf::Registered) => services::check_function(state, checker),
        None => {}
    }
}
