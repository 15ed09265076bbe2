//! `Credentials`.

use super::arn::Wanted;
use super::given::Given;
use super::parameters::constant_text;
use super::{Checker, services};
use crate::code::Code;
use crate::definition::{State, Task, Template};
use crate::diagnostic::Diagnostic;
use crate::shape::Seen;

/// The role that a task takes on.
const ROLE: Wanted = Wanted::new("RoleArn", "iam", &["role/"]);

/// `seen` says what is known about what the role is looked up in.
pub(super) fn check(state: &State, task: &Task, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Some(credentials) = &task.credentials else { return };
    let role = credentials.value.member("RoleArn").map(|role| &role.value);
    let fault = role.and_then(constant_text).and_then(|role| ROLE.fault(role));
    let known = |template: &Template| seen.map(|seen| seen.shape(template)).unwrap_or_default();
    let found = role.map(|role| Given::of_template(role, &known));
    if let Some(found) = found.filter(|found| found.type_name().is_some_and(|name| name != "a string")) {
        services::wrong_type("`RoleArn`", "a string", &found, checker);
    }
    fault.into_iter().for_each(|fault| checker.report_accepted(fault));
    let message = format!("`Credentials` of state `{}` count only on AWS", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::CredentialsIgnored, credentials.span, message)
            .label("here the task runs with the credentials of the process"),
    );
}
