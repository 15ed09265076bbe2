//! Inspection: what is known of the service that a task calls.
//!
//! In: a state, or the way to a place in its parameters. Out: the call, and the shape at the place.

use super::place::{CursorStep, Role};
use crate::json::Value;
use crate::services::{ActionCall, Shape, ShapeKind, parameters};

/// The action that a state calls.
pub(super) fn call(state: &Value) -> Option<ActionCall> {
    ActionCall::of(state.get("Resource")?.as_str()?)
}

/// The shape of the innermost value, if it is one of a service's parameters.
pub(super) fn shape_of(steps: &[CursorStep<'_>]) -> Option<Shape> {
    let first = steps.iter().position(|step| step.role == Role::Parameters)?;
    let state = steps.get(..first)?.last().filter(|step| step.role == Role::State)?;
    let mut shape = parameters(state.value.get("Resource")?.as_str()?);
    for step in steps.get(first + 1..)? {
        shape = match step.key {
            Some(key) => member(shape, key.value.strip_suffix(".$").unwrap_or(&key.value))?,
            None => shape.element()?,
        };
    }
    Some(shape)
}

/// The shape under a key.
pub(super) fn member(shape: Shape, key: &str) -> Option<Shape> {
    if shape.kind() == ShapeKind::Map {
        return shape.element();
    }
    shape.member(key).map(|member| member.shape)
}

/// A shape in a word or two.
pub(super) fn type_name(shape: Shape) -> &'static str {
    match shape.kind() {
        ShapeKind::Any => "any value",
        ShapeKind::String => "string",
        ShapeKind::Enum => "one of certain strings",
        ShapeKind::Integer => "whole number",
        ShapeKind::Number => "number",
        ShapeKind::Boolean => "boolean",
        ShapeKind::Timestamp => "timestamp",
        ShapeKind::Blob => "bytes",
        ShapeKind::List => "array",
        ShapeKind::Map => "object with any keys",
        ShapeKind::Structure => "object",
        ShapeKind::Union => "object with one of its fields",
    }
}
