//! Changes of the state as values.

use super::machines::{Alias, Revision, StateMachine, Version};
use super::{Activity, State, Tags};
use serde::{Deserialize, Serialize};

/// Something that changes. Machines, activities, versions and aliases are named; what is not there any more is passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Change {
    /// A machine was made, or made again.
    MachineCreated(Box<StateMachine>),
    /// A machine has another definition, role or configuration.
    MachineUpdated {
        /// Which machine.
        machine: String,
        /// What it is now.
        revision: Box<Revision>,
    },
    /// A machine is to be gone when its executions have ended.
    MachineLeaves {
        /// Which machine.
        machine: String,
    },
    /// A machine is gone, with its versions and aliases.
    MachineDeleted {
        /// Which machine.
        machine: String,
    },
    /// The revision of a machine was published.
    VersionPublished {
        /// Which machine.
        machine: String,
        /// The new version.
        version: Version,
    },
    /// A version is gone.
    VersionDeleted {
        /// Of which machine.
        machine: String,
        /// Which version.
        number: u64,
    },
    /// An alias was made, or leads elsewhere.
    AliasChanged {
        /// Of which machine.
        machine: String,
        /// The alias as it is now.
        alias: Alias,
    },
    /// An alias is gone.
    AliasDeleted {
        /// Of which machine.
        machine: String,
        /// Which alias.
        alias: String,
    },
    /// An activity was made.
    ActivityCreated(Box<Activity>),
    /// An activity is gone.
    ActivityDeleted {
        /// Which activity.
        activity: String,
    },
    /// A machine or an activity has more tags.
    Tagged {
        /// Which one.
        resource: Resource,
        /// The tags.
        tags: Tags,
    },
    /// A machine or an activity has fewer tags.
    Untagged {
        /// Which one.
        resource: Resource,
        /// The keys of the tags.
        keys: Vec<String>,
    },
}

/// What can have tags, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Resource {
    /// A machine.
    Machine(String),
    /// An activity.
    Activity(String),
}

impl State {
    /// The fewest changes that make this state of an empty one.
    pub(super) fn changes(&self) -> Vec<Change> {
        let machines =
            self.machines.values().cloned().map(|machine| Change::MachineCreated(Box::new(machine)));
        let activities = self.activities.values().cloned();
        machines.chain(activities.map(|activity| Change::ActivityCreated(Box::new(activity)))).collect()
    }

    /// Makes a change.
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::MachineCreated(machine) => {
                self.machines.insert(machine.name.clone(), *machine);
            }
            Change::MachineLeaves { machine } => self.machine(&machine, |it| it.is_leaving = true),
            Change::MachineDeleted { machine } => {
                self.machines.remove(&machine);
            }
            Change::ActivityCreated(activity) => {
                self.activities.insert(activity.name.clone(), *activity);
            }
            Change::ActivityDeleted { activity } => {
                self.activities.remove(&activity);
            }
            Change::Tagged { resource, tags } => {
                self.tags(&resource).into_iter().for_each(|known| known.add(&tags));
            }
            Change::Untagged { resource, keys } => {
                self.tags(&resource).into_iter().for_each(|known| known.remove(&keys));
            }
            Change::MachineUpdated { machine, revision } => {
                self.machine(&machine, |it| it.revision = *revision)
            }
            Change::VersionPublished { machine, version } => self.machine(&machine, |it| it.publish(version)),
            Change::VersionDeleted { machine, number } => {
                self.machine(&machine, |it| it.versions.retain(|version| version.number != number));
            }
            Change::AliasChanged { machine, alias } => {
                self.machine(&machine, |it| {
                    it.aliases.insert(alias.name.clone(), alias);
                });
            }
            Change::AliasDeleted { machine, alias } => {
                self.machine(&machine, |it| {
                    it.aliases.remove(&alias);
                });
            }
        }
    }

    fn machine(&mut self, name: &str, change: impl FnOnce(&mut StateMachine)) {
        if let Some(machine) = self.machines.get_mut(name) {
            change(machine);
        }
    }

    fn tags(&mut self, resource: &Resource) -> Option<&mut Tags> {
        match resource {
            Resource::Machine(name) => self.machines.get_mut(name).map(|machine| &mut machine.tags),
            Resource::Activity(name) => self.activities.get_mut(name).map(|activity| &mut activity.tags),
        }
    }

    /// The tags of a machine or an activity, if it is there.
    #[must_use]
    pub(crate) fn tags_of(&self, resource: &Resource) -> Option<&Tags> {
        match resource {
            Resource::Machine(name) => self.machines.get(name).map(|machine| &machine.tags),
            Resource::Activity(name) => self.activities.get(name).map(|activity| &activity.tags),
        }
    }
}
