//! Where events are, for those that follow them.
//!
//! A history never ends, and what is kept of it must: the events that came last are known, and of older ones those alone that something may
//! still follow, because they are the last of a visit that goes on, or its branches or iterations begin there.

use super::visits::VisitPlace;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many events are known. What follows an event at all follows it within a few steps of its execution, or is within the visit.
const WINDOW: u64 = 4096;

/// Where an event is.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    /// The visit or the iteration that it is in; none is the whole machine.
    pub(super) place: Option<Arc<VisitPlace>>,
    /// The state that was left here, and whether because of an error.
    pub(super) after: Option<(usize, bool)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    marks: BTreeMap<u64, Mark>,
    last: u64,
}

impl Marks {
    /// The number of the last event.
    pub(super) const fn last(&self) -> u64 {
        self.last
    }

    pub(super) fn get(&self, event: u64) -> Option<&Mark> {
        self.marks.get(&event)
    }

    /// Takes note of the next event; `is_kept` says of one that becomes old whether something may still follow it.
    pub(super) fn insert(&mut self, event: u64, mark: Mark, is_kept: impl Fn(u64, &Mark) -> bool) {
        let old = |last: u64| last.saturating_sub(WINDOW);
        let becomes_old = old(self.last)..old(event);
        let dropped: Vec<u64> = self
            .marks
            .range(becomes_old)
            .filter(|(id, mark)| !is_kept(**id, mark))
            .map(|(id, _)| *id)
            .collect();
        for id in dropped {
            self.marks.remove(&id);
        }
        self.marks.insert(event, mark);
        self.last = event;
    }

    /// Nothing will follow this event any more, unless that happens soon.
    pub(super) fn release(&mut self, event: u64) {
        if event < self.last.saturating_sub(WINDOW) {
            self.marks.remove(&event);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }
}
