//! Inspection: what is known of the service that a task calls.
//!
//! In: a state, or the way to a place in its parameters. Out: the call, and the shape at the place.

use super::place::{Role, Step};
use crate::json::Value;
use crate::services::{Call, Kind, Shape, parameters};

/// The action that a state calls.
pub(super) fn call(state: &Value) -> Option<Call> {
    Call::of(state.get("Resource")?.as_str()?)
}

/// The shape of the innermost value, if it is one of a service's parameters.
pub(super) fn shape_of(steps: &[Step<'_>]) -> Option<Shape> {
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
    if shape.kind() == Kind::Map {
        return shape.element();
    }
    shape.member(key).map(|member| member.shape)
}

/// A shape in a word or two.
pub(super) fn type_name(shape: Shape) -> &'static str {
    match shape.kind() {
        Kind::Any => "any value",
        Kind::String => "string",
        Kind::Enum => "one of certain strings",
        Kind::Integer => "whole number",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Timestamp => "timestamp",
        Kind::Blob => "bytes",
        Kind::List => "array",
        Kind::Map => "object with any keys",
        Kind::Structure => "object",
        Kind::Union => "object with one of its fields",
    }
}
