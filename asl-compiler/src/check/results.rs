//! Paths into the results of integrations whose fields are known.
//!
//! What is known about the data at the entry of each state flows along the transitions, and where several meet, only what all of them
//! agree on stays. A path into a result that has no such field must fail at run time, and that is an error. A state
//! that no execution can enter, because a rule before it can never hold, is not looked at.

mod flow;
mod known;
mod read;

use super::Checker;
use crate::HttpResult;
use crate::code::Code;
use crate::definition::Work;
use crate::diagnostic::Diagnostic;
use crate::ir::{StateId, Step};
use crate::path::{Path, StepAt};
use crate::resolve::{Machine, ScopeId};
use crate::suggest::closest;
use asl_language::http::RESULT_FIELDS;
use known::{Fault, Known};
use read::Miss;

pub(super) fn check(machine: &Machine<'_>, checker: &mut Checker<'_>) {
    // With the body as the result nothing is known about it.
    if checker.http_result == HttpResult::Body {
        return;
    }
    let entries = entries(machine);
    for (entry, number) in entries.iter().zip(0..) {
        let (Some(entry), Some(state)) = (entry, machine.state(StateId(number))) else { continue };
        for miss in flow::step(machine, StateId(number), state, entry).misses {
            if let Some(diagnostic) = explain(machine, &miss, checker.file_name) {
                checker.diagnostics.push(diagnostic);
            }
        }
    }
}

/// What is known at the entry of each state; nothing for one that no execution enters.
fn entries(machine: &Machine<'_>) -> Vec<Option<Known>> {
    let mut entries = vec![None; machine.states.len()];
    let mut waiting = Vec::new();
    if let Some(start) = machine.start(ScopeId(0)) {
        enter(&mut entries, start, Known::default(), &mut waiting);
    }
    while let Some(id) = waiting.pop() {
        let (Some(Some(entry)), Some(state)) = (entries.get(id.0), machine.state(id)) else { continue };
        for (next, known) in flow::step(machine, id, state, entry).edges {
            enter(&mut entries, next, known, &mut waiting);
        }
    }
    entries
}

fn enter(entries: &mut [Option<Known>], id: StateId, known: Known, waiting: &mut Vec<StateId>) {
    let Some(entry) = entries.get_mut(id.0) else { return };
    let joined = match entry {
        Some(entry) => entry.join(&known),
        None => known,
    };
    if entry.as_ref() != Some(&joined) {
        *entry = Some(joined);
        waiting.push(id);
    }
}

fn explain(machine: &Machine<'_>, miss: &Miss<'_>, file_name: &str) -> Option<Diagnostic> {
    let Miss { path, missing: known::Missing { step, task, fault } } = miss;
    let (before, rest) = (path.steps.get(..*step)?, path.steps.get(*step..)?);
    let holder = show(before);
    let span = rest.first()?.span;
    let text = &path.text;
    let diagnostic = match fault {
        Fault::NoSuchField => {
            let message = format!("`{text}` does not exist: `{holder}` is the result of `http:invoke`");
            let only = "the result has only `Headers`, `ResponseBody`, `StatusCode` and `StatusText`";
            suggest(
                Diagnostic::new(Code::PathNotInResult, span, message).label(only),
                &holder,
                rest,
                file_name,
            )
        }
        Fault::Inside(kind) => {
            let message = format!("`{text}` does not exist: `{holder}` is {kind}");
            Diagnostic::new(Code::PathNotInResult, span, message).label(format!("{kind} has no fields"))
        }
    };
    let Work::Task(task) = &machine.state(*task)?.definition.work else { return Some(diagnostic) };
    Some(match &task.resource {
        Some(resource) => diagnostic.related(resource.span, "the result comes from here"),
        None => diagnostic,
    })
}

fn suggest(diagnostic: Diagnostic, holder: &str, rest: &[StepAt], file_name: &str) -> Diagnostic {
    if let Some(StepAt { step: Step::Name(name), .. }) = rest.first()
        && let Some(field) = closest(name, RESULT_FIELDS.iter().copied())
    {
        return diagnostic.help(format!("did you mean `{holder}.{field}`?"));
    }
    let rest = show(rest);
    let rest = rest.strip_prefix('$').unwrap_or_default();
    diagnostic.help(format!("write `{holder}.ResponseBody{rest}`")).help(format!(
        "or make the response body the task's result: `asl_machine!(\"{file_name}\", http_result = \"body\")`"
    ))
}

/// The path of these steps.
fn show(steps: &[StepAt]) -> String {
    let mut text = String::from("$");
    for step in steps {
        text += &match &step.step {
            Step::Index(index) => format!("[{index}]"),
            Step::Name(name) if is_plain(name) => format!(".{name}"),
            Step::Name(name) => format!("['{name}']"),
        };
    }
    text
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))
}

/// Whether what is known can be followed along a path: one about the state's data, and not about the context object or a variable, and
/// one that leads to a single value.
fn is_followed(path: &Path) -> bool {
    path.root == crate::ir::Root::Data && path.selectors.is_empty()
}
