//! `Credentials`.

use super::Checker;
use super::arn::Wanted;
use super::parameters::constant_text;
use crate::code::Code;
use crate::definition::{State, Task};
use crate::diagnostic::Diagnostic;

/// The role that a task takes on.
const ROLE: Wanted = Wanted::new("RoleArn", "iam", &["role/"]);

pub(super) fn check(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(credentials) = &task.credentials else { return };
    let role = credentials.value.member("RoleArn").and_then(|role| constant_text(&role.value));
    let fault = role.and_then(|role| ROLE.fault(role));
    fault.into_iter().for_each(|fault| checker.report_accepted(fault));
    let message = format!("`Credentials` of state `{}` count only on AWS", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::CredentialsIgnored, credentials.span, message)
            .label("here the task runs with the credentials of the process"),
    );
}
