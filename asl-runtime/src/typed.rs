//! What the types call that are made of a schema: reading them from JSON, and writing them as JSON.

use asl_value::{Object, Value};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

/// An object to which fields are written.
#[must_use]
pub fn no_fields() -> Object {
    Object::new()
}

/// Writes a field.
///
/// # Errors
/// Its value cannot be converted.
pub fn write<E: serde::ser::Error>(
    fields: &mut Object,
    key: &'static str,
    value: &impl Serialize,
) -> Result<(), E> {
    let value = Value::from_serialize(value).map_err(|error| at(key, &error)).map_err(E::custom)?;
    fields.insert(key, value);
    Ok(())
}

/// Writes a field if there is a value for it.
///
/// # Errors
/// Its value cannot be converted.
pub fn write_some<E: serde::ser::Error>(
    fields: &mut Object,
    key: &'static str,
    value: Option<&impl Serialize>,
) -> Result<(), E> {
    value.map_or(Ok(()), |value| write(fields, key, value))
}

/// The fields of an object.
///
/// # Errors
/// It is not an object.
pub fn fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Object(fields) => Ok(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(D::Error::custom("expected an object"))
        }
    }
}

/// Reads a field.
///
/// # Errors
/// There is no such field, or it has another type.
pub fn read<T: DeserializeOwned, E: serde::de::Error>(fields: &Object, key: &'static str) -> Result<T, E> {
    let value = fields.get(key).ok_or_else(|| E::missing_field(key))?;
    value.to().map_err(|error| E::custom(at(key, &error)))
}

/// Reads a field that may be absent, which is as good as `null`.
///
/// # Errors
/// It has another type.
pub fn read_or_null<T: DeserializeOwned, E: serde::de::Error>(
    fields: &Object,
    key: &'static str,
) -> Result<T, E> {
    fields.get(key).unwrap_or(&Value::Null).to().map_err(|error| E::custom(at(key, &error)))
}

/// Reads one of several texts.
///
/// # Errors
/// It is none of them.
pub fn variant<'de, T: Copy, D: Deserializer<'de>>(
    deserializer: D,
    variants: &[(&'static str, T)],
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let found = variants.iter().find(|(known, _)| *known == text).map(|(_, variant)| *variant);
    found.ok_or_else(|| {
        let known: Vec<_> = variants.iter().map(|(known, _)| format!("`{known}`")).collect();
        D::Error::custom(format_args!("expected {}", known.join(" or ")))
    })
}

fn at(key: &str, error: &impl std::fmt::Display) -> String {
    format!("`{key}`: {error}")
}
