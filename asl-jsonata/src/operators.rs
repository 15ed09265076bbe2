//! The operators that calculate, compare and combine.

use crate::data::Data;
use crate::evaluation::Evaluation;
use crate::failure::{Failure, Result};
use crate::function::{Builtin, Function};
use crate::functions::higher_order::compare_texts;
use crate::operand::{Operand, field};
use crate::text::append_text;
use crate::view::{ValueKind, View};
use asl_value::{Text, Value};
use std::cmp::Ordering;

/// A side of an operator: borrowed data, a field of it, or a number or text that has just been computed.
pub trait Side: Copy {
    /// The number that it is, where that is seen at once.
    fn quick_number(self) -> Option<f64>;

    /// The text that it is, where that is seen at once.
    fn quick_text(&self) -> Option<&str>;

    /// What it is, where it takes more to see that.
    fn other(&self) -> Other<'_>;
}

/// A side that is not seen at once. Made of what the side consists of only when it is needed: a loop that lends its sides has to keep them in
/// memory.
#[derive(Clone, Copy, Debug)]
pub enum Other<'a> {
    /// Borrowed data.
    View(View<'a>),
    /// A field of it.
    Field(View<'a>, &'static str),
    /// A number.
    Number(Option<f64>),
    /// A text.
    Text(&'a str),
}

impl<'a> Other<'a> {
    fn operand(self) -> Operand<'a> {
        match self {
            Self::View(view) => Operand::View(view),
            Self::Field(start, name) => field(start, name),
            Self::Number(number) => Operand::Data(Data::from(number)),
            Self::Text(text) => Operand::Data(Data::text(text)),
        }
    }
}

impl Side for Other<'_> {
    #[inline(always)]
    fn quick_number(self) -> Option<f64> {
        match self {
            Self::View(view) => view.quick_number(),
            Self::Field(start, name) => side(start, name).quick_number(),
            Self::Number(number) => number.quick_number(),
            Self::Text(_) => None,
        }
    }

    #[inline(always)]
    fn quick_text(&self) -> Option<&str> {
        match self {
            Self::View(view) => view.as_str(),
            Self::Field(start, name) => side(*start, name).quick()?.as_str(),
            Self::Number(_) => None,
            Self::Text(text) => Some(text),
        }
    }

    #[inline(always)]
    fn other(&self) -> Other<'_> {
        *self
    }
}

impl Side for View<'_> {
    #[inline(always)]
    fn quick_number(self) -> Option<f64> {
        if let View::Value(Value::Number(number)) = self { Some(number.as_f64()) } else { None }
    }

    #[inline(always)]
    fn quick_text(&self) -> Option<&str> {
        self.as_str()
    }

    #[inline(always)]
    fn other(&self) -> Other<'_> {
        Other::View(*self)
    }
}

impl Side for Option<f64> {
    #[inline(always)]
    fn quick_number(self) -> Self {
        self.filter(|number| number.is_finite())
    }

    #[inline(always)]
    fn quick_text(&self) -> Option<&str> {
        None
    }

    #[inline(always)]
    fn other(&self) -> Other<'_> {
        Other::Number(*self)
    }
}

impl Side for &str {
    #[inline(always)]
    fn quick_number(self) -> Option<f64> {
        None
    }

    #[inline(always)]
    fn quick_text(&self) -> Option<&str> {
        Some(self)
    }

    #[inline(always)]
    fn other(&self) -> Other<'_> {
        Other::Text(self)
    }
}

/// `start.name` as a side of an operator: mostly that is a number or text in an object.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    start: View<'a>,
    name: &'static str,
}

/// `start.name` as a side of an operator.
#[must_use]
#[inline]
pub const fn side<'a>(start: View<'a>, name: &'static str) -> Field<'a> {
    Field { start, name }
}

impl<'a> Field<'a> {
    #[inline(always)]
    fn quick(self) -> Option<&'a Value> {
        if let View::Value(Value::Object(object)) = self.start { object.find(self.name) } else { None }
    }
}

