//! Policies that are there against what the definition needs: IAM's evaluation, as far as it can be made without a request.
//!
//! In: what is needed, and the JSON of policies. Out: what the role would be denied, what depends on what the definition does not know, and
//! what is granted without need.

mod broader;
mod condition;
mod decide;
mod document;
mod template;

use crate::Policy;
use crate::arn::Arn;
use crate::form::MachinePlace;
use crate::glob::Holds;
use crate::needs::Need;
use decide::{Decision, Request, decide};
use document::{Grant, grants, trust_grants};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The policies that decide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Granted<'j> {
    /// What the role is granted; without it only the boundary counts.
    pub policies: Option<&'j Value>,
    /// What the role may be granted at most.
    pub boundary: Option<&'j Value>,
}

/// How policies differ from what is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What is needed and allowed.
    pub agreed: Vec<Verdict>,
    /// What is needed, and the role would be denied it.
    pub lacking: Vec<Verdict>,
    /// What is needed, and depends on what the definition does not know.
    pub conditional: Vec<Verdict>,
    /// Actions as they are written in statements that allow more than any state needs, with these statements.
    pub broader: BTreeMap<String, BTreeSet<String>>,
}

/// What policies say to an action on a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdict {
    /// `dynamodb:PutItem`
    pub action: String,
    /// On this resource.
    pub resource: String,
    /// The states that need it.
    pub states: Vec<String>,
    /// The statement that decides, or that there is none.
    pub reason: String,
}

/// Compares what is granted with what the policy needs.
#[must_use]
pub fn compare(policy: &Policy, place: &MachinePlace, granted: Granted<'_>) -> Comparison {
    let identity = granted.policies.map(|json| grants(json, place));
    let boundary = granted.boundary.map(|json| grants(json, place));
    let requests = requests(policy, place);
    let mut found: BTreeMap<(Holds, String, String), Verdict> = BTreeMap::new();
    for request in &requests {
        let (allowed, reason) = answer(request, identity.as_deref(), boundary.as_deref());
        let key = (allowed, request.action.to_owned(), request.resource.to_string());
        let verdict = found.entry(key).or_insert_with(|| Verdict {
            action: request.action.to_owned(),
            resource: request.resource.to_string(),
            states: Vec::new(),
            reason,
        });
        if !request.need.state.is_empty() && !verdict.states.contains(&request.need.state) {
            verdict.states.push(request.need.state.clone());
        }
    }
    let of = |holds| {
        found
            .iter()
            .filter(|((allowed, ..), _)| *allowed == holds)
            .map(|(_, verdict)| verdict.clone())
            .collect()
    };
    Comparison {
        agreed: of(Holds::Always),
        lacking: of(Holds::Never),
        conditional: of(Holds::Perhaps),
        broader: broader::broader(identity.as_deref().unwrap_or_default(), &requests),
    }
}

/// Every action on every resource that is needed.
fn requests<'n>(policy: &'n Policy, place: &MachinePlace) -> Vec<Request<'n>> {
    let needs = policy.needs.iter();
    needs
        .flat_map(|need| {
            need.actions.iter().flat_map(move |action| {
                need.resources.iter().map(move |resource| Request::new(need, action, resource, place))
            })
        })
        .collect()
}

/// What is allowed by the policies and by the boundary is allowed.
fn answer(request: &Request<'_>, identity: Option<&[Grant]>, boundary: Option<&[Grant]>) -> (Holds, String) {
    let both = [(identity, ""), (boundary, "the boundary: ")];
    let decided = both.into_iter().filter_map(|(grants, before)| {
        let decision = decide(request, grants?);
        Some((decision.allowed, format!("{before}{}", reason(&decision, request))))
    });
    decided
        .min_by_key(|(allowed, _)| *allowed)
        .unwrap_or((Holds::Never, String::from("there are no policies")))
}

fn reason(decision: &Decision<'_>, request: &Request<'_>) -> String {
    let Some(grant) = decision.by else { return String::from("no statement allows it") };
    let (name, verb) = (&grant.name, if grant.allows { "allows" } else { "denies" });
    if decision.allowed != Holds::Perhaps {
        return format!("{name} {verb} it");
    }
    let is_condition =
        grant.checks.iter().any(|check| check.holds(&request.facts, grant.trust()) == Holds::Perhaps);
    let what = if is_condition { "under a condition" } else { "on resources of which this may be one" };
    format!("{name} {verb} it {what}")
}

/// Whether a trust policy lets Step Functions take on a role for the machine of this place.
pub(crate) fn admits(document: &Value, place: &MachinePlace) -> Holds {
    let machine = Arn::machine("stateMachine", "");
    let mut need = Need::of_machine(&["sts:AssumeRole"], vec![Arn::any()]);
    need.facts.push(("aws:SourceArn", machine));
    need.facts.extend(place.account.as_deref().map(|account| ("aws:SourceAccount", Arn::written(account))));
    let request = Request::new(&need, "sts:AssumeRole", &Arn::any(), place);
    decide(&request, &trust_grants(document, place)).allowed
}

#[cfg(test)]
mod tests;
