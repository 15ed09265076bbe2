//! Values given in the definition to shapes.

use super::{Array, Field, Kinds, Object, Origin, Shape, Source, Values};
use crate::json::{Kind, Value};
use crate::vocabulary::{Constant, Number};
use std::sync::Arc;

impl Shape {
    /// The shape of a JSON value of the definition.
    pub(super) fn of_value(value: &Value) -> Self {
        match &value.kind {
            Kind::Null => Self::null(),
            Kind::Bool(value) => Self::constant_boolean(*value),
            Kind::Number(number) => Self::constant_number(*number),
            Kind::String(text) => Self::constant_string(&text.value),
            Kind::Array(values) => Self::array(Array::Tuple(values.iter().map(Self::of_value).collect())),
            Kind::Object(members) => {
                let fields = members.iter().map(|member| {
                    let field = Field { shape: Self::of_value(&member.value), required: true };
                    (member.name().into(), field)
                });
                let source = Source { origin: Origin::Definition, span: Some(value.span) };
                Self::object(Object { fields: fields.collect(), source: Some(source), ..Object::default() })
            }
        }
    }

    /// The shape of a constant argument.
    pub(super) fn of_constant(constant: &Constant) -> Self {
        match constant {
            Constant::Null => Self::null(),
            Constant::Bool(value) => Self::constant_boolean(*value),
            Constant::Number(number) => Self::constant_number(*number),
            Constant::String(text) => Self::constant_string(text),
            Constant::Array(elements) => {
                Self::array(Array::Tuple(elements.iter().map(Self::of_constant).collect()))
            }
            Constant::Object(members) => {
                let fields = members.iter().map(|(name, value)| (name.as_str(), Self::of_constant(value)));
                Self::object(Object::closed(fields))
            }
        }
    }

    /// `null`
    #[must_use]
    pub fn null() -> Self {
        Self::of(Kinds { null: true, ..Kinds::default() })
    }

    pub(super) fn constant_boolean(value: bool) -> Self {
        Self::of(Kinds { booleans: Values::OneOf(vec![value]), ..Kinds::default() })
    }

    pub(super) fn constant_number(number: Number) -> Self {
        Self::of(Kinds { numbers: Values::OneOf(vec![number]), ..Kinds::default() })
    }

    /// A string of the definition. It is not known what a placeholder in it will be: in the place of the whole, anything.
    pub(super) fn constant_string(text: &str) -> Self {
        if !has_placeholder(text) {
            return Self::of(Kinds { strings: Values::OneOf(vec![Arc::from(text)]), ..Kinds::default() });
        }
        if text.starts_with("${") && text.ends_with('}') { Self::UNKNOWN } else { Self::string() }
    }
}

/// Whether a text holds a placeholder that a deployment replaces.
pub(super) fn has_placeholder(text: &str) -> bool {
    text.contains("${")
}
