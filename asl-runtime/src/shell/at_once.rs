//! Tasks that a function of the host does in the middle of a turn.

use super::Progressed;
use super::tasks::{self, Done};
use crate::host::Host;
use crate::integration::BoxFuture;
use asl_engine::program::StateId;
use asl_engine::task::Task;
use asl_language::timestamp::Timestamp;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll, Waker};

/// Does what a function answers when it is looked at for the first time.
pub(super) struct AtOnce<'s, 'h> {
    pub(super) host: &'h dyn Host,
    pub(super) waker: &'s Waker,
    /// Who sees in which state the execution is, also while a task of it is done here.
    pub(super) progress: Option<&'s Progressed>,
    /// When the clock was read last.
    pub(super) moment: &'s Cell<Option<Timestamp>>,
    /// How many more may be done before others run.
    pub(super) left: &'s mut u32,
    /// One that has begun and takes longer: that of the task that is wanted next.
    pub(super) begun: Option<BoxFuture<'h, Done>>,
}

impl asl_engine::AtOnce for AtOnce<'_, '_> {
    fn perform(&mut self, state: StateId, task: &Task) -> Option<Done> {
        if self.begun.is_some() || *self.left == 0 {
            return None;
        }
        if let Some(progress) = self.progress {
            progress(Some(state));
        }
        let done = match catch_unwind(AssertUnwindSafe(|| self.host.at_once(task))) {
            Err(panic) => Err(tasks::panicked(&*panic)),
            Ok(work) => {
                let mut work = work?;
                *self.left -= 1;
                match tasks::poll(work.as_mut(), &mut Context::from_waker(self.waker)) {
                    Poll::Ready(done) => done,
                    Poll::Pending => {
                        self.begun = Some(work);
                        return None;
                    }
                }
            }
        };
        Some(done)
    }

    fn now(&self) -> Timestamp {
        let now = self.host.clock().now();
        self.moment.set(Some(now));
        now
    }
}
