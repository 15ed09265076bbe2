//! A policy that is there against what the definition needs.
//!
//! In: a policy document, or a plain list of actions. Out: what it lacks, and what it grants without need. Wildcards of actions are
//! understood; resources are compared only where both sides are written out, because a pattern may well cover what it does not spell.

use crate::Policy;
use crate::needs::Need;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How a policy differs from what is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Actions that are needed and not allowed, with the states that need them.
    pub lacks: BTreeMap<String, BTreeSet<String>>,
    /// Actions that are allowed and needed by no state; as they are written there.
    pub needless: BTreeSet<String>,
    /// Actions that are both.
    pub agreed: BTreeSet<String>,
}

/// Compares the actions that `granted` allows with those that the policy needs: a policy document, a list of statements or of actions.
#[must_use]
pub fn compare(policy: &Policy, granted: &Value) -> Comparison {
    let mut patterns = BTreeSet::new();
    collect(granted, &mut patterns);
    let mut comparison = Comparison::default();
    for Need { actions, state, .. } in &policy.needs {
        for action in actions {
            if patterns.iter().any(|pattern| matches(pattern, action)) {
                comparison.agreed.insert(action.clone());
            } else {
                let states = comparison.lacks.entry(action.clone()).or_default();
                states.extend(Some(state.clone()).filter(|state| !state.is_empty()));
            }
        }
    }
    let needed: BTreeSet<_> = policy.needs.iter().flat_map(|need| &need.actions).collect();
    comparison.needless = patterns
        .into_iter()
        .filter(|pattern| !needed.iter().any(|action| matches(pattern, action)))
        .collect();
    comparison
}

/// Every action that is allowed in a value: `Action` of statements with the effect `Allow`, or strings in a list.
fn collect(value: &Value, patterns: &mut BTreeSet<String>) {
    match value {
        Value::String(action) => {
            patterns.insert(action.clone());
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, patterns)),
        Value::Object(members) => {
            if members.get("Effect").and_then(Value::as_str) == Some("Deny") {
                return;
            }
            for key in ["Action", "Statement", "PolicyDocument", "Policies"] {
                if let Some(value) = members.get(key) {
                    collect(value, patterns);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a pattern with `*` and `?` covers an action; IAM does not tell large from small letters.
fn matches(pattern: &str, action: &str) -> bool {
    let pattern: Vec<_> = pattern.to_ascii_lowercase().into_bytes();
    let action: Vec<_> = action.to_ascii_lowercase().into_bytes();
    let (mut p, mut a) = (0, 0);
    // Where to go on if what follows the last star does not fit.
    let mut star: Option<(usize, usize)> = None;
    while let Some(&letter) = action.get(a) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, a));
                p += 1;
            }
            Some(&expected) if expected == b'?' || expected == letter => {
                p += 1;
                a += 1;
            }
            _ => match star {
                Some((at, eaten)) => {
                    star = Some((at, eaten + 1));
                    p = at + 1;
                    a = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|&rest| rest == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_actions() {
        for (pattern, action, covered) in [
            ("dynamodb:PutItem", "dynamodb:putitem", true),
            ("dynamodb:*Item", "dynamodb:PutItem", true),
            ("dynamodb:*Item", "dynamodb:PutItems", false),
            ("*", "s3:GetObject", true),
            ("s3:Get?bject", "s3:GetObject", true),
            ("s3:Get*", "s3:PutObject", false),
        ] {
            assert_eq!(matches(pattern, action), covered, "{pattern} {action}");
        }
    }
}
