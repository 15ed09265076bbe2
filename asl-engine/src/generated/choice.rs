//! The comparison operators of Choice states (States Language, "Choice State").
//!
//! A comparison of values of different types does not hold; nothing is ever converted.

use crate::error::Error;
use crate::generated::path::{At, Path, PathStep, along};
use asl_language::timestamp::Timestamp;
use asl_value::{Number, Value};
use std::cmp::Ordering;

/// The value that `Variable` or the `...Path` operand of a rule refers to.
///
/// # Errors
/// `States.Runtime`: there is none. A Choice that is not sure asks `IsPresent` first.
#[inline]
pub fn variable<'v>(start: impl Into<At<'v>>, path: &'static Path) -> Result<&'v Value, Error> {
    variable_at(start.into(), path)
}

fn variable_at<'v>(start: At<'v>, path: &'static Path) -> Result<&'v Value, Error> {
    match path.find(start) {
        Some(value) => Ok(value),
        None => Err(no_variable(path.0)),
    }
}

#[cold]
pub(super) fn no_variable(path: &str) -> Error {
    Error::runtime(format!(
        "Invalid path '{path}': The choice state's condition path references an invalid value."
    ))
}

/// No rule holds and there is no `Default`.
#[must_use]
#[cold]
pub fn no_rule_matched() -> Error {
    Error::runtime("Failed to transition out of the state. The state does not point to a next state.")
}

/// The right-hand side of a comparison, or the left-hand one: a constant, or a value that may have another type.
pub trait Operand<T> {
    /// The value, if it is of the type that is compared.
    fn operand(self) -> Option<T>;
}

impl<'v> Operand<&'v str> for &'v str {
    fn operand(self) -> Option<&'v str> {
        Some(self)
    }
}

impl<'v> Operand<&'v str> for &'v Value {
    fn operand(self) -> Option<&'v str> {
        self.as_str()
    }
}

impl Operand<Number> for i64 {
    fn operand(self) -> Option<Number> {
        Some(self.into())
    }
}

impl Operand<Number> for u64 {
    fn operand(self) -> Option<Number> {
        Some(self.into())
    }
}

impl Operand<Number> for f64 {
    fn operand(self) -> Option<Number> {
        Number::from_f64(self)
    }
}

impl Operand<Number> for &Value {
    #[inline]
    fn operand(self) -> Option<Number> {
        self.as_number()
    }
}

impl Operand<bool> for bool {
    fn operand(self) -> Option<bool> {
        Some(self)
    }
}

impl Operand<bool> for &Value {
    fn operand(self) -> Option<bool> {
        self.as_bool()
    }
}

impl Operand<Timestamp> for Timestamp {
    fn operand(self) -> Option<Timestamp> {
        Some(self)
    }
}

impl Operand<Timestamp> for &Value {
    fn operand(self) -> Option<Timestamp> {
        Timestamp::parse(self.as_str()?)
    }
}

/// Compares two strings by their UTF-16 code units, as AWS does.
#[must_use]
#[inline]
pub fn compare_strings<'v>(left: &'v Value, right: impl Operand<&'v str>) -> Option<Ordering> {
    compare_texts(left, right.operand()?)
}

fn compare_texts(left: &Value, right: &str) -> Option<Ordering> {
    let left = left.as_str()?;
    if left.is_ascii() || right.is_ascii() {
        // UTF-16 and UTF-8 order agree on everything but pairs of non-ASCII characters.
        return Some(left.cmp(right));
    }
    Some(left.encode_utf16().cmp(right.encode_utf16()))
}

/// Whether two strings are equal.
#[must_use]
#[inline]
pub fn equal_strings<'v>(left: &'v Value, right: impl Operand<&'v str>) -> bool {
    right.operand().is_some_and(|right| is_text(left, right))
}

fn is_text(value: &Value, text: &str) -> bool {
    value.as_str() == Some(text)
}

/// Compares two numbers by value, without rounding.
#[must_use]
#[inline]
pub fn compare_numbers(left: &Value, right: impl Operand<Number>) -> Option<Ordering> {
    compare_with(left, right.operand()?)
}

fn compare_with(value: &Value, number: Number) -> Option<Ordering> {
    Some(value.as_number()?.cmp(&number))
}

/// The number that is beside a text, in a table in the order of its texts.
#[must_use]
pub fn rule_for_text(value: &Value, rules: &[(&str, usize)]) -> Option<usize> {
    rule_for(rules, value.as_str()?)
}

/// The number that is beside a number, in a table in the order of its numbers.
#[must_use]
pub fn rule_for_integer(value: &Value, rules: &[(i64, usize)]) -> Option<usize> {
    rule_for(rules, value.as_number()?.as_i64()?)
}

