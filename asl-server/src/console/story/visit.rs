//! A stay of an execution in a state: when, how often it was tried, and what came of it.

use std::sync::Arc;

/// A stay in a state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visit {
    pub(crate) name: Arc<str>,
    /// `Task`
    pub(crate) kind: Arc<str>,
    /// The stay in a Parallel or Map state that it is inside of.
    pub(crate) parent: Option<usize>,
    /// The branch or iteration of that.
    pub(crate) slot: u64,
    pub(crate) entered: i64,
    pub(crate) left: Option<i64>,
    /// The event that entered it, and the one that left it.
    pub(crate) entry: u64,
    pub(crate) exit: Option<u64>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) state: Progress,
    /// Its branches or iterations.
    pub(crate) slots: Slots,
    /// How many items a Map has.
    pub(crate) length: Option<u64>,
    pub(crate) map_run: Option<Arc<str>>,
    /// What its task asks.
    pub(crate) resource: Option<Arc<str>>,
}

/// How far a stay in a state is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Progress {
    #[default]
    Running,
    /// It waits to be tried again.
    Retrying,
    Succeeded,
    /// It failed, and the error was caught.
    Caught,
    Failed,
    TimedOut,
    /// It was stopped.
    Aborted,
}

impl Progress {
    pub(crate) const fn is_over(self) -> bool {
        !matches!(self, Self::Running | Self::Retrying)
    }

    pub(crate) const fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut)
    }
}

/// A try of the work of a state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempt {
    pub(crate) began: i64,
    pub(crate) ended: Option<i64>,
    /// The event that began it.
    pub(crate) first: u64,
    /// The event that ended it.
    pub(crate) last: Option<u64>,
    /// The event of the answer, after which a job or a token is waited for.
    pub(crate) submitted: Option<u64>,
    pub(crate) failed: bool,
    pub(crate) error: Option<Arc<str>>,
    pub(crate) cause: Option<Arc<str>>,
}

/// What has become of branches or iterations.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slots {
    pub(crate) begun: u64,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    pub(crate) aborted: u64,
}

impl Visit {
    /// How long it took, or takes until now.
    pub(crate) fn duration(&self, now: i64) -> i64 {
        self.left.unwrap_or(now).saturating_sub(self.entered).max(0)
    }

    /// How often it was tried again.
    pub(crate) fn retries(&self) -> usize {
        self.attempts.len().saturating_sub(1)
    }

    /// The attempt that failed last.
    pub(crate) fn failure(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.failed)
    }

    /// Whether its task waits for a result that is sent with its token.
    pub(crate) fn has_token(&self) -> bool {
        self.resource.as_deref().is_some_and(|resource| {
            resource.ends_with(".waitForTaskToken") || resource.contains(":activity:")
        })
    }

    /// Whether other states run in it.
    pub(crate) fn is_scope(&self) -> bool {
        matches!(&*self.kind, "Parallel" | "Map")
    }

    /// Whether it is a Map whose iterations are in the same execution.
    pub(crate) fn has_iterations(&self) -> bool {
        &*self.kind == "Map" && self.map_run.is_none()
    }

    pub(super) fn begin(&mut self, time: i64, event: u64) {
        self.attempts.push(Attempt { began: time, first: event, ..Attempt::default() });
        self.state = Progress::Running;
    }

    pub(super) fn succeed(&mut self, time: i64, event: u64) {
        if let Some(attempt) = self.attempts.last_mut() {
            (attempt.ended, attempt.last) = (Some(time), Some(event));
        }
    }

    /// Its attempt has failed; if there was none, it failed before its work began.
    pub(super) fn fail(&mut self, time: i64, event: u64, error: Option<Arc<str>>, cause: Option<Arc<str>>) {
        if self.attempts.last().is_none_or(|attempt| attempt.failed) {
            self.begin(time, event);
        }
        if let Some(attempt) = self.attempts.last_mut() {
            (attempt.ended, attempt.last, attempt.failed) = (Some(time), Some(event), true);
            (attempt.error, attempt.cause) = (error, cause);
        }
        self.state = Progress::Retrying;
    }

    pub(super) fn end(&mut self, time: i64, state: Progress) {
        if let Some(attempt) = self.attempts.last_mut().filter(|attempt| attempt.ended.is_none()) {
            attempt.ended = Some(time);
            attempt.failed = state.is_bad();
        }
        (self.left, self.state) = (Some(time), state);
    }
}
