//! Payload templates and variables; a part in which nothing is looked up becomes one constant.

use crate::definition::{Expression, Member, Template};
use crate::ir::{self, Constant};
use crate::json::{Kind, Value};

pub(super) fn lower(template: &Template) -> Option<ir::Template> {
    match template {
        Template::Constant(value) => Some(ir::Template::Constant(constant(value))),
        Template::Path { field, path } => {
            Some(ir::Template::Path { field: field.clone(), path: path.lower() })
        }
        Template::Intrinsic { field, text, call } => Some(ir::Template::Intrinsic {
            field: field.clone(),
            text: text.value.clone(),
            call: call.lower(),
        }),
        Template::Expression(written) => expression(written).map(ir::Template::Expression),
        Template::Object(_, members) => object(members),
        Template::Array(_, elements) => array(elements),
        Template::Invalid(_) => None,
    }
}

/// A JSONata expression.
pub(super) fn expression(expression: &Expression) -> Option<ir::Expression> {
    Some(ir::Expression {
        // The machine as a whole decides on it.
        function: String::new(),
        field: expression.field.clone(),
        text: expression.text.clone(),
        tree: Box::new(expression.tree.clone()?),
    })
}

/// `Assign`
pub(super) fn assign(variables: &[Member]) -> Option<ir::Assign> {
    variables.iter().map(|variable| Some((variable.name().to_owned(), lower(&variable.value)?))).collect()
}

fn object(members: &[Member]) -> Option<ir::Template> {
    let lowered = members.iter().map(|member| Some((member.name().to_owned(), lower(&member.value)?)));
    let lowered: Vec<_> = lowered.collect::<Option<_>>()?;
    let constants = lowered.iter().map(|(name, value)| Some((name.clone(), as_constant(value)?.clone())));
    Some(match constants.collect() {
        Some(constants) => ir::Template::Constant(Constant::Object(constants)),
        None => ir::Template::Object(lowered),
    })
}

fn array(elements: &[Template]) -> Option<ir::Template> {
    let lowered: Vec<_> = elements.iter().map(lower).collect::<Option<_>>()?;
    let constants = lowered.iter().map(|value| as_constant(value).cloned());
    Some(match constants.collect() {
        Some(constants) => ir::Template::Constant(Constant::Array(constants)),
        None => ir::Template::Array(lowered),
    })
}

const fn as_constant(template: &ir::Template) -> Option<&Constant> {
    match template {
        ir::Template::Constant(constant) => Some(constant),
        ir::Template::Path { .. }
        | ir::Template::Intrinsic { .. }
        | ir::Template::Expression(_)
        | ir::Template::Object(_)
        | ir::Template::Array(_) => None,
    }
}

/// A JSON value as a constant.
pub(super) fn constant(value: &Value) -> Constant {
    match &value.kind {
        Kind::Null => Constant::Null,
        Kind::Bool(boolean) => Constant::Bool(*boolean),
        Kind::Number(number) => Constant::Number(*number),
        Kind::String(text) => Constant::String(text.value.clone()),
        Kind::Array(values) => Constant::Array(values.iter().map(constant).collect()),
        Kind::Object(members) => Constant::Object(
            members.iter().map(|member| (member.key.value.clone(), constant(&member.value))).collect(),
        ),
    }
}
