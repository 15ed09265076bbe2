//! Values that are written out.

/// A JSON value given in the definition.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Constant>),
    /// An object in the order of the text.
    Object(Vec<(String, Constant)>),
}

/// A JSON number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number that fits.
    Int(i64),
    /// A whole number above the range of [`Number::Int`].
    Uint(u64),
    /// Any other number; finite.
    Float(f64),
}

impl Number {
    /// The same as a whole number, if it is one that fits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within the range")]
    pub fn as_integer(self) -> Option<i64> {
        const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
        match self {
            Self::Int(value) => Some(value),
            Self::Float(value) if value.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(&value) => {
                Some(value as i64)
            }
            Self::Uint(_) | Self::Float(_) => None,
        }
    }
}
