//! What generated code builds values with: payload templates, and constants made once.

use crate::error::Error;
use crate::generated::path::{At, Path, no_field};
use asl_value::{Number, Object, Text, Value};
use std::fmt;
use std::mem::{ManuallyDrop, take};
use std::sync::OnceLock;

/// An object whose keys differ.
#[inline]
pub fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Object::from_distinct(fields.into_iter().map(|(key, value)| (Text::new_static(key), value))).into()
}

/// The empty object: what `"InputPath": null` and `"OutputPath": null` give.
#[must_use]
pub fn empty() -> Value {
    Value::empty_object()
}

/// The fields of an object of a template. The compiler has checked that the keys differ.
#[derive(Debug)]
pub struct Fields(asl_value::Fields);

/// No field yet, of so many.
#[must_use]
pub fn fields(length: usize) -> Fields {
    Fields(asl_value::Fields::with_capacity(length))
}

/// No element yet, of so many.
#[must_use]
pub fn elements(length: usize) -> Elements {
    Elements(ManuallyDrop::new(Vec::with_capacity(length)))
}

impl Fields {
    /// Adds one.
    pub fn add(&mut self, key: &'static str, value: Value) {
        self.0.add(key, value);
    }

    /// Adds the value of `"key.$": "path"`.
    ///
    /// # Errors
    /// As [`field`](crate::generated::field).
    pub fn find(&mut self, key: &'static str, input: &Value, path: &'static Path) -> Result<(), Error> {
        self.find_at(key, input.into(), path, input)
    }

    /// The same of a path that starts elsewhere. In error texts `input` is what the path is not in.
    ///
    /// # Errors
    /// As [`field`](crate::generated::field).
    #[inline]
    pub fn find_in<'v>(
        &mut self,
        key: &'static str,
        start: impl Into<At<'v>>,
        path: &'static Path,
        input: &Value,
    ) -> Result<(), Error> {
        self.find_at(key, start.into(), path, input)
    }

    fn find_at(
        &mut self,
        key: &'static str,
        start: At<'_>,
        path: &'static Path,
        input: &Value,
    ) -> Result<(), Error> {
        match path.find(start) {
            Some(value) => {
                self.0.add(key, value.clone());
                Ok(())
            }
            None => Err(no_field(&path.why(start), path.0, &format!("{key}.$"), input)),
        }
    }

    /// The object.
    #[must_use]
    pub fn into_object(self) -> Value {
        Value::Object(self.0.into_object())
    }
}

/// The elements of an array of a template that are added one by one.
#[derive(Debug)]
pub struct Elements(
    /// It is dropped by a function, and not by code in every place that drops it.
    ManuallyDrop<Vec<Value>>,
);

impl Elements {
    /// Adds one.
    pub fn add(&mut self, element: Value) {
        self.0.push(element);
    }

    /// The array.
    #[must_use]
    pub fn into_array(mut self) -> Value {
        ManuallyDrop::into_inner(take(&mut self.0)).into()
    }
}

impl Drop for Elements {
    #[inline(never)]
    fn drop(&mut self) {
        drop(ManuallyDrop::into_inner(take(&mut self.0)));
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
    json: Json,
}

impl Constant {
    /// A constant of an array or an object.
    #[must_use]
    pub const fn new(json: Json) -> Self {
        Self { value: OnceLock::new(), json }
    }

    /// The value; a clone of the shared one.
    pub fn get(&self) -> Value {
        self.value.get_or_init(|| self.json.value()).clone()
    }
}

/// JSON of a definition.
#[derive(Clone, Copy, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// A Boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above those.
    Uint(u64),
    /// Another number.
    Float(f64),
    /// A string.
    Text(&'static str),
    /// An array.
    Array(&'static [Self]),
    /// An object. The compiler has checked that the keys differ.
    Object(&'static [(&'static str, Self)]),
}

impl Json {
    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(number) => (*number).into(),
            Self::Uint(number) => (*number).into(),
            Self::Float(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Text(text) => string(text),
            Self::Array(elements) => elements.iter().map(Self::value).collect::<Vec<_>>().into(),
            Self::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (Text::new_static(key), value.value()));
                Object::from_distinct(fields).into()
            }
        }
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Constant").field(&self.get()).finish()
    }
}
