//! What functions give.

use super::path::{items, one_or_more};
use crate::shape::intrinsic;
use crate::shape::{Array, Object, Shape};

/// What a function yields, if anything.
pub(super) fn result(name: &str) -> Shape {
    match name {
        "string" | "substring" | "substringBefore" | "substringAfter" | "uppercase" | "lowercase"
        | "trim" | "pad" | "join" | "replace" | "base64encode" | "base64decode" | "encodeUrlComponent"
        | "encodeUrl" | "decodeUrlComponent" | "decodeUrl" | "formatNumber" | "formatBase"
        | "formatInteger" | "now" | "fromMillis" | "uuid" | "hash" | "type" => Shape::string(),
        "number" | "abs" | "floor" | "ceil" | "round" | "power" | "sqrt" | "random" | "parseInteger"
        | "sum" | "max" | "min" | "average" | "count" | "length" | "millis" | "toMillis" => Shape::number(),
        "boolean" | "not" | "exists" | "contains" => Shape::boolean(),
        "split" => Shape::array(Array::Each(Shape::string())),
        "range" => Shape::array(Array::Each(Shape::number())),
        "partition" => Shape::array(Array::Each(Shape::array(Array::Each(Shape::UNKNOWN)))),
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
        name => result(name),
    }
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
