//! Objects that grow field by field, for code that is compiled with each machine: it calls what is compiled once.

use super::{Field, Object, ROOM};
use crate::{Text, Value};
use std::fmt;
use std::mem::{ManuallyDrop, take};

/// The fields of an object whose keys differ from each other.
#[derive(Default)]
pub struct Fields(
    /// It is dropped by a function, and not by code in every place that drops it.
    ManuallyDrop<Vec<Field>>,
);

impl Fields {
    /// None yet.
    #[must_use]
    pub fn with_capacity(length: usize) -> Self {
        Self(ManuallyDrop::new(Vec::with_capacity(length + ROOM)))
    }

    /// Adds one.
    pub fn add(&mut self, key: &'static str, value: Value) {
        self.0.push(Field::new(Text::new_static(key), value));
    }

    /// The object.
    #[must_use]
    pub fn into_object(mut self) -> Object {
        Object::of(ManuallyDrop::into_inner(take(&mut self.0)))
    }

    /// The fields one by one.
    pub fn into_each(mut self) -> impl Iterator<Item = (Text, Value)> {
        ManuallyDrop::into_inner(take(&mut self.0)).into_iter().map(|field| (field.key, field.value))
    }
}

impl Drop for Fields {
    #[inline(never)]
    fn drop(&mut self) {
        drop(ManuallyDrop::into_inner(take(&mut self.0)));
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Fields").field("length", &self.0.len()).finish()
    }
}
