//! Sums and random numbers.

use super::rounded;
use asl_value::Value;

/// `States.MathAdd`: both numbers are rounded first; numbers and sum are 32-bit integers.
#[must_use]
pub fn math_add(left: &Value, right: &Value) -> Option<Value> {
    let small = |value| rounded(value).and_then(|number| i32::try_from(number).ok());
    small(left)?.checked_add(small(right)?).map(Value::from)
}

/// `States.MathRandom`: a whole number from `start` to below `end`. With a seed it is the same in every run, but not the number that
/// AWS returns for that seed: its generator is not public. `random` is in 0..1.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the numbers have 32 bits")]
pub fn math_random(
    start: &Value,
    end: &Value,
    seed: Option<&Value>,
    random: impl FnOnce() -> f64,
) -> Option<Value> {
    let small = |value| rounded(value).and_then(|number| i32::try_from(number).ok()).map(i64::from);
    let (start, end) = (small(start)?, small(end)?);
    let length = end.checked_sub(start).filter(|length| *length > 0)?;
    let random = match seed {
        None => random(),
        Some(seed) => crate::random::unit(crate::random::mix(rounded(seed)?.unsigned_abs())),
    };
    Some(Value::from(start + (random * length as f64) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up_before_they_are_added() {
        for (left, right, sum) in
            [(1.49, 1.5, 3), (-1.5, 0.0, -1), (-1.51, 0.0, -2), (2.5, 0.0, 3), (-0.5, 0.0, 0), (3.0, 4.0, 7)]
        {
            assert_eq!(math_add(&left.into(), &right.into()), Some(sum.into()), "{left} {right}");
        }
        assert_eq!(math_add(&i32::MAX.into(), &1.into()), None);
        assert_eq!(math_add(&"1".into(), &1.into()), None);
    }

    #[test]
    fn random_numbers_stay_below_their_end() {
        let random =
            |random: f64| math_random(&(-2).into(), &3.into(), None, || random).unwrap().as_i64().unwrap();
        assert_eq!((random(0.0), random(0.999_999_999)), (-2, 2));
        let seeded = |seed: i32| math_random(&0.into(), &1000.into(), Some(&seed.into()), || 0.5);
        assert_eq!(seeded(7), seeded(7));
        assert_ne!(seeded(7), seeded(8));
        assert_eq!(math_random(&1.into(), &1.into(), None, || 0.0), None);
    }
}
