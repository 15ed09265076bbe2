//! Conditions that never hold with what is known.

use super::types::{Types, names_of_types};
use crate::jsonata::tree::{Expression, ExpressionKind, Operator};
use crate::shape::constant::has_placeholder;
use crate::shape::{Shape, Values};

/// Whether a condition compares for equality what is never equal.
pub(super) fn never_holds(condition: &Expression, types: &Types) -> bool {
    if !condition.predicates.is_empty() || condition.group.is_some() || condition.keep_array {
        return false;
    }
    if let ExpressionKind::Block(block) = &condition.kind {
        return block.expressions.last().is_some_and(|last| never_holds(last, types));
    }
    let ExpressionKind::Binary(binary) = &condition.kind else { return false };
    let [left, right] = &*binary.sides;
    if binary.operator == Operator::And {
        never_holds(left, types) || never_holds(right, types)
    } else if binary.operator == Operator::Or {
        never_holds(left, types) && never_holds(right, types)
    } else {
        binary.operator == Operator::Equal
            && side(left, types).zip(side(right, types)).is_some_and(|(one, other)| differ(&one, &other))
    }
}

/// What is known of a side of a comparison. `$type` tells what kind of value something is.
fn side(expression: &Expression, types: &Types) -> Option<Shape> {
    if let ExpressionKind::Call(call) = &expression.kind
        && let (ExpressionKind::Variable(name), [argument]) =
            (&call.procedure.kind, call.arguments.as_slice())
        && name == "type"
    {
        return names_of_types(types.shape(argument)?);
    }
    types.shape(expression).cloned()
}

/// Whether two values are certainly not equal. Of arrays nothing is said: one of a single item may be that item.
fn differ(one: &Shape, other: &Shape) -> bool {
    let (Some(one_kinds), Some(other_kinds)) = (one.kinds(), other.kinds()) else { return false };
    if one_kinds.array.is_some() || other_kinds.array.is_some() {
        return false;
    }
    let number = |shape: &Shape| shape.only_value().and_then(|value| value.as_f64());
    let same_number = !one_kinds.numbers.is_none()
        && !other_kinds.numbers.is_none()
        && number(one).zip(number(other)).is_none_or(|(one, other)| one == other);
    let same_text = match (&one_kinds.strings, &other_kinds.strings) {
        (Values::OneOf(one), Values::OneOf(other)) => one.iter().any(|text| {
            other.contains(text) || has_placeholder(text) || other.iter().any(|other| has_placeholder(other))
        }),
        (one, other) => !one.is_none() && !other.is_none(),
    };
    let same_boolean = !Values::is_none(&one_kinds.booleans) && !Values::is_none(&other_kinds.booleans);
    !((one_kinds.null && other_kinds.null)
        || (one_kinds.object.is_some() && other_kinds.object.is_some())
        || same_boolean
        || same_number
        || same_text)
}
