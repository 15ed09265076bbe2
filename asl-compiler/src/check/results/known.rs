//! What is known about data: at which reference paths the result of which task is.

use crate::ir::{StateId, Step};
use crate::path::StepAt;
use asl_language::http::RESULT_FIELDS;
use std::collections::BTreeMap;

/// What must be true of some data; knowing less is always right.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    results: BTreeMap<Vec<String>, StateId>,
}

/// More places than this are forgotten, so that machines of thousands of tasks are checked in time.
const LIMIT: usize = 64;

/// A step that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    /// The number of the step.
    pub(super) step: usize,
    /// The task whose result was asked.
    pub(super) task: StateId,
    /// Why there is nothing.
    pub(super) fault: Fault,
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The result has no such field.
    NoSuchField,
    /// The value is no object: "a number".
    Inside(&'static str),
}

impl Known {
    /// The result of an HTTP task.
    pub(super) fn http_result(task: StateId) -> Self {
        Self { results: BTreeMap::from([(Vec::new(), task)]) }
    }

    /// What both know.
    pub(super) fn join(&self, other: &Self) -> Self {
        let both = self.results.iter().filter(|(place, task)| other.results.get(*place) == Some(task));
        Self { results: both.map(|(place, task)| (place.clone(), *task)).collect() }
    }

    /// The step of a path that must lead nowhere.
    pub(super) fn missing(&self, steps: &[StepAt]) -> Option<Missing> {
        self.results.iter().find_map(|(place, task)| {
            let rest = after(steps, place)?;
            let (field, below) = rest.split_first()?;
            let at = |step, fault| Some(Missing { step, task: *task, fault });
            match &field.step {
                Step::Name(name) if RESULT_FIELDS.contains(&name.as_str()) => match (name.as_str(), below) {
                    ("StatusCode", [_, ..]) => at(place.len() + 1, Fault::Inside("a number")),
                    ("StatusText", [_, ..]) => at(place.len() + 1, Fault::Inside("a string")),
                    _ => None,
                },
                Step::Name(_) | Step::Index(_) => at(place.len(), Fault::NoSuchField),
            }
        })
    }

    /// What is known about the value at a path.
    pub(super) fn below(&self, steps: &[StepAt]) -> Self {
        let Some(names) = names(steps) else { return Self::default() };
        let below = self.results.iter().filter_map(|(place, task)| {
            let rest = place.strip_prefix(names.as_slice())?;
            Some((rest.to_vec(), *task))
        });
        Self { results: below.collect() }
    }

    /// What is known after `value` was written to a path.
    pub(super) fn with(mut self, steps: &[StepAt], value: Self) -> Self {
        let leading: Vec<_> = steps.iter().map_while(|step| name(&step.step)).cloned().collect();
        self.results.retain(|place, _| !place.starts_with(&leading) && !leading.starts_with(place));
        if leading.len() == steps.len() {
            self.add(&leading, value);
        }
        self
    }

    /// Adds what is known about the value at `place`, where nothing is known yet.
    pub(super) fn add(&mut self, place: &[String], value: Self) {
        for (rest, task) in value.results {
            if self.results.len() < LIMIT {
                self.results.insert(place.iter().cloned().chain(rest).collect(), task);
            }
        }
    }
}

/// The steps after `place`, if that is where they lead.
fn after<'a>(steps: &'a [StepAt], place: &[String]) -> Option<&'a [StepAt]> {
    let (before, rest) = steps.split_at_checked(place.len())?;
    let same = before.iter().zip(place).all(|(step, place)| name(&step.step) == Some(place));
    same.then_some(rest)
}

fn names(steps: &[StepAt]) -> Option<Vec<String>> {
    steps.iter().map(|step| name(&step.step).cloned()).collect()
}

const fn name(step: &Step) -> Option<&String> {
    match step {
        Step::Name(name) => Some(name),
        Step::Index(_) => None,
    }
}
