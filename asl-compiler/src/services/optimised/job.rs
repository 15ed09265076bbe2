//! How the end of a job is waited for, that a task with `.sync` started (AWS, "Run a job").
//!
//! Step Functions asks the service, and so does the runtime: each start of a job has a question, which is asked until the status is one of
//! those that are an end, and a request that stops the job when nothing waits for it any longer.

#[cfg(test)]
use super::super::table::Action;
use super::super::wire::Request;
use super::super::written::Api;
pub(crate) use asl_language::action::{Ask, Origin, Outcome};

/// What is asked about a job, and what the answer means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(super) describe: Question,
    pub(super) outcome: Outcome,
    pub(super) stop: Option<Question>,
}

/// An action with its parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) action: Api,
    pub(super) parameters: &'static [Ask],
}

impl Question {
    /// It, with the errors of the integration.
    pub(super) fn request(&self, prefix: Option<&'static str>) -> Option<(Request, &'static [Ask])> {
        let request = self.action.action()?.request(false)?;
        Some((Request { prefix: prefix.unwrap_or(request.prefix), ..request }, self.parameters))
    }
}

/// A job, complete: nothing in it has to be looked up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What is asked until the job has ended.
    pub describe: (Request, &'static [Ask]),
    /// What the answers mean.
    pub outcome: Outcome,
    /// What stops it.
    pub stop: Option<(Request, &'static [Ask])>,
}

impl Job {
    /// How it is waited for, with the errors of the integration.
    pub(crate) fn waiting(&self, prefix: Option<&'static str>) -> Option<Waiting> {
        let stop = match &self.stop {
            Some(stop) => Some(stop.request(prefix)?),
            None => None,
        };
        Some(Waiting { describe: self.describe.request(prefix)?, outcome: self.outcome, stop })
    }

    /// The actions of the API that it asks.
    pub(super) fn asks(&self) -> impl Iterator<Item = Api> {
        [Some(self.describe), self.stop].into_iter().flatten().map(|question| question.action)
    }

    /// The actions that it asks, with what they are asked by.
    #[cfg(test)]
    pub(crate) fn questions(&self) -> impl Iterator<Item = (Option<Action>, &'static [Ask])> {
        [Some(self.describe), self.stop]
            .into_iter()
            .flatten()
            .map(|question| (question.action.action(), question.parameters))
    }

    /// What the answers mean.
    #[cfg(test)]
    pub(crate) const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The same, but for JSON in these fields.
    pub(super) const fn with_json(self, json: &'static [&'static str]) -> Self {
        Self { outcome: Outcome { json, ..self.outcome }, ..self }
    }

    /// The same, whose result has the description in a field.
    pub(super) const fn named(self, named: &'static str) -> Self {
        Self { outcome: Outcome { named, ..self.outcome }, ..self }
    }

    /// The same, which has gone well when there is no such thing any longer.
    pub(super) const fn gone(self) -> Self {
        Self { outcome: Outcome { gone: true, ..self.outcome }, ..self }
    }

    /// The same, whose result also has these fields of the answer to the start.
    pub(super) const fn keeping(self, kept: &'static [&'static str]) -> Self {
        Self { outcome: Outcome { kept, ..self.outcome }, ..self }
    }

    /// The same, of containers.
    pub(super) const fn of_containers(self, containers: &'static [&'static str]) -> Self {
        Self { outcome: Outcome { containers, ..self.outcome }, ..self }
    }

    /// The same, which can be stopped.
    pub(super) const fn stopped_by(self, action: Api, parameters: &'static [Ask]) -> Self {
        Self { stop: Some(Question { action, parameters }), ..self }
    }
}

/// A job that is asked about, whose description is found there, with its status in it: those when all went well, and those when not.
pub(super) const fn job(
    action: Api,
    parameters: &'static [Ask],
    found: &'static [&'static str],
    status: &'static [&'static str],
    [succeeded, failed]: [&'static [&'static str]; 2],
) -> Job {
    let outcome = Outcome {
        found,
        named: "",
        status,
        succeeded,
        failed,
        gone: false,
        containers: &[],
        json: &[],
        kept: &[],
    };
    Job { describe: Question { action, parameters }, outcome, stop: None }
}

/// A parameter, and the way to its value in what the task was given, or in what the service answered to the start; `all` values make a list.
macro_rules! ask {
    (all $origin:ident, $name:expr, $path:expr) => {
        Ask { name: $name, origin: Origin::$origin, path: &$path, listed: true }
    };
    ($origin:ident, $name:expr, $path:expr) => {
        Ask { name: $name, origin: Origin::$origin, path: &$path, listed: false }
    };
}
pub(super) use ask;
