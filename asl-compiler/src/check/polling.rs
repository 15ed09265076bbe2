//! Loops that ask a service again and again without a pause.
//!
//! Only what is beyond doubt counts: a cycle of Task, Choice and Pass states, whose tasks all describe something, and whose Choice leads out
//! of it; a task that leads to itself, unless it waits for a job, a task token or a worker; and a Choice that is come back to while nothing
//! [changed](idle). Pages of a list are asked for one after
//! another with good reason.

mod idle;

use super::{Checker, resource};
use crate::code::Code;
use crate::definition::{State, Task, Template, Transition, Work};
use crate::diagnostic::Diagnostic;
use crate::resolve::{Machine, Scope, ScopeId, targets};
use crate::vocabulary::StateId;
use std::collections::HashMap;

/// How many transitions are followed in all, so that a huge machine costs no more.
const STEPS: usize = 200_000;

pub(super) fn check(machine: &Machine<'_>, checker: &mut Checker<'_>) {
    for state in &machine.states {
        check_itself(state.definition, checker);
        if let Work::Choice(choice) = &state.definition.work {
            idle::check(machine, state, choice, checker);
        }
    }
    let mut steps = STEPS;
    for (scope, number) in machine.scopes.iter().zip(0..) {
        let graph = graph(machine, scope, ScopeId(number));
        for state in &scope.states {
            if let Some(asked) = polls(machine, *state, &graph, &mut steps) {
                report(machine, *state, asked, checker);
            }
        }
    }
}

/// A task that leads to itself does its work again and again until it fails. What waits for someone else pauses in that.
fn check_itself(state: &State, checker: &mut Checker<'_>) {
    let Work::Task(task) = &state.work else { return };
    let Transition::Next(next) = &task.after.transition else { return };
    let waits = task.resource.as_ref().is_some_and(|text| resource::standard_only(&text.value).is_some());
    if next.value == state.name.value && !waits {
        let message = format!("state `{}` leads to itself without a pause", state.name.value);
        checker.diagnostics.push(
            Diagnostic::new(Code::PollingWithoutWait, next.span, message)
                .label("nothing but an error ends this loop")
                .help("put a Choice state into the loop that ends it, and a Wait state if it waits for something"),
        );
    }
}

type Graph = HashMap<StateId, Vec<StateId>>;

/// The states of a scope that may be part of such a loop, with what follows them. Whatever leads over another state is not a loop here.
fn graph(machine: &Machine<'_>, scope: &Scope<'_>, id: ScopeId) -> Graph {
    let quick = |state: &StateId| machine.state(*state).is_some_and(|state| is_quick(state.definition));
    let mut graph = Graph::new();
    for state_id in scope.states.iter().copied().filter(quick) {
        let Some(state) = machine.state(state_id) else { continue };
        let next =
            targets(state.definition).into_iter().filter_map(|target| machine.target(id, &target.name.value));
        graph.insert(state_id, next.filter(quick).collect());
    }
    graph
}

/// Whether a state takes no time but that of asking.
fn is_quick(state: &State) -> bool {
    match &state.work {
        Work::Choice(_) | Work::Pass(_) => true,
        Work::Task(task) => action(task).is_some(),
        Work::Wait(_)
        | Work::Succeed(_)
        | Work::Fail(_)
        | Work::Parallel(_)
        | Work::Map(_)
        | Work::Unknown(_) => false,
    }
}

/// The action of a task that only describes something.
fn action(task: &Task) -> Option<&str> {
    let (_, call) = task.resource.as_ref()?.value.split_once(":states:::aws-sdk:")?;
    let (_, action) = call.split_once(':')?;
    let asks = ["describe", "get"].iter().any(|verb| action.starts_with(verb)) && !action.contains('.');
    let pages = task.parameters.as_ref().is_some_and(asks_for_a_page);
    (asks && !pages).then_some(action)
}

/// Whether a parameter says where the next page starts.
fn asks_for_a_page(template: &Template) -> bool {
    let Template::Object(_, members) = template else { return false };
    members.iter().any(|member| {
        let name = member.name().to_ascii_lowercase();
        ["token", "marker", "start", "page", "cursor", "position"].iter().any(|part| name.contains(part))
    })
}

/// The action that a task asks for in a loop with a Choice.
fn polls<'d>(machine: &Machine<'d>, start: StateId, graph: &Graph, steps: &mut usize) -> Option<&'d str> {
    let Work::Task(task) = &machine.state(start)?.definition.work else { return None };
    let asked = action(task)?;
    let mut before: HashMap<StateId, StateId> = HashMap::new();
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        for next in graph.get(&id).into_iter().flatten().copied() {
            *steps = steps.checked_sub(1)?;
            if next == start {
                return has_choice(machine, start, id, &before).then_some(asked);
            }
            before.entry(next).or_insert_with(|| {
                waiting.push(next);
                id
            });
        }
    }
    None
}

/// Whether a Choice is on the way back from `last` to `start`.
fn has_choice(
    machine: &Machine<'_>,
    start: StateId,
    last: StateId,
    before: &HashMap<StateId, StateId>,
) -> bool {
    let mut at = Some(last).filter(|id| *id != start);
    while let Some(id) = at {
        if machine.state(id).is_some_and(|state| matches!(state.definition.work, Work::Choice(_))) {
            return true;
        }
        at = before.get(&id).copied().filter(|id| *id != start);
    }
    false
}

fn report(machine: &Machine<'_>, id: StateId, action: &str, checker: &mut Checker<'_>) {
    let Some(state) = machine.state(id) else { return };
    let name = &state.definition.name;
    checker.diagnostics.push(
        Diagnostic::new(Code::PollingWithoutWait, name.span, format!("state `{}` asks again and again without a pause", name.value))
            .label(format!("`{action}` is in a loop without a Wait state"))
            .help("put a Wait state into the loop: every round costs transitions, and services limit how often they answer"),
    );
}
