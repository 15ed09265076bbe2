//! Conditions of filters in paths, as the library that AWS uses decides them.
//!
//! In: the sides of a comparison. Out: whether it holds. A literal has no type: it is compared with a number as a number and with a
//! Boolean as a Boolean, and `null` is the text as well as the value. What leads nowhere makes a comparison false, `!=` included.

use crate::generated::miss::{Miss, context, why};
use crate::generated::path::{At, PathStep, along};
use asl_jsonata::Pattern;
use asl_value::{Number, Value};
use std::cmp::Ordering;

/// A side of a comparison.
#[derive(Clone, Debug)]
pub enum Operand<'v> {
    /// A literal, as written without its quotes.
    Literal(&'static str),
    /// A value in the data.
    Found(&'v Value),
    /// An object that a list of names makes.
    Made(Value),
    /// `/../`
    Pattern(&'static Pattern),
}

/// How the sides are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `==`
    Equals,
    /// `!=`
    NotEquals,
    /// `<`
    LessThan,
    /// `<=`
    LessThanEquals,
    /// `>`
    GreaterThan,
    /// `>=`
    GreaterThanEquals,
}

/// A side, or nothing where its path leads nowhere.
pub(super) type Side<'v> = Result<Option<Operand<'v>>, Miss>;

/// The side that a path is.
///
/// # Errors
/// The path asks for an element of something that is not an array.
pub fn operand<'v>(start: impl Into<At<'v>>, steps: &'static [PathStep]) -> Side<'v> {
    operand_at(start.into(), steps)
}

fn operand_at<'v>(start: At<'v>, steps: &'static [PathStep]) -> Side<'v> {
    match along(start, steps) {
        Some(value) => Ok(Some(Operand::Found(value))),
        None => nothing(start, steps).map(|()| None),
    }
}

/// Whether a path leads to a value that is not null, or to none.
///
/// # Errors
/// As [`operand`].
pub fn exists<'v>(start: impl Into<At<'v>>, steps: &'static [PathStep], wanted: bool) -> Result<bool, Miss> {
    exists_at(start.into(), steps, wanted)
}

fn exists_at(start: At<'_>, steps: &'static [PathStep], wanted: bool) -> Result<bool, Miss> {
    match along(start, steps) {
        Some(value) => Ok(value.is_null() != wanted),
        None => nothing(start, steps).map(|()| !wanted),
    }
}

/// A path in a filter leads nowhere, which is not an error unless it cannot be followed at all.
#[cold]
fn nothing(start: At<'_>, steps: &[PathStep]) -> Result<(), Miss> {
    let only_names = steps.iter().all(|step| matches!(step, PathStep::Name(_)));
    match if only_names { None } else { Some(why(start, steps, "")) } {
        Some(miss @ Miss::Invalid(_)) => Err(miss),
        Some(Miss::NotFound(_)) | None => Ok(()),
    }
}

