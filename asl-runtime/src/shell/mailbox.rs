//! What comes in for an execution from elsewhere: from tasks on other threads, from holders of tokens, from child executions.

use asl_engine::error::TaskError;
use asl_engine::{EffectId, Outcome};
use asl_value::{Text, Value};
use futures_util::task::AtomicWaker;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// Takes what comes of effects. An execution has one; other hosts may have others.
#[doc(hidden)]
pub trait Reports: Send + Sync {
    /// Something came of an effect.
    fn report(&self, effect: &EffectId, outcome: Outcome);
}

/// What has come in, and who is woken by it.
#[derive(Default)]
pub(crate) struct Mailbox {
    inside: Mutex<Inside>,
    waker: AtomicWaker,
}

#[derive(Default)]
struct Inside {
    letters: Vec<(EffectId, Outcome)>,
    /// Who has them since the execution was left.
    forward: Option<Arc<dyn Reports>>,
}

impl Mailbox {
    /// Adds what has come in since this was asked last.
    pub(crate) fn take(&self, letters: &mut Vec<(EffectId, Outcome)>) {
        letters.append(&mut self.inside().letters);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on what is here, and all that comes later.
    pub(crate) fn forward(&self, to: Arc<dyn Reports>) {
        let letters = {
            let mut inside = self.inside();
            inside.forward = Some(Arc::clone(&to));
            std::mem::take(&mut inside.letters)
        };
        letters.into_iter().for_each(|(effect, outcome)| to.report(&effect, outcome));
    }

    /// Who is woken from now on.
    pub(crate) fn listen(&self, waker: &Waker) {
        self.waker.register(waker);
    }
}

impl Reports for Mailbox {
    fn report(&self, effect: &EffectId, outcome: Outcome) {
        let forward = {
            let mut inside = self.inside();
            match &inside.forward {
                Some(forward) => Arc::clone(forward),
                None => {
                    inside.letters.push((effect.clone(), outcome));
                    drop(inside);
                    return self.waker.wake();
                }
            }
        };
        forward.report(effect, outcome);
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox").field("letters", &self.inside().letters.len()).finish_non_exhaustive()
    }
}

/// The way back to the execution that waits for an effect. A clone leads to the same one.
#[derive(Clone)]
pub struct Signals {
    reports: Arc<dyn Reports>,
    effect: EffectId,
}

impl Signals {
    /// Signals about an effect.
    #[doc(hidden)]
    #[must_use]
    pub fn new(reports: Arc<dyn Reports>, effect: EffectId) -> Self {
        Self { reports, effect }
    }

    /// What the signals are about.
    #[must_use]
    pub const fn effect(&self) -> &EffectId {
        &self.effect
    }

    /// The task is alive.
    pub fn heartbeat(&self) {
        self.report(Outcome::Heartbeat);
    }

    /// A worker of an activity has the task.
    pub fn started(&self, worker_name: Option<Text>) {
        self.report(Outcome::Started { worker_name });
    }

    /// Someone sent a result, or an error, for the token of the task.
    pub fn ended(&self, result: Result<Value, TaskError>) {
        self.report(Outcome::Signalled(result));
    }

    pub(crate) fn report(&self, outcome: Outcome) {
        self.reports.report(&self.effect, outcome);
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signals").field(&format_args!("{}", self.effect)).finish()
    }
}
