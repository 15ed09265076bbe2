//! What the server knows besides executions: machines with their versions, aliases and tags, and activities.
//!
//! All of it is one [`State`]. It is changed by [`Change`]s alone, which are values: they are kept in their order in the folder of the executions,
//! and applied again to an empty state they give the same one.

mod change;
pub(crate) mod machines;

pub(crate) use change::{Change, Resource};
#[cfg(feature = "restate")]
pub(crate) use machines::Settings;
pub(crate) use machines::{Alias, Revision, Route, StateMachine, Version};

use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use asl_durable::{DurableError, Folder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::Mutex;

/// Machines and activities, by their names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    /// The machines.
    pub(crate) machines: BTreeMap<String, StateMachine>,
    /// The activities.
    pub(crate) activities: BTreeMap<String, Activity>,
}

/// An activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Activity {
    /// Its name.
    pub(crate) name: String,
    /// When it was made.
    pub(crate) created: Date,
    /// `encryptionConfiguration`, as it was given.
    pub(crate) encryption: Option<serde_json::Value>,
    /// Its tags, in the order in which they were given.
    pub(crate) tags: Tags,
}

/// Tags in the order in which they were given; each key is there once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tags(pub(crate) Vec<(String, String)>);

impl Tags {
    /// Tags of which the last counts, where several have a key.
    #[must_use]
    pub(crate) fn of(tags: Vec<(String, String)>) -> Self {
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

/// So many changes are kept whatever has become of them.
const FEW: usize = 1_000;

/// The state, and where its changes go.
pub(crate) struct Control {
    state: Arc<RwLock<State>>,
    folder: Folder,
    /// One change is decided on and written down at a time.
    turn: Arc<Mutex<()>>,
}

impl Control {
    /// The state that a folder has.
    pub(crate) fn open(folder: Folder) -> Result<Self, DurableError> {
        let mut state = State::default();
        for text in folder.kept()? {
            let change = serde_json::from_str(&text).map_err(|error| {
                DurableError::Damaged(format!("a change of a machine or an activity: {error}"))
            })?;
            state.apply(change);
        }
        Ok(Self { state: Arc::new(RwLock::new(state)), folder, turn: Arc::default() })
    }

    /// Keeps what there is in the place of all the changes that it came of, if these are many.
    pub(crate) async fn tidy(&self) -> Result<(), DurableError> {
        let _turn = self.turn.lock().await;
        let changes = self.read().changes();
        if self.folder.kept()?.len() < 2 * changes.len() + FEW {
            return Ok(());
        }
        let texts: Result<_, _> = changes.iter().map(serde_json::to_string).collect();
        let texts = texts.map_err(|error| DurableError::Journal(error.to_string()))?;
        self.folder.keep_instead(texts).await
    }

    /// The state as it is: all of it is on the disk.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the state by one that is known elsewhere, and kept there.
    pub(crate) fn replace(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Decides on changes, and makes them when they are on the disk: all of them or none, and nothing else changes in between.
    pub(crate) async fn change<T>(
        &self,
        decide: impl FnOnce(&State) -> Result<(Vec<Change>, T), ApiError>,
    ) -> Result<T, ApiError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let (changes, answer) = decide(&self.read())?;
        if !changes.is_empty() {
            let texts: Result<Vec<_>, _> = changes.iter().map(serde_json::to_string).collect();
            let texts = texts.map_err(|error| ApiError::internal(error.to_string()))?;
            let (state, folder) = (Arc::clone(&self.state), self.folder.clone());
            // The caller may go meanwhile; what is on the disk is here as well.
            let made = tokio::spawn(async move {
                let _turn = turn;
                folder.keep(texts).await?;
                let mut state = state.write().unwrap_or_else(PoisonError::into_inner);
                changes.into_iter().for_each(|change| state.apply(change));
                Ok::<_, DurableError>(())
            });
            let made = made.await.map_err(|error| ApiError::internal(error.to_string()))?;
            made.map_err(|error| ApiError::internal(error.to_string()))?;
        }
        Ok(answer)
    }
}
