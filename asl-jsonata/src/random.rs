//! Random numbers and names from random bits. Nothing secret depends on them.

use asl_value::Text;

/// The step of the state of SplitMix64.
pub const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) for a state.
pub const fn mix(state: u64) -> u64 {
    let mut bits = state.wrapping_add(STEP);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A number in 0..1 from random bits.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
pub const fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// A random UUID, version 4, from random numbers in 0..1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the product is a whole number below 2^32"
)]
pub fn uuid(mut random: impl FnMut() -> f64) -> Text {
    let mut word = || (random() * 4_294_967_296.0) as u32;
    let (a, b, c, d) = (word(), word(), word(), word());
    let version = b & 0x0fff | 0x4000;
    let variant = c >> 16 & 0x3fff | 0x8000;
    format!("{a:08x}-{:04x}-{version:04x}-{variant:04x}-{:04x}{d:08x}", b >> 16, c & 0xffff).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_their_version_and_variant() {
        let mut numbers = [0.0, 0.25, 0.5, 0.999_999_999_9].into_iter().cycle();
        assert_eq!(uuid(|| numbers.next().unwrap()), "00000000-4000-4000-8000-0000ffffffff");
    }

    /// The first numbers of the published generator from the seed 1234567.
    #[test]
    fn bits_are_those_of_splitmix64() {
        let states = (0..5).map(|step| STEP.wrapping_mul(step).wrapping_add(1_234_567));
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(states.map(mix).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn numbers_fill_the_unit_interval() {
        assert_eq!(unit(0), 0.0);
        assert!(unit(u64::MAX) < 1.0);
        let mean = (0..1000_u64).map(|state| unit(mix(state))).sum::<f64>() / 1000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }
}
