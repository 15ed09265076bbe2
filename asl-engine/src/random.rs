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
    let [high, low] = numbers;
    // The bits of version 4, and of the variant.
    let [high, low] = [high & !0xf000 | 0x4000, low & !(0b11 << 62) | 0b10 << 62];
    let [a, b, c, d] =
        [digits((high >> 32) as u32), digits(high as u32), digits((low >> 32) as u32), digits(low as u32)];
    let mut text = [b'-'; 36];
    text[..8].copy_from_slice(&a);
    text[9..13].copy_from_slice(&b[..4]);
    text[14..18].copy_from_slice(&b[4..]);
    text[19..23].copy_from_slice(&c[..4]);
    text[24..28].copy_from_slice(&c[4..]);
    text[28..].copy_from_slice(&d);
    str::from_utf8(&text).unwrap_or_default().into()
}

/// A number in hexadecimal digits, all of them at once.
fn digits(number: u32) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Every digit gets a byte.
    let mut digits = u64::from(number);
    digits = (digits << 16 | digits) & 0x0000_ffff_0000_ffff;
    digits = (digits << 8 | digits) & 0x00ff_00ff_00ff_00ff;
    digits = (digits << 4 | digits) & (0x0f * EACH);
    let letters = (digits + 6 * EACH) >> 4 & EACH;
    (digits + u64::from(b'0') * EACH + letters * u64::from(b'a' - b'0' - 10)).to_be_bytes()
}

/// A task token: its holder can end the task. It is made of a secret, and of what the token is for; it reveals nothing of either.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_a_uuid_are_those_of_its_numbers() {
        let uuid = uuid_of([0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210]);
        assert_eq!(uuid, "01234567-89ab-4def-bedc-ba9876543210");
    }
}
