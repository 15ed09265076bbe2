//! Values given in the definition to shapes.

use super::{Array, Field, Kinds, Name, Object, Origin, Shape, Source, Values};
use crate::json::{Kind, Value};
use crate::jsonata::check::Room;
use crate::vocabulary::{Constant, Number};
use asl_value::{Number as DataNumber, Object as Members, Size, Text, Value as Data};
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

    /// The shape of a value.
    pub(super) fn of_data(value: &Data) -> Self {
        match value {
            Data::Null => Self::null(),
            Data::Bool(value) => Self::constant_boolean(*value),
            Data::Number(number) => Self::constant_number(number_of(*number)),
            Data::String(text) => Self::constant_string(text),
            Data::Array(elements) => Self::array(Array::Tuple(elements.iter().map(Self::of_data).collect())),
            Data::Object(members) => {
                let fields = members.iter().map(|(name, value)| (name, Self::of_data(value)));
                Self::object(Object::closed(fields))
            }
        }
    }

    /// The only value that it can be, if that is small.
    pub(super) fn only_value(&self) -> Option<Data> {
        self.only_value_in(&mut Room::new())
    }

    fn only_value_in(&self, room: &mut Room) -> Option<Data> {
        let Kinds { null, booleans, numbers, strings, array, object } = self.kinds()?;
        let single = |count: usize| (count == 1).then_some(());
        let (Values::OneOf(booleans), Values::OneOf(numbers), Values::OneOf(strings)) =
            (booleans, numbers, strings)
        else {
            return None;
        };
        single(
            usize::from(*null)
                + booleans.len()
                + numbers.len()
                + strings.len()
                + usize::from(array.is_some())
                + usize::from(object.is_some()),
        )?;
        room.take(strings.first().map_or(Size::SCALAR, |text| Size::of_text(text)))?;
        Some(if let Some(text) = strings.first() {
            Data::from(&**text)
        } else if let Some(number) = numbers.first() {
            data_of(*number)?
        } else if let Some(boolean) = booleans.first() {
            Data::from(*boolean)
        } else if let Some(array) = array {
            let Array::Tuple(elements) = array else { return None };
            let values = elements.iter().map(|element| element.only_value_in(room));
            Data::from(values.collect::<Option<Vec<_>>>()?)
        } else if let Some(object) = object {
            if object.is_open() || object.fields.values().any(|field| !field.required) {
                return None;
            }
            let field = |(name, field): (&Name, &Field)| {
                room.take(Size::of_text(name))?;
                Some((Text::from(&**name), field.shape.only_value_in(room)?))
            };
            let fields = object.fields.iter().map(field).collect::<Option<Vec<_>>>()?;
            Data::Object(Members::from_distinct(fields))
        } else {
            Data::Null
        })
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

pub(super) fn number_of(number: DataNumber) -> Number {
    match (number.as_i64(), number.as_large()) {
        (Some(number), _) => Number::Int(number),
        (None, Some(number)) => Number::Uint(number),
        (None, None) => Number::Float(number.as_f64()),
    }
}

fn data_of(number: Number) -> Option<Data> {
    Some(Data::Number(match number {
        Number::Int(number) => DataNumber::from(number),
        Number::Uint(number) => DataNumber::from(number),
        Number::Float(number) => DataNumber::from_f64(number)?,
    }))
}

/// Whether a text holds a placeholder that a deployment replaces.
pub(super) fn has_placeholder(text: &str) -> bool {
    text.contains("${")
}
