//! `Credentials`.

use super::Checker;
use crate::code::Code;
use crate::definition::{State, Task};
use crate::diagnostic::Diagnostic;

pub(super) fn check(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(credentials) = &task.credentials else { return };
    let message = format!("`Credentials` of state `{}` count only on AWS", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::CredentialsIgnored, credentials.span, message)
            .label("here the task runs with the credentials of the process"),
    );
}
