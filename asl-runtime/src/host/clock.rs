//! Where time comes from.

use asl_language::timestamp::Timestamp;
use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A source of time.
pub trait Clock: Clone + Send + Sync + 'static {
    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Runs an execution, and moves time on for it if that is this clock's way.
    fn drive<F: Future + Send>(&self, execution: F) -> impl Future<Output = F::Output> + Send {
        execution
    }

    /// Runs an execution in the background, on the tokio runtime that this is called in.
    fn spawn<F: Future<Output = ()> + Send + 'static>(&self, execution: F) {
        let clock = self.clone();
        tokio::spawn(async move { clock.drive(execution).await });
    }

    /// Runs a task, which may wait for things that are not this clock's.
    fn task<F: Future + Send>(&self, task: F) -> impl Future<Output = F::Output> + Send {
        task
    }
}

/// The clock of the machine; waits with tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::new(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }
}
