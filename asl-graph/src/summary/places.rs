//! What an event is about: a state by its name, and a visit by the event that it follows.

use super::marks::Mark;
use super::visits::{Visit, VisitPlace, outwards};
use super::{Ran, Summary};
use crate::history::Role;
use std::sync::Arc;

impl Summary {
    pub(super) fn number(&mut self, name: &str) -> usize {
        if let Some(state) = self.names.get(name) {
            return *state;
        }
        let state = self.states.len();
        self.names.insert(name.to_owned(), state);
        self.states.push(Ran::default());
        state
    }

    pub(super) fn changed(&mut self, state: usize, id: u64) -> Option<&mut Ran> {
        let ran = self.states.get_mut(state)?;
        ran.changed = id;
        Some(ran)
    }

    /// Within what a state is entered after an event.
    pub(super) fn scope(&self, before: &Mark) -> Option<Arc<VisitPlace>> {
        let place = before.place.as_ref()?;
        let is_open = |key| self.visits.get(key).is_none_or(|visit: &Visit| visit.is_open);
        if before.after.is_some() || place.iteration.is_some() || is_open(place.key) {
            Some(Arc::clone(place))
        } else {
            place.around.clone()
        }
    }

    /// The visit to a state that an event of it follows: around that event, or beside it where the entry follows the same event.
    pub(super) fn named(&self, state: usize, before: &Mark) -> Option<Arc<VisitPlace>> {
        let is_it = |place: &&Arc<VisitPlace>| {
            place.state == state && place.iteration.is_none() && self.visits.get(place.key).is_some()
        };
        if let Some(place) = outwards(before.place.as_ref()).find(is_it) {
            return Some(Arc::clone(place));
        }
        self.visits.get(self.visits.last_of(state)?).map(|visit| Arc::clone(&visit.place))
    }

    /// The visit whose work begins or ends: the next one outwards that can be meant.
    pub(super) fn working(&self, role: Role, ends: bool, before: &Mark) -> Option<Arc<VisitPlace>> {
        let can_be = |place: &&Arc<VisitPlace>| {
            let visit = self.visits.get(place.key).filter(|_| place.iteration.is_none());
            // A Parallel state that has failed can be all there is in a branch of another one, which fails next.
            let is_closed = |visit: &Visit| ends && role == Role::Parallel && !visit.is_open;
            visit.is_some_and(|visit| visit.role == role && !is_closed(visit))
        };
        outwards(before.place.as_ref()).find(can_be).cloned()
    }
}
