//! What each event does.

use super::marks::Mark;
use super::visits::{Doing, VisitPlace, outwards};
use super::{Iterations, Summary};
use crate::history::{Event, IterationStep, Role, What};
use std::sync::Arc;

/// The name of an error is cut to so many letters.
const ERROR: usize = 120;

impl Summary {
    /// Where the event is.
    pub(super) fn happened(&mut self, event: &Event<'_>, before: Mark) -> Mark {
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

    fn entered(
        &mut self,
        event: &Event<'_>,
        name: &str,
        role: Role,
        before: &Mark,
    ) -> Option<Arc<VisitPlace>> {
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
        let place = VisitPlace::new(event.id, state, None, around);
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
    ) -> Option<Arc<VisitPlace>> {
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

    fn succeeded(&mut self, role: Role, before: &Mark) -> Option<Arc<VisitPlace>> {
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
    ) -> Option<Arc<VisitPlace>> {
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
        step: IterationStep,
        before: &Mark,
    ) -> Option<Arc<VisitPlace>> {
        let state = self.number(name);
        let (id, time) = (event.id, event.milliseconds);
        match step {
            IterationStep::Started => {
                let map = self.named(state, before)?;
                let place = VisitPlace::new(id, state, Some(index), Some(Arc::clone(&map)));
                self.visits.begin(Arc::clone(&place), Role::Plain, time);
                self.count(&map, id, |iterations| iterations.begun += 1);
                Some(place)
            }
            IterationStep::Succeeded | IterationStep::Failed => {
                let is_it = |place: &&Arc<VisitPlace>| place.state == state && place.iteration == Some(index);
                let place = Arc::clone(outwards(before.place.as_ref()).find(is_it)?);
                let failed = step == IterationStep::Failed;
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
            IterationStep::Aborted => before.place.clone(),
        }
    }

    /// Counts an iteration, in the state and in the visit to it.
    pub(super) fn count(&mut self, map: &VisitPlace, id: u64, count: impl Fn(&mut Iterations)) {
        if let Some(visit) = self.visits.get_mut(map.key) {
            count(&mut visit.iterations);
        }
        if let Some(ran) = self.changed(map.state, id) {
            count(&mut ran.iterations);
        }
    }
}
