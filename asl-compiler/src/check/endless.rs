//! What may wait or go on for longer than anybody wants: tasks that wait for someone without a timeout, and retriers without an end.

use super::{Checker, resource};
use crate::code::Code;
use crate::definition::{Retrier, State, Task, Work};
use crate::diagnostic::Diagnostic;
use crate::resolve::Machine;
use asl_language::errors;

/// More attempts than this are meant as "forever".
const MANY_ATTEMPTS: u64 = 10_000;

/// An Express execution (`express`) ends after five minutes in any case.
pub(super) fn check(machine: &Machine<'_>, state: &State, express: bool, checker: &mut Checker<'_>) {
    let limited = express || machine.definition.timeout_seconds.is_some();
    if let Work::Task(task) = &state.work
        && !limited
    {
        check_wait(state, task, checker);
    }
    for retrier in state.retriers() {
        check_retrier(state, retrier, limited, checker);
    }
}

/// A callback or an activity that nothing answers holds its execution for a year.
fn check_wait(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(resource) = &task.resource else { return };
    let what = if resource::waits_for_token(&resource.value) {
        "its task token"
    } else if resource.value.contains(":states:") && resource.value.contains(":activity:") {
        "a worker of its activity"
    } else {
        return;
    };
    if task.timeout.is_some() || task.heartbeat.is_some() {
        return;
    }
    let message = format!("state `{}` waits for {what} without a timeout", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::WaitWithoutTimeout, resource.span, message)
            .label("if no answer comes, the execution waits for a year")
            .help("give the state `TimeoutSeconds` or `HeartbeatSeconds`, or the machine `TimeoutSeconds`"),
    );
}

fn check_retrier(state: &State, retrier: &Retrier, limited: bool, checker: &mut Checker<'_>) {
    let Some(attempts) = retrier.max_attempts.filter(|attempts| attempts.value > MANY_ATTEMPTS) else {
        return;
    };
    let matches_all = |name: &str| name == errors::ALL || name == errors::TASK_FAILED;
    if limited || !retrier.error_equals.iter().any(|name| matches_all(&name.value)) {
        return;
    }
    let message = format!(
        "a retrier of state `{}` tries up to {} times, whatever the error",
        state.name.value, attempts.value
    );
    checker.diagnostics.push(
        Diagnostic::new(Code::EndlessRetry, attempts.span, message)
            .label("a permanent error is retried over and over")
            .help(
                "list only the transient errors, lower `MaxAttempts`, or give the machine `TimeoutSeconds`",
            ),
    );
}
