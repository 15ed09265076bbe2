//! How far a Map Run is, in the words of AWS's `DescribeMapRun`.

use crate::codec::record;
use crate::error::Status;
use asl_value::Text;

/// How many children of a Map Run may run at once, and how many items may fail (`UpdateMapRun`).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MapRunLimits {
    /// How many children run at once; without it, or with 0, as many as there can be.
    pub max_concurrency: Option<u64>,
    /// So many items may fail.
    pub tolerated_failure_count: Option<u64>,
    /// Of a hundred items so many may fail.
    pub tolerated_failure_percentage: Option<f64>,
}

record!(MapRunLimits { max_concurrency, tolerated_failure_count, tolerated_failure_percentage });

impl MapRunLimits {
    /// How many children run at once, and how many items may fail, by their number and of a hundred.
    #[must_use]
    pub const fn of(
        max_concurrency: Option<u64>,
        tolerated_failure_count: Option<u64>,
        tolerated_failure_percentage: Option<f64>,
    ) -> Self {
        Self { max_concurrency, tolerated_failure_count, tolerated_failure_percentage }
    }

    /// The same with what others say.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::MapRunLimits;
    ///
    /// let limits = MapRunLimits::of(Some(10), Some(0), None);
    /// let changed = limits.changed(MapRunLimits::of(Some(2), None, None));
    /// assert_eq!(changed, MapRunLimits::of(Some(2), Some(0), None));
    /// # }
    /// ```
    #[must_use]
    pub fn changed(self, by: Self) -> Self {
        Self {
            max_concurrency: by.max_concurrency.or(self.max_concurrency),
            tolerated_failure_count: by.tolerated_failure_count.or(self.tolerated_failure_count),
            tolerated_failure_percentage: by
                .tolerated_failure_percentage
                .or(self.tolerated_failure_percentage),
        }
    }
}

/// How far a Map Run is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MapRunProgress {
    /// The ARN of the Map Run.
    pub map_run_arn: Text,
    /// The items, by what has become of them.
    pub items: Counts,
    /// The child executions. Without an `ItemBatcher` each item is one.
    pub executions: Counts,
    /// Whether all items have been read, so that the totals will not grow any more.
    pub all_read: bool,
    /// What it may do at most.
    pub limits: MapRunLimits,
}

record!(MapRunProgress { map_run_arn, items, executions, all_read, limits });

impl MapRunProgress {
    /// Of a Map Run that has not read anything yet.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::{MapRunLimits, MapRunProgress};
    ///
    /// let progress = MapRunProgress::new("arn:aws:states:local:000000000000:mapRun:m:r".into(), MapRunLimits::default());
    /// assert_eq!((progress.items.total(), progress.all_read), (0, false));
    /// # }
    /// ```
    #[must_use]
    pub fn new(map_run_arn: Text, limits: MapRunLimits) -> Self {
        let (items, executions) = (Counts::default(), Counts::default());
        Self { map_run_arn, items, executions, all_read: false, limits }
    }
}

/// So many are in each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// They have been read, and wait for room.
    pub pending: u64,
    /// They run.
    pub running: u64,
    /// They have succeeded.
    pub succeeded: u64,
    /// They have failed.
    pub failed: u64,
    /// They took too long.
    pub timed_out: u64,
    /// They were stopped.
    pub aborted: u64,
    /// The `ResultWriter` has their results.
    pub results_written: u64,
}

record!(Counts { pending, running, succeeded, failed, timed_out, aborted, results_written });

impl Counts {
    /// All of them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Counts;
    ///
    /// assert_eq!(Counts::default().total(), 0);
    /// # }
    /// ```
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.pending + self.running + self.succeeded + self.failed + self.timed_out + self.aborted
    }

    /// How many are in this status.
    pub(crate) const fn of(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::Running => &mut self.running,
            Status::Succeeded => &mut self.succeeded,
            Status::Failed => &mut self.failed,
            Status::TimedOut => &mut self.timed_out,
            Status::Aborted => &mut self.aborted,
        }
    }
}
