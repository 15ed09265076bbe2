//! What happens in an execution, state by state: kept as events happen, or made of a whole history.
//!
//! In: events, one by one. Out: for each state how often it ran, how that ended and how long it took; and the transitions that were taken.
//! Each event takes the same small time, whatever came before. An event belongs to the visit that the event which it follows belongs to,
//! because branches and iterations tell theirs in between.

mod coverage;
mod events;
mod marks;
mod outcomes;
mod places;
mod ran;
#[cfg(test)]
mod tests;
mod visits;

pub use ran::{Iterations, Ran, Status};

use crate::history::Event;
use marks::Marks;
use serde_json::Value;
use std::collections::BTreeMap;
use visits::Visits;

/// What has happened in an execution.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    names: BTreeMap<String, usize>,
    states: Vec<Ran>,
    /// The transitions that were taken, with the first event of each: from, to, and whether because of an error.
    taken: BTreeMap<(usize, usize, bool), u64>,
    /// The states that were left without an error, each with the first event of that.
    left: BTreeMap<usize, u64>,
    visits: Visits,
    marks: Marks,
    /// The event of the last redrive.
    redriven: u64,
}

impl Summary {
    /// Makes it of a whole history: an object with `events`, or the array of events itself.
    #[must_use]
    pub fn read(history: &Value) -> Option<Self> {
        let events = history.get("events").unwrap_or(history).as_array()?;
        let mut events: Vec<_> = events.iter().filter_map(Event::read).collect();
        events.sort_by_key(|event| event.id);
        let mut summary = Self::default();
        events.into_iter().for_each(|event| summary.event(event));
        Some(summary)
    }

    /// Takes note of the next event. One that came before changes nothing.
    pub fn event<'e>(&mut self, event: impl Into<Event<'e>>) {
        let event = event.into();
        if event.id <= self.marks.last() {
            return;
        }
        let before = self.marks.get(event.previous).cloned().unwrap_or_default();
        let mark = self.happened(&event, before);
        if let Some(visit) = mark.place.as_ref().and_then(|place| self.visits.get_mut(place.key)) {
            let last = std::mem::replace(&mut visit.last, event.id);
            if last != visit.fork {
                self.marks.release(last);
            }
        }
        let visits = &self.visits;
        self.marks.insert(event.id, mark, |id, mark| {
            let visit = mark.place.as_ref().and_then(|place| visits.get(place.key));
            visit.is_some_and(|visit| visit.last == id || visit.fork == id)
        });
    }

    /// The number of the last event that was taken note of.
    #[must_use]
    pub const fn last_event(&self) -> u64 {
        self.marks.last()
    }

    /// What has happened in a state; nothing if it was not reached.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&Ran> {
        self.states.get(*self.names.get(name)?)
    }

    /// The states that were reached, by their names.
    pub fn states(&self) -> impl Iterator<Item = (&str, &Ran)> {
        self.names.iter().filter_map(|(name, state)| Some((name.as_str(), self.states.get(*state)?)))
    }

    /// How a state is drawn.
    #[must_use]
    pub fn status(&self, state: &str) -> Status {
        self.state(state).map_or(Status::Untouched, Ran::status)
    }

    /// The event by which a transition was taken first, if it was: to another state, or to the end of its scope.
    #[must_use]
    pub fn taken(&self, from: &str, to: Option<&str>, by_catcher: bool) -> Option<u64> {
        let from = *self.names.get(from)?;
        match to {
            Some(to) => self.taken.get(&(from, *self.names.get(to)?, by_catcher)).copied(),
            None => self.left.get(&from).copied(),
        }
    }

    /// How many child executions of a distributed Map have begun and ended; no event tells that.
    pub fn children(&mut self, state: &str, children: Iterations) {
        let now = self.marks.last();
        let state = self.number(state);
        if let Some(ran) = self.states.get_mut(state) {
            (ran.iterations, ran.changed) = (children, now);
        }
    }
}
