//! The timers of an execution, the next one first.

use crate::host::Clock;
use crate::integration::BoxFuture;
use asl_engine::{EffectId, Timer};
use asl_language::timestamp::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::task::Context;

/// Timers, and the wait for the next of them. An execution that never waits has no memory for them.
#[derive(Default)]
pub(super) struct Timers(Option<Box<Inside>>);

#[derive(Default)]
struct Inside {
    entries: Entries,
    /// The number of timers that were set.
    set: u64,
    /// Effects whose timers are still there, though they are cancelled.
    #[expect(
        clippy::box_collection,
        reason = "every execution that waits would keep its room, and nearly none has any"
    )]
    cancelled: Option<Box<BTreeSet<EffectId>>>,
    /// The wait for the next timer, and its moment.
    sleep: Option<(Timestamp, BoxFuture<'static, ()>)>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    due: Timestamp,
    /// Of two that are due at the same time, the one that was set first comes first.
    number: u64,
    effect: EffectId,
    timer: Timer,
}

/// Timers, of which the next one is known. Most executions that wait have one, which is in place.
#[derive(Default)]
struct Entries {
    /// Nothing only if there are no others.
    next: Option<Entry>,
    #[expect(clippy::box_collection, reason = "nearly no execution that waits has any")]
    others: Option<Box<BinaryHeap<Reverse<Entry>>>>,
}

impl Entries {
    fn len(&self) -> usize {
        usize::from(self.next.is_some()) + self.others.as_ref().map_or(0, |others| others.len())
    }

    fn iter(&self) -> impl Iterator<Item = &Entry> {
        let others = self.others.iter().flat_map(|others| others.iter());
        self.next.iter().chain(others.map(|Reverse(entry)| entry))
    }

    fn push(&mut self, entry: Entry) {
        let later = match &mut self.next {
            Some(next) if entry < *next => std::mem::replace(next, entry),
            Some(_) => entry,
            none => {
                *none = Some(entry);
                return;
            }
        };
        self.others.get_or_insert_default().push(Reverse(later));
    }

    fn pop(&mut self) -> Option<Entry> {
        let next = self.others.as_mut().and_then(|others| others.pop()).map(|Reverse(entry)| entry);
        std::mem::replace(&mut self.next, next)
    }

    fn retain(&mut self, is_kept: impl Fn(&Entry) -> bool) {
        if let Some(others) = &mut self.others {
            others.retain(|Reverse(entry)| is_kept(entry));
        }
        if self.next.as_ref().is_some_and(|next| !is_kept(next)) {
            self.pop();
        }
    }
}

/// Up to this number of timers all are gone through to take one out.
const FEW: usize = 32;

impl Timers {
    /// Replaces the timer of the same effect and kind.
    pub(super) fn set(&mut self, effect: EffectId, timer: Timer, due: Timestamp) {
        let inside = self.0.get_or_insert_default();
        if timer == Timer::Heartbeat && inside.entries.len() <= FEW {
            inside.entries.retain(|entry| entry.timer != timer || entry.effect != effect);
        }
        inside.set += 1;
        inside.entries.push(Entry { due, number: inside.set, effect, timer });
    }

    /// Forgets the timers of an effect.
    pub(super) fn cancel(&mut self, effect: &EffectId) {
        let Some(inside) = self.0.as_mut().filter(|inside| inside.entries.next.is_some()) else { return };
        if inside.entries.len() <= FEW {
            inside.entries.retain(|entry| entry.effect != *effect);
            return;
        }
        let cancelled = inside.cancelled.get_or_insert_default();
        cancelled.insert(effect.clone());
        // What is cancelled is thrown away when it is most of all.
        if cancelled.len() > inside.entries.len() / 2 {
            inside.entries.retain(|entry| !cancelled.contains(&entry.effect));
            inside.cancelled = None;
        }
    }

    /// The moment of the next timer.
    pub(super) fn next(&mut self) -> Option<Timestamp> {
        self.0.as_mut()?.next()
    }

    /// The moment of a timer of this effect.
    pub(super) fn of(&self, effect: &EffectId) -> Option<Timestamp> {
        let mut entries = self.0.as_ref()?.entries.iter();
        entries.find(|entry| entry.effect == *effect).map(|entry| entry.due)
    }

    /// Takes the next timer, if its time has come.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<(EffectId, Timer)> {
        let inside = self.0.as_mut()?;
        inside.next().filter(|due| *due <= now)?;
        inside.entries.pop().map(|entry| (entry.effect, entry.timer))
    }

    /// Whether a moment has come that is not later than that of any timer; if not, the task of the context is woken then.
    pub(super) fn poll_until(
        &mut self,
        due: Timestamp,
        now: Timestamp,
        clock: &Clock,
        context: &mut Context<'_>,
    ) -> bool {
        let Some(inside) = &mut self.0 else { return false };
        if inside.sleep.as_ref().is_none_or(|(moment, _)| *moment != due) {
            inside.sleep = Some((due, clock.sleep(due.since(now))));
        }
        let Some((_, sleep)) = &mut inside.sleep else { return false };
        let is_over = sleep.as_mut().poll(context).is_ready();
        if is_over {
            inside.sleep = None;
        }
        is_over
    }

    /// Waits for no timer any more.
    pub(super) fn rest(&mut self) {
        if let Some(inside) = &mut self.0 {
            inside.sleep = None;
        }
    }
}

impl Inside {
    fn next(&mut self) -> Option<Timestamp> {
        while let Some(entry) = &self.entries.next {
            if self.cancelled.as_ref().is_none_or(|cancelled| !cancelled.contains(&entry.effect)) {
                return Some(entry.due);
            }
            self.entries.pop();
        }
        self.cancelled = None;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(visit: u32) -> EffectId {
        EffectId { visit, ..EffectId::EXECUTION }
    }

    fn length(timers: &Timers) -> usize {
        timers.0.as_ref().map_or(0, |inside| inside.entries.len())
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
        assert!(length(&timers) < 200, "{}", length(&timers));
        assert_eq!(timers.take_due(Timestamp::new(99, 0)), None);
    }

    #[test]
    fn a_heartbeat_moves_its_timer() {
        let mut timers = Timers::default();
        for seconds in 1..5 {
            timers.set(effect(1), Timer::Heartbeat, Timestamp::new(seconds, 0));
        }
        assert_eq!((timers.next(), length(&timers)), (Some(Timestamp::new(4, 0)), 1));
    }
}
