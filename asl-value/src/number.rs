//! Numbers: whole ones exact, others as binary floating point.

use serde_core::ser::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// A JSON number. Whole numbers from -2^63 to 2^64 - 1 are exact; every other number is the nearest 64-bit float.
///
/// Equal numbers are equal however they are kept: `1` equals `1.0`.
///
/// ```
/// # use asl_value as asl_runtime;
/// use asl_runtime::Number;
///
/// let largest = Number::from(u64::MAX);
/// assert_eq!(largest.to_string(), "18446744073709551615");
/// assert!(largest < Number::from_f64(1e20).unwrap());
/// assert_eq!(Number::from(1_i64), Number::from_f64(1.0).unwrap());
/// ```
#[derive(Clone, Copy)]
pub struct Number(Repr);

#[derive(Clone, Copy, Debug)]
enum Repr {
    Int(i64),
    /// Only above `i64::MAX`.
    Uint(u64),
    /// Never infinite, never NaN.
    Float(f64),
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

impl Number {
    /// A floating-point number, unless it is infinite or not a number.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Number;
    ///
    /// assert_eq!(Number::from_f64(0.5).map(|half| half.to_string()).as_deref(), Some("0.5"));
    /// assert_eq!(Number::from_f64(f64::NAN), None);
    /// ```
    #[must_use]
    pub const fn from_f64(value: f64) -> Option<Self> {
        if value.is_finite() { Some(Self(Repr::Float(value))) } else { None }
    }

    /// The value as a whole number, if it is one and fits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Repr::Int(value) => Some(value),
            Repr::Float(value) if value.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(&value) => {
                Some(value as i64)
            }
            Repr::Uint(_) | Repr::Float(_) => None,
        }
    }

    /// The value as a floating-point number, rounded if need be.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the doc comment says so")]
    pub const fn as_f64(self) -> f64 {
        match self.0 {
            Repr::Int(value) => value as f64,
            Repr::Uint(value) => value as f64,
            Repr::Float(value) => value,
        }
    }

    /// Whether the number is kept as a whole number: `1` is, `1.0` is not.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// let numbers = Value::from_json("[1, 1.0]")?;
    /// let kept = numbers.as_array().into_iter().flat_map(|numbers| numbers.iter()).filter_map(Value::as_number);
    /// assert_eq!(kept.map(|number| number.is_integer()).collect::<Vec<_>>(), [true, false]);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    #[must_use]
    pub const fn is_integer(self) -> bool {
        matches!(self.0, Repr::Int(_) | Repr::Uint(_))
    }

    /// The number if it is kept as a whole one above the range of `i64`, where [`as_i64`](Self::as_i64) is `None`.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_large(self) -> Option<u64> {
        if let Repr::Uint(value) = self.0 { Some(value) } else { None }
    }

    fn compare(self, other: Self) -> Ordering {
        match (self.0, other.0) {
            (Repr::Int(a), Repr::Int(b)) => a.cmp(&b),
            (Repr::Uint(a), Repr::Uint(b)) => a.cmp(&b),
            (Repr::Int(_), Repr::Uint(_)) => Ordering::Less,
            (Repr::Uint(_), Repr::Int(_)) => Ordering::Greater,
            (Repr::Float(a), Repr::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Repr::Int(a), Repr::Float(b)) => compare_integer(i128::from(a), self.as_f64(), b),
            (Repr::Uint(a), Repr::Float(b)) => compare_integer(i128::from(a), self.as_f64(), b),
            (Repr::Float(a), Repr::Int(b)) => compare_integer(i128::from(b), other.as_f64(), a).reverse(),
            (Repr::Float(a), Repr::Uint(b)) => compare_integer(i128::from(b), other.as_f64(), a).reverse(),
        }
    }
}

/// Compares without the rounding of a conversion to floating point. Rounding keeps order, so only where the rounded numbers are
/// equal does the exact one have to be looked at.
#[expect(
    clippy::cast_possible_truncation,
    reason = "casts of floats saturate, and no saturated value is a 64-bit integer"
)]
fn compare_integer(integer: i128, rounded: f64, float: f64) -> Ordering {
    match rounded.partial_cmp(&float) {
        Some(Ordering::Equal) | None => integer.cmp(&(float.trunc() as i128)),
        Some(unequal) => unequal,
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(*other)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(i64::try_from(value).map_or(Repr::Uint(value), Repr::Int))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Repr::Int(value) => serializer.serialize_i64(value),
            Repr::Uint(value) => serializer.serialize_u64(value),
            Repr::Float(value) => serializer.serialize_f64(value),
        }
    }
}

impl From<Number> for serde_json::Value {
    fn from(number: Number) -> Self {
        match number.0 {
            Repr::Int(value) => value.into(),
            Repr::Uint(value) => value.into(),
            Repr::Float(value) => value.into(),
        }
    }
}

/// Prints the number as JSON does.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Int(value) => write!(f, "{value}"),
            Repr::Uint(value) => write!(f, "{value}"),
            Repr::Float(value) => f.write_str(&serde_json::to_string(&value).map_err(|_| fmt::Error)?),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(value: f64) -> Number {
        Number::from_f64(value).unwrap()
    }

    #[test]
    fn numbers_compare_by_value_without_rounding() {
        assert_eq!(Number::from(1_i64), float(1.0));
        assert!(Number::from(9_007_199_254_740_993_i64) > float(9_007_199_254_740_992.0));
        assert!(Number::from(u64::MAX) < float(1e300));
        assert!(Number::from(-1_i64) < Number::from(u64::MAX));
        assert!(float(-0.5) < Number::from(0_i64));
        assert!(float(0.5) > Number::from(0_i64));
    }

    #[test]
    fn only_whole_numbers_that_fit_are_integers() {
        assert_eq!(float(2.0).as_i64(), Some(2));
        assert_eq!(float(2.5).as_i64(), None);
        assert_eq!(float(1e19).as_i64(), None);
        assert_eq!(Number::from(u64::MAX).as_i64(), None);
        assert_eq!(Number::from_f64(f64::NAN), None);
    }
}
