//! What values are in JSON.

use super::footer::Element;
use super::schema::Physical;
use super::values::Raw;
use super::{damaged, unsupported};
use crate::map_run::error::MapRunError;
use asl_language::timestamp::Timestamp;
use asl_value::{Number, Object, Text, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How many digits a decimal number may have: as many as 256 bits hold.
const DIGITS: i64 = 76;
/// How many digits a number of JSON with a fraction keeps, and a whole one.
const DIGITS_OF_FRACTION: i64 = 15;
const DIGITS_OF_WHOLE: i64 = 18;
const DAY: i64 = 86_400;
/// The Julian day of 1970-01-01.
const JULIAN: i64 = 2_440_588;

/// What the values of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What it is stored as: a truth value, a number, or bytes.
    Itself,
    Unsigned32,
    Unsigned64,
    Half,
    Text,
    Uuid,
    Decimal {
        scale: usize,
        is_number: bool,
    },
    Date,
    /// So many in a second.
    Time(i64),
    Timestamp(i64),
    /// The timestamp of old, of twelve bytes.
    Int96,
    Interval,
}

impl Meaning {
    pub(super) fn new(physical: Physical, element: &Element) -> Result<Self, MapRunError> {
        let logical = element.logical.unwrap_or_default();
        let unit = match logical.unit {
            1 => 1_000,
            2 => 1_000_000,
            _ => 1_000_000_000,
        };
        Ok(match (physical, logical.number, element.converted) {
            (Physical::Int96, ..) => Self::Int96,
            (Physical::Bytes, 1 | 4 | 12, _) | (Physical::Bytes, 0, Some(0 | 4 | 19)) => Self::Text,
            (Physical::Boolean | Physical::Float | Physical::Double, ..) => Self::Itself,
            (_, 5, _) => Self::decimal(logical.scale, logical.precision)?,
            (_, 0, Some(5)) => Self::decimal(element.scale, element.precision)?,
            (Physical::Fixed(16), 14, _) => Self::Uuid,
            (Physical::Fixed(2), 15, _) => Self::Half,
            (Physical::Fixed(12), 0, Some(21)) => Self::Interval,
            (Physical::Bytes | Physical::Fixed(_), ..) => Self::Itself,
            (Physical::Int32, 6, _) | (Physical::Int32, 0, Some(6)) => Self::Date,
            (_, 7, _) => Self::Time(unit),
            (_, 8, _) => Self::Timestamp(unit),
            (_, 0, Some(7)) => Self::Time(1_000),
            (_, 0, Some(8)) => Self::Time(1_000_000),
            (_, 0, Some(9)) => Self::Timestamp(1_000),
            (_, 0, Some(10)) => Self::Timestamp(1_000_000),
            (Physical::Int32, 10, _) if !logical.is_signed => Self::Unsigned32,
            (Physical::Int64, 10, _) if !logical.is_signed => Self::Unsigned64,
            (Physical::Int32, 0, Some(11..=13)) => Self::Unsigned32,
            (Physical::Int64, 0, Some(14)) => Self::Unsigned64,
            (Physical::Int32 | Physical::Int64, ..) => Self::Itself,
        })
    }

    fn decimal(scale: i64, precision: i64) -> Result<Self, MapRunError> {
        let place =
            usize::try_from(scale).ok().filter(|_| (1..=DIGITS).contains(&precision) && scale <= precision);
        let Some(scale) = place else {
            let why = format!("a decimal column has {precision} digits, {scale} of them after the point");
            return Err(unsupported(&why));
        };
        let most = if scale == 0 { DIGITS_OF_WHOLE } else { DIGITS_OF_FRACTION };
        Ok(Self::Decimal { scale, is_number: precision <= most })
    }

    pub(super) fn value(self, raw: Raw<'_>) -> Result<Value, MapRunError> {
        match raw {
            Raw::Boolean(value) => Ok(value.into()),
            Raw::Float(value) => Ok(number(shortest(value))),
            Raw::Double(value) => Ok(number(value)),
            Raw::Integer(value) => self.of_integer(value),
            Raw::Bytes(bytes) => self.of_bytes(bytes),
        }
    }

