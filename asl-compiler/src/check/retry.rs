//! Retriers and catchers: error names, `States.ALL`, and delays.

use super::{Checker, resource};
use crate::code::Code;
use crate::definition::{Fail, FailText, Retrier, State, Work};
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;
use crate::resolve::Machine;
use crate::source::Span;
use crate::suggest::closest;
use asl_language::errors;
use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};

/// The error names that Fail states of the machine give.
pub(super) fn raised<'d>(machine: &Machine<'d>) -> HashSet<&'d str> {
    let error = |work: &'d Work| {
        let Work::Fail(Fail { error: Some(FailText::Constant(error)), .. }) = work else { return None };
        Some(error.value.as_str())
    };
    machine.states.iter().filter_map(|state| error(&state.definition.work)).collect()
}

pub(super) fn check(state: &State, raised: &HashSet<&str>, checker: &mut Checker<'_>) {
    let retriers = state.retriers().iter().map(|retrier| (&retrier.error_equals, retrier.error_equals_span));
    check_list("Retry", state, &entries(retriers), raised, checker);
    let catchers = state.catchers().iter().map(|catcher| (&catcher.error_equals, catcher.error_equals_span));
    check_list("Catch", state, &entries(catchers), raised, checker);
    for retrier in state.retriers() {
        check_delays(state, retrier, checker);
    }
}

fn entries<'a>(list: impl Iterator<Item = (&'a Vec<Text>, Span)>) -> Vec<Entry<'a>> {
    list.map(|(names, span)| Entry { names, span }).collect()
}

/// `ErrorEquals` of a retrier or catcher.
struct Entry<'a> {
    names: &'a [Text],
    span: Span,
}

