//! What generated code builds values with: payload templates, and constants made once.

use asl_value::{Object, Text, Value};
use std::fmt;
use std::sync::OnceLock;

/// An object of a template. The compiler has checked that the keys differ.
#[cfg(not(feature = "worker"))]
#[inline]
pub fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Object::from_distinct(fields.into_iter().map(|(key, value)| (Text::new_static(key), value))).into()
}

/// The same, compiled once and not for each number of fields: it takes a little longer then, and machines a fifth less to compile.
#[cfg(feature = "worker")]
pub fn object<const N: usize>(mut fields: [(&'static str, Value); N]) -> Value {
    Object::of_program(&mut fields).into()
}

/// The empty object: what `"InputPath": null` and `"OutputPath": null` give.
#[must_use]
pub fn empty() -> Value {
    Value::empty_object()
}

/// An array of a template.
#[inline]
pub fn array<const N: usize>(elements: [Value; N]) -> Value {
    Vec::from(elements).into()
}

/// The fields of an object of a template that are added one by one. The compiler has checked that the keys differ.
#[derive(Debug)]
pub struct Fields(Vec<(Text, Value)>);

impl Fields {
    /// None yet.
    #[must_use]
    pub fn with_capacity(length: usize) -> Self {
        Self(Vec::with_capacity(length))
    }

    /// Adds one.
    pub fn add(&mut self, key: &'static str, value: Value) {
        self.0.push((Text::new_static(key), value));
    }

    /// The object.
    #[must_use]
    pub fn into_object(self) -> Value {
        Object::from_distinct(self.0).into()
    }
}

/// The elements of an array of a template that are added one by one.
#[derive(Debug)]
pub struct Elements(Vec<Value>);

impl Elements {
    /// None yet.
    #[must_use]
    pub fn with_capacity(length: usize) -> Self {
        Self(Vec::with_capacity(length))
    }

    /// Adds one.
    pub fn add(&mut self, element: Value) {
        self.0.push(element);
    }

    /// The array.
    #[must_use]
    pub fn into_array(self) -> Value {
        self.0.into()
    }
}

/// A string of a definition; nothing is copied.
#[must_use]
#[inline]
pub const fn string(text: &'static str) -> Value {
    Value::String(Text::new_static(text))
}

/// A number of a definition.
#[inline]
pub fn number(value: impl Into<Value>) -> Value {
    value.into()
}

/// A part of a template in which nothing is looked up: made on first use, and shared by all executions from then on.
pub struct Constant {
    value: OnceLock<Value>,
    make: fn() -> Value,
}

impl Constant {
    /// A constant that `make` makes.
    #[must_use]
    pub const fn new(make: fn() -> Value) -> Self {
        Self { value: OnceLock::new(), make }
    }

    /// The value; a clone of the shared one.
    #[inline]
    pub fn get(&self) -> Value {
        self.value.get_or_init(self.make).clone()
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Constant").field(&self.get()).finish()
    }
}
