//! Where time comes from.

use super::virtual_clock::{Held, VirtualClock};
use crate::integration::BoxFuture;
use asl_language::timestamp::Timestamp;
use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A source of time.
///
/// ```
/// use asl_runtime::{Clock, Timestamp, VirtualClock};
///
/// let clock = Clock::from(VirtualClock::new(Timestamp::new(0, 0)));
/// assert_eq!(clock.now().to_string(), "1970-01-01T00:00:00.000Z");
/// assert!(!clock.is_system());
/// ```
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The clock of the machine; waits with tokio's timer.
    #[default]
    System,
    /// A clock that moves only when nothing else can happen.
    Virtual(VirtualClock),
}

impl Clock {
    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::new(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
            }
            Self::Virtual(clock) => clock.now(),
        }
    }

    /// Waits.
    #[must_use]
    pub fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match self {
            Self::System => Box::pin(tokio::time::sleep(duration)),
            Self::Virtual(clock) => Box::pin(clock.sleep(duration)),
        }
    }

    /// Runs an execution, and moves time on for it if that is this clock's way.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{Clock, VirtualClock};
    /// use std::time::Duration;
    ///
    /// let clock = Clock::from(VirtualClock::default());
    /// let start = clock.now();
    /// // A virtual clock jumps while what it drives waits for nothing else.
    /// clock.drive(clock.sleep(Duration::from_secs(3600))).await;
    /// assert_eq!(clock.now().since(start).as_secs(), 3600);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn drive<F: Future + Send>(&self, execution: F) -> F::Output {
        match self {
            Self::System => execution.await,
            Self::Virtual(clock) => clock.drive(execution).await,
        }
    }

    /// Runs something that executions wait for in the background, on the tokio runtime that this is called in.
    pub fn spawn<F: Future<Output = ()> + Send + 'static>(&self, background: F) {
        match self {
            Self::System => {
                tokio::spawn(background);
            }
            Self::Virtual(clock) => clock.spawn(background),
        }
    }

    /// Runs a task, which may wait for things that are not this clock's.
    pub async fn task<F: Future + Send>(&self, task: F) -> F::Output {
        match self {
            Self::System => task.await,
            Self::Virtual(clock) => clock.task(task).await,
        }
    }

    /// Time stands still until this is dropped, if that is this clock's way.
    pub(crate) fn hold(&self) -> Option<Held> {
        match self {
            Self::System => None,
            Self::Virtual(clock) => Some(clock.hold()),
        }
    }

    /// Whether this is the clock of the machine.
    ///
    /// ```
    /// use asl_runtime::{Clock, VirtualClock};
    ///
    /// assert!(Clock::System.is_system());
    /// assert!(!Clock::from(VirtualClock::default()).is_system());
    /// ```
    #[must_use]
    pub const fn is_system(&self) -> bool {
        matches!(self, Self::System)
    }
}

impl From<VirtualClock> for Clock {
    fn from(clock: VirtualClock) -> Self {
        Self::Virtual(clock)
    }
}