impl Side for Field<'_> {
    #[inline(always)]
    fn quick_number(self) -> Option<f64> {
        if let Some(Value::Number(number)) = self.quick() { Some(number.as_f64()) } else { None }
    }

    #[inline(always)]
    fn quick_text(&self) -> Option<&str> {
        self.quick()?.as_str()
    }

    #[inline(always)]
    fn other(&self) -> Other<'_> {
        Other::Field(self.start, self.name)
    }
}

/// The numbers of both sides of a calculation; nothing if one of them is nothing.
#[cold]
fn numbers(left: Other<'_>, right: Other<'_>, operator: &str) -> Result<Option<[f64; 2]>> {
    let left = number(left.operand().view(), "left", "T2001", operator)?;
    let right = number(right.operand().view(), "right", "T2002", operator)?;
    Ok(left.zip(right).map(<[f64; 2]>::from))
}

fn number(side: View<'_>, name: &str, code: &'static str, operator: &str) -> Result<Option<f64>> {
    match side.as_f64() {
        Some(number) if number.is_finite() => Ok(Some(number)),
        Some(number) if number.is_infinite() => Err(Failure::out_of_range()),
        None if side.is_nothing() => Ok(None),
        Some(_) | None => Err(Failure::new(
            code,
            format!("The {name} side of the {operator:?} operator must evaluate to a number"),
        )),
    }
}