fn check_list(
    field: &str,
    state: &State,
    entries: &[Entry<'_>],
    raised: &HashSet<&str>,
    checker: &mut Checker<'_>,
) {
    let mut seen = HashMap::new();
    for (entry, number) in entries.iter().zip(1..) {
        let last = number == entries.len();
        // No name of it counts, so that it is never asked.
        let is_idle = entry
            .names
            .iter()
            .all(|name| name.value == errors::RUNTIME || seen.contains_key(name.value.as_str()));
        for name in entry.names {
            if !raised.contains(name.value.as_str()) {
                check_name(state, name, checker);
            }
            match seen.entry(name.value.as_str()) {
                Slot::Vacant(slot) => {
                    slot.insert(name.span);
                }
                Slot::Occupied(first) => {
                    let found = duplicate(field, name, *first.get());
                    report_idle(found, is_idle, checker);
                }
            }
            if name.value == errors::RUNTIME {
                report_idle(never_caught(field, name), is_idle, checker);
            }
            if name.value == errors::ALL {
                check_all(field, state, entry, name, last, checker);
            }
        }
    }
}

/// Reports a name that handles nothing: beside others it can go, and alone its handler is never asked.
fn report_idle(diagnostic: Diagnostic, is_idle: bool, checker: &mut Checker<'_>) {
    checker.report_accepted(if is_idle {
        diagnostic
    } else {
        diagnostic.into_warning().help("leave the name out")
    });
}

/// An error that an earlier handler, or the same one, names as well.
fn duplicate(field: &str, name: &Text, first: Span) -> Diagnostic {
    let message = format!("`{}` is named twice in `{field}`", name.value);
    Diagnostic::new(Code::DuplicateErrorName, name.span, message)
        .label("the first handler that names an error gets it")
        .related(first, "named first here")
}

/// `States.Runtime`, which ends an execution whatever its handlers say.
fn never_caught(field: &str, name: &Text) -> Diagnostic {
    let message =
        format!("`{}` is never {}", name.value, if field == "Retry" { "retried" } else { "caught" });
    Diagnostic::new(Code::ErrorNotCaught, name.span, message)
        .label("a state that breaks on its own definition or data ends the execution")
        .help("to catch a path that leads nowhere, test it with a Choice state and `IsPresent` before")
}

fn check_name(state: &State, name: &Text, checker: &mut Checker<'_>) {
    if name.value.is_empty() || name.value.contains('*') {
        checker.report_accepted(no_name(name));
        return;
    }
    if name.value.contains("{%")
        || ["$.", "$$.", "$states."].iter().any(|start| name.value.starts_with(start))
    {
        checker.report_accepted(computed_name(name));
        return;
    }
    let nearly = nearly_reserved(&name.value).filter(|_| !may_be_own(state, &name.value));
    let label = if !errors::is_known(&name.value) {
        "names that start with `States.` are reserved"
    } else if nearly.is_some() {
        "no reserved name, though it looks like one"
    } else {
        return;
    };
    let message = format!("there is no error `{}`", name.value);
    let mut diagnostic = Diagnostic::new(Code::UnknownErrorName, name.span, message).label(label);
    // Someone may raise it, in a function or for a task token, who would not write it like the reserved ones.
    if errors::is_known(&name.value) && !name.value.contains(SEPARATORS) && raises_own(state) {
        diagnostic.severity = Severity::Warning;
    }
    checker.report_accepted(match nearly.or_else(|| closest(&name.value, errors::NAMES.iter().copied())) {
        Some(known) => diagnostic.help(format!("did you mean `{known}`?")),
        None => diagnostic,
    });
}

/// What no error is called: the names of errors are compared letter by letter.
fn no_name(name: &Text) -> Diagnostic {
    let message = format!("no error is called `{}`", name.value);
    let diagnostic = Diagnostic::new(Code::UnknownErrorName, name.span, message);
    let diagnostic = diagnostic.label("names of errors are compared as they are: `*` is not a wildcard");
    if name.value == "*" { diagnostic.help(format!("did you mean `{}`?", errors::ALL)) } else { diagnostic }
}

/// What would be looked up or computed elsewhere.
fn computed_name(name: &Text) -> Diagnostic {
    let message = format!("no error is called `{}`", name.value);
    Diagnostic::new(Code::UnknownErrorName, name.span, message)
        .label("names of errors are compared as they are: nothing is looked up or evaluated here")
        .help("write the names of the errors; what counts at run time can be decided by a Choice state behind the catcher")
}

/// Whether someone may have named an error so who does the work of the state: libraries have a `Timeout`, and none of the other names.
fn may_be_own(state: &State, name: &str) -> bool {
    name == "Timeout" && matches!(state.work, Work::Task(_)) && raises_own(state)
}

/// Whether who does the work of the state may have names of errors of their own.
fn raises_own(state: &State) -> bool {
    let Work::Task(task) = &state.work else { return true };
    task.resource.as_ref().is_none_or(|resource| resource::raises_any_error(&resource.value))
}

/// What people write in place of the dot in names of errors, or around it.
const SEPARATORS: [char; 4] = ['.', ':', ' ', '-'];

/// The reserved name that a name is but for its dots and the spelling of `States.`: `states.ALL`, `State.Timeout`, `TaskFailed`.
fn nearly_reserved(name: &str) -> Option<&'static str> {
    if errors::NAMES.contains(&name) {
        return None;
    }
    let error = match name.split_once(SEPARATORS) {
        Some((prefix, error)) if prefix != "States" && closest(prefix, ["States"]).is_some() => error,
        // `Task.Failed`
        _ => name.trim_start().strip_prefix("States").unwrap_or(name),
    };
    let error = error.replace(SEPARATORS, "");
    let is_same =
        |known: &&&str| known.strip_prefix("States.").is_some_and(|known| known.eq_ignore_ascii_case(&error));
    errors::NAMES.iter().find(is_same).copied()
}

fn check_all(
    field: &str,
    state: &State,
    entry: &Entry<'_>,
    name: &Text,
    last: bool,
    checker: &mut Checker<'_>,
) {
    let owner = format!("`{field}` of state `{}`", state.name.value);
    if entry.names.len() > 1 {
        let message = format!("`States.ALL` appears beside other names in {owner}");
        let diagnostic = Diagnostic::new(Code::MisplacedStatesAll, name.span, message);
        checker.diagnostics.push(diagnostic.label("`States.ALL` must be the only name in its `ErrorEquals`"));
    } else if !last {
        let message = format!("`States.ALL` is not the last entry in {owner}");
        let diagnostic = Diagnostic::new(Code::MisplacedStatesAll, entry.span, message);
        checker
            .diagnostics
            .push(diagnostic.label("it matches everything, so that what follows can never match"));
    }
}

fn check_delays(state: &State, retrier: &Retrier, checker: &mut Checker<'_>) {
    let (Some(interval), Some(max)) = (retrier.interval_seconds, retrier.max_delay_seconds) else { return };
    if max.value > interval.value {
        return;
    }
    let message = format!(
        "`MaxDelaySeconds` of a retrier of state `{}` must be more than `IntervalSeconds`",
        state.name.value
    );
    checker.diagnostics.push(
        Diagnostic::new(Code::InvalidValue, max.span, message)
            .label(format!("expected more than {}", interval.value))
            .related(interval.span, "the first delay is as long as this"),
    );
}
