//! Random numbers and names. Nothing secret depends on them.

pub use asl_jsonata::random::{mix, unit, uuid};

use asl_jsonata::random::STEP;
use asl_value::Text;
use std::sync::atomic::{AtomicU64, Ordering};

/// A row of random numbers, the same for the same seed (`SplitMix64`).
#[derive(Debug, Default)]
pub struct Random(AtomicU64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number in 0..1.
    pub fn number(&self) -> f64 {
        unit(mix(self.0.fetch_add(STEP, Ordering::Relaxed)))
    }
}

/// A task token: whoever has it can end the task.
pub fn token(mut random: impl FnMut() -> f64) -> Text {
    format!("{}{}", uuid(&mut random), uuid(&mut random)).replace('-', "").into()
}
