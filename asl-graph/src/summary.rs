//! What happens in an execution, state by state: kept as events happen, or made of a whole history.
//!
//! In: events, one by one. Out: for each state how often it ran, how that ended and how long it took; and the transitions that were taken.
//! Each event takes the same small time, whatever came before. An event belongs to the visit that the event which it follows belongs to,
//! because branches and iterations tell theirs in between.

mod marks;
mod ran;
#[cfg(test)]
mod tests;
mod visits;

pub use ran::{Iterations, Ran, Status};

use crate::history::{Event, Role, Step, What};
use marks::{Mark, Marks};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use visits::{Doing, Place, Visits, outwards};

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

/// The name of an error is cut to so many letters.
const ERROR: usize = 120;

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

/// What events do.
impl Summary {
    /// Where the event is.
    fn happened(&mut self, event: &Event<'_>, before: Mark) -> Mark {
        let (id, time) = (event.id, event.milliseconds);
        let place = match event.what {
            What::Entered { name, role } => self.entered(event, name, role, &before),
            What::Exited { name } => return self.exited(event, name, &before),
            What::Begun { items, role } => self.begun(event, items, role, &before),
            What::Succeeded { role } => self.succeeded(role, &before),
            What::Failed { role, name, error } => self.failed(event, (role, name, error), &before),
            What::Iteration { name, index, step } => self.iteration(event, (name, index), step, &before),
            What::ExecutionFailed => {
                self.at_fault(id, &before, None);
                self.settle(None, true, id, time);
                None
            }
            What::ExecutionSucceeded | What::ExecutionStopped => {
                self.settle(None, false, id, time);
                None
            }
            What::Redriven => {
                self.redriven = id;
                self.revive(id, time);
                None
            }
            What::Other => return before,
        };
        Mark { place, after: None }
    }

    fn entered(&mut self, event: &Event<'_>, name: &str, role: Role, before: &Mark) -> Option<Arc<Place>> {
        let state = self.number(name);
        let around = match self.revived(event, |visit| visit.place.state == state) {
            Some(place) => {
                self.forget(place.key, event.id, event.milliseconds);
                place.around.clone()
            }
            None => self.scope(before),
        };
        if let Some((from, caught)) = before.after {
            self.taken.entry((from, state, caught)).or_insert(event.id);
        }
        let place = Place::new(event.id, state, None, around);
        self.visits.begin(Arc::clone(&place), role, event.milliseconds);
        if let Some(ran) = self.changed(state, event.id) {
            ran.entered += 1;
            if ran.first_event == 0 {
                ran.first_event = event.id;
            }
            ran.begin(event.milliseconds);
        }
        if role == Role::Fail {
            // It has no other event.
            self.is_over(place.key, Doing::Failed, event.id, event.milliseconds);
        }
        Some(place)
    }

    fn exited(&mut self, event: &Event<'_>, name: &str, before: &Mark) -> Mark {
        let (id, time) = (event.id, event.milliseconds);
        let state = self.number(name);
        let Some(place) = self.named(state, before) else { return before.clone() };
        self.settle(Some(place.key), false, id, time);
        for key in self.visits.within(Some(place.key)) {
            self.visits.end(key);
        }
        let Some(visit) = self.visits.end(place.key) else { return before.clone() };
        [visit.last, visit.fork].into_iter().for_each(|event| self.marks.release(event));
        let caught = visit.doing == Doing::Failing;
        if let Some(ran) = self.changed(state, id) {
            ran.waiting = ran.waiting.saturating_sub(u64::from(caught));
            *(if caught { &mut ran.caught } else { &mut ran.succeeded }) += 1;
            ran.end(visit.since, time);
        }
        if !caught {
            self.left.entry(state).or_insert(id);
        }
        Mark { place: place.around.clone(), after: Some((state, caught)) }
    }

    /// The work of a state begins, or begins again.
    fn begun(
        &mut self,
        event: &Event<'_>,
        items: Option<u64>,
        role: Role,
        before: &Mark,
    ) -> Option<Arc<Place>> {
        let revived = self.revived(event, |visit| visit.role == role && visit.inner.is_empty());
        let place = revived.or_else(|| self.working(role, false, before))?;
        let (state, id) = (place.state, event.id);
        self.begin_again(place.key, id);
        let is_open = matches!(role, Role::Parallel | Role::Map);
        let items = items.unwrap_or_default();
        if let Some(visit) = self.visits.get_mut(place.key) {
            visit.is_open = is_open;
            visit.iterations.items += items;
            if is_open {
                visit.fork = id;
            }
        }
        if let Some(ran) = self.changed(state, id) {
            ran.iterations.items += items;
        }
        Some(place)
    }

