//! The timers of an execution, the next one first.

use asl_engine::{EffectId, Timer};
use asl_language::timestamp::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Timers by their moments. Those of the same moment are over in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<Entry>>,
    set: u64,
    /// Effects that are over, and whose timers are still in the heap. Only where there are many.
    #[expect(
        clippy::box_collection,
        reason = "every execution that waits would keep its room, and nearly none has any"
    )]
    cancelled: Option<Box<BTreeSet<EffectId>>>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    due: Timestamp,
    number: u64,
    effect: EffectId,
    timer: Timer,
}

/// Up to so many timers are looked through when one is cancelled.
const FEW: usize = 32;

impl Timers {
    pub(super) fn set(&mut self, effect: EffectId, timer: Timer, due: Timestamp) {
        if self.heap.capacity() == 0 {
            // Most executions that wait have one.
            self.heap.reserve_exact(1);
        }
        if timer == Timer::Heartbeat && self.heap.len() <= FEW {
            self.heap.retain(|Reverse(entry)| entry.timer != timer || entry.effect != effect);
        }
        self.set += 1;
        self.heap.push(Reverse(Entry { due, number: self.set, effect, timer }));
    }

    /// Forgets the timers of an effect.
    pub(super) fn cancel(&mut self, effect: &EffectId) {
        if self.heap.is_empty() {
            return;
        }
        if self.heap.len() <= FEW {
            self.heap.retain(|Reverse(entry)| entry.effect != *effect);
            return;
        }
        let cancelled = self.cancelled.get_or_insert_default();
        cancelled.insert(effect.clone());
        // What is cancelled is thrown away when it is most of all.
        if cancelled.len() > self.heap.len() / 2 {
            self.heap.retain(|Reverse(entry)| !cancelled.contains(&entry.effect));
            self.cancelled = None;
        }
    }

    /// The moment of the next timer.
    pub(super) fn next(&mut self) -> Option<Timestamp> {
        while let Some(Reverse(entry)) = self.heap.peek() {
            if self.cancelled.as_ref().is_none_or(|cancelled| !cancelled.contains(&entry.effect)) {
                return Some(entry.due);
            }
            self.heap.pop();
        }
        self.cancelled = None;
        None
    }

    /// The moment of a timer of an effect that has one.
    pub(super) fn of(&self, effect: &EffectId) -> Option<Timestamp> {
        self.heap.iter().find(|Reverse(entry)| entry.effect == *effect).map(|Reverse(entry)| entry.due)
    }

    /// The next timer, if its moment has come.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<(EffectId, Timer)> {
        self.next().filter(|due| *due <= now)?;
        self.heap.pop().map(|Reverse(entry)| (entry.effect, entry.timer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(visit: u32) -> EffectId {
        EffectId { visit, ..EffectId::EXECUTION }
    }

    #[test]
    fn timers_are_over_in_the_order_of_their_moments() {
        let mut timers = Timers::default();
        for (visit, seconds) in [(1, 5), (2, 3), (3, 5), (4, 4)] {
            timers.set(effect(visit), Timer::Wait, Timestamp::new(seconds, 0));
        }
        timers.cancel(&effect(4));
        let now = Timestamp::new(9, 0);
        let due: Vec<_> =
            std::iter::from_fn(|| timers.take_due(now)).map(|(effect, _)| effect.visit).collect();
        assert_eq!(due, [2, 1, 3]);
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn many_cancelled_timers_take_no_room() {
        let mut timers = Timers::default();
        for visit in 0..10_000 {
            timers.set(effect(visit), Timer::Timeout, Timestamp::new(100, 0));
            if visit > 50 {
                timers.cancel(&effect(visit));
            }
        }
        assert!(timers.heap.len() < 200, "{}", timers.heap.len());
        assert_eq!(timers.take_due(Timestamp::new(99, 0)), None);
    }

    #[test]
    fn a_heartbeat_moves_its_timer() {
        let mut timers = Timers::default();
        for seconds in 1..5 {
            timers.set(effect(1), Timer::Heartbeat, Timestamp::new(seconds, 0));
        }
        assert_eq!((timers.next(), timers.heap.len()), (Some(Timestamp::new(4, 0)), 1));
    }
}
