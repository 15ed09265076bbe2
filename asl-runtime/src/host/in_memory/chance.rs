//! Numbers that cannot be guessed, or, for tests, the same ones in every run.

use asl_engine::random::{STEP, mix};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// A row of numbers.
pub(super) struct Chance {
    /// Without it, the numbers are those of the seed.
    secret: Option<RandomState>,
    next: AtomicU64,
}

impl Chance {
    /// Numbers that cannot be guessed, not even from those before.
    pub(super) fn new() -> Self {
        Self { secret: Some(RandomState::new()), next: AtomicU64::new(0) }
    }

    /// The same numbers in every run.
    pub(super) const fn with_seed(seed: u64) -> Self {
        Self { secret: None, next: AtomicU64::new(seed) }
    }

    pub(super) fn next(&self) -> u64 {
        let number = self.next.fetch_add(STEP, Ordering::Relaxed);
        self.secret.as_ref().map_or_else(|| mix(number), |secret| secret.hash_one(number))
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chance").finish_non_exhaustive()
    }
}
