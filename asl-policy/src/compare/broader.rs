//! What statements allow that no state needs.
//!
//! In: statements and requests. Out: the actions of statements with `Allow` as they are written, each with the statements in which they are
//! broader than what is needed: another action, or the same one on more resources. A pattern that spells the verb of what is needed
//! (`dynamodb:Put*`) counts as narrow.

use super::decide::Request;
use super::document::{Grant, Listed, Pattern};
use crate::glob::{Holds, Reach, Token, Trust, covers, of_arn, of_pattern, overlap};
use std::collections::{BTreeMap, BTreeSet};

/// Each action that is broader than needed, with the names of its statements.
pub(super) fn broader(grants: &[Grant], requests: &[Request<'_>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for grant in grants.iter().filter(|grant| grant.allows) {
        let written = match &grant.actions {
            Listed::These(actions) => actions
                .iter()
                .filter(|action| is_broader(grant, action, grants, requests))
                .map(|action| action.text.clone())
                .collect(),
            Listed::AllBut(actions) => {
                actions.iter().map(|action| format!("NotAction {}", action.text)).collect::<Vec<_>>()
            }
            Listed::Unsaid => Vec::new(),
        };
        for action in written {
            found.entry(action).or_default().insert(grant.name.clone());
        }
    }
    found
}

fn is_broader(grant: &Grant, action: &Pattern, grants: &[Grant], requests: &[Request<'_>]) -> bool {
    if is_denied(grant, action, grants) {
        return false;
    }
    let needed: Vec<_> = requests
        .iter()
        .filter(|request| overlap(&of_pattern(&request.action.to_lowercase()), &action.tokens))
        .collect();
    if needed.is_empty() {
        return true;
    }
    // It is for calls of another kind than those that this machine makes.
    let never = |request: &&Request<'_>| {
        grant.checks.iter().any(|check| check.holds(&request.facts, grant.trust()) == Holds::Never)
    };
    if needed.iter().all(never) {
        return false;
    }
    leaves_the_verb_open(action, &needed) || has_more_resources(&grant.resources, &needed)
}

/// Whether the wildcards of an action can be the verb of what is needed, and so any other.
fn leaves_the_verb_open(action: &Pattern, needed: &[&Request<'_>]) -> bool {
    if !action.text.contains('*') {
        return false;
    }
    let spelt = action.text.split(['*', '?']).next().unwrap_or_default();
    needed.iter().any(|request| spelt.len() < verb(request.action).len())
}

/// `dynamodb:Put` of `dynamodb:PutItem`.
fn verb(action: &str) -> &str {
    let name = action.find(':').map_or(0, |colon| colon + 2);
    let end = action.char_indices().find(|(at, letter)| *at >= name && !letter.is_ascii_lowercase());
    end.and_then(|(at, _)| action.get(..at)).unwrap_or(action)
}

fn has_more_resources(resources: &Listed, needed: &[&Request<'_>]) -> bool {
    let is_needed = |resource: &Pattern| {
        needed.iter().any(|request| {
            (request.need.is_unscoped && resource.text == "*")
                || covers(&of_arn(&request.resource), &resource.tokens, Trust::Both)
        })
    };
    match resources {
        Listed::These(resources) => !resources.iter().all(is_needed),
        Listed::AllBut(_) => !needed.iter().any(|request| request.resource.is_any()),
        Listed::Unsaid => false,
    }
}

/// Whether a Deny without a condition leaves nothing of what is allowed.
fn is_denied(grant: &Grant, action: &Pattern, grants: &[Grant]) -> bool {
    grants.iter().filter(|deny| !deny.allows && deny.checks.is_empty()).any(|deny| {
        has_all(&deny.actions, &action.tokens)
            && match &grant.resources {
                Listed::These(resources) => {
                    resources.iter().all(|resource| has_all(&deny.resources, &resource.tokens))
                }
                Listed::AllBut(_) | Listed::Unsaid => has_all(&deny.resources, &EVERYTHING),
            }
    })
}

const EVERYTHING: [Token; 1] = [Token::Many(Reach::All)];

fn has_all(listed: &Listed, tokens: &[Token]) -> bool {
    match listed {
        Listed::These(patterns) => {
            patterns.iter().any(|pattern| covers(&pattern.tokens, tokens, Trust::None))
        }
        Listed::AllBut(patterns) => !patterns.iter().any(|pattern| pattern.may_have(tokens)),
        Listed::Unsaid => true,
    }
}
