//! Looking at data without taking it: JSON within a document needs no copy and no counting of references.

use crate::data::{Data, Sequence};
use crate::function::Function;
use asl_value::{Hashing, Number, Size, Value};
use std::slice;

/// Borrowed data.
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    /// Nothing.
    Nothing,
    /// JSON.
    Value(&'a Value),
    /// Anything else: never [`Data::Nothing`] or [`Data::Value`].
    Data(&'a Data),
}

/// The types that JSONata tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Nothing.
    Nothing,
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, be it infinite.
    Number,
    /// A string.
    String,
    /// An array or a sequence.
    Array,
    /// An object.
    Object,
    /// A function.
    Function,
}

impl<'a> View<'a> {
    /// As data of its own.
    #[must_use]
    #[inline(never)]
    pub fn to_data(self) -> Data {
        match self {
            Self::Nothing => Data::Nothing,
            Self::Value(value) => Data::Value(value.clone()),
            Self::Data(data) => data.clone(),
        }
    }

    /// As JSON; nothing is `null`.
    #[must_use]
    pub fn to_json(self) -> Value {
        self.to_data().into_json().unwrap_or_default()
    }

    /// Whether it is nothing.
    #[must_use]
    #[inline]
    pub const fn is_nothing(self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// What it is.
    #[must_use]
    pub const fn kind(self) -> ValueKind {
        match self {
            Self::Nothing => ValueKind::Nothing,
            Self::Value(value) => match value {
                Value::Null => ValueKind::Null,
                Value::Bool(_) => ValueKind::Boolean,
                Value::Number(_) => ValueKind::Number,
                Value::String(_) => ValueKind::String,
                Value::Array(_) => ValueKind::Array,
                Value::Object(_) => ValueKind::Object,
            },
            Self::Data(data) => match data {
                Data::Nothing => ValueKind::Nothing,
                Data::Value(value) => Self::Value(value).kind(),
                Data::Sequence(_) | Data::Constructed(_) | Data::List(_) => ValueKind::Array,
                Data::Unbounded(_) => ValueKind::Number,
                Data::Members(_) => ValueKind::Object,
                Data::Function(_) => ValueKind::Function,
            },
        }
    }

    /// Whether it is an array or a sequence.
    #[must_use]
    #[inline]
    pub const fn is_array(self) -> bool {
        matches!(
            self,
            Self::Value(Value::Array(_))
                | Self::Data(Data::Sequence(_) | Data::Constructed(_) | Data::List(_))
        )
    }

    /// Whether it is an array that a path comes to as one item.
    #[must_use]
    pub fn is_constructed(self) -> bool {
        match self {
            Self::Data(Data::Constructed(_)) => true,
            Self::Data(Data::List(list)) => list.constructed,
            Self::Nothing | Self::Value(_) | Self::Data(_) => false,
        }
    }

    /// Whether it is a result sequence.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        match self {
            Self::Data(Data::Sequence(_)) => true,
            Self::Data(Data::List(list)) => list.sequence,
            Self::Nothing | Self::Value(_) | Self::Data(_) => false,
        }
    }

    /// The elements of an array, or the one that it is itself; none of nothing.
    #[must_use]
    #[inline]
    pub fn elements(self) -> Elements<'a> {
        match self {
            Self::Nothing => Elements::Values([].iter()),
            Self::Value(Value::Array(array)) => Elements::Values(array.iter()),
            Self::Value(value) => Elements::Values(slice::from_ref(value).iter()),
            Self::Data(Data::Sequence(Sequence { elements, .. }) | Data::Constructed(elements)) => {
                Elements::Values(elements.iter())
            }
            Self::Data(Data::List(list)) => Elements::Data(list.elements.iter()),
            Self::Data(data) => Elements::Data(slice::from_ref(data).iter()),
        }
    }

    /// How many elements it has; one if it is not an array, none of nothing.
    #[must_use]
    #[inline]
    pub fn count(self) -> usize {
        self.elements().len()
    }

    /// The element at a place of an array; if it is not an array, the one that it is itself is at 0.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.elements().nth(index).unwrap_or(View::Nothing)
    }

    /// The number, if it is one. May be infinite or none at all.
    #[must_use]
    #[inline]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::Value(Value::Number(number)) => Some(number.as_f64()),
            Self::Data(Data::Unbounded(number)) => Some(*number),
            Self::Nothing | Self::Value(_) | Self::Data(_) => None,
        }
    }

    /// The exact number, if it is one that JSON has.
    #[must_use]
    pub const fn as_number(self) -> Option<Number> {
        if let Self::Value(value) = self { value.as_number() } else { None }
    }

    /// The text, if it is a string.
    #[must_use]
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        if let Self::Value(Value::String(text)) = self { Some(text) } else { None }
    }

    /// The Boolean, if it is one.
    #[must_use]
    #[inline]
    pub const fn as_bool(self) -> Option<bool> {
        if let Self::Value(Value::Bool(value)) = self { Some(*value) } else { None }
    }

    /// The function, if it is one.
    #[must_use]
    pub const fn as_function(self) -> Option<&'a Function> {
        if let Self::Data(Data::Function(function)) = self { Some(function) } else { None }
    }

    /// The member of an object; nothing of anything else.
    #[must_use]
    #[inline]
    pub fn member(self, key: &str) -> Self {
        match self {
            Self::Value(Value::Object(object)) => object.get(key).map_or(View::Nothing, View::Value),
            Self::Data(Data::Members(members)) => members.get(key).map_or(View::Nothing, Data::view),
            Self::Nothing | Self::Value(_) | Self::Data(_) => View::Nothing,
        }
    }

    /// The members of an object in order; none of anything else.
    #[must_use]
    pub fn members(self) -> Vec<(&'a str, Self)> {
        match self {
            Self::Value(Value::Object(object)) => {
                object.iter().map(|(key, value)| (key, View::Value(value))).collect()
            }
            Self::Data(Data::Members(members)) => {
                members.fields().iter().map(|(key, member)| (key.as_str(), member.view())).collect()
            }
            Self::Nothing | Self::Value(_) | Self::Data(_) => Vec::new(),
        }
    }

    /// Its effective Boolean value, which nothing does not have.
    #[must_use]
    #[inline]
    pub fn truth(self) -> Option<bool> {
        match self {
            Self::Nothing => None,
            Self::Value(Value::Bool(value)) => Some(*value),
            Self::Value(_) | Self::Data(_) => Some(self.holds()),
        }
    }

    /// Whether its effective Boolean value is `true`.
    #[must_use]
    pub fn holds(self) -> bool {
        match self {
            Self::Nothing | Self::Value(Value::Null) => false,
            Self::Value(Value::Bool(value)) => *value,
            Self::Value(Value::Number(number)) => number.as_f64() != 0.0,
            Self::Value(Value::String(text)) => !text.is_empty(),
            Self::Value(Value::Object(object)) => !object.is_empty(),
            Self::Data(Data::Members(members)) => !members.fields().is_empty(),
            Self::Data(Data::Unbounded(number)) => !number.is_nan(),
            Self::Data(Data::Function(_)) => false,
            Self::Value(Value::Array(_)) | Self::Data(_) => self.elements().any(View::holds),
        }
    }

    /// Whether two data are the same, arrays and objects by their content.
    #[must_use]
    pub fn equals(self, other: View<'_>) -> bool {
        match (self, other) {
            (Self::Value(one), View::Value(other)) => one == other,
            (Self::Data(Data::Unbounded(one)), View::Data(Data::Unbounded(other))) => one == other,
            (Self::Data(Data::Function(one)), View::Data(Data::Function(other))) => one.same(other),
            _ if self.is_array() && other.is_array() => {
                let (ours, theirs) = (self.elements(), other.elements());
                ours.len() == theirs.len() && ours.zip(theirs).all(|(one, other)| one.equals(other))
            }
            _ if self.kind() == ValueKind::Object && other.kind() == ValueKind::Object => {
                let ours = self.members();
                ours.len() == other.members().len()
                    && ours.iter().all(|(key, member)| {
                        let theirs = other.member(key);
                        !theirs.is_nothing() && member.equals(theirs)
                    })
            }
            _ => false,
        }
    }

    /// A hash that is equal wherever [`Self::equals`] holds.
    #[must_use]
    pub fn hash(self, hashing: &Hashing) -> u64 {
        match self {
            Self::Nothing => hashing.value(&Value::Null),
            Self::Value(value) => hashing.value(value),
            Self::Data(data) => match data {
                Data::Nothing => hashing.value(&Value::Null),
                Data::Value(value) => hashing.value(value),
                Data::Unbounded(number) => hashing.number(*number),
                Data::Function(function) => hashing.address(function.address()),
                Data::Sequence(_) | Data::Constructed(_) | Data::List(_) => {
                    hashing.array(self.elements().map(|element| element.hash(hashing)))
                }
                Data::Members(members) => hashing.object(
                    members.fields().iter().map(|(key, member)| (key.as_str(), member.view().hash(hashing))),
                ),
            },
        }
    }

    /// How large it is.
    #[must_use]
    pub(super) fn size(self) -> Size {
        match self {
            Self::Nothing => Size::SCALAR,
            Self::Value(value) => value.size(),
            Self::Data(data) => data.size(),
        }
    }
}

