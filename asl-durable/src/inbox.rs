//! What comes for an execution from outside of it: that it is to stop, results for its tokens.

use asl_engine::{EffectId, Outcome, Text};
use futures_util::task::AtomicWaker;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use tokio::sync::oneshot;

/// Who is told when something is on the disk, or that the execution did not wait for it.
pub(crate) type Heard = oneshot::Sender<bool>;

/// Something for an execution.
pub(crate) struct Letter {
    pub(crate) effect: EffectId,
    pub(crate) outcome: Outcome,
    pub(crate) heard: Heard,
}

/// Where that is until the execution looks.
#[derive(Default)]
pub(crate) struct Inbox {
    letters: Mutex<Vec<Letter>>,
    started: Mutex<Started>,
    waker: AtomicWaker,
    /// It does not do anything at the moment but wait for a time or a token.
    rests: AtomicBool,
    /// Nothing of it is to be in memory: what comes for it wakes it, when it has come to rest there.
    parks: AtomicBool,
}

/// What the tasks of an execution have started.
#[derive(Default)]
struct Started {
    /// The executions that they wait for, by their ARNs.
    waiting: Vec<(EffectId, Text)>,
    /// The tasks that were given up last: one may be about to start an execution.
    given_up: VecDeque<EffectId>,
    /// The execution has ended, and all its tasks with it.
    is_over: bool,
}

/// So many tasks that were given up are known.
const GIVEN_UP: usize = 256;

impl Inbox {
    /// Whether the execution only waits for a time or a token.
    pub(crate) fn rests(&self) -> bool {
        self.rests.load(Ordering::Relaxed)
    }

    pub(crate) fn set_rests(&self, rests: bool) {
        self.rests.store(rests, Ordering::Relaxed);
    }

    /// Whether it is on its way out of memory, or out of it.
    pub(crate) fn parks(&self) -> bool {
        self.parks.load(Ordering::Acquire)
    }

    pub(crate) fn set_parks(&self, parks: bool) {
        self.parks.store(parks, Ordering::Release);
    }

    pub(crate) fn put(&self, letter: Letter) {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        self.waker.wake();
    }

    /// A task waits for an execution that it starts; `false` if the task was given up meanwhile.
    pub(crate) fn waits(&self, effect: EffectId, arn: Text) -> bool {
        let mut started = self.started();
        if started.is_over || started.given_up.contains(&effect) {
            return false;
        }
        if !started.waiting.contains(&(effect.clone(), arn.clone())) {
            started.waiting.push((effect, arn));
        }
        true
    }

    /// Whether the task of an effect waits for an execution.
    pub(crate) fn waits_for(&self, effect: &EffectId, arn: &Text) -> bool {
        self.started().waiting.iter().any(|(of, started)| of == effect && started == arn)
    }

    /// A task is given up: what it had started.
    pub(crate) fn gives_up(&self, effect: &EffectId) -> Vec<(EffectId, Text)> {
        let mut started = self.started();
        if started.given_up.len() == GIVEN_UP {
            started.given_up.pop_front();
        }
        started.given_up.push_back(effect.clone());
        started.waiting.extract_if(.., |(of, _)| of == effect).collect()
    }

    /// A task is over: what it had started.
    pub(crate) fn waits_no_more(&self, effect: &EffectId) -> Vec<(EffectId, Text)> {
        self.started().waiting.extract_if(.., |(of, _)| of == effect).collect()
    }

    /// All tasks are over: what they had started. What one of them starts only now is not waited for.
    pub(crate) fn ends(&self) -> Vec<(EffectId, Text)> {
        let mut started = self.started();
        started.is_over = true;
        std::mem::take(&mut started.waiting)
    }

    fn started(&self) -> MutexGuard<'_, Started> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has_letters(&self) -> bool {
        !self.letters.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What has come; the caller is woken by more.
    pub(crate) fn take(&self, waker: &Waker) -> Vec<Letter> {
        self.waker.register(waker);
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_task_starts_when_it_is_over_is_not_waited_for() {
        let (inbox, first, second) = (Inbox::default(), "1#0".parse().unwrap(), "2#0".parse().unwrap());
        let arn = |name: &str| Text::from(name);
        assert!(inbox.waits(EffectId::clone(&first), arn("a")) && inbox.waits_for(&first, &arn("a")));
        assert_eq!(inbox.gives_up(&first), [(first.clone(), arn("a"))]);
        assert!(!inbox.waits(first.clone(), arn("b")) && !inbox.waits_for(&first, &arn("b")));
        assert!(inbox.waits(EffectId::clone(&second), arn("c")));
        assert_eq!(inbox.ends(), [(second.clone(), arn("c"))]);
        assert!(!inbox.waits(second.clone(), arn("d")) && !inbox.waits_for(&second, &arn("d")));
    }
}
