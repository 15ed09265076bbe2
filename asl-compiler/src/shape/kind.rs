//! What fields have to be whose value is looked up or computed, and values that can never be that.

use super::{Shape, Values};
use crate::vocabulary::{Number, Timestamp};
use asl_language::limits::MAX_SECONDS;

/// What a field has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Boolean,
    String,
    /// A point in time, as a string.
    Timestamp,
    Number(Range),
}

/// Which numbers a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    least: u64,
    most: u64,
    is_whole: bool,
    /// A number in a string will do.
    takes_texts: bool,
}

impl Range {
    /// `TimeoutSeconds` and `HeartbeatSeconds`
    pub(super) const TIMEOUT: Self = Self { least: 1, most: MAX_SECONDS, is_whole: true, takes_texts: false };
    /// Any number that is not negative.
    pub(super) const COUNT: Self = Self { least: 0, most: u64::MAX, is_whole: false, takes_texts: false };
    /// How many or how much a batch holds.
    pub(super) const LIMIT: Self = Self { least: 1, ..Self::COUNT };
    /// `ToleratedFailurePercentage`
    pub(super) const PERCENTAGE: Self = Self { most: 100, ..Self::COUNT };

    /// The same without fractions.
    pub(super) const fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// The same for a path, which may lead to a number in a string.
    pub(super) const fn or_text(self) -> Self {
        Self { takes_texts: true, ..self }
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 the last digits do not matter")]
    fn has(self, number: f64) -> bool {
        let is_whole = !self.is_whole || number.fract() == 0.0;
        is_whole && number >= self.least as f64 && number <= self.most as f64
    }
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
            Self::Number(range) => {
                let is_text = |text: &std::sync::Arc<str>| text.parse().is_ok_and(|number| range.has(number));
                is_any(&kinds.numbers, |number| range.has(to_float(*number)))
                    || (range.takes_texts && is_any(&kinds.strings, is_text))
            }
        }
    }

    /// What it is, for messages.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Boolean => "a boolean".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Timestamp => "a timestamp such as `2024-08-18T17:33:00Z`".to_owned(),
            Self::Number(Range { least, most, is_whole, .. }) => {
                let what = if is_whole { "a whole number" } else { "a number" };
                if most < u64::MAX {
                    format!("{what} from {least} to {most}")
                } else {
                    format!("{what} of at least {least}")
                }
            }
        }
    }
}

fn is_any<T>(values: &Values<T>, is: impl Fn(&T) -> bool) -> bool {
    match values {
        Values::Any => true,
        Values::OneOf(values) => values.iter().any(is),
    }
}

#[expect(clippy::cast_precision_loss, reason = "beyond 2^53 the last digits do not matter")]
const fn to_float(number: Number) -> f64 {
    match number {
        Number::Uint(value) => value as f64,
        Number::Int(value) => value as f64,
        Number::Float(value) => value,
    }
}
