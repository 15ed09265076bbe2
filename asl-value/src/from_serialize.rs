//! Any `Serialize` type to a [`Value`], without a detour over text.

use crate::{JsonError, Object, Text, Value};
use serde_core::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

pub(super) struct ValueSerializer;

/// Elements of an array on their way; `variant` wraps it, as `{"Variant": [..]}`.
pub(super) struct Elements {
    elements: Vec<Value>,
    variant: Option<&'static str>,
}

/// Fields of an object on their way; `variant` wraps it, as `{"Variant": {..}}`.
pub(super) struct Fields {
    fields: Object,
    key: Option<Text>,
    variant: Option<&'static str>,
}

fn wrap(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        None => value,
        Some(variant) => Object::from_distinct(vec![(Text::new_static(variant), value)]).into(),
    }
}

impl Fields {
    fn new(variant: Option<&'static str>) -> Self {
        Self { fields: Object::new(), key: None, variant }
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty;)*) => {
        $(fn $method(self, value: $type) -> Result<Value, JsonError> {
            Ok(Value::from(value))
        })*
    };
}

macro_rules! widened {
    ($($method:ident: $type:ty => $wide:ty;)*) => {
        $(fn $method(self, value: $type) -> Result<Value, JsonError> {
            Ok(Value::from(<$wide>::from(value)))
        })*
    };
}

impl Serializer for ValueSerializer {
    type Ok = Value;
    type Error = JsonError;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = Elements;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    scalars! { serialize_bool: bool; serialize_i32: i32; serialize_u32: u32; serialize_i64: i64; serialize_u64: u64; serialize_f64: f64; serialize_str: &str; }
    widened! {
        serialize_i8: i8 => i64; serialize_i16: i16 => i64; serialize_u8: u8 => i64; serialize_u16: u16 => i64;
        serialize_f32: f32 => f64; serialize_char: char => String;
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, JsonError> {
        Ok(bytes.iter().map(|byte| Value::from(u32::from(*byte))).collect::<Vec<_>>().into())
    }

    fn serialize_none(self) -> Result<Value, JsonError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, JsonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, JsonError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, JsonError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, JsonError> {
        Ok(Value::String(Text::new_static(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, JsonError> {
        crate::handover::receive(name, value, self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, JsonError> {
        Ok(wrap(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Elements, JsonError> {
        // The length is a claim of the type: room is made for some of it at most.
        Ok(Elements { elements: Vec::with_capacity(length.unwrap_or(0).min(1024)), variant: None })
    }

    fn serialize_tuple(self, length: usize) -> Result<Elements, JsonError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Elements, JsonError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Elements, JsonError> {
        Ok(Elements { elements: Vec::new(), variant: Some(variant) })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, JsonError> {
        Ok(Fields::new(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, JsonError> {
        Ok(Fields::new(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields, JsonError> {
        Ok(Fields::new(Some(variant)))
    }
}

macro_rules! sequences {
    ($($trait:ident::$method:ident;)*) => {
        $(impl $trait for Elements {
            type Ok = Value;
            type Error = JsonError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
                self.elements.push(value.serialize(ValueSerializer)?);
                Ok(())
            }

            fn end(self) -> Result<Value, JsonError> {
                Ok(wrap(self.variant, self.elements.into()))
            }
        })*
    };
}

sequences! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

macro_rules! structs {
    ($($trait:ident;)*) => {
        $(impl $trait for Fields {
            type Ok = Value;
            type Error = JsonError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), JsonError> {
                self.fields.insert(Text::new_static(key), value.serialize(ValueSerializer)?);
                Ok(())
            }

            fn end(self) -> Result<Value, JsonError> {
                Ok(wrap(self.variant, self.fields.into()))
            }
        })*
    };
}

structs! { SerializeStruct; SerializeStructVariant; }

impl SerializeMap for Fields {
    type Ok = Value;
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        self.key = Some(key.serialize(KeySerializer)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        let key = self.key.take().ok_or_else(|| JsonError::custom("a value without a key"))?;
        self.fields.insert(key, value.serialize(ValueSerializer)?);
        Ok(())
    }

    fn end(self) -> Result<Value, JsonError> {
        Ok(wrap(self.variant, self.fields.into()))
    }
}

/// Keys: strings, and what reads as one (numbers, characters, variants without fields), as in `serde_json`.
struct KeySerializer;

macro_rules! keys {
    ($($method:ident: $type:ty;)*) => {
        $(fn $method(self, value: $type) -> Result<Text, JsonError> {
            Ok(Text::from(value.to_string()))
        })*
    };
}

macro_rules! no_keys {
    ($($method:ident($($argument:ty),*) -> $answer:ty;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$answer, JsonError> {
            Err(JsonError::custom("a key must be a string"))
        })*
    };
}

impl Serializer for KeySerializer {
    type Ok = Text;
    type Error = JsonError;
    type SerializeSeq = Impossible<Text, JsonError>;
    type SerializeTuple = Impossible<Text, JsonError>;
    type SerializeTupleStruct = Impossible<Text, JsonError>;
    type SerializeTupleVariant = Impossible<Text, JsonError>;
    type SerializeMap = Impossible<Text, JsonError>;
    type SerializeStruct = Impossible<Text, JsonError>;
    type SerializeStructVariant = Impossible<Text, JsonError>;

    keys! {
        serialize_bool: bool; serialize_i8: i8; serialize_i16: i16; serialize_i32: i32; serialize_i64: i64;
        serialize_u8: u8; serialize_u16: u16; serialize_u32: u32; serialize_u64: u64; serialize_char: char; serialize_str: &str;
    }

    no_keys! {
        serialize_f32(f32) -> Text;
        serialize_f64(f64) -> Text;
        serialize_bytes(&[u8]) -> Text;
        serialize_none() -> Text;
        serialize_unit() -> Text;
        serialize_unit_struct(&'static str) -> Text;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Text, JsonError> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Text, JsonError> {
        Ok(Text::new_static(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Text, JsonError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Text, JsonError> {
        Err(JsonError::custom("a key must be a string"))
    }
}
