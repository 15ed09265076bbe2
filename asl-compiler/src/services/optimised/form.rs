//! Actions whose parameters and results are not those of the API behind them.

use super::super::wire::{Formed, Request};
use super::super::written::Api;
use super::job::Question;
use asl_language::action::{Ask, Finding};

/// How the parameters of a task become those of an API, and an answer of the API its result.
#[derive(Debug)]
pub(crate) struct Form {
    taken: &'static [Ask],
    given: &'static [Ask],
    lookup: Option<(Question, Finding)>,
}

impl Form {
    /// It, with the actions that it calls and the errors of the integration.
    pub(crate) fn complete(&self, prefix: Option<&'static str>) -> Option<Formed> {
        let lookup = match &self.lookup {
            Some((question, finding)) => {
                let (request, parameters) = question.request(prefix)?;
                Some((Box::<Request>::new(request), parameters, *finding))
            }
            None => None,
        };
        Some(Formed { taken: self.taken, given: self.given, lookup })
    }

    /// The action of the API that it asks before.
    pub(super) fn looks_up(&self) -> Option<Api> {
        self.lookup.as_ref().map(|(question, _)| question.action)
    }

    /// The same, which looks for an element of a list before.
    pub(super) const fn finding(
        self,
        action: Api,
        parameters: &'static [Ask],
        elements: &'static [&'static str],
        wanted: &'static str,
    ) -> Self {
        let question = Question { action, parameters };
        Self { lookup: Some((question, Finding { elements, wanted })), ..self }
    }
}

/// These parameters, and this result.
pub(super) const fn form(taken: &'static [Ask], given: &'static [Ask]) -> Form {
    Form { taken, given, lookup: None }
}
