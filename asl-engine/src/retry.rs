//! Retriers and catchers: the tables of a state, and which of them an error meets (States Language, "Errors").

use crate::error::Error;
use asl_language::{errors, retry as usual};
use std::time::Duration;

/// An element of `Retry`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retrier {
    /// `ErrorEquals`
    pub error_equals: &'static [&'static str],
    /// `IntervalSeconds`
    pub interval_seconds: u32,
    /// `MaxAttempts`
    pub max_attempts: u32,
    /// `BackoffRate`
    pub backoff_rate: f64,
    /// `MaxDelaySeconds`
    pub max_delay_seconds: Option<u32>,
    /// `"JitterStrategy": "FULL"`
    pub full_jitter: bool,
}

impl Retrier {
    /// What holds where the definition says nothing.
    pub const USUAL: Self = Self {
        error_equals: &[],
        interval_seconds: usual::INTERVAL_SECONDS,
        max_attempts: usual::MAX_ATTEMPTS,
        backoff_rate: usual::BACKOFF_RATE,
        max_delay_seconds: None,
        full_jitter: false,
    };
}

/// An element of `Catch`: what it matches. What it does is the machine's [`catch`](crate::machine::StateMachine::catch).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Catcher {
    /// `ErrorEquals`
    pub error_equals: &'static [&'static str],
}

/// One more attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retry {
    /// The number of the retrier that wants it.
    pub(crate) retrier: usize,
    /// How long to wait before it.
    pub(crate) delay: Duration,
}

/// The number of the retrier that an error is for.
pub(crate) fn retrier(retriers: &[Retrier], error: &Error) -> Option<usize> {
    retriers.iter().position(|retrier| matches(retrier.error_equals, error))
}

/// The next attempt; `None` where the error is not retried, or not any more. `attempts` is how often each retrier was used since the state
/// was entered, and `random` is in 0..1.
pub(crate) fn next(
    retriers: &'static [Retrier],
    attempts: &mut Vec<u32>,
    error: &Error,
    random: impl FnOnce() -> f64,
) -> Option<Retry> {
    let found = self::retrier(retriers, error)?;
    attempts.resize(retriers.len(), 0);
    let (retrier, attempts) = (retriers.get(found)?, attempts.get_mut(found)?);
    if *attempts >= retrier.max_attempts {
        return None;
    }
    let delay = delay_before(retrier, *attempts);
    *attempts += 1;
    let delay = if retrier.full_jitter { delay * random() } else { delay };
    Some(Retry { retrier: found, delay: Duration::try_from_secs_f64(delay).unwrap_or(Duration::MAX) })
}

/// The seconds before a retry, by the number of the retries before it.
fn delay_before(retrier: &Retrier, retries: u32) -> f64 {
    let delay = f64::from(retrier.interval_seconds) * retrier.backoff_rate.powf(f64::from(retries));
    retrier.max_delay_seconds.map_or(delay, |most| delay.min(f64::from(most)))
}

/// The number of the first catcher that matches.
pub(crate) fn catcher(catchers: &[Catcher], error: &Error) -> Option<usize> {
    catchers.iter().position(|catcher| matches(catcher.error_equals, error))
}

/// Whether a list of `ErrorEquals` matches an error that can be caught.
fn matches(error_equals: &[&str], error: &Error) -> bool {
    !error.is_fatal()
        && error_equals.iter().any(|name| match *name {
            errors::ALL => true,
            errors::TASK_FAILED => error.error() != errors::TIMEOUT,
            name => name == error.error(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRIER: Retrier = Retrier {
        error_equals: &["A"],
        interval_seconds: 2,
        max_attempts: 4,
        backoff_rate: 3.0,
        max_delay_seconds: Some(20),
        full_jitter: false,
    };

    fn error(name: &'static str) -> Error {
        Error::catchable(name, None)
    }

    #[test]
    fn delays_grow_up_to_the_limit_and_end() {
        let retriers = Box::leak(Box::new([RETRIER]));
        let mut attempts = Vec::new();
        let delays: Vec<_> = (0..5)
            .map(|_| next(retriers, &mut attempts, &error("A"), || 0.0).map(|retry| retry.delay.as_secs()))
            .collect();
        assert_eq!(delays, [Some(2), Some(6), Some(18), Some(20), None]);
        assert_eq!(next(retriers, &mut attempts, &error("B"), || 0.0), None);
    }

    #[test]
    fn each_retrier_counts_its_own_attempts() {
        let retriers = Box::leak(Box::new([
            Retrier { max_attempts: 1, ..RETRIER },
            Retrier { error_equals: &["States.ALL"], max_attempts: 1, full_jitter: true, ..RETRIER },
        ]));
        let mut attempts = Vec::new();
        let retry = |retrier, seconds| Some(Retry { retrier, delay: Duration::from_secs(seconds) });
        assert_eq!(next(retriers, &mut attempts, &error("A"), || 0.5), retry(0, 2));
        assert_eq!(next(retriers, &mut attempts, &error("B"), || 0.5), retry(1, 1));
        assert_eq!(next(retriers, &mut attempts, &error("A"), || 0.5), None);
    }

    #[test]
    fn task_failed_is_everything_but_a_timeout_and_nothing_catches_runtime_errors() {
        assert!(matches(&["States.TaskFailed"], &error("Custom")));
        assert!(!matches(&["States.TaskFailed"], &Error::timeout()));
        assert!(matches(&["States.ALL"], &Error::timeout()));
        for names in [["States.ALL"], ["States.Runtime"], ["States.TaskFailed"]] {
            assert!(!matches(&names, &Error::runtime("broken")));
        }
    }
}
