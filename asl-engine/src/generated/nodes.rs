//! Indefinite paths: the ones that lead to any number of values.
//!
//! `$.lines[*].sku` becomes `nodes(at(data).name("lines")).wildcard().name("sku").array()`. What a step cannot be applied to is
//! passed over, and the value of the path is the array of what is left, which may be empty (recorded from AWS).

use crate::generated::path::At;
use asl_value::{Number, Value};
use std::cmp::Ordering;

/// The values that a path has led to so far.
#[derive(Clone, Debug)]
pub struct Nodes<'v>(Vec<&'v Value>);

/// The start of the indefinite rest of a path.
#[inline]
pub fn nodes<'v>(start: impl Into<At<'v>>) -> Nodes<'v> {
    Nodes(start.into().get().into_iter().collect())
}

impl<'v> Nodes<'v> {
    /// `.name`
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        self.map(|value| value.get(name))
    }

    /// `['a','b']`
    #[must_use]
    pub fn names(self, names: &[&str]) -> Self {
        self.flat_map(|value, found| found.extend(names.iter().filter_map(|name| value.get(name))))
    }

    /// `[index]`; negative counts from the end.
    #[must_use]
    pub fn index(self, index: i64) -> Self {
        self.map(|value| At::from(value).index(index).get())
    }

    /// `[0,2]`
    #[must_use]
    pub fn indexes(self, indexes: &[i64]) -> Self {
        self.flat_map(|value, found| {
            found.extend(indexes.iter().filter_map(|index| At::from(value).index(*index).get()))
        })
    }

    /// `[start:end]`, or `[start:end:step]`; negative numbers count from the end.
    #[must_use]
    pub fn slice(self, start: Option<i64>, end: Option<i64>, step: usize) -> Self {
        self.flat_map(|value, found| {
            let Some(array) = value.as_array() else { return };
            let bound = |bound: i64| {
                let magnitude = usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX);
                if bound < 0 { array.len().saturating_sub(magnitude) } else { magnitude.min(array.len()) }
            };
            let (start, end) = (start.map_or(0, bound), end.map_or(array.len(), bound));
            found.extend(array.get(start..end).unwrap_or_default().iter().step_by(step.max(1)));
        })
    }

    /// `.*` or `[*]`
    #[must_use]
    pub fn wildcard(self) -> Self {
        self.flat_map(|value, found| children(value, |child| found.push(child)))
    }

    /// The second dot of `..`: each value and everything in it. Takes time in proportion to the size of the values.
    #[must_use]
    pub fn descendants(self) -> Self {
        self.flat_map(|value, found| {
            // The next value to look at is on top, so children are pushed in reverse order.
            let mut open = vec![value];
            while let Some(value) = open.pop() {
                found.push(value);
                let first = open.len();
                children(value, |child| open.push(child));
                if let Some(pushed) = open.get_mut(first..) {
                    pushed.reverse();
                }
            }
        })
    }

    /// `[?(...)]`: of an array the elements for which the condition holds; an object is tested itself.
    #[must_use]
    pub fn filter(self, holds: impl Fn(&'v Value) -> bool) -> Self {
        self.flat_map(|value, found| match value {
            Value::Array(array) => found.extend(array.iter().filter(|element| holds(element))),
            Value::Object(_) => found.extend(Some(value).filter(|value| holds(value))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        })
    }

    /// The value of the path.
    #[must_use]
    pub fn array(self) -> Value {
        self.0.into_iter().cloned().collect::<Vec<_>>().into()
    }

    fn map(self, step: impl Fn(&'v Value) -> Option<&'v Value>) -> Self {
        Self(self.0.into_iter().filter_map(step).collect())
    }

    fn flat_map(self, step: impl Fn(&'v Value, &mut Vec<&'v Value>)) -> Self {
        let mut found = Vec::new();
        self.0.into_iter().for_each(|value| step(value, &mut found));
        Self(found)
    }
}

fn children<'v>(value: &'v Value, visit: impl FnMut(&'v Value)) {
    match value {
        Value::Array(array) => array.iter().for_each(visit),
        Value::Object(object) => object.iter().map(|(_, value)| value).for_each(visit),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A side of a comparison in a filter: a literal, or what a path leads to.
pub trait Side {
    /// The value, if there is one.
    fn side(&self) -> Option<Scalar<'_>>;
}

/// A value as filters compare it.
#[derive(Clone, Copy, Debug)]
pub enum Scalar<'v> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(&'v str),
    /// An array or an object.
    Other(&'v Value),
}

impl Side for At<'_> {
    fn side(&self) -> Option<Scalar<'_>> {
        Some(match self.get()? {
            Value::Null => Scalar::Null,
            Value::Bool(value) => Scalar::Bool(*value),
            Value::Number(value) => Scalar::Number(*value),
            Value::String(value) => Scalar::String(value),
            value @ (Value::Array(_) | Value::Object(_)) => Scalar::Other(value),
        })
    }
}

impl Side for Value {
    fn side(&self) -> Option<Scalar<'_>> {
        // A literal is a place too, one that is always there.
        Some(match self {
            Self::Null => Scalar::Null,
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Number(value) => Scalar::Number(*value),
            Self::String(value) => Scalar::String(value),
            Self::Array(_) | Self::Object(_) => Scalar::Other(self),
        })
    }
}

