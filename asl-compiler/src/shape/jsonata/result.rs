//! What functions give.

use super::path::{items, one_or_more};
use crate::jsonata::{Dialect, functions};
use crate::shape::intrinsic;
use crate::shape::{Array, Object, Shape};
use asl_language::jsonata::Function;

/// What a function yields, if anything.
pub(super) fn result(name: &str) -> Shape {
    let function = functions::find(name, Dialect::States).filter(|function| !function.is_sequence);
    function.and_then(Function::returns).map(of_letters).unwrap_or_default()
}

/// What a signature says that is returned.
fn of_letters(letters: &str) -> Shape {
    match letters.as_bytes() {
        [b's'] => Shape::string(),
        [b'n'] => Shape::number(),
        [b'b'] => Shape::boolean(),
        // An array of anything is only known as one where it says so with more.
        [b'a', b'<', elements @ .., b'>'] => {
            let elements = str::from_utf8(elements).unwrap_or_default();
            Shape::array(Array::Each(match elements {
                "a" => Shape::array(Array::Each(Shape::UNKNOWN)),
                _ => of_letters(elements),
            }))
        }
        _ => Shape::UNKNOWN,
    }
}

/// What a function yields, if anything, for its arguments and what the function returns that it is handed.
pub(super) fn applied(name: &str, arguments: &[Option<Shape>], returned: &Shape) -> Shape {
    let argument = |number: usize| arguments.get(number).cloned().flatten();
    let item = || argument(0).map_or(Shape::UNKNOWN, |first| items(&first));
    match name {
        "keys" => one_or_more(&Shape::string()),
        "map" | "each" => one_or_more(returned),
        "filter" | "reverse" | "shuffle" | "sort" | "distinct" => one_or_more(&item()),
        "single" => item(),
        "append" => match (argument(0), argument(1)) {
            (Some(first), Some(second)) => one_or_more(&items(&first).join(&items(&second))),
            (first, second) => first.or(second).unwrap_or_default(),
        },
        "match" => one_or_more(&Shape::object(Object::closed([
            ("match", Shape::string()),
            ("index", Shape::number()),
            ("groups", Shape::array_of(Shape::string())),
        ]))),
        "spread" => one_or_more(&optional(&item())),
        "zip" => {
            let all = arguments.iter().flatten().map(items).reduce(|all, items| all.join(&items));
            Shape::array_of(Shape::array_of(all.unwrap_or_default()))
        }
        name => result(name),
    }
}

/// An object that has any of the fields of another.
pub(super) fn optional(shape: &Shape) -> Shape {
    let Some(kinds) = shape.kinds().filter(|kinds| kinds.is_only_object()) else { return Shape::UNKNOWN };
    let mut object = kinds.object.clone().unwrap_or_else(Object::open);
    object.fields.values_mut().for_each(|field| field.required = false);
    Shape::object(object)
}

/// `$merge` of these, which are one object.
pub(super) fn merged(parts: &[Option<&Shape>]) -> Shape {
    let mut merged = Shape::object(Object::default());
    for part in parts {
        let Some(part) = part.filter(|part| part.kinds().is_some_and(|kinds| kinds.is_only_object())) else {
            return Shape::object(Object::open());
        };
        merged = intrinsic::merged(&merged, part);
    }
    merged
}
