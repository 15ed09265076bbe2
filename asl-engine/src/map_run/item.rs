//! One item of a distributed Map.

use crate::codec::{record, variants};
use crate::generated::template::object;
use asl_value::{Array, Object, Text, Value};

/// An item, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The key, where the items are the fields of an object.
    pub key: Option<Text>,
    /// `$$.Map.Item.Value`
    pub value: Value,
    /// `$$.Map.Item.Source`
    pub source: Text,
}

record!(Item { key, value, source });

impl Item {
    /// What an execution gets without an `ItemSelector`: the item, or the field with its key.
    pub fn input(&self) -> Value {
        match &self.key {
            None => self.value.clone(),
            Some(key) => object([("Key", key.clone().into()), ("Value", self.value.clone())]),
        }
    }
}

/// What a parser of a file finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub key: Option<Text>,
    pub value: Value,
}

impl From<Value> for Found {
    fn from(value: Value) -> Self {
        Self { key: None, value }
    }
}

/// The items of the state's own input.
#[derive(Debug)]
pub enum Given {
    Elements(Array),
    Fields(Object),
}

variants!(Given { 0 Elements(elements), 1 Fields(fields) });

impl Given {
    /// The source of such items (recorded from AWS).
    const SOURCE: &'static str = "STATE_DATA";

    pub fn get(&self, index: usize) -> Option<Item> {
        let (key, value) = match self {
            Self::Elements(elements) => (None, elements.get(index)?.clone()),
            Self::Fields(fields) => {
                fields.at(index).map(|(key, value)| (Some(key.clone()), value.clone()))?
            }
        };
        Some(Item { key, value, source: Text::new_static(Self::SOURCE) })
    }
}