/// `==`; two sides that are both missing are equal.
pub fn filter_equal(left: &impl Side, right: &impl Side) -> bool {
    match (left.side(), right.side()) {
        (None, None) | (Some(Scalar::Null), Some(Scalar::Null)) => true,
        (Some(Scalar::Bool(left)), Some(Scalar::Bool(right))) => left == right,
        (Some(Scalar::Number(left)), Some(Scalar::Number(right))) => left == right,
        (Some(Scalar::String(left)), Some(Scalar::String(right))) => left == right,
        (Some(Scalar::Other(left)), Some(Scalar::Other(right))) => left == right,
        (_, _) => false,
    }
}

/// How two numbers or two strings are ordered; nothing else is.
pub fn filter_compare(left: &impl Side, right: &impl Side) -> Option<Ordering> {
    match (left.side()?, right.side()?) {
        (Scalar::Number(left), Scalar::Number(right)) => Some(left.cmp(&right)),
        (Scalar::String(left), Scalar::String(right)) => Some(left.cmp(right)),
        (_, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::path::at;

    fn value() -> Value {
        Value::from_json(r#"{"a": [{"n": 1}, {"n": 2, "m": 3}, 4], "b": {"n": {"n": 5}}}"#).unwrap()
    }

    #[test]
    fn steps_pass_over_what_they_cannot_be_applied_to() {
        let value = value();
        let a = || nodes(at(&value).name("a"));
        assert_eq!(a().wildcard().name("n").array().to_string(), "[1,2]");
        assert_eq!(a().wildcard().names(&["m", "n"]).array().to_string(), "[1,3,2]");
        assert_eq!(a().indexes(&[2, -3, 7]).array().to_string(), r#"[4,{"n":1}]"#);
        assert_eq!(a().slice(Some(-2), None, 1).array().to_string(), r#"[{"n":2,"m":3},4]"#);
        assert_eq!(a().slice(Some(0), Some(9), 2).array().to_string(), r#"[{"n":1},4]"#);
        assert_eq!(a().slice(Some(5), Some(2), 1).array().to_string(), "[]");
        assert_eq!(nodes(at(&value).name("missing")).wildcard().array().to_string(), "[]");
    }

    #[test]
    fn descendants_come_in_the_order_of_the_text() {
        assert_eq!(nodes(&value()).descendants().name("n").array().to_string(), r#"[1,2,{"n":5},5]"#);
    }

    #[test]
    fn filters_test_elements_and_an_object_itself() {
        let value = value();
        let large = |value| filter_compare(&at(value).name("n"), &Value::from(1)) == Some(Ordering::Greater);
        assert_eq!(nodes(at(&value).name("a")).filter(large).array().to_string(), r#"[{"n":2,"m":3}]"#);
        assert_eq!(
            nodes(at(&value).name("b"))
                .filter(|value| at(value).name("n").get().is_some())
                .array()
                .to_string(),
            r#"[{"n":{"n":5}}]"#
        );
        assert!(filter_equal(&at(&value).name("x"), &at(&value).name("y")));
        assert!(!filter_equal(&at(&value).name("x"), &Value::Null));
    }
}
