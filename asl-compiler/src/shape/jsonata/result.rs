//! What functions give.

use crate::shape::intrinsic;
use crate::shape::{Array, Object, Shape};

/// What a function gives if it gives anything.
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