    fn of_integer(self, value: i64) -> Result<Value, MapRunError> {
        Ok(match self {
            Self::Unsigned32 => (value & i64::from(u32::MAX)).into(),
            Self::Unsigned64 => Number::from(value.cast_unsigned()).into(),
            Self::Decimal { scale, is_number } => {
                decimal(value < 0, &value.unsigned_abs().to_string(), scale, is_number)?
            }
            Self::Date => Value::String(date(value)),
            Self::Time(unit) => Value::String(time(value, unit)),
            Self::Timestamp(unit) => value.div_euclid(unit / 1_000).into(),
            Self::Itself | Self::Half | Self::Text | Self::Uuid | Self::Int96 | Self::Interval => {
                value.into()
            }
        })
    }

    fn of_bytes(self, bytes: &[u8]) -> Result<Value, MapRunError> {
        Ok(match self {
            Self::Text => {
                let text = str::from_utf8(bytes).map_err(|_| damaged("a text is not UTF-8"))?;
                Value::String(Text::from(text))
            }
            Self::Uuid => Value::String(uuid(bytes)),
            Self::Half => number(half(bytes.first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes)))),
            Self::Decimal { scale, is_number } => {
                let (is_negative, digits) = digits(bytes)?;
                decimal(is_negative, &digits, scale, is_number)?
            }
            Self::Int96 => int96(bytes).ok_or_else(|| damaged("a timestamp is cut off"))?,
            Self::Interval => interval(bytes).ok_or_else(|| damaged("an interval is cut off"))?,
            Self::Itself
            | Self::Unsigned32
            | Self::Unsigned64
            | Self::Date
            | Self::Time(_)
            | Self::Timestamp(_) => Value::String(Text::from(STANDARD.encode(bytes))),
        })
    }
}

/// How much of the text of an item a value counts as.
pub(super) const fn length(raw: Raw<'_>) -> usize {
    match raw {
        Raw::Bytes(bytes) => bytes.len(),
        Raw::Boolean(_) | Raw::Integer(_) | Raw::Float(_) | Raw::Double(_) => 8,
    }
}

/// JSON has no number for what is none or has no end.
fn number(value: f64) -> Value {
    let text = || match value {
        value if value.is_nan() => "NaN",
        value if value > 0.0 => "Infinity",
        _ => "-Infinity",
    };
    Number::from_f64(value).map_or_else(|| Value::String(Text::new_static(text())), Value::Number)
}

/// The number that people would write: 0.1, and not 0.10000000149011612.
fn shortest(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}

fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let value = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction / 1024.0 + 1.0) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -value } else { value }
}

/// The digits of a whole number, whose bytes come with the highest first.
fn digits(bytes: &[u8]) -> Result<(bool, String), MapRunError> {
    let is_negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    if bytes.len() > 32 {
        return Err(unsupported("a decimal number has more than 32 bytes"));
    }
    let mut rest = bytes.to_vec();
    if is_negative {
        let mut carry = true;
        for byte in rest.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
        // The smallest number is its own opposite, which is right without a sign.
    }
    let mut digits = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let mut remainder = 0;
        for byte in &mut rest {
            let value = remainder << 8 | u16::from(*byte);
            (*byte, remainder) = (u8::try_from(value / 10).unwrap_or_default(), value % 10);
        }
        digits.push(b'0' + u8::try_from(remainder).unwrap_or_default());
    }
    digits.reverse();
    Ok((is_negative, digits.into_iter().map(char::from).collect()))
}

/// A decimal number: so many of its digits are after the point.
fn decimal(is_negative: bool, digits: &str, scale: usize, is_number: bool) -> Result<Value, MapRunError> {
    let digits = format!("{digits:0>least$}", least = scale + 1);
    let Some((whole, fraction)) = digits.split_at_checked(digits.len() - scale) else {
        return Err(damaged("a decimal number has no digits"));
    };
    let sign = if is_negative { "-" } else { "" };
    let point = if scale == 0 { "" } else { "." };
    let text = format!("{sign}{whole}{point}{fraction}");
    if !is_number {
        return Ok(Value::String(text.into()));
    }
    let number = match scale {
        0 => text.parse::<i64>().ok().map(Value::from),
        _ => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
    };
    // It may have more digits than the column says.
    Ok(number.unwrap_or_else(|| Value::String(text.into())))
}

/// `2024-01-31`
fn date(days: i64) -> Text {
    let moment = Timestamp::new(days.saturating_mul(DAY), 0).to_string();
    Text::from(moment.split_once('T').map_or(moment.as_str(), |(date, _)| date))
}

