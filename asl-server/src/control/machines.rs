//! State machines: what they are now, the versions that were published of them, and the aliases that lead to versions.

use super::Tags;
use crate::protocol::date::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A state machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StateMachine {
    /// Its name.
    pub(crate) name: String,
    /// How it is executed.
    pub(crate) r#type: MachineType,
    /// When it was made.
    pub(crate) created: Date,
    /// What it is now.
    pub(crate) revision: Revision,
    /// The number of the newest version that there ever was; 0 if none.
    pub(crate) last_version: u64,
    /// Its versions, from the oldest on.
    pub(crate) versions: Vec<Version>,
    /// Its aliases, by their names.
    pub(crate) aliases: BTreeMap<String, Alias>,
    /// Its tags.
    pub(crate) tags: Tags,
    /// It was deleted, and some of its executions have not ended.
    #[serde(default)]
    pub(crate) is_leaving: bool,
}

/// How a machine is executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum MachineType {
    /// For up to a year, each step once.
    #[default]
    Standard,
    /// For up to five minutes.
    Express,
}

impl MachineType {
    /// The type in the words of the API; without one, the default.
    #[must_use]
    pub(crate) fn read(text: Option<&str>) -> Self {
        if text == Some("EXPRESS") { Self::Express } else { Self::Standard }
    }

    /// The type in the words of the API.
    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Express => "EXPRESS",
        }
    }
}

/// What a machine is at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Revision {
    /// `revisionId`; the first revision has none.
    pub(crate) id: Option<String>,
    /// When it was made.
    pub(crate) date: Date,
    /// What can be changed by an update.
    pub(crate) settings: Arc<Settings>,
}

/// What an update of a machine can change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// The definition, as it was written.
    pub(crate) definition: String,
    /// The role that executions have.
    pub(crate) role_arn: String,
    /// `loggingConfiguration`
    pub(crate) logging: Value,
    /// `tracingConfiguration`
    pub(crate) tracing: Value,
    /// `encryptionConfiguration`
    pub(crate) encryption: Value,
    /// Which variables each state uses.
    pub(crate) variable_references: Map<String, Value>,
}

/// A revision that was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Version {
    /// Counts from 1.
    pub(crate) number: u64,
    /// When it was published.
    pub(crate) created: Date,
    /// `description`
    pub(crate) description: Option<String>,
    /// What was published.
    pub(crate) revision: Revision,
}

/// A name for one version, or for two between which executions are shared out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Alias {
    /// Its name.
    pub(crate) name: String,
    /// `description`
    pub(crate) description: Option<String>,
    /// Where it leads: one or two versions.
    pub(crate) routes: Vec<Route>,
    /// When it was made.
    pub(crate) created: Date,
    /// When it was changed.
    pub(crate) updated: Date,
}

/// One of the ways that an alias leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Route {
    /// The number of the version.
    pub(crate) version: u64,
    /// Of a hundred executions so many.
    pub(crate) weight: u64,
}

impl Alias {
    /// The version of an execution, by a number that cannot be guessed.
    #[must_use]
    pub(crate) fn version(&self, chance: u64) -> Option<u64> {
        let mut left = chance % 100;
        for route in &self.routes {
            match left.checked_sub(route.weight) {
                None => return Some(route.version),
                Some(rest) => left = rest,
            }
        }
        self.routes.last().map(|route| route.version)
    }
}

impl StateMachine {
    /// A machine without versions and aliases.
    #[must_use]
    pub(crate) fn new(
        name: &str,
        r#type: MachineType,
        revision: Revision,
        tags: Tags,
        created: Date,
    ) -> Self {
        Self {
            name: name.to_owned(),
            r#type,
            created,
            revision,
            last_version: 0,
            versions: Vec::new(),
            aliases: BTreeMap::new(),
            tags,
            is_leaving: false,
        }
    }

    pub(super) fn publish(&mut self, version: Version) {
        self.last_version = version.number;
        self.versions.push(version);
    }

    /// The version with this number.
    #[must_use]
    pub(crate) fn version(&self, number: u64) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The version that a qualifier names by its number.
    #[must_use]
    pub(crate) fn version_named(&self, qualifier: &str) -> Option<&Version> {
        qualifier.parse().ok().and_then(|number| self.version(number))
    }

    /// The version that publishing returns: the newest one, if nothing has changed since.
    #[must_use]
    pub(crate) fn published(&self) -> Option<&Version> {
        self.versions
            .last()
            .filter(|version| version.number == self.last_version && version.revision.id == self.revision.id)
    }

    /// The next version, of what the machine is now.
    #[must_use]
    pub(crate) fn next_version(&self, description: Option<String>, now: Date) -> Version {
        Version { number: self.last_version + 1, created: now, description, revision: self.revision.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_shares_out_executions_by_weight() {
        let route = |version, weight| Route { version, weight };
        let alias = Alias {
            name: "live".to_owned(),
            description: None,
            routes: vec![route(1, 90), route(2, 10)],
            created: Date::default(),
            updated: Date::default(),
        };
        let second = (0..1000).filter(|chance| alias.version(*chance) == Some(2)).count();
        assert_eq!(second, 100);
        let all = Alias { routes: vec![route(3, 100), route(4, 0)], ..alias };
        assert!((0..100).all(|chance| all.version(chance) == Some(3)));
    }
}
