//! What a task passes as its parameters, as far as it is known before the machine runs, whatever language it is written in.

use crate::definition::{Expression, Template};
use crate::intrinsic::{Gives, WrittenCall};
use crate::json::{Kind, Text, Value};
use crate::jsonata::tree::{self, Operator, Yields};
use crate::shape::{Array, Kinds, Shape, Values};
use crate::source::Span;
use crate::vocabulary::Number;
use std::sync::Arc;

/// A value.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// Where it is written.
    pub(super) span: Span,
    /// What is known about it.
    pub(super) what: What<'a>,
    /// The strings of which it is one, if it is looked up or computed and they are known.
    words: Vec<Arc<str>>,
}

/// What is known about a value.
#[derive(Debug)]
pub(super) enum What<'a> {
    /// Nothing: it is looked up or computed.
    Unknown,
    Null,
    Boolean,
    /// A number, and which if that is known.
    Number(Option<Number>),
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
    /// What a payload template yields; `known` says what is looked up and computed yields.
    pub(super) fn of_template(template: &'a Template, known: &dyn Fn(&Template) -> Shape) -> Self {
        let shaped = || Self::of_shape(template.span(), &known(template));
        let shaped_or = |other: What<'a>| {
            let shaped = shaped();
            if matches!(shaped.what, What::Unknown) { Self { what: other, ..shaped } } else { shaped }
        };
        let what = match template {
            Template::Constant(value) => return Self::of_json(value),
            Template::Invalid(_) => What::Unknown,
            Template::Path { .. } => return shaped(),
            Template::Expression(expression) => return shaped_or(of_expression(expression)),
            Template::Intrinsic { call, .. } => return shaped_or(of_call(call)),
            Template::Object(_, members) => What::Object(Some(
                members
                    .iter()
                    .map(|member| GivenMember {
                        key: &member.key,
                        name: member.name(),
                        value: Self::of_template(&member.value, known),
                    })
                    .collect(),
            )),
            Template::Array(_, elements) => {
                What::List(Some(elements.iter().map(|element| Self::of_template(element, known)).collect()))
            }
        };
        Self::new(template.span(), what)
    }

    const fn new(span: Span, what: What<'a>) -> Self {
        Self { span, what, words: Vec::new() }
    }

    /// What a value is that can only be of one kind.
    fn of_shape(span: Span, shape: &Shape) -> Self {
        let Some(Kinds { null, booleans, numbers, strings, array, object }) = shape.kinds() else {
            return Self::new(span, What::Unknown);
        };
        let kinds = [
            null.then_some(What::Null),
            (!booleans.is_none()).then_some(What::Boolean),
            (!numbers.is_none()).then_some(What::Number(None)),
            (!strings.is_none()).then_some(What::Text(None)),
            array.as_ref().map(|array| What::List(of_elements(span, array))),
            object.is_some().then_some(What::Object(None)),
        ];
        let mut kinds = kinds.into_iter().flatten();
        let (Some(what), None) = (kinds.next(), kinds.next()) else {
            return Self::new(span, What::Unknown);
        };
        let words = if let Values::OneOf(words) = strings { words.clone() } else { Vec::new() };
        Self { span, what, words }
    }

    /// Whether its text may be one that `is` tells of; one that is not known may be any.
    pub(super) fn may_be(&self, is: impl Fn(&str) -> bool) -> bool {
        if let What::Text(Some(text)) = self.what {
            return is(&text.value);
        }
        self.words.is_empty() || self.words.iter().any(|word| is(word))
    }

    /// What a JSON value yields.
    fn of_json(value: &'a Value) -> Self {
        let what = match &value.kind {
            Kind::Null => What::Null,
            Kind::Bool(_) => What::Boolean,
            Kind::Number(number) => What::Number(Some(*number)),
            // It is not known what a placeholder will be.
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
        Self::new(value.span, what)
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

fn of_call<'a>(call: &WrittenCall) -> What<'a> {
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

/// The elements of an array, if it is known how many there are.
fn of_elements<'a>(span: Span, array: &Array) -> Option<Vec<Given<'a>>> {
    let Array::Tuple(elements) = array else { return None };
    Some(elements.iter().map(|element| Given::of_shape(span, element)).collect())
}

/// What an expression yields, if its outermost sign tells.
fn of_expression<'a>(expression: &Expression) -> What<'a> {
    let alone =
        |tree: &&tree::Expression| tree.predicates.is_empty() && tree.group.is_none() && !tree.keep_array;
    let Some(tree::Expression { kind, .. }) = expression.tree.as_deref().filter(alone) else {
        return What::Unknown;
    };
    if let tree::ExpressionKind::Binary(binary) = kind {
        return of_operator(binary.operator);
    }
    let whats = [
        (matches!(kind, tree::ExpressionKind::String(_)), What::Text(None)),
        (
            matches!(kind, tree::ExpressionKind::Number(_) | tree::ExpressionKind::Negate(_)),
            What::Number(None),
        ),
        (matches!(kind, tree::ExpressionKind::Boolean(_)), What::Boolean),
        (matches!(kind, tree::ExpressionKind::Array(_)), What::List(None)),
        (matches!(kind, tree::ExpressionKind::Object(_)), What::Object(None)),
    ];
    whats.into_iter().find_map(|(is, what)| is.then_some(what)).unwrap_or(What::Unknown)
}

const fn of_operator<'a>(operator: Operator) -> What<'a> {
    match operator.yields() {
        Yields::String => What::Text(None),
        Yields::Number => What::Number(None),
        Yields::Boolean => What::Boolean,
    }
}
