//! How many items may fail (`ToleratedFailureCount`, `ToleratedFailurePercentage`).

use crate::codec::record;
use crate::error::Error;
use asl_language::errors;
use asl_value::Text;

/// How many items of a Map state may fail; it fails where one of the limits is exceeded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    count: Option<u64>,
    percentage: Option<f64>,
}

record!(Tolerance { count, percentage });

impl Tolerance {
    /// `ToleratedFailureCount` and `ToleratedFailurePercentage`. Without either no failure is tolerated.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Tolerance;
    ///
    /// // Without limits of its own, the first failure is one too many.
    /// assert_eq!(Tolerance::new(None, None), Tolerance::new(Some(0), None));
    /// # }
    /// ```
    #[must_use]
    pub const fn new(count: Option<u64>, percentage: Option<f64>) -> Self {
        let none = count.is_none() && percentage.is_none();
        Self { count: if none { Some(0) } else { count }, percentage }
    }

    /// Whether too many have failed; `total` is the number of items once all have been read. Before that, a percentage is only
    /// exceeded for sure where it is zero.
    #[doc(hidden)]
    pub fn is_exceeded(&self, failed: u64, total: Option<u64>) -> bool {
        let by_count = self.count.is_some_and(|count| failed > count);
        let by_percentage = self.percentage.is_some_and(|percentage| match total {
            Some(total) => percent(failed, total) > percentage,
            None => percentage <= 0.0 && failed > 0,
        });
        by_count || by_percentage
    }

    /// The count and the percentage.
    pub(crate) const fn limits(&self) -> (Option<u64>, Option<f64>) {
        (self.count, self.percentage)
    }

    /// The error of a Map that has failed too often.
    #[doc(hidden)]
    #[cold]
    pub fn error() -> Error {
        let cause = String::from("The specified tolerated failure threshold was exceeded");
        Error::catchable(Text::new_static(errors::EXCEED_TOLERATED_FAILURE_THRESHOLD), Some(cause))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a run of 2^53 items does not come to its end")]
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceeded(count: Option<u64>, percentage: Option<f64>, failed: u64, total: Option<u64>) -> bool {
        Tolerance::new(count, percentage).is_exceeded(failed, total)
    }

    #[test]
    fn no_failure_is_tolerated_by_default() {
        assert!(!exceeded(None, None, 0, None));
        assert!(exceeded(None, None, 1, None));
    }

    #[test]
    fn a_count_is_exceeded_by_one_more() {
        assert!(!exceeded(Some(2), None, 2, None));
        assert!(exceeded(Some(2), None, 3, None));
    }

    #[test]
    fn a_percentage_counts_when_all_items_are_known() {
        assert!(!exceeded(None, Some(10.0), 5, None));
        assert!(!exceeded(None, Some(10.0), 5, Some(50)));
        assert!(exceeded(None, Some(10.0), 6, Some(50)));
        assert!(exceeded(None, Some(0.0), 1, None));
        assert!(!exceeded(None, Some(100.0), 50, Some(50)));
    }

    #[test]
    fn either_limit_is_enough() {
        assert!(exceeded(Some(1), Some(50.0), 2, Some(100)));
        assert!(exceeded(Some(10), Some(5.0), 6, Some(100)));
        assert!(!exceeded(Some(10), Some(50.0), 6, Some(100)));
    }
}