    /// What was within an attempt that failed counts no more.
    fn begin_again(&mut self, key: u64, id: u64) {
        let inner = self.visits.within(Some(key));
        for key in inner {
            if let Some(visit) = self.visits.end(key)
                && visit.place.iteration.is_none()
                && let Some(ran) = self.changed(visit.place.state, id)
            {
                match visit.doing {
                    Doing::Failed => ran.mended.0 += 1,
                    Doing::Aborted => ran.mended.1 += 1,
                    Doing::Working | Doing::Failing => {}
                }
            }
        }
        let Some(visit) = self.visits.get_mut(key) else { return };
        let was_failing = visit.doing == Doing::Failing;
        let iterations = std::mem::take(&mut visit.iterations);
        visit.doing = Doing::Working;
        let state = visit.place.state;
        if let Some(ran) = self.changed(state, id) {
            ran.iterations = ran.iterations.without(iterations);
            if was_failing {
                ran.retries += 1;
                ran.waiting = ran.waiting.saturating_sub(1);
            }
        }
    }

    fn succeeded(&mut self, role: Role, before: &Mark) -> Option<Arc<Place>> {
        let place = self.working(role, true, before)?;
        if let Some(visit) = self.visits.get_mut(place.key) {
            visit.is_open = false;
        }
        Some(place)
    }

    /// The work of a state failed: it may be tried again, or the error be caught. What goes on within it has failed or was stopped.
    fn failed(
        &mut self,
        event: &Event<'_>,
        (role, name, error): (Role, Option<&str>, Option<&str>),
        before: &Mark,
    ) -> Option<Arc<Place>> {
        let place = match name {
            Some(name) => {
                let state = self.number(name);
                self.named(state, before)?
            }
            None => self.working(role, true, before)?,
        };
        let state = place.state;
        self.at_fault(event.id, before, Some(place.key));
        self.settle(Some(place.key), true, event.id, event.milliseconds);
        let visit = self.visits.get_mut(place.key)?;
        visit.is_open = false;
        let was_failing = std::mem::replace(&mut visit.doing, Doing::Failing) == Doing::Failing;
        if let Some(ran) = self.changed(state, event.id) {
            ran.waiting += u64::from(!was_failing);
            if let Some(error) = error {
                ran.error = Some(error.chars().take(ERROR).collect());
            }
        }
        Some(place)
    }

    fn iteration(
        &mut self,
        event: &Event<'_>,
        (name, index): (&str, u64),
        step: Step,
        before: &Mark,
    ) -> Option<Arc<Place>> {
        let state = self.number(name);
        let (id, time) = (event.id, event.milliseconds);
        match step {
            Step::Started => {
                let map = self.named(state, before)?;
                let place = Place::new(id, state, Some(index), Some(Arc::clone(&map)));
                self.visits.begin(Arc::clone(&place), Role::Plain, time);
                self.count(&map, id, |iterations| iterations.begun += 1);
                Some(place)
            }
            Step::Succeeded | Step::Failed => {
                let is_it = |place: &&Arc<Place>| place.state == state && place.iteration == Some(index);
                let place = Arc::clone(outwards(before.place.as_ref()).find(is_it)?);
                let failed = step == Step::Failed;
                if failed {
                    self.at_fault(id, before, Some(place.key));
                }
                self.settle(Some(place.key), failed, id, time);
                let map = place.around.clone()?;
                if failed {
                    self.is_over(place.key, Doing::Failed, id, time);
                    self.count(&map, id, |iterations| iterations.failed += 1);
                } else {
                    for key in self.visits.within(Some(place.key)) {
                        self.visits.end(key);
                    }
                    self.visits.end(place.key);
                    self.count(&map, id, |iterations| iterations.succeeded += 1);
                }
                Some(map)
            }
            // The end of what is around it tells as much.
            Step::Aborted => before.place.clone(),
        }
    }

    /// Counts an iteration, in the state and in the visit to it.
    fn count(&mut self, map: &Place, id: u64, count: impl Fn(&mut Iterations)) {
        if let Some(visit) = self.visits.get_mut(map.key) {
            count(&mut visit.iterations);
        }
        if let Some(ran) = self.changed(map.state, id) {
            count(&mut ran.iterations);
        }
    }
}

/// How visits end, and go on.
impl Summary {
    /// An error ended the visit that an event is in, and what is around it up to what is told to have failed: of some errors no other event tells.
    fn at_fault(&mut self, id: u64, before: &Mark, up_to: Option<u64>) {
        let mut places: Vec<_> = outwards(before.place.as_ref()).map(|place| place.key).collect();
        if let Some(up_to) = up_to {
            let end = places.iter().position(|key| *key == up_to);
            places.truncate(end.unwrap_or_default());
        }
        for key in places {
            if let Some(visit) = self.visits.get_mut(key)
                && visit.doing == Doing::Working
            {
                visit.doing = Doing::Failing;
                let (state, is_state) = (visit.place.state, visit.place.iteration.is_none());
                if is_state && let Some(ran) = self.changed(state, id) {
                    ran.waiting += 1;
                }
            }
        }
    }

    /// Nothing goes on within a visit, or in the whole execution: what was failing has failed if that is why, and the rest was stopped.
    fn settle(&mut self, key: Option<u64>, by_failure: bool, id: u64, time: Option<i64>) {
        for key in self.visits.within(key) {
            let was_failing = self.visits.get(key).is_some_and(|visit| visit.doing == Doing::Failing);
            let outcome = if was_failing && by_failure { Doing::Failed } else { Doing::Aborted };
            self.is_over(key, outcome, id, time);
        }
    }