impl<'a> From<&'a Value> for View<'a> {
    fn from(value: &'a Value) -> Self {
        View::Value(value)
    }
}

impl<'a> From<Option<&'a Value>> for View<'a> {
    fn from(value: Option<&'a Value>) -> Self {
        value.map_or(View::Nothing, View::Value)
    }
}

/// The elements of an array.
#[derive(Clone, Debug)]
pub enum Elements<'a> {
    /// All of them JSON.
    Values(slice::Iter<'a, Value>),
    /// Anything.
    Data(slice::Iter<'a, Data>),
}

impl<'a> Iterator for Elements<'a> {
    type Item = View<'a>;

    #[inline]
    fn next(&mut self) -> Option<View<'a>> {
        match self {
            Self::Values(values) => values.next().map(View::Value),
            Self::Data(data) => data.next().map(Data::view),
        }
    }

    #[inline]
    fn nth(&mut self, index: usize) -> Option<View<'a>> {
        match self {
            Self::Values(values) => values.nth(index).map(View::Value),
            Self::Data(data) => data.nth(index).map(Data::view),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Values(values) => values.size_hint(),
            Self::Data(data) => data.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Elements<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Self::Values(values) => values.next_back().map(View::Value),
            Self::Data(data) => data.next_back().map(Data::view),
        }
    }
}