pub(super) fn rule_for<C: Ord + Copy>(rules: &[(C, usize)], case: C) -> Option<usize> {
    let place = rules.binary_search_by_key(&case, |(case, _)| *case).ok()?;
    rules.get(place).map(|(_, rule)| *rule)
}

/// Whether two Booleans are equal.
#[must_use]
#[inline]
pub fn equal_booleans(left: &Value, right: impl Operand<bool>) -> bool {
    right.operand().is_some_and(|right| left.as_bool() == Some(right))
}

/// Compares two timestamps as moments in time.
#[must_use]
#[inline]
pub fn compare_timestamps(left: &Value, right: impl Operand<Timestamp>) -> Option<Ordering> {
    compare_moments(left, right.operand()?)
}

fn compare_moments(value: &Value, moment: Timestamp) -> Option<Ordering> {
    Some(Operand::<Timestamp>::operand(value)?.cmp(&moment))
}

/// A timestamp of the definition.
#[must_use]
pub const fn timestamp(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::new(seconds, nanoseconds)
}

/// `StringMatches`: `parts` are the literal texts between the wildcards. Takes time in proportion to the length of the
/// string times the number of parts.
#[must_use]
pub fn string_matches(value: &Value, parts: &[&str]) -> bool {
    let Some(text) = value.as_str() else { return false };
    let (Some((first, rest)), Some(last)) = (parts.split_first(), parts.last()) else { return false };
    let Some((_, middle)) = rest.split_last() else { return text == *first };
    let Some(mut text) = text.strip_prefix(first).and_then(|text| text.strip_suffix(last)) else {
        return false;
    };
    for part in middle {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    true
}

macro_rules! relations {
    ($($(#[$doc:meta])* $name:ident: $method:ident;)*) => {
        $($(#[$doc])*
        #[must_use]
        #[inline]
        pub const fn $name(comparison: Option<Ordering>) -> bool {
            matches!(comparison, Some(ordering) if ordering.$method())
        })*
    };
}

relations! {
    /// `...Equals`; does not hold between values of different types, like the others.
    is_equal: is_eq;
    /// `...LessThan`
    is_less: is_lt;
    /// `...LessThanEquals`
    is_less_or_equal: is_le;
    /// `...GreaterThan`
    is_greater: is_gt;
    /// `...GreaterThanEquals`
    is_greater_or_equal: is_ge;
}

/// `IsPresent`
#[must_use]
#[inline]
pub fn is_present<'v>(start: impl Into<At<'v>>, steps: &'static [PathStep]) -> bool {
    is_there(start.into(), steps)
}

fn is_there(start: At<'_>, steps: &[PathStep]) -> bool {
    along(start, steps).is_some()
}

/// `IsNull`
#[must_use]
pub const fn is_null(value: &Value) -> bool {
    value.is_null()
}

/// `IsNumeric`
#[must_use]
pub const fn is_numeric(value: &Value) -> bool {
    value.as_number().is_some()
}

/// `IsString`
#[must_use]
pub fn is_string(value: &Value) -> bool {
    value.as_str().is_some()
}

/// `IsBoolean`
#[must_use]
pub const fn is_boolean(value: &Value) -> bool {
    value.as_bool().is_some()
}

/// `IsTimestamp`: a string in the form of a timestamp.
#[must_use]
pub fn is_timestamp(value: &Value) -> bool {
    Operand::<Timestamp>::operand(value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_any_text_and_parts_do_not_overlap() {
        for (text, parts, matches) in [
            ("abc", &["abc"][..], true),
            ("abc", &["ab"], false),
            ("", &["", ""], true),
            ("orders/7/part-1.csv", &["orders/", "/part-", ".csv"], true),
            ("orders/part-.csv", &["orders/", "/part-", ".csv"], false),
            ("aba", &["ab", "ba"], false),
            ("abba", &["ab", "ba"], true),
            ("xayaz", &["x", "a", "a", "z"], true),
            ("xaz", &["x", "a", "a", "z"], false),
        ] {
            assert_eq!(string_matches(&text.into(), parts), matches, "{text} {parts:?}");
        }
        assert!(!string_matches(&Value::from(1), &["", ""]));
    }

    #[test]
    fn nothing_is_converted() {
        assert_eq!(compare_numbers(&"1".into(), 1_i64), None);
        assert_eq!(compare_strings(&1.into(), "1"), None);
        assert!(!equal_booleans(&"true".into(), true));
        assert_eq!(compare_timestamps(&"2024-01-01".into(), timestamp(0, 0)), None);
    }

    #[test]
    fn strings_are_ordered_by_utf_16_code_units() {
        // U+FF5E is one unit, 0xFF5E; U+1F600 starts with the unit 0xD83D.
        assert_eq!(compare_strings(&"\u{ff5e}".into(), "\u{1f600}"), Some(Ordering::Greater));
        assert_eq!(compare_strings(&"b".into(), "a\u{1f600}"), Some(Ordering::Greater));
    }
}