    fn is_over(&mut self, key: u64, outcome: Doing, id: u64, time: Option<i64>) {
        let Some(visit) = self.visits.get_mut(key) else { return };
        if matches!(visit.doing, Doing::Failed | Doing::Aborted) {
            return;
        }
        let before = std::mem::replace(&mut visit.doing, outcome);
        let (state, since) = (visit.place.state, visit.since);
        if visit.place.iteration.is_none()
            && let Some(ran) = self.changed(state, id)
        {
            ran.waiting = ran.waiting.saturating_sub(u64::from(before == Doing::Failing));
            *(if outcome == Doing::Failed { &mut ran.failed } else { &mut ran.aborted }) += 1;
            ran.end(since, time);
        }
    }

    /// The execution goes on with all that failed or was stopped.
    fn revive(&mut self, id: u64, time: Option<i64>) {
        for key in self.visits.within(None) {
            let Some(visit) = self.visits.get_mut(key) else { continue };
            let before = std::mem::replace(&mut visit.doing, Doing::Working);
            visit.is_open = !visit.inner.is_empty();
            (visit.is_revived, visit.since) = (true, time);
            let (state, iteration) = (visit.place.state, visit.place.iteration);
            if iteration.is_some() {
                if let Some(map) = visit.place.around.clone().filter(|_| before == Doing::Failed) {
                    self.count(&map, id, |iterations| {
                        iterations.failed = iterations.failed.saturating_sub(1)
                    });
                }
            } else if let Some(ran) = self.changed(state, id) {
                match before {
                    Doing::Failed => ran.mended.0 += 1,
                    Doing::Aborted => ran.mended.1 += 1,
                    Doing::Working | Doing::Failing => {}
                }
                ran.begin(time);
            }
        }
    }

    /// Of what a redrive goes on with, the first that this may be about, if the event follows that.
    fn revived(&mut self, event: &Event<'_>, is_it: impl Fn(&visits::Visit) -> bool) -> Option<Arc<Place>> {
        if self.redriven == 0 || event.previous != self.redriven {
            return None;
        }
        let is_candidate =
            |visit: &&visits::Visit| visit.is_revived && visit.place.iteration.is_none() && is_it(visit);
        let place = Arc::clone(&self.visits.iter().find(is_candidate)?.place);
        self.visits.get_mut(place.key)?.is_revived = false;
        Some(place)
    }

    /// The visit is another one from now on.
    fn forget(&mut self, key: u64, id: u64, time: Option<i64>) {
        if let Some(visit) = self.visits.end(key)
            && let Some(ran) = self.changed(visit.place.state, id)
        {
            ran.end(visit.since, time);
        }
    }
}

/// What events are about.
impl Summary {
    fn number(&mut self, name: &str) -> usize {
        if let Some(state) = self.names.get(name) {
            return *state;
        }
        let state = self.states.len();
        self.names.insert(name.to_owned(), state);
        self.states.push(Ran::default());
        state
    }

    fn changed(&mut self, state: usize, id: u64) -> Option<&mut Ran> {
        let ran = self.states.get_mut(state)?;
        ran.changed = id;
        Some(ran)
    }

    /// Within what a state is entered after an event.
    fn scope(&self, before: &Mark) -> Option<Arc<Place>> {
        let place = before.place.as_ref()?;
        let is_open = |key| self.visits.get(key).is_none_or(|visit: &visits::Visit| visit.is_open);
        if before.after.is_some() || place.iteration.is_some() || is_open(place.key) {
            Some(Arc::clone(place))
        } else {
            place.around.clone()
        }
    }

    /// The visit to a state that an event of it follows: around that event, or beside it where the entry follows the same event.
    fn named(&self, state: usize, before: &Mark) -> Option<Arc<Place>> {
        let is_it = |place: &&Arc<Place>| {
            place.state == state && place.iteration.is_none() && self.visits.get(place.key).is_some()
        };
        if let Some(place) = outwards(before.place.as_ref()).find(is_it) {
            return Some(Arc::clone(place));
        }
        self.visits.get(self.visits.last_of(state)?).map(|visit| Arc::clone(&visit.place))
    }

    /// The visit whose work begins or ends: the next one outwards that can be meant.
    fn working(&self, role: Role, ends: bool, before: &Mark) -> Option<Arc<Place>> {
        let can_be = |place: &&Arc<Place>| {
            let visit = self.visits.get(place.key).filter(|_| place.iteration.is_none());
            // A Parallel state that has failed can be all there is in a branch of another one, which fails next.
            let is_closed = |visit: &visits::Visit| ends && role == Role::Parallel && !visit.is_open;
            visit.is_some_and(|visit| visit.role == role && !is_closed(visit))
        };
        outwards(before.place.as_ref()).find(can_be).cloned()
    }
}
