//! `TimeoutSeconds` and `HeartbeatSeconds`.

use super::Checker;
use crate::code::Code;
use crate::definition::{Seconds, State, Task};
use crate::diagnostic::Diagnostic;

pub(super) fn check(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let (Some(Seconds::Constant(timeout)), Some(Seconds::Constant(heartbeat))) =
        (&task.timeout, &task.heartbeat)
    else {
        return;
    };
    if heartbeat.value < timeout.value {
        return;
    }
    let message =
        format!("`HeartbeatSeconds` of state `{}` must be less than `TimeoutSeconds`", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::InvalidValue, heartbeat.span, message)
            .label(format!("expected less than {}", timeout.value))
            .related(timeout.span, "the task ends after this time in any case"),
    );
}
