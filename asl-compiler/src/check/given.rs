//! What a task gives as its parameters, as far as it is known before the machine runs, whatever language it is written in.

use crate::definition::{Expression, Template};
use crate::intrinsic::{Call, Gives};
use crate::ir::Number;
use crate::json::{Kind, Text, Value};
use crate::jsonata::tree::{self, Operator, Yields};
use crate::source::Span;

/// A value.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// Where it is written.
    pub(super) span: Span,
    /// What is known about it.
    pub(super) what: What<'a>,
}

/// What is known about a value.
#[derive(Debug)]
pub(super) enum What<'a> {
    /// Nothing: it is looked up or computed.
    Unknown,
    Null,
    Boolean,
    /// A number, and whether it is written as a whole one.
    Number(Option<bool>),
    /// A string, and which if that is known.
    Text(Option<&'a Text>),
    /// An array, and its elements if they are known.
    List(Option<Vec<Given<'a>>>),
    /// An object, and its members if they are known.
    Object(Option<Vec<GivenMember<'a>>>),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct GivenMember<'a> {
    /// The key as written.
    pub(super) key: &'a Text,
    /// The key that the value will have.
    pub(super) name: &'a str,
    /// The value.
    pub(super) value: Given<'a>,
}

impl<'a> Given<'a> {
    /// What a payload template gives.
    pub(super) fn of_template(template: &'a Template) -> Self {
        let what = match template {
            Template::Constant(value) => return Self::of_json(value),
            Template::Path { .. } | Template::Invalid(_) => What::Unknown,
            Template::Expression(expression) => of_expression(expression),
            Template::Intrinsic { call, .. } => of_call(call),
            Template::Object(_, members) => What::Object(Some(
                members
                    .iter()
                    .map(|member| GivenMember {
                        key: &member.key,
                        name: member.name(),
                        value: Self::of_template(&member.value),
                    })
                    .collect(),
            )),
            Template::Array(_, elements) => {
                What::List(Some(elements.iter().map(Self::of_template).collect()))
            }
        };
        Self { span: template.span(), what }
    }

    /// What a JSON value gives.
    fn of_json(value: &'a Value) -> Self {
        let what = match &value.kind {
            Kind::Null => What::Null,
            Kind::Bool(_) => What::Boolean,
            Kind::Number(number) => What::Number(Some(matches!(number, Number::Int(_) | Number::Uint(_)))),
            // Nobody knows what a placeholder will be.
            Kind::String(text) if text.value.contains("${") => What::Unknown,
            Kind::String(text) => What::Text(Some(text)),
            Kind::Array(values) => What::List(Some(values.iter().map(Self::of_json).collect())),
            Kind::Object(members) => What::Object(Some(
                members
                    .iter()
                    .map(|member| GivenMember {
                        key: &member.key,
                        name: &member.key.value,
                        value: Self::of_json(&member.value),
                    })
                    .collect(),
            )),
        };
        Self { span: value.span, what }
    }

    /// What it is, with an article, for messages; nothing if that is not known.
    pub(super) const fn type_name(&self) -> Option<&'static str> {
        match self.what {
            What::Unknown => None,
            What::Null => Some("null"),
            What::Boolean => Some("a boolean"),
            What::Number(_) => Some("a number"),
            What::Text(_) => Some("a string"),
            What::List(_) => Some("an array"),
            What::Object(_) => Some("an object"),
        }
    }
}

fn of_call<'a>(call: &Call) -> What<'a> {
    match call.gives() {
        Gives::Any => What::Unknown,
        Gives::Array => What::List(None),
        Gives::Boolean => What::Boolean,
        Gives::Null => What::Null,
        Gives::Number => What::Number(None),
        Gives::Object => What::Object(None),
        Gives::Text => What::Text(None),
    }
}

/// What an expression gives, as far as its outermost sign tells.
fn of_expression<'a>(expression: &Expression) -> What<'a> {
    let alone =
        |tree: &&tree::Expression| tree.predicates.is_empty() && tree.group.is_none() && !tree.keep_array;
    match expression.tree.as_ref().filter(alone).map(|tree| &tree.kind) {
        Some(tree::Kind::String(_)) => What::Text(None),
        Some(tree::Kind::Number(_) | tree::Kind::Negate(_)) => What::Number(None),
        Some(tree::Kind::Boolean(_)) => What::Boolean,
        Some(tree::Kind::Array(_)) => What::List(None),
        Some(tree::Kind::Object(_)) => What::Object(None),
        Some(tree::Kind::Binary(binary)) => of_operator(binary.operator),
        _ => What::Unknown,
    }
}

const fn of_operator<'a>(operator: Operator) -> What<'a> {
    match operator.yields() {
        Yields::String => What::Text(None),
        Yields::Number => What::Number(None),
        Yields::Boolean => What::Boolean,
    }
}
