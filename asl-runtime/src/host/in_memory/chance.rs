//! Numbers that cannot be guessed, or, for tests, the same ones in every run.

use asl_engine::random::{STEP, mix};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// A row of numbers.
pub(super) struct Chance {
    /// Without it, the numbers are those of the seed.
    secret: Option<RandomState>,
    /// Where numbers begin that need not be secret.
    offset: u64,
    next: AtomicU64,
}

impl Chance {
    /// Numbers that cannot be guessed, not even from those before.
    pub(super) fn new() -> Self {
        let secret = RandomState::new();
        Self { offset: secret.hash_one("offset"), secret: Some(secret), next: AtomicU64::new(0) }
    }

    /// The same numbers in every run.
    pub(super) const fn with_seed(seed: u64) -> Self {
        Self { secret: None, offset: 0, next: AtomicU64::new(seed) }
    }

    /// Whether it is unknown which numbers come next.
    pub(super) const fn is_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// The next two numbers, of which only the second cannot be guessed from those before: making one of that kind takes longer.
    pub(super) fn seed(&self) -> [u64; 2] {
        let Some(secret) = &self.secret else { return self.next() };
        let number = self.next.fetch_add(STEP, Ordering::Relaxed);
        [mix(number ^ self.offset), secret.hash_one(number)]
    }

    /// The next numbers.
    pub(super) fn next<const N: usize>(&self) -> [u64; N] {
        let first = self.next.fetch_add(STEP.wrapping_mul(N as u64), Ordering::Relaxed);
        std::array::from_fn(|place| {
            let number = first.wrapping_add(STEP.wrapping_mul(place as u64));
            self.secret.as_ref().map_or_else(|| mix(number), |secret| secret.hash_one(number))
        })
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chance").finish_non_exhaustive()
    }
}
