//! What is known where several ways meet: a value that has one shape or another.

use super::{Array, Field, Kinds, Name, Object, Shape, Values};
use std::cmp::Ordering;
use std::collections::BTreeMap;

impl Shape {
    /// A value that has this shape or the other.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if self.is_same(other) {
            return self.clone();
        }
        match (self.kinds(), other.kinds()) {
            (Some(one), Some(other_kinds)) => {
                let joined = one.join(other_kinds);
                if joined == *one {
                    self.clone()
                } else if joined == *other_kinds {
                    other.clone()
                } else {
                    Self::of(joined)
                }
            }
            _ => Self::UNKNOWN,
        }
    }

    /// This shape, with nothing known wherever the other is different: repeated, it soon changes no more.
    #[must_use]
    pub fn widen(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        match (self.kinds(), other.kinds()) {
            (Some(one), Some(other)) => one.widen(other).map_or(Self::UNKNOWN, Self::of),
            _ => Self::UNKNOWN,
        }
    }

    /// All of them in one.
    pub fn join_all<'s>(shapes: impl IntoIterator<Item = &'s Self>) -> Self {
        shapes.into_iter().fold(Self::never(), |joined, shape| joined.join(shape))
    }
}

impl Kinds {
    fn join(&self, other: &Self) -> Self {
        Self {
            null: self.null || other.null,
            booleans: self.booleans.join(&other.booleans),
            numbers: self.numbers.join(&other.numbers),
            strings: self.strings.join(&other.strings),
            array: either(self.array.as_ref(), other.array.as_ref(), Array::join),
            object: either(self.object.as_ref(), other.object.as_ref(), Object::join),
        }
    }

    /// Nothing if the two differ in more than what is in them.
    fn widen(&self, other: &Self) -> Option<Self> {
        let array = match (&self.array, &other.array) {
            (Some(one), Some(other)) => Some(one.widen(other)),
            (None, None) => None,
            _ => return None,
        };
        let object = match (&self.object, &other.object) {
            (Some(one), Some(other)) => Some(one.widen(other)),
            (None, None) => None,
            _ => return None,
        };
        Some(Self {
            null: self.null || other.null,
            booleans: self.booleans.widen(&other.booleans),
            numbers: self.numbers.widen(&other.numbers),
            strings: self.strings.widen(&other.strings),
            array,
            object,
        })
    }
}

fn either<T: Clone>(one: Option<&T>, other: Option<&T>, join: impl FnOnce(&T, &T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(join(one, other)),
        (one, other) => one.or(other).cloned(),
    }
}

impl<T: Clone + PartialEq> Values<T> {
    fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::OneOf(one), Self::OneOf(other)) => {
                let more = other.iter().filter(|value| !one.contains(value));
                Self::OneOf(one.iter().chain(more).cloned().collect())
            }
            _ => Self::Any,
        }
    }

    fn widen(&self, other: &Self) -> Self {
        if self == other || other.is_none() {
            return self.clone();
        }
        Self::Any
    }
}

impl Array {
    fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Tuple(one), Self::Tuple(other)) if one.len() == other.len() => {
                Self::Tuple(one.iter().zip(other).map(|(one, other)| one.join(other)).collect())
            }
            _ => Self::Each(self.element().join(&other.element())),
        }
    }

    fn widen(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Tuple(one), Self::Tuple(other)) if one.len() == other.len() => {
                Self::Tuple(one.iter().zip(other).map(|(one, other)| one.widen(other)).collect())
            }
            _ => Self::Each(self.element().widen(&other.element())),
        }
    }

    /// What each element is.
    #[must_use]
    pub fn element(&self) -> Shape {
        match self {
            Self::Each(element) => element.clone(),
            Self::Tuple(elements) => Shape::join_all(elements),
        }
    }
}

impl Object {
    fn join(&self, other: &Self) -> Self {
        let rest = self.rest.join(&other.rest);
        let mut fields = Vec::new();
        let (mut ones, mut others) = (self.fields.iter().peekable(), other.fields.iter().peekable());
        // Both are in the order of the names.
        loop {
            let order = match (ones.peek(), others.peek()) {
                (Some((one, _)), Some((other, _))) => one.cmp(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let one = if order.is_le() { ones.next() } else { None };
            let another = if order.is_ge() { others.next() } else { None };
            let Some((name, field)) = join_fields(one, another, self, other) else { break };
            // Of such a field no more is known than of any other.
            if field.required || !rest.is_unknown() || !field.shape.is_unknown() {
                fields.push((name, field));
            }
        }
        let source = self.source.filter(|_| self.source == other.source);
        Self { fields: BTreeMap::from_iter(fields), rest, source }
    }

    fn widen(&self, other: &Self) -> Self {
        if !self.fields.keys().eq(other.fields.keys()) {
            return Self::open();
        }
        let both = self.fields.iter().zip(other.fields.values());
        let fields = both.map(|((name, one), other)| {
            let required = one.required && other.required;
            (name.clone(), Field { shape: one.shape.widen(&other.shape), required })
        });
        let source = self.source.filter(|_| self.source == other.source);
        Self { fields: fields.collect(), rest: self.rest.widen(&other.rest), source }
    }
}

/// A field that one of two objects has, or both.
fn join_fields(
    one: Option<(&Name, &Field)>,
    other: Option<(&Name, &Field)>,
    first: &Object,
    second: &Object,
) -> Option<(Name, Field)> {
    match (one, other) {
        (Some((name, one)), Some((_, other))) => {
            let required = one.required && other.required;
            Some((name.clone(), Field { shape: one.shape.join(&other.shape), required }))
        }
        // The other has it like any other field, if at all.
        (Some((name, one)), None) => {
            Some((name.clone(), Field { shape: one.shape.join(&second.rest), required: false }))
        }
        (None, Some((name, other))) => {
            Some((name.clone(), Field { shape: other.shape.join(&first.rest), required: false }))
        }
        (None, None) => None,
    }
}
