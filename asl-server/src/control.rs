//! What the server knows besides executions: machines with their versions, aliases and tags, and activities.
//!
//! All of it is one [`State`]. It is changed by [`Change`]s alone, which are values: whoever keeps them in order, and applies them again to an
//! empty state, has the same state.

mod change;
pub(crate) mod machines;

pub use change::{Change, Journal, Resource};
pub use machines::{Alias, Revision, Route, StateMachine, Version};

use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Machines and activities, by their names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The machines.
    pub machines: BTreeMap<String, StateMachine>,
    /// The activities.
    pub activities: BTreeMap<String, Activity>,
}

/// An activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Date,
    /// `encryptionConfiguration`, as it was given.
    pub encryption: Option<serde_json::Value>,
    /// Its tags, in the order in which they were given.
    pub tags: Tags,
}

/// Tags in the order in which they were given; each key is there once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(pub Vec<(String, String)>);

impl Tags {
    /// Tags of which the last counts, where several have a key.
    #[must_use]
    pub fn of(tags: Vec<(String, String)>) -> Self {
        let mut known = Self::default();
        known.add(&Self(tags));
        known
    }

    fn add(&mut self, tags: &Self) {
        for (key, value) in &tags.0 {
            match self.0.iter_mut().find(|(known, _)| known == key) {
                Some((_, known)) => known.clone_from(value),
                None => self.0.push((key.clone(), value.clone())),
            }
        }
    }

    fn remove(&mut self, keys: &[String]) {
        self.0.retain(|(key, _)| !keys.contains(key));
    }
}

/// The state, and where its changes go.
pub(crate) struct Control {
    state: RwLock<State>,
    journal: Option<Box<dyn Journal>>,
}

impl Control {
    pub(crate) fn new(state: State, journal: Option<Box<dyn Journal>>) -> Self {
        Self { state: RwLock::new(state), journal }
    }

    /// The state as it is.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides on changes, and makes them: nothing else changes in between.
    pub(crate) fn change<T>(
        &self,
        decide: impl FnOnce(&State) -> Result<(Vec<Change>, T), ApiError>,
    ) -> Result<T, ApiError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let (changes, answer) = decide(&state)?;
        for change in changes {
            if let Some(journal) = &self.journal {
                journal.append(&change).map_err(ApiError::internal)?;
            }
            state.apply(change);
        }
        Ok(answer)
    }
}
