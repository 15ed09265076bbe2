//! The operators that calculate, compare and combine.

use super::data::Data;
use super::evaluation::Evaluation;
use super::failure::{Failure, Result};
use super::function::{Builtin, Function};
use super::functions::higher_order::compare_texts;
use super::text::append_text;
use super::view::{Kind, View};
use crate::value::{Text, Value};
use std::cmp::Ordering;

/// A side of an operator: data that stands somewhere, or a number or text that has just been computed.
pub trait Side: Copy {
    /// The number; nothing if it is nothing.
    ///
    /// # Errors
    /// It is no number, which `code` is for, or infinite.
    fn number(self, code: &'static str, operator: &str) -> Result<Option<f64>>;

    /// As it is compared.
    fn compared(&self) -> Compared<'_>;
}

/// What can be compared for order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Compared<'a> {
    /// Nothing.
    Nothing,
    /// A number.
    Number(f64),
    /// A string.
    Text(&'a str),
    /// What has no order.
    Other,
}

impl Side for View<'_> {
    #[inline]
    fn number(self, code: &'static str, operator: &str) -> Result<Option<f64>> {
        match self {
            View::Value(Value::Number(number)) => Ok(Some(number.as_f64())),
            View::Nothing => Ok(None),
            View::Value(_) | View::Data(_) => not_a_number(self.as_f64(), code, operator),
        }
    }

    #[inline]
    fn compared(&self) -> Compared<'_> {
        match self {
            View::Nothing => Compared::Nothing,
            View::Value(Value::Number(number)) => Compared::Number(number.as_f64()),
            View::Value(Value::String(text)) => Compared::Text(text),
            View::Data(Data::Unbounded(number)) => Compared::Number(*number),
            View::Value(_) | View::Data(_) => Compared::Other,
        }
    }
}

impl Side for Option<f64> {
    #[inline]
    fn number(self, code: &'static str, operator: &str) -> Result<Self> {
        match self {
            Some(number) if !number.is_finite() => not_a_number(self, code, operator),
            Some(_) | None => Ok(self),
        }
    }

    #[inline]
    fn compared(&self) -> Compared<'_> {
        self.map_or(Compared::Nothing, Compared::Number)
    }
}

impl Side for &str {
    fn number(self, code: &'static str, operator: &str) -> Result<Option<f64>> {
        not_a_number(None, code, operator)
    }

    #[inline]
    fn compared(&self) -> Compared<'_> {
        Compared::Text(self)
    }
}

#[cold]
fn not_a_number(number: Option<f64>, code: &'static str, operator: &str) -> Result<Option<f64>> {
    let side = match (number, code) {
        (Some(number), _) if number.is_infinite() => return Err(Failure::out_of_range()),
        (_, "T2001") => "left",
        _ => "right",
    };
    Err(Failure::new(code, format!("The {side} side of the {operator:?} operator must evaluate to a number")))
}

macro_rules! arithmetic {
    ($($name:ident, $text:literal, $calculate:expr;)*) => {
        $(
            #[doc = concat!("`left ", $text, " right`")]
            ///
            /// # Errors
            /// A side is something but no number, or infinite.
            #[inline]
            pub fn $name(left: impl Side, right: impl Side) -> Result<Option<f64>> {
                let (left, right) = (left.number("T2001", $text)?, right.number("T2002", $text)?);
                Ok(if let (Some(left), Some(right)) = (left, right) { Some($calculate(left, right)) } else { None })
            }
        )*
    };
}

arithmetic! {
    add, "+", |left: f64, right: f64| left + right;
    subtract, "-", |left: f64, right: f64| left - right;
    multiply, "*", |left: f64, right: f64| left * right;
    divide, "/", |left: f64, right: f64| left / right;
    remainder, "%", remainder_of;
}

/// The remainder, which for whole numbers that fit is one instruction where that of floating-point numbers is a loop.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "compared with the originals")]
fn remainder_of(left: f64, right: f64) -> f64 {
    let (whole_left, whole_right) = (left as i32, right as i32);
    if whole_left >= 0 && whole_right > 0 && f64::from(whole_left) == left && f64::from(whole_right) == right
    {
        return f64::from(whole_left % whole_right);
    }
    left % right
}

/// `-x`
///
/// # Errors
/// It is something but no number.
pub fn negate(operand: View<'_>) -> Result<Option<f64>> {
    match (operand, operand.as_f64()) {
        (View::Nothing, _) => Ok(None),
        (_, Some(number)) if number.is_infinite() => Err(Failure::out_of_range()),
        (_, Some(number)) if !number.is_nan() => Ok(Some(-number)),
        _ => Err(Failure::new(
            "D1002",
            format!("Cannot negate a non-numeric value: {}", Failure::shown(operand)),
        )),
    }
}

macro_rules! comparisons {
    ($($name:ident, $text:literal, $holds:expr;)*) => {
        $(
            #[doc = concat!("`left ", $text, " right`; nothing if a side is nothing.")]
            ///
            /// # Errors
            /// The sides are neither two numbers nor two strings.
            #[inline]
            pub fn $name(left: impl Side, right: impl Side) -> Result<Option<bool>> {
                if let (Compared::Number(left), Compared::Number(right)) = (left.compared(), right.compared()) {
                    return Ok(Some($holds(left.partial_cmp(&right))));
                }
                Ok(compare(left.compared(), right.compared(), $text)?.map(|ordering| $holds(Some(ordering))))
            }
        )*
    };
}

comparisons! {
    less, "<", |ordering| matches!(ordering, Some(Ordering::Less));
    less_or_equal, "<=", |ordering| matches!(ordering, Some(Ordering::Less | Ordering::Equal));
    greater, ">", |ordering| matches!(ordering, Some(Ordering::Greater));
    greater_or_equal, ">=", |ordering| matches!(ordering, Some(Ordering::Greater | Ordering::Equal));
}

