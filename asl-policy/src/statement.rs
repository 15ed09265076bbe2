//! Needs to statements: what is allowed on the same resources under the same conditions is one statement.

use crate::arn::Arn;
use crate::needs::{Condition, Need};
use std::collections::{BTreeMap, BTreeSet};

/// A statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// In alphabetical order.
    pub actions: BTreeSet<String>,
    /// In alphabetical order.
    pub resources: BTreeSet<Arn>,
    /// What has to hold besides.
    pub conditions: Vec<Condition>,
    /// The states that need it, in the order of the text.
    pub states: Vec<String>,
}

impl Statement {
    /// Its name in the policy: the services that it is about.
    #[must_use]
    pub fn services(&self) -> BTreeSet<&str> {
        self.actions.iter().filter_map(|action| action.split(':').next()).collect()
    }
}

/// The statements for all needs: first the needs of one service with equal resources and conditions grow together, then those with
/// equal actions and conditions.
pub(crate) fn merge(needs: &[Need]) -> Vec<Statement> {
    let mut by_resources: BTreeMap<_, Statement> = BTreeMap::new();
    for need in needs.iter().filter(|need| !need.actions.is_empty()) {
        let resources: BTreeSet<_> = need.resources.iter().cloned().collect();
        let service = need.actions.first().and_then(|action| action.split(':').next()).unwrap_or_default();
        let key = (service.to_owned(), resources.clone(), need.conditions.clone());
        let statement = by_resources.entry(key).or_insert_with(|| Statement {
            actions: BTreeSet::new(),
            resources,
            conditions: need.conditions.clone(),
            states: Vec::new(),
        });
        statement.actions.extend(need.actions.iter().cloned());
        add_states(&mut statement.states, std::slice::from_ref(&need.state));
    }
    let mut by_actions: BTreeMap<_, Statement> = BTreeMap::new();
    for statement in by_resources.into_values() {
        let key = (statement.actions.clone(), statement.conditions.clone());
        match by_actions.get_mut(&key) {
            Some(same) => {
                same.resources.extend(statement.resources);
                add_states(&mut same.states, &statement.states);
            }
            None => {
                by_actions.insert(key, statement);
            }
        }
    }
    by_actions.into_values().collect()
}

fn add_states(states: &mut Vec<String>, more: &[String]) {
    for state in more.iter().filter(|state| !state.is_empty()) {
        if !states.contains(state) {
            states.push(state.clone());
        }
    }
}
