//! Random numbers and names. Nothing secret depends on them.

pub use asl_jsonata::random::{mix, unit, uuid};

pub use asl_jsonata::random::STEP;
use asl_value::Text;
use sha2::{Digest, Sha256};
use std::fmt::Write;
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

/// A UUID of two numbers that came of chance.
#[must_use]
pub fn uuid_of(numbers: [u64; 2]) -> Text {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let [high, low] = numbers;
    // The bits of version 4, and of the variant.
    let bits = [high & !0xf000 | 0x4000, low & !(0b11 << 62) | 0b10 << 62];
    let mut text = String::with_capacity(36);
    for (place, number) in
        (0..32).zip(bits.iter().flat_map(|number| (0..16).map(move |digit| number >> (60 - 4 * digit))))
    {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(char::from(DIGITS.get((number & 0xf) as usize).copied().unwrap_or(b'0')));
    }
    text.into()
}

/// A task token: whoever has it can end the task. It is made of a secret, and of what the token is for; it tells nothing of either.
#[must_use]
pub fn token_of(parts: [u64; 3]) -> Text {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.to_le_bytes());
    }
    let mut token = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a text does not fail.
        let _ = write!(token, "{byte:02x}");
    }
    token.into()
}
