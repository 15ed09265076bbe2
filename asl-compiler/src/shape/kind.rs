//! What the fields that JSONata expressions stand in have to be, and values that can never be that.

use super::{Shape, Values};
use crate::ir::{Number, Timestamp};

/// What a field has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Boolean,
    String,
    /// A point in time, as a string.
    Timestamp,
    /// A number of at least this.
    Number(u64),
}

impl Wanted {
    /// Whether a value may be it.
    pub(super) fn may_be(self, shape: &Shape) -> bool {
        let Some(kinds) = shape.kinds() else { return true };
        if shape.is_never() {
            return true;
        }
        match self {
            Self::Boolean => !kinds.booleans.is_none(),
            Self::String => !kinds.strings.is_none(),
            Self::Timestamp => is_any(&kinds.strings, |text| Timestamp::parse(text).is_some()),
            Self::Number(least) => is_any(&kinds.numbers, |number| is_at_least(*number, least)),
        }
    }

    /// What it is, for messages.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Boolean => "a boolean".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Timestamp => "a timestamp such as `2024-08-18T17:33:00Z`".to_owned(),
            Self::Number(least) => format!("a number of at least {least}"),
        }
    }
}

fn is_any<T>(values: &Values<T>, is: impl Fn(&T) -> bool) -> bool {
    match values {
        Values::Any => true,
        Values::OneOf(values) => values.iter().any(is),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the least number is small")]
const fn is_at_least(number: Number, least: u64) -> bool {
    match number {
        Number::Uint(value) => value >= least,
        Number::Int(value) => value >= 0 && value.unsigned_abs() >= least,
        Number::Float(value) => value >= least as f64,
    }
}
