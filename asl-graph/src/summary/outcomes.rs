//! How visits end, and go on after a redrive.

use super::Summary;
use super::marks::Mark;
use super::visits::{Doing, Visit, VisitPlace, outwards};
use crate::history::Event;
use std::sync::Arc;

impl Summary {
    /// An error ended the visit that an event is in, and what is around it up to what is told to have failed: of some errors no other event tells.
    pub(super) fn at_fault(&mut self, id: u64, before: &Mark, up_to: Option<u64>) {
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
    pub(super) fn settle(&mut self, key: Option<u64>, by_failure: bool, id: u64, time: Option<i64>) {
        for key in self.visits.within(key) {
            let was_failing = self.visits.get(key).is_some_and(|visit| visit.doing == Doing::Failing);
            let outcome = if was_failing && by_failure { Doing::Failed } else { Doing::Aborted };
            self.is_over(key, outcome, id, time);
        }
    }

    pub(super) fn is_over(&mut self, key: u64, outcome: Doing, id: u64, time: Option<i64>) {
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
    pub(super) fn revive(&mut self, id: u64, time: Option<i64>) {
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
    pub(super) fn revived(
        &mut self,
        event: &Event<'_>,
        is_it: impl Fn(&Visit) -> bool,
    ) -> Option<Arc<VisitPlace>> {
        if self.redriven == 0 || event.previous != self.redriven {
            return None;
        }
        let is_candidate =
            |visit: &&Visit| visit.is_revived && visit.place.iteration.is_none() && is_it(visit);
        let place = Arc::clone(&self.visits.iter().find(is_candidate)?.place);
        self.visits.get_mut(place.key)?.is_revived = false;
        Some(place)
    }

    /// The visit is another one from now on.
    pub(super) fn forget(&mut self, key: u64, id: u64, time: Option<i64>) {
        if let Some(visit) = self.visits.end(key)
            && let Some(ran) = self.changed(visit.place.state, id)
        {
            ran.end(visit.since, time);
        }
    }
}
