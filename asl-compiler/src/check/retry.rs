//! Retriers and catchers: error names, `States.ALL`, and delays.

use super::Checker;
use crate::code::Code;
use crate::definition::{Fail, FailText, Retrier, State, Work};
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::resolve::Machine;
use crate::source::Span;
use crate::suggest::closest;
use asl_language::errors;
use std::collections::HashSet;

/// The error names that Fail states of the machine give.
pub(super) fn raised<'d>(machine: &Machine<'d>) -> HashSet<&'d str> {
    let error = |work: &'d Work| {
        let Work::Fail(Fail { error: Some(FailText::Constant(error)), .. }) = work else { return None };
        Some(error.as_str())
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
    for (entry, number) in entries.iter().zip(1..) {
        let last = number == entries.len();
        for name in entry.names {
            if !raised.contains(name.value.as_str()) {
                check_name(name, checker);
            }
            if name.value == errors::ALL {
                check_all(field, state, entry, name, last, checker);
            }
        }
    }
}

fn check_name(name: &Text, checker: &mut Checker<'_>) {
    let nearly = nearly_reserved(&name.value);
    let label = if !errors::is_known(&name.value) {
        "names that start with `States.` are reserved"
    } else if nearly.is_some() {
        "no reserved name, though it looks like one"
    } else {
        return;
    };
    let message = format!("there is no error `{}`", name.value);
    let diagnostic = Diagnostic::new(Code::UnknownErrorName, name.span, message).label(label);
    checker.diagnostics.push(match nearly.or_else(|| closest(&name.value, errors::NAMES.iter().copied())) {
        Some(known) => diagnostic.help(format!("did you mean `{known}`?")),
        None => diagnostic,
    });
}

/// The reserved name that a name is but for the spelling of `States.`: `states.ALL`, `State.Timeout`, `TaskFailed`.
fn nearly_reserved(name: &str) -> Option<&'static str> {
    let error = match name.split_once('.') {
        Some((prefix, error)) => {
            Some(error).filter(|_| prefix != "States" && closest(prefix, ["States"]).is_some())?
        }
        None => name.strip_prefix("States").unwrap_or(name),
    };
    let is_same =
        |known: &&&str| known.strip_prefix("States.").is_some_and(|known| known.eq_ignore_ascii_case(error));
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
        let message = format!("`States.ALL` stands beside other names in {owner}");
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