impl<'v> Operand<'v> {
    /// The side that a search yields.
    ///
    /// # Errors
    /// As [`operand`].
    pub fn searched(found: Result<Value, Miss>) -> Side<'v> {
        match found {
            Ok(value) => Ok(Some(Self::Made(value))),
            Err(Miss::NotFound(_)) => Ok(None),
            Err(miss @ Miss::Invalid(_)) => Err(miss),
        }
    }

    /// Whether a search finds a value, or none.
    ///
    /// # Errors
    /// As [`operand`].
    pub fn searched_exists(found: Result<Value, Miss>, wanted: bool) -> Result<bool, Miss> {
        Ok(Self::searched(found)?.is_some() == wanted)
    }

    fn value(&self) -> Option<&Value> {
        match self {
            Self::Found(value) => Some(value),
            Self::Made(value) => Some(value),
            Self::Literal(_) | Self::Pattern(_) => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Found(value) => value.as_str(),
            Self::Made(_) | Self::Pattern(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        self.value().is_some_and(Value::is_null)
    }

    /// Null, or the text `null`.
    fn counts_as_null(&self) -> bool {
        self.is_null() || self.text() == Some("null")
    }
}

/// Whether a comparison holds.
///
/// # Errors
/// A side cannot be followed, or a number is compared with a text that is not one.
pub fn compare(relation: Relation, left: Side<'_>, right: Side<'_>) -> Result<bool, Miss> {
    let Some(left) = left? else { return Ok(false) };
    let Some(right) = right? else { return Ok(false) };
    let is_equality = matches!(relation, Relation::Equals | Relation::NotEquals);
    if !is_equality && left.is_null() != right.is_null() {
        return Ok(false);
    }
    let Some(order) = order(&left, &right)? else { return Ok(false) };
    Ok(match relation {
        Relation::Equals => order.is_eq(),
        Relation::NotEquals => order.is_ne(),
        Relation::LessThan => order.is_lt(),
        Relation::LessThanEquals => order.is_le(),
        Relation::GreaterThan => order.is_gt(),
        Relation::GreaterThanEquals => order.is_ge(),
    })
}

/// How the left side is ordered to the right one; nothing if the two cannot be compared.
fn order(left: &Operand<'_>, right: &Operand<'_>) -> Result<Option<Ordering>, Miss> {
    if let (Operand::Found(left), Operand::Found(right)) = (left, right)
        && std::ptr::eq(*left, *right)
    {
        return Ok(Some(Ordering::Equal));
    }
    match (left.counts_as_null(), right.counts_as_null()) {
        (true, true) => return Ok(Some(Ordering::Equal)),
        (true, false) => return Ok(Some(Ordering::Less)),
        (false, true) => return Ok(Some(Ordering::Greater)),
        (false, false) => {}
    }
    Ok(match (left.text(), right.text()) {
        (Some(left), Some(right)) => Some(compare_texts(left, right)),
        (None, Some(text)) => match left.value() {
            Some(Value::Number(number)) => Some(number.cmp(&as_number(text, *number)?)),
            Some(Value::Bool(value)) => Some(value.cmp(&text.eq_ignore_ascii_case("true"))),
            _ => None,
        },
        (_, None) => match (left.value(), right.value()) {
            (Some(Value::Number(left)), Some(Value::Number(right))) => Some(left.cmp(right)),
            (Some(Value::Bool(left)), Some(Value::Bool(right))) => Some(left.cmp(right)),
            _ => None,
        },
    })
}

/// By UTF-16 code units; on the right side `\'` is a quote.
fn compare_texts(left: &str, right: &str) -> Ordering {
    let right = right.replace("\\'", "'");
    if left.is_ascii() || right.is_ascii() {
        return left.cmp(&right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

/// A text as a decimal number, to compare it with one. The library throws an exception that is not its own where it is none.
fn as_number(text: &str, other: Number) -> Result<Number, Miss> {
    decimal(text).ok_or_else(|| {
        Miss::Invalid(format!("A filter compares the number {other} with '{text}', which is not a number"))
    })
}

fn decimal(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let starts = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let is_decimal = starts(digits) || digits.strip_prefix('.').is_some_and(starts);
    if !is_decimal {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    // Beyond the range of numbers in JSON all are larger than any of these.
    Number::from_f64(text.parse::<f64>().ok()?.clamp(f64::MIN, f64::MAX))
}

/// Whether a text matches a pattern as a whole: `=~`. The pattern may be on either side.
///
/// # Errors
/// A side cannot be followed, there is no pattern, or matching takes too long.
pub fn matches(left: Side<'_>, right: Side<'_>) -> Result<bool, Miss> {
    let Some(left) = left? else { return Ok(false) };
    let Some(right) = right? else { return Ok(false) };
    let (pattern, target) = match (&left, &right) {
        (Operand::Pattern(pattern), target) | (target, Operand::Pattern(pattern)) => (*pattern, target),
        (_, _) => {
            return Err(Miss::Invalid(String::from("A filter uses '=~' without a pattern such as /abc/")));
        }
    };
    let matched = match (target.text(), target.value()) {
        (Some(text), _) => pattern.is_match(text),
        (None, None | Some(Value::Null)) => return Ok(false),
        (None, Some(value)) => pattern.is_match(&context(value)),
    };
    matched.ok_or_else(|| Miss::Invalid(String::from("A pattern in a filter takes too long to match")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(left: &Value, relation: Relation, right: &'static str) -> Result<bool, Miss> {
        compare(relation, Ok(Some(Operand::Found(left))), Ok(Some(Operand::Literal(right))))
    }

    #[test]
    fn a_literal_is_read_as_the_value_is_typed() {
        use Relation::{Equals, GreaterThan, LessThan, NotEquals};
        for (left, relation, right, expected) in [
            (Value::from(1), Equals, "1.0", true),
            (Value::from(10), GreaterThan, "9", true),
            (Value::from("10"), GreaterThan, "9", false),
            (Value::from(0.1), Equals, "0.10", true),
            (Value::from(5), LessThan, "1e400", true),
            (Value::from(true), Equals, "TRUE", true),
            (Value::from(false), Equals, "yes", true),
            (Value::from("it's"), Equals, r"it\'s", true),
            (Value::Null, Equals, "null", true),
            (Value::from("null"), Equals, "null", true),
            (Value::Null, NotEquals, "x", true),
            (Value::Null, LessThan, "x", false),
            (Value::from(vec![Value::from(1)]), NotEquals, "x", false),
        ] {
            assert_eq!(holds(&left, relation, right), Ok(expected), "{left} {relation:?} {right}");
        }
        assert!(holds(&Value::from(1), Equals, "one").is_err());
        assert!(holds(&Value::from(1), Equals, "").is_err());
    }

    #[test]
    fn what_leads_nowhere_is_unequal_to_nothing() {
        let right = || Ok(Some(Operand::Literal("x")));
        assert_eq!(compare(Relation::NotEquals, Ok(None), right()), Ok(false));
        assert_eq!(compare(Relation::NotEquals, right(), Ok(None)), Ok(false));
    }

    #[test]
    fn objects_only_equal_themselves() {
        let (a, b) = (Value::from_json("{}").unwrap(), Value::from_json("{}").unwrap());
        let equal = |left, right| {
            compare(Relation::Equals, Ok(Some(Operand::Found(left))), Ok(Some(Operand::Found(right))))
        };
        assert_eq!(equal(&a, &a), Ok(true));
        assert_eq!(equal(&a, &b), Ok(false));
    }
}
