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
        if started.given_up.contains(&effect) {
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

    /// A task is over, or all are: what they had started.
    pub(crate) fn waits_no_more(&self, effect: Option<&EffectId>) -> Vec<(EffectId, Text)> {
        let is_of = |of: &EffectId| effect.is_none_or(|effect| of == effect);
        self.started().waiting.extract_if(.., |(of, _)| is_of(of)).collect()
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
