//! A [`Value`] to any `Deserialize` type, without a detour over text.

use crate::{JsonError, Value};
use serde_core::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde_core::de::{Deserializer, EnumAccess, Error as _, IntoDeserializer, VariantAccess, Visitor};
use serde_core::forward_to_deserialize_any;

impl<'de> IntoDeserializer<'de, JsonError> for &'de Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de Value {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(value) => match (value.as_large(), value.as_i64()) {
                (Some(integer), _) => visitor.visit_u64(integer),
                (None, Some(integer)) if value.is_integer() => visitor.visit_i64(integer),
                (None, _) => visitor.visit_f64(value.as_f64()),
            },
            Value::String(value) => visitor.visit_borrowed_str(value),
            Value::Array(elements) => {
                let mut access = SeqDeserializer::new(elements.iter());
                let value = visitor.visit_seq(&mut access)?;
                access.end().map(|()| value)
            }
            Value::Object(fields) => {
                let mut access = MapDeserializer::new(
                    fields.iter().map(|(key, value)| (BorrowedStrDeserializer::new(key), value)),
                );
                let value = visitor.visit_map(&mut access)?;
                access.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    /// `"Variant"` or `{"Variant": content}`.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        let (variant, content) = match self {
            Value::String(variant) => (variant.as_str(), None),
            Value::Object(fields) if fields.len() == 1 => fields
                .iter()
                .next()
                .map(|(key, value)| (key, Some(value)))
                .ok_or_else(|| JsonError::custom("no variant"))?,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(JsonError::custom("expected a string or an object with one field"));
            }
        };
        visitor.visit_enum(Variant { variant, content })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Variant<'de> {
    variant: &'de str,
    content: Option<&'de Value>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = JsonError;
    type Variant = Self;

    fn variant_seed<S: serde_core::de::DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self), JsonError> {
        let value = seed.deserialize(BorrowedStrDeserializer::<JsonError>::new(self.variant))?;
        Ok((value, self))
    }
}

impl<'de> Variant<'de> {
    fn content(self) -> Result<&'de Value, JsonError> {
        self.content
            .ok_or_else(|| JsonError::custom(format!("the variant `{}` has no content", self.variant)))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = JsonError;

    fn unit_variant(self) -> Result<(), JsonError> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(JsonError::custom(format!("the variant `{}` takes no content", self.variant))),
        }
    }

    fn newtype_variant_seed<T: serde_core::de::DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, JsonError> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, JsonError> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.content()?.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Order {
        id: u64,
        note: Option<String>,
        tags: Vec<(String, f32)>,
        state: State,
        by_number: BTreeMap<u8, State>,
        unit: (),
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum State {
        Open,
        Paid(i8),
        Sent { by: char },
        Split(bool, bool),
    }

    #[test]
    fn types_come_back_as_they_were() {
        let order = Order {
            id: u64::MAX,
            note: None,
            tags: vec![("a".into(), 0.5)],
            state: State::Sent { by: 'x' },
            by_number: [(1, State::Open), (2, State::Paid(-3)), (3, State::Split(true, false))].into(),
            unit: (),
        };
        let value = Value::from_serialize(&order).unwrap();
        assert_eq!(
            value.to_string(),
            r#"{"id":18446744073709551615,"note":null,"tags":[["a",0.5]],"state":{"Sent":{"by":"x"}},"by_number":{"1":"Open","2":{"Paid":-3},"3":{"Split":[true,false]}},"unit":null}"#
        );
        // Keys that are numbers are read back from text only, where the format knows how.
        let back: Order = serde_json::from_str(&value.to_string()).unwrap();
        assert_eq!(back, order);
        assert_eq!(value.get("state").unwrap().to::<State>().unwrap(), order.state);
        assert_eq!(value.get("tags").unwrap().to::<Vec<(String, f32)>>().unwrap(), order.tags);
    }

    #[test]
    fn a_wrong_shape_is_an_error_with_a_reason() {
        let error = Value::from("x").to::<u8>().unwrap_err();
        assert_eq!(error.to_string(), r#"invalid type: string "x", expected u8"#);
        assert!(Value::from("Missing").to::<State>().is_err());
        assert!(Value::from_serialize(&[((1, 2), 3)].into_iter().collect::<BTreeMap<_, _>>()).is_err());
    }
}
