//! What comes for an execution from outside of it: that it is to stop.

use asl_engine::{EffectId, Outcome};
use futures_util::task::AtomicWaker;
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

/// Where that is until the execution looks.
#[derive(Default)]
pub(crate) struct Inbox {
    letters: Mutex<Vec<(EffectId, Outcome)>>,
    waker: AtomicWaker,
}

impl Inbox {
    pub(crate) fn put(&self, effect: EffectId, outcome: Outcome) {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push((effect, outcome));
        self.waker.wake();
    }

    /// What has come; whoever asks is woken by more.
    pub(crate) fn take(&self, waker: &Waker) -> Vec<(EffectId, Outcome)> {
        self.waker.register(waker);
        std::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
