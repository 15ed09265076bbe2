//! What the intrinsic functions give.

use super::constant::number_of;
use super::{Array, Kinds, Object, Shape, Values};
use crate::diagnostic::Diagnostic;
use crate::intrinsic::{self, Gives, WrittenCall};
use crate::vocabulary::{Constant, Function, Number, Step};
use asl_value::Value;

/// The shape of the result of a function for arguments of these shapes.
pub(super) fn result(function: Function, arguments: &[Shape]) -> Shape {
    use Function as F;
    let argument = |index: usize| arguments.get(index).cloned().unwrap_or_default();
    match function {
        F::StringToJson => Shape::UNKNOWN,
        F::Format | F::JsonToString | F::Base64Encode | F::Base64Decode | F::Hash | F::Uuid => {
            Shape::string()
        }
        F::ArrayContains => Shape::boolean(),
        F::ArrayLength | F::MathRandom | F::MathAdd => Shape::number(),
        F::Array => Shape::array(Array::Tuple(arguments.to_vec())),
        F::ArrayPartition => Shape::array_of(Shape::array_of(argument(0).elements())),
        F::ArrayRange => Shape::array_of(Shape::number()),
        F::ArrayUnique => Shape::array_of(argument(0).elements()),
        F::StringSplit => Shape::array_of(Shape::string()),
        F::ArrayGetItem => item(&argument(0), &argument(1)),
        F::JsonMerge => merged(&argument(0), &argument(1)),
    }
}

fn item(array: &Shape, index: &Shape) -> Shape {
    match index.kinds().map(|kinds| &kinds.numbers) {
        Some(Values::OneOf(numbers)) => match numbers.as_slice() {
            [Number::Int(index)] => array.step(&Step::Index(*index)).unwrap_or_default(),
            _ => array.elements(),
        },
        Some(Values::Any) | None => array.elements(),
    }
}

/// The fields of both, those of the second first.
pub(super) fn merged(first: &Shape, second: &Shape) -> Shape {
    let object =
        |shape: &Shape| shape.kinds().and_then(|kinds| kinds.object.clone()).unwrap_or_else(Object::open);
    let (mut merged, second) = (object(first), object(second));
    merged.source = None;
    if second.is_open() {
        // What it has beyond what is known may replace anything.
        merged.fields.clear();
        merged.rest = Shape::UNKNOWN;
    }
    for (name, mut field) in second.fields {
        if let Some(before) = merged.fields.get(&name).filter(|_| !field.required) {
            field.shape = field.shape.join(&before.shape);
            field.required = before.required;
        } else if !field.required && merged.is_open() {
            continue;
        }
        merged.fields.insert(name, field);
    }
    Shape::of(Kinds { object: Some(merged), ..Kinds::default() })
}

/// What is wrong with a call for the values that its arguments can have alone.
pub(super) fn faults(call: &WrittenCall, arguments: &[Shape]) -> Vec<Diagnostic> {
    let values: Vec<_> = arguments.iter().map(constant).collect();
    intrinsic::faults_of_values(call, &values)
}

/// The only scalar that a value can be.
fn constant(shape: &Shape) -> Option<Constant> {
    Some(match shape.only_value()? {
        Value::Null => Constant::Null,
        Value::Bool(value) => Constant::Bool(value),
        Value::Number(number) => Constant::Number(number_of(number)),
        Value::String(text) => Constant::String(text.to_string()),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// How many items an array has of which an index is certainly no one's.
pub(super) fn lacks_item(function: Function, arguments: &[Shape]) -> Option<usize> {
    let (Function::ArrayGetItem, [array, index]) = (function, arguments) else { return None };
    let Some(Array::Tuple(elements)) = &array.kinds()?.array else { return None };
    let Values::OneOf(numbers) = &index.kinds()?.numbers else { return None };
    let is_there = |number: &Number| match number {
        Number::Int(index) => usize::try_from(*index).is_ok_and(|index| index < elements.len()),
        Number::Uint(_) => false,
        Number::Float(_) => true,
    };
    (!numbers.is_empty() && !numbers.iter().any(is_there)).then_some(elements.len())
}

/// What a function must be given, and how that is called, where a value of another kind fails.
pub(super) fn takes(function: Function, index: usize, shape: &Shape) -> Option<&'static str> {
    let kinds = shape.kinds()?;
    if kinds == &Kinds::default() {
        return None;
    }
    let wanted = intrinsic::takes(function, index)?;
    let fits = match wanted {
        Gives::Any => true,
        Gives::Array => kinds.array.is_some(),
        Gives::Boolean => !kinds.booleans.is_none(),
        Gives::Null => kinds.null,
        Gives::Number => !kinds.numbers.is_none(),
        Gives::Object => kinds.object.is_some(),
        Gives::Text => !kinds.strings.is_none(),
    };
    (!fits).then(|| wanted.name())
}
