//! What the role of a machine must be allowed for an action of an integration (AWS, "How Step Functions generates IAM policies for integrated
//! services").
//!
//! In most cases that follows from the row: IAM has an action for each action of an API that the task calls, when it begins and while it waits
//! for the end. A row has here only what AWS asks for besides.

use super::super::written::Api;
use super::OptimisedAction;
use super::form::Form;
use asl_language::resource::Suffix;

/// What a row says of permissions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permissions {
    /// Beside the actions of the API that begin it: `sagemaker:AddTags`.
    begin: &'static [&'static str],
    /// Instead of what the runtime asks while it waits, because Step Functions asks other questions than the runtime, or stops what the
    /// runtime lets be.
    wait: Option<&'static [&'static str]>,
    /// The rule of EventBridge by which Step Functions is notified of the end.
    rule: Option<&'static str>,
    /// The service to which the task passes a role on.
    passed_to: Option<&'static str>,
}

/// Nothing but what follows from the row.
pub(super) const NOTHING_ELSE: Permissions =
    Permissions { begin: &[], wait: None, rule: None, passed_to: None };

impl Permissions {
    pub(super) const fn notified_by(self, rule: &'static str) -> Self {
        Self { rule: Some(rule), ..self }
    }
}

/// An action that IAM has to allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// What IAM has for an action of an API, by the names of both in the API.
    Api(&'static str, &'static str),
    /// An action of IAM: `sagemaker:AddTags`.
    Named(&'static str),
}

impl From<Api> for Permission {
    fn from(Api(service, action): Api) -> Self {
        Self::Api(service, action)
    }
}

/// # Permissions
impl OptimisedAction {
    /// What must be allowed for it to begin. None where it is not IAM that allows it, as in a cluster of Kubernetes.
    pub fn begins_with(&self) -> impl Iterator<Item = Permission> {
        let asked = self.form.and_then(Form::looks_up);
        let called = self.api.into_iter().chain(asked).map(Permission::from);
        called.chain(self.permissions.begin.iter().copied().map(Permission::Named))
    }

    /// What must be allowed beside that while the machine waits for its end.
    #[must_use]
    pub fn waits_with(&self, suffix: Suffix) -> Vec<Permission> {
        let Some(job) = self.job(suffix) else { return Vec::new() };
        match self.permissions.wait {
            Some(named) => named.iter().copied().map(Permission::Named).collect(),
            None => job.asks().map(Permission::from).collect(),
        }
    }

    /// The rule of EventBridge by which Step Functions is notified of its end, if there is one.
    #[must_use]
    pub fn rule(&self, suffix: Suffix) -> Option<&'static str> {
        self.job(suffix).and(self.permissions.rule)
    }

    /// The service to which it passes a role on: `sagemaker.amazonaws.com`.
    #[must_use]
    pub const fn passes_role_to(&self) -> Option<&'static str> {
        self.permissions.passed_to
    }

    /// Beginning it needs these as well.
    pub(super) const fn needing(self, begin: &'static [&'static str]) -> Self {
        Self { permissions: Permissions { begin, ..self.permissions }, ..self }
    }

    /// Waiting for its end needs these, and not what the runtime asks.
    pub(super) const fn needing_to_wait(self, wait: &'static [&'static str]) -> Self {
        Self { permissions: Permissions { wait: Some(wait), ..self.permissions }, ..self }
    }

    /// Its end is known by this rule.
    pub(super) const fn notified_by(self, rule: &'static str) -> Self {
        Self { permissions: self.permissions.notified_by(rule), ..self }
    }

    /// It passes a role on.
    pub(super) const fn passing_role_to(self, service: &'static str) -> Self {
        Self { permissions: Permissions { passed_to: Some(service), ..self.permissions }, ..self }
    }
}