macro_rules! arithmetic {
    ($($name:ident, $text:literal, $calculate:expr;)*) => {
        $(
            #[doc = concat!("`left ", $text, " right`")]
            ///
            /// # Errors
            /// A side is something but no number, or infinite.
            #[inline(always)]
            pub fn $name(left: impl Side, right: impl Side) -> Result<Option<f64>> {
                if let (Some(left), Some(right)) = (left.quick_number(), right.quick_number()) {
                    return Ok(Some($calculate(left, right)));
                }
                Ok(numbers(left.other(), right.other(), $text)?.map(|[left, right]| $calculate(left, right)))
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

/// What was computed before the loop that needs it.
///
/// # Errors
/// It failed: that counts only where the loop comes to it.
#[inline(always)]
pub fn known(result: &Result<Option<f64>>) -> Result<Option<f64>> {
    match result {
        Ok(number) => Ok(*number),
        Err(failure) => Err(repeated(failure)),
    }
}

#[cold]
fn repeated(failure: &Failure) -> Failure {
    failure.clone()
}

/// The remainder, which for whole numbers that fit is one instruction where that of floating-point numbers is a loop.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "compared with the originals")]
fn remainder_of(left: f64, right: f64) -> f64 {
    // The remainder of whole numbers is one instruction, that of others the call of a library. Those below 0 are others, because their
    // remainder can be -0.
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
            #[inline(always)]
            pub fn $name(left: impl Side, right: impl Side) -> Result<Option<bool>> {
                if let (Some(left), Some(right)) = (left.quick_number(), right.quick_number()) {
                    return Ok(Some($holds(left.partial_cmp(&right))));
                }
                let ordering = compare(left.other(), right.other(), $text)?;
                Ok(ordering.map(|ordering| $holds(ordering)))
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

#[cold]
fn compare(left: Other<'_>, right: Other<'_>, operator: &str) -> Result<Option<Option<Ordering>>> {
    let (left, right) = (left.operand(), right.operand());
    let (left, right) = (left.view(), right.view());
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return Ok(Some(Some(compare_texts(left, right))));
    }
    if let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) {
        return Ok(Some(left.partial_cmp(&right)));
    }
    let comparable =
        |view: View<'_>| matches!(view.kind(), ValueKind::Nothing | ValueKind::Number | ValueKind::String);
    // The reference looks at this first, so that it is an error beside nothing, too.
    if !comparable(left) || !comparable(right) {
        return Err(Failure::new(
            "T2010",
            format!(
                "The expressions either side of operator {operator:?} must evaluate to numeric or string values"
            ),
        ));
    }
    if left.is_nothing() || right.is_nothing() {
        return Ok(None);
    }
    Err(Failure::new(
        "T2009",
        format!(
            "The values {} and {} either side of operator {operator:?} must be of the same data type",
            Failure::shown(left),
            Failure::shown(right)
        ),
    ))
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
    // In the reference a comparison with nothing does not hold, neither `=` nor `!=`.
    !left.is_nothing() && !right.is_nothing() && !left.equals(right)
}

/// `left = "constant"`
#[must_use]
#[inline]
pub fn equal_text(left: impl Side, right: &str) -> bool {
    match left.quick_text() {
        Some(left) => left == right,
        None => is_text(left.other(), right),
    }
}

/// `left = number`
#[must_use]
#[inline]
pub fn equal_number(left: impl Side, right: Option<f64>) -> bool {
    match (left.quick_number(), right) {
        (Some(left), Some(right)) => left == right,
        (None, Some(right)) => is_number(left.other(), right),
        (_, None) => false,
    }
}

#[cold]
fn is_text(side: Other<'_>, text: &str) -> bool {
    side.operand().view().as_str() == Some(text)
}

#[cold]
fn is_number(side: Other<'_>, number: f64) -> bool {
    side.operand().view().as_f64() == Some(number)
}

/// `left in right`
#[must_use]
pub fn includes(left: View<'_>, right: View<'_>) -> bool {
    match left.kind() {
        ValueKind::Null | ValueKind::Boolean | ValueKind::Number | ValueKind::String => {
            right.elements().any(|element| element.equals(left))
        }
        ValueKind::Object => right.elements().any(|element| is_same_object(left, element)),
        // What is in an array is flattened on its way out of it, so that no other has it.
        ValueKind::Nothing | ValueKind::Array | ValueKind::Function => false,
    }
}

/// Objects are compared by identity: one that has been looked up is in the array that it comes from, an equal one is not.
fn is_same_object(one: View<'_>, other: View<'_>) -> bool {
    match (one, other) {
        (View::Value(Value::Object(one)), View::Value(Value::Object(other))) => {
            // The reference compares by `===`, for which an object is equal to itself alone.
            one.address() == other.address()
        }
        _ => false,
    }
}

/// The longest text that is put together, in bytes: as long as a value may be.
const LONGEST: usize = 320_000_000;

/// `a & b & c`
///
/// # Errors
/// A part is a number that JSON does not have.
pub fn concatenate(parts: &[View<'_>]) -> Result<Text> {
    let mut text = String::new();
    for part in parts {
        append_text(*part, &mut text)?;
        if text.len() > LONGEST {
            return Err(Failure::out_of_memory());
        }
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

/// The operators where they are evaluated once in an expression: what they do is compiled here, and not in each expression.
pub mod once {
    use super::{Other, Result, Side};

    macro_rules! operators {
        ($($name:ident -> $result:ty;)*) => {
            $(
                #[doc = concat!("As [`", stringify!($name), "`](super::", stringify!($name), ").")]
                ///
                /// # Errors
                /// Those of the operator.
                #[inline]
                pub fn $name(left: impl Side, right: impl Side) -> Result<Option<$result>> {
                    fn of(left: Other<'_>, right: Other<'_>) -> Result<Option<$result>> {
                        super::$name(left, right)
                    }
                    of(left.other(), right.other())
                }
            )*
        };
    }

    operators! {
        add -> f64;
        subtract -> f64;
        multiply -> f64;
        divide -> f64;
        remainder -> f64;
        less -> bool;
        less_or_equal -> bool;
        greater -> bool;
        greater_or_equal -> bool;
    }

    /// As [`equal_text`](super::equal_text).
    #[must_use]
    #[inline]
    pub fn equal_text(left: impl Side, right: &str) -> bool {
        fn of(left: Other<'_>, right: &str) -> bool {
            super::equal_text(left, right)
        }
        of(left.other(), right)
    }

    /// As [`equal_number`](super::equal_number).
    #[must_use]
    #[inline]
    pub fn equal_number(left: impl Side, right: Option<f64>) -> bool {
        fn of(left: Other<'_>, right: Option<f64>) -> bool {
            super::equal_number(left, right)
        }
        of(left.other(), right)
    }
}

#[cfg(test)]
mod tests;
