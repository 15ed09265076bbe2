//! From and to JSON text, `serde_json::Value` and Rust's own types.

use crate::{Array, Number, Object, Text, Value};
use serde_core::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};
use std::fmt;

/// A text is not JSON, or a type cannot be converted.
///
/// ```
/// # use asl_value as asl_runtime;
/// use asl_runtime::{JsonError, Value};
///
/// fn total(order: &Value) -> Result<u32, JsonError> {
///     order.to::<Vec<u32>>().map(|prices| prices.iter().sum())
/// }
///
/// let error = total(&Value::from_json("[1, -2]")?).unwrap_err();
/// assert_eq!(error.to_string(), "invalid value: integer `-2`, expected u32");
/// # Ok::<(), JsonError>(())
/// ```
#[derive(Debug)]
pub struct JsonError(pub(super) String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

impl serde_core::ser::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde_core::de::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Value {
    /// Reads JSON text, nested at most [`VALUE_DEPTH`](asl_language::limits::VALUE_DEPTH) deep.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// let value = Value::from_json("[1, 2.50, \"x\"]")?;
    /// assert_eq!(value.to_string(), r#"[1,2.5,"x"]"#);
    ///
    /// let error = Value::from_json("[1,\n 2,]").unwrap_err();
    /// assert_eq!(error.to_string(), "trailing comma at line 2 column 4");
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    ///
    /// # Errors
    /// The text is not JSON; the message names line and column.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        serde_json::from_str(text).map_err(|error| JsonError(error.to_string()))
    }

    /// Converts any type that serde serializes. What is a `Value` in it is shared and not copied.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    /// use std::collections::BTreeMap;
    ///
    /// let stock = BTreeMap::from([("apples", 3), ("pears", 0)]);
    /// assert_eq!(Value::from_serialize(&stock)?.to_string(), r#"{"apples":3,"pears":0}"#);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    ///
    /// # Errors
    /// The type has keys that are not strings, or its implementation of `Serialize` reports an error.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, JsonError> {
        value.serialize(crate::from_serialize::ValueSerializer)
    }

    /// Converts to any type that serde deserializes.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Receipt {
    ///     charged: u32,
    /// }
    ///
    /// let output = Value::from_json(r#"{"charged": 60, "at": "2026-01-01T00:00:00Z"}"#)?;
    /// assert_eq!(output.to::<Receipt>()?.charged, 60);
    /// assert!(output.to::<Vec<Receipt>>().is_err());
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    ///
    /// # Errors
    /// The value does not have the shape that the type requires.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        T::deserialize(self)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::handover::announce(self, serializer)
    }
}

impl Serialize for Array {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::Array(self.clone()).serialize(serializer)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::Object(self.clone()).serialize(serializer)
    }
}

/// What becomes a [`Value`]: every type that serde serializes. A `Value` itself passes through as it is.
///
/// ```
/// # use asl_value as asl_runtime;
/// use asl_runtime::IntoValue;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Line {
///     price: f64,
///     quantity: u32,
/// }
///
/// let line = Line { price: 2.5, quantity: 4 };
/// assert_eq!((&line).into_value()?.to_string(), r#"{"price":2.5,"quantity":4}"#);
/// assert_eq!([Some("a"), None].into_value()?.to_string(), r#"["a",null]"#);
/// # Ok::<(), asl_runtime::JsonError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be converted to JSON",
    label = "expected a type that serde serializes",
    note = "derive `serde::Serialize` for it, or pass a `Value`, for example one made by `serde_json::json!`"
)]
pub trait IntoValue {
    /// Converts it.
    ///
    /// # Errors
    /// The type has keys that are not strings, or its implementation of `Serialize` reports an error.
    fn into_value(self) -> Result<Value, JsonError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoValue for T {
    fn into_value(self) -> Result<Value, JsonError> {
        Value::from_serialize(&self)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element()? {
            elements.push(element);
        }
        Ok(elements.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Object::new();
        while let Some((key, value)) = access.next_entry::<Key, Value>()? {
            fields.insert(key.0, value);
        }
        Ok(fields.into())
    }
}

/// A key, read without the allocation of a `String`.
struct Key(Text);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, value: &str) -> Result<Key, E> {
                Ok(Key(value.into()))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $make
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value);
    i32 => |value| Self::from(i64::from(value));
    u32 => |value| Self::from(i64::from(value));
    i64 => |value| Self::Number(value.into());
    u64 => |value| Self::Number(value.into());
    // A float that is infinite or no number becomes `null`, as in JavaScript's `JSON.stringify`.
    f64 => |value| Number::from_f64(value).map_or(Self::Null, Self::Number);
    Number => |value| Self::Number(value);
    &str => |value| Self::String(value.into());
    String => |value| Self::String(value.into());
    Text => |value| Self::String(value);
    Array => |value| Self::Array(value);
    Object => |value| Self::Object(value);
    Vec<Value> => |value| Self::Array(value.into());
    serde_json::Value => |value| from_serde_json(value);
    () => |_value| Self::Null;
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

fn from_serde_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => value.into(),
        serde_json::Value::Number(value) => match (value.as_i64(), value.as_u64()) {
            (Some(integer), _) => integer.into(),
            (None, Some(integer)) => integer.into(),
            (None, None) => value.as_f64().into(),
        },
        serde_json::Value::String(value) => value.into(),
        serde_json::Value::Array(elements) => elements.into_iter().map(Value::from).collect::<Array>().into(),
        serde_json::Value::Object(fields) => Object::from_distinct(
            fields.into_iter().map(|(key, value)| (key.into(), value.into())).collect::<Vec<_>>(),
        )
        .into(),
    }
}

impl From<&Value> for serde_json::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(value) => (*value).into(),
            Value::String(value) => Self::String(value.to_string()),
            Value::Array(elements) => elements.iter().map(Self::from).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| (key.to_owned(), Self::from(value))).collect()
            }
        }
    }
}

impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl std::str::FromStr for Value {
    type Err = JsonError;

    fn from_str(text: &str) -> Result<Self, JsonError> {
        Self::from_json(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn serde_json_values_come_back_as_they_were() {
        let value = json!({"a": [1, -2, 1.5, u64::MAX, null, true, "x"], "b": {}});
        assert_eq!(serde_json::Value::from(Value::from(value.clone())), value);
    }

    #[test]
    fn text_at_the_limit_of_depth_is_read_and_deeper_text_is_refused() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let limit = asl_language::limits::VALUE_DEPTH as usize;
        assert_eq!(Value::from_json(&nested(limit)).unwrap().depth() as usize, limit);
        assert!(Value::from_json(&nested(limit + 1)).unwrap_err().to_string().contains("recursion limit"));
    }

    #[test]
    fn what_is_no_json_is_an_error_with_its_place() {
        assert!(Value::from_json("{\n  \"a\": }").unwrap_err().to_string().ends_with("at line 2 column 8"));
        assert_eq!(Value::from(f64::NAN), Value::Null);
    }
}