impl ExactSizeIterator for Elements<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_are_equal_by_what_they_hold_however_they_hold_it() {
        let one = || Data::Value(Value::from(1));
        let array = Data::Value(Value::from(vec![Value::from(1)]));
        let list = Data::List(std::rc::Rc::new(crate::data::List::new(vec![one()], false)));
        let object = Data::Value(Value::from_json(r#"{"a":1}"#).unwrap());
        let kinds = [one(), array, object, Data::Value(Value::Null), Data::Unbounded(1.0), Data::Nothing];
        for (at, left) in kinds.iter().enumerate() {
            for (other, right) in kinds.iter().enumerate() {
                let both_nothing = left.view().is_nothing() && right.view().is_nothing();
                assert_eq!(
                    left.view().equals(right.view()),
                    at == other && !both_nothing,
                    "{left:?} {right:?}"
                );
            }
        }
        // An array is no less equal for holding what is not JSON, and its only element is not the array.
        for (at, right) in kinds.iter().enumerate() {
            assert_eq!(list.view().equals(right.view()), at == 1, "{right:?}");
            assert_eq!(right.view().equals(list.view()), at == 1, "{right:?}");
        }
    }

    #[test]
    fn arrays_and_objects_of_anything_are_equal_by_their_parts() {
        let list = |numbers: &[f64]| {
            let elements = numbers.iter().map(|number| Data::Unbounded(*number)).collect();
            Data::List(std::rc::Rc::new(crate::data::List::new(elements, false)))
        };
        let object = |members: &[(&'static str, f64)]| {
            let member = |(key, number): &(&'static str, f64)| ((*key).into(), Data::Unbounded(*number));
            Data::object(members.iter().map(member).collect())
        };
        let all = [
            list(&[1.0]),
            list(&[2.0]),
            list(&[1.0, 2.0]),
            object(&[("a", 1.0)]),
            object(&[("a", 2.0)]),
            object(&[("b", 1.0)]),
            object(&[("a", 1.0), ("b", 1.0)]),
            Data::Unbounded(1.0),
        ];
        for (at, left) in all.iter().enumerate() {
            for (other, right) in all.iter().enumerate() {
                assert_eq!(left.view().equals(right.view()), at == other, "{left:?} {right:?}");
            }
        }
        let (one, same) = (object(&[("a", 1.0), ("b", 2.0)]), object(&[("b", 2.0), ("a", 1.0)]));
        assert!(one.view().equals(same.view()), "the order does not matter");
    }
}
