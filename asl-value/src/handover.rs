//! A [`Value`] through a serializer of this crate without a copy of what is in it.
//!
//! Serde hands data over piece by piece. A value that is a part of a user's type, or all of it, would be taken apart and built again,
//! although a clone of it is free. So a value announces itself as a newtype of a name of ours. Other serializers look through that, as serde
//! asks of them; the one of this crate asks for a clone, which the value leaves in a variable of the thread.

use crate::{JsonError, Value};
use serde_core::ser::{Serialize, Serializer};
use std::cell::Cell;
use std::mem::ManuallyDrop;

/// The name by which a value announces itself.
const NAME: &str = "$asl::Value";

thread_local! {
    /// The next value that is serialized shall leave a clone.
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
    /// The clone, which is taken at once: a thread that ends has nothing to drop, and need not be told so.
    static LEFT: Cell<Option<ManuallyDrop<Value>>> = const { Cell::new(None) };
}

/// Serializes a value: as a whole to the serializer of this crate, piece by piece to others.
pub(super) fn announce<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_struct(NAME, &Announced(value))
}

/// What a newtype becomes: the clone of a value, if it is the announcement of one.
pub(super) fn receive<T: Serialize + ?Sized>(
    name: &'static str,
    newtype: &T,
    serializer: impl Serializer<Ok = Value, Error = JsonError>,
) -> Result<Value, JsonError> {
    if name != NAME {
        return newtype.serialize(serializer);
    }
    IS_ASKED.set(true);
    let built = newtype.serialize(serializer);
    let is_left = !IS_ASKED.replace(false);
    // Where none is left, someone has kept the pieces of a value, as serde does for a flattened field.
    let left = if is_left { LEFT.take() } else { None };
    left.map_or(built, |left| Ok(ManuallyDrop::into_inner(left)))
}

struct Announced<'v>(&'v Value);

impl Serialize for Announced<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if IS_ASKED.replace(false) {
            LEFT.set(Some(ManuallyDrop::new(self.0.clone())));
            serializer.serialize_unit()
        } else {
            Pieces(self.0).serialize(serializer)
        }
    }
}

/// A value that is a part of another, which has announced itself already.
struct Pieces<'v>(&'v Value);

impl Serialize for Pieces<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(value) => value.serialize(serializer),
            Value::String(value) => serializer.serialize_str(value),
            Value::Array(elements) => serializer.collect_seq(elements.iter().map(Pieces)),
            Value::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(key, value)| (key, Pieces(value))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Value;
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Order {
        id: u8,
        lines: Value,
        #[serde(flatten)]
        more: Value,
    }

    fn address(value: &Value) -> usize {
        value.as_array().unwrap().address()
    }

    #[test]
    fn a_value_in_a_type_is_shared_and_not_copied() {
        let lines = Value::from_json(r#"[{"price": 20}, [1.5, null]]"#).unwrap();
        let order =
            Order { id: 1, lines: lines.clone(), more: Value::from_json(r#"{"tags": [1]}"#).unwrap() };
        let value = Value::from_serialize(&order).unwrap();
        assert_eq!(address(value.get("lines").unwrap()), address(&lines));
        assert_eq!(address(&Value::from_serialize(&lines).unwrap()), address(&lines));
        let several = BTreeMap::from([("a", Some(&lines)), ("b", None)]);
        assert_eq!(address(Value::from_serialize(&several).unwrap().get("a").unwrap()), address(&lines));
        // The same as over text, which takes every value apart.
        assert_eq!(value.to_string(), serde_json::to_string(&order).unwrap());
    }

    #[test]
    fn text_that_is_made_within_a_conversion_is_whole() {
        struct Printed(Value);

        impl Serialize for Printed {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct("Printed", &self.0.to_string())
            }
        }

        let printed = [Printed(Value::from_json("[1]").unwrap())];
        assert_eq!(Value::from_serialize(&printed).unwrap().to_string(), r#"["[1]"]"#);
    }
}
