//! A mocked result against what the action yields by the model of its API.

use asl_compiler::services::{ActionCall, Bounds, Shape, ShapeKind};
use asl_language::resource::Pattern;
use asl_value::Value;
use std::fmt;

/// The first thing that is not as the model says. What the model does not know is not looked at.
pub(super) fn check(result: &Value, resource: &str, is_complete: bool) -> Result<(), Mismatch> {
    let Some(call) = ActionCall::of(resource) else { return Ok(()) };
    let checked = Check { is_complete, is_job: call.pattern() != Pattern::RequestResponse };
    checked.value(result, &call.result(), &Bounds::default(), "result")
}

/// A field of a result that is not as the model says. As a text it is AWS's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    field: String,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Missing,
    /// What it must be.
    OtherType(&'static str),
    /// Which bound it exceeds.
    OutOfBounds(&'static str),
    /// It is not one of the values of an enumeration.
    Unexpected,
}

impl Mismatch {
    fn of(field: &str, how: How) -> Self {
        Self { field: field.to_owned(), how }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match self.how {
            How::Missing => write!(f, "Required field '{field}' is missing"),
            How::OtherType(what) => write!(f, "Field '{field}' must be {what}"),
            How::OutOfBounds(bound) => write!(f, "Field '{field}' {bound}"),
            How::Unexpected => write!(f, "Field '{field}' is not an expected value"),
        }
    }
}

/// How results are checked.
struct Check {
    /// What must be there has to be there.
    is_complete: bool,
    /// It is the end of a job, in which moments may be numbers.
    is_job: bool,
}

impl Check {
    fn value(&self, value: &Value, shape: &Shape, bounds: &Bounds, name: &str) -> Result<(), Mismatch> {
        let must_be = |is_one: bool, what: &'static str| {
            if is_one { Ok(()) } else { Err(Mismatch::of(name, How::OtherType(what))) }
        };
        let (is_text, is_number) = (value.as_str().is_some(), value.as_number().is_some());
        match shape.kind() {
            ShapeKind::Any => Ok(()),
            ShapeKind::String | ShapeKind::Blob => must_be(is_text, "a string"),
            ShapeKind::Enum => {
                must_be(is_text, "a string").and_then(|()| one_of(value, &shape.values(), name))
            }
            ShapeKind::Timestamp => must_be(is_text || self.is_job && is_number, "a string"),
            ShapeKind::Integer | ShapeKind::Number => must_be(is_number, "a number"),
            ShapeKind::Boolean => must_be(value.as_bool().is_some(), "a boolean"),
            ShapeKind::List => match value.as_array() {
                None => must_be(false, "an array"),
                Some(elements) => elements.iter().try_for_each(|element| self.part(element, shape, name)),
            },
            ShapeKind::Map => match value.as_object() {
                None => must_be(false, "an object"),
                Some(fields) => fields.iter().try_for_each(|(key, value)| self.part(value, shape, key)),
            },
            ShapeKind::Structure | ShapeKind::Union => match value.as_object() {
                None => must_be(false, "an object"),
                Some(_) => self.members(value, shape),
            },
        }
        .and_then(|()| within(value, bounds, name))
    }

    fn part(&self, value: &Value, whole: &Shape, name: &str) -> Result<(), Mismatch> {
        let Some(shape) = whole.element() else { return Ok(()) };
        self.value(value, &shape, &whole.element_bounds(), name)
    }

    fn members(&self, value: &Value, shape: &Shape) -> Result<(), Mismatch> {
        let members = shape.members();
        let is_missing = |name: &str| value.get(name).is_none();
        let missing =
            members.iter().find(|member| self.is_complete && member.required && is_missing(&member.name));
        if let Some(member) = missing {
            return Err(Mismatch::of(&member.name, How::Missing));
        }
        for member in members {
            if let Some(value) = value.get(&member.name).filter(|value| !value.is_null()) {
                self.value(value, &member.shape, &shape.member_bounds(&member.name), &member.name)?;
            }
        }
        Ok(())
    }
}

/// A number in its range, or a text or an array in its length.
fn within(value: &Value, bounds: &Bounds, name: &str) -> Result<(), Mismatch> {
    let (measure, less, more) = match value {
        Value::Number(number) => {
            (number.as_f64(), "is less than the minimum value", "exceeds the maximum value")
        }
        Value::String(text) => (count(text.chars().count()), TOO_SHORT, TOO_LONG),
        Value::Array(elements) => (count(elements.len()), TOO_SHORT, TOO_LONG),
        Value::Null | Value::Bool(_) | Value::Object(_) => return Ok(()),
    };
    if bounds.min.is_some_and(|min| measure < min) {
        return Err(Mismatch::of(name, How::OutOfBounds(less)));
    }
    if bounds.max.is_some_and(|max| measure > max) {
        return Err(Mismatch::of(name, How::OutOfBounds(more)));
    }
    one_of(value, &bounds.values, name)
}

const TOO_SHORT: &str = "is smaller than the minimum length";
const TOO_LONG: &str = "exceeds the maximum length";

#[expect(clippy::cast_precision_loss, reason = "no text is as long as 2^53 letters")]
const fn count(length: usize) -> f64 {
    length as f64
}

/// Whether a text is one of those that are known, if any are.
fn one_of(value: &Value, known: &[String], name: &str) -> Result<(), Mismatch> {
    let is_known = known.is_empty() || known.iter().any(|known| Some(known.as_str()) == value.as_str());
    if is_known { Ok(()) } else { Err(Mismatch::of(name, How::Unexpected)) }
}