fn compare(left: Compared<'_>, right: Compared<'_>, operator: &str) -> Result<Option<Ordering>> {
    match (left, right) {
        (Compared::Other, _) | (_, Compared::Other) => Err(Failure::new(
            "T2010",
            format!(
                "The expressions either side of operator {operator:?} must evaluate to numeric or string values"
            ),
        )),
        (Compared::Nothing, _) | (_, Compared::Nothing) => Ok(None),
        (Compared::Text(left), Compared::Text(right)) => Ok(Some(compare_texts(left, right))),
        (Compared::Number(left), Compared::Number(right)) => Ok(left.partial_cmp(&right)),
        (left, right) => Err(Failure::new(
            "T2009",
            format!(
                "The values {} and {} either side of operator {operator:?} must be of the same data type",
                shown(left),
                shown(right)
            ),
        )),
    }
}

fn shown(side: Compared<'_>) -> String {
    match side {
        Compared::Number(number) => Failure::shown(Data::number(number).view()),
        Compared::Text(text) => Failure::shown(Data::text(text).view()),
        Compared::Nothing | Compared::Other => String::new(),
    }
}

/// `left = right`; nothing equals nothing else, not even nothing.
#[must_use]
#[inline]
pub fn equal(left: View<'_>, right: View<'_>) -> bool {
    left.equals(right)
}

/// `left != right`, which does not hold either where a side is nothing.
#[must_use]
#[inline]
pub fn not_equal(left: View<'_>, right: View<'_>) -> bool {
    !left.is_nothing() && !right.is_nothing() && !left.equals(right)
}

/// `left = "constant"`
#[must_use]
#[inline]
pub fn equal_text(left: View<'_>, right: &str) -> bool {
    left.as_str() == Some(right)
}

/// `left = number`
#[must_use]
#[inline]
pub fn equal_number(left: impl Side, right: Option<f64>) -> bool {
    matches!((left.compared(), right), (Compared::Number(left), Some(right)) if left == right)
}

/// `left in right`
#[must_use]
pub fn includes(left: View<'_>, right: View<'_>) -> bool {
    // Arrays and objects are in no array: they are compared by identity.
    let scalar = matches!(left.kind(), Kind::Null | Kind::Boolean | Kind::Number | Kind::String);
    scalar && right.elements().any(|element| element.equals(left))
}

/// `a & b & c`
///
/// # Errors
/// A part is a number that JSON does not have.
pub fn concatenate(parts: &[View<'_>]) -> Result<Text> {
    let mut text = String::new();
    for part in parts {
        append_text(*part, &mut text)?;
    }
    Ok(text.into())
}

/// The most elements that the language allows a range.
const RANGE: f64 = 1e7;

/// `left..right`, a sequence.
///
/// # Errors
/// A side is something but no whole number, or there are too many elements.
pub fn range(evaluation: &Evaluation<'_>, left: View<'_>, right: View<'_>) -> Result<Data> {
    let (left, right) = (range_side(left, "left", "T2003")?, range_side(right, "right", "T2004")?);
    let (Some(left), Some(right)) = (left, right) else { return Ok(Data::Nothing) };
    let size = right - left + 1.0;
    if size < 1.0 {
        return Ok(Data::Nothing);
    }
    if size > RANGE {
        let text = format!(
            "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate {}.",
            Failure::shown(Data::number(size).view())
        );
        return Err(Failure::new("D2014", text));
    }
    if evaluation.limits().range.is_some_and(|most| size > f64::from(most)) {
        return Err(Failure::out_of_memory());
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers, at most ten million apart")]
    let elements = match left.abs() + right.abs() <= 9_007_199_254_740_992.0 {
        true => (left as i64..=right as i64).map(Value::from).collect(),
        false => std::iter::successors(Some(left), |number| Some(number + 1.0))
            .take(size as usize)
            .filter_map(|number| Data::number(number).into_json())
            .collect(),
    };
    Ok(Data::sequence(elements))
}

fn range_side(side: View<'_>, name: &str, code: &'static str) -> Result<Option<f64>> {
    match side.as_f64() {
        Some(number) if number.fract() == 0.0 => Ok(Some(number)),
        None if side.is_nothing() => Ok(None),
        Some(_) | None => Err(Failure::new(
            code,
            format!("The {name} side of the range operator (..) must evaluate to an integer"),
        )),
    }
}

/// A string that is written in an expression.
#[must_use]
#[inline]
pub fn constant(text: &'static str) -> Data {
    Data::Value(Value::String(Text::new_static(text)))
}

/// `null`
#[must_use]
pub const fn null() -> Data {
    Data::Value(Value::Null)
}

/// `$string(value)`
///
/// # Errors
/// It is, or holds, a number that JSON does not have.
pub fn string(value: View<'_>) -> Result<Data> {
    match value {
        View::Nothing => Ok(Data::Nothing),
        View::Value(Value::String(_)) => Ok(value.to_data()),
        View::Value(_) | View::Data(_) => concatenate(&[value]).map(Data::text),
    }
}

/// `$not(value)`
#[must_use]
#[inline]
pub fn not(value: View<'_>) -> Option<bool> {
    value.truth().map(|truth| !truth)
}

/// A variable from outside, or else the built-in function of its name.
#[must_use]
pub fn or_builtin(variable: View<'_>, builtin: &'static Builtin) -> Data {
    if variable.is_nothing() { Data::Function(Function::builtin(builtin)) } else { variable.to_data() }
}

/// The length of an array as a number.
#[must_use]
#[inline]
#[expect(clippy::cast_precision_loss, reason = "no array is that long")]
pub const fn length(count: usize) -> f64 {
    count as f64
}