/// `23:59:59.125`, with as many digits as the unit has.
fn time(value: i64, unit: i64) -> Text {
    let (seconds, fraction) = (value.div_euclid(unit), value.rem_euclid(unit));
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let digits = match unit {
        1_000 => 3,
        1_000_000 => 6,
        _ => 9,
    };
    Text::from(format!("{hours:02}:{minutes:02}:{seconds:02}.{fraction:0digits$}"))
}

/// Nanoseconds of a day, and the day.
fn int96(bytes: &[u8]) -> Option<Value> {
    let (nanoseconds, day) = bytes.split_first_chunk::<8>()?;
    let (nanoseconds, day) = (i64::from_le_bytes(*nanoseconds), u32::from_le_bytes(*day.first_chunk()?));
    let milliseconds = (i64::from(day) - JULIAN) * DAY * 1_000;
    Some(milliseconds.checked_add(nanoseconds.div_euclid(1_000_000))?.into())
}

fn interval(bytes: &[u8]) -> Option<Value> {
    let mut numbers = bytes.as_chunks::<4>().0.iter().map(|bytes| i64::from(u32::from_le_bytes(*bytes)));
    let fields = [("months", numbers.next()?), ("days", numbers.next()?), ("milliseconds", numbers.next()?)];
    Some(Value::Object(fields.into_iter().collect::<Object>()))
}

fn uuid(bytes: &[u8]) -> Text {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Text::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(meaning: Meaning, raw: Raw<'_>) -> String {
        meaning.value(raw).unwrap().to_string()
    }

    #[test]
    fn decimals_are_numbers_as_long_as_nothing_is_lost() {
        for (scale, precision, value, expected) in [
            (2, 9, 1250, "12.5"),
            (2, 9, -5, "-0.05"),
            (0, 18, 999_999_999_999_999_999, "999999999999999999"),
            (2, 16, 1250, "\"12.50\""),
            (3, 3, 7, "0.007"),
        ] {
            let meaning = Meaning::decimal(scale, precision).unwrap();
            assert_eq!(shown(meaning, Raw::Integer(value)), expected);
        }
        let meaning = Meaning::decimal(2, 38).unwrap();
        assert_eq!(shown(meaning, Raw::Bytes(&[0x80, 0, 0])), "\"-83886.08\"");
        assert_eq!(shown(meaning, Raw::Bytes(&[0xff])), "\"-0.01\"");
        assert_eq!(shown(meaning, Raw::Bytes(&[])), "\"0.00\"");
        assert!(Meaning::decimal(-1, 3).is_err() && Meaning::decimal(2, i64::MAX).is_err());
    }

    #[test]
    fn moments_are_milliseconds_and_dates_are_texts() {
        assert_eq!(shown(Meaning::Timestamp(1_000_000), Raw::Integer(-1)), "-1");
        assert_eq!(shown(Meaning::Timestamp(1_000_000_000), Raw::Integer(1_999_999)), "1");
        assert_eq!(shown(Meaning::Date, Raw::Integer(19_753)), "\"2024-01-31\"");
        assert_eq!(shown(Meaning::Time(1_000), Raw::Integer(86_399_125)), "\"23:59:59.125\"");
        let day = [&(3_600_000_000_001_i64).to_le_bytes()[..], &2_440_589_u32.to_le_bytes()].concat();
        assert_eq!(shown(Meaning::Int96, Raw::Bytes(&day)), "90000000");
    }

    #[test]
    fn numbers_of_few_bits_are_as_people_write_them() {
        assert_eq!(shown(Meaning::Itself, Raw::Float(0.1)), "0.1");
        assert_eq!(shown(Meaning::Itself, Raw::Double(f64::NEG_INFINITY)), "\"-Infinity\"");
        assert_eq!(shown(Meaning::Unsigned32, Raw::Integer(-1)), "4294967295");
        assert_eq!(shown(Meaning::Unsigned64, Raw::Integer(-1)), "18446744073709551615");
        for (bits, expected) in
            [(0x3c00, "1"), (0xc000, "-2"), (0x0001, "5.960464477539063e-8"), (0x7c00, "\"Infinity\"")]
        {
            let shown = shown(Meaning::Half, Raw::Bytes(&u16::to_le_bytes(bits)));
            let number = |text: &str| text.parse::<f64>();
            assert!(shown == expected || number(&shown) == number(expected), "{shown}, not {expected}");
        }
    }
}
