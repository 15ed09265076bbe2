//! What a task passes as its parameters, as far as it is known before the machine runs, whatever language it is written in.

use crate::definition::{Expression, Template};
use crate::intrinsic::{Gives, WrittenCall};
use crate::json::{Kind, Text, Value};
use crate::jsonata::check::always_given;
use crate::jsonata::tree::{self, Operator, Yields};
use crate::shape::{Array, Kinds, Object, Shape, Values};
use crate::source::Span;
use crate::vocabulary::{Number, Step};
use std::borrow::Cow;
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
    /// It is looked up or computed, and not written out.
    pub(super) is_computed: bool,
}

/// What is known about a value.
#[derive(Debug)]
pub(super) enum What<'a> {
    /// Nothing: it is looked up or computed.
    Unknown,
    Null,
    /// A boolean, and which if that is known.
    Boolean(Option<bool>),
    /// A number, and which if that is known.
    Number(Option<Number>),
    /// A string, and which if that is known.
    Text(Option<Cow<'a, Text>>),
    /// An array, and its elements if they are known.
    List(Option<Vec<Given<'a>>>),
    /// An object, and its members if they are known.
    Object(Option<Vec<GivenMember<'a>>>),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct GivenMember<'a> {
    /// The key as written.
    pub(super) key: Cow<'a, Text>,
    /// The key that the value will have.
    pub(super) name: Cow<'a, str>,
    /// The value.
    pub(super) value: Given<'a>,
    /// It is certain to be there: a key whose value is nothing is left out by JSONata.
    pub(super) is_always: bool,
}

impl<'a> Given<'a> {
    /// What a payload template yields; `known` says what is looked up and computed yields.
    pub(super) fn of_template(template: &'a Template, known: &dyn Fn(&Template) -> Shape) -> Self {
        let shaped = || Self::of_shape(template.span(), &known(template));
        let what = match template {
            Template::Constant(value) => return Self::of_json(value),
            Template::Invalid(_) => What::Unknown,
            Template::Path { .. } => return shaped(),
            Template::Expression(expression) => {
                let shape = known(template);
                return match expression.tree.as_deref() {
                    Some(tree) => Self { span: expression.span, ..computed(expression, tree, &shape) },
                    None => Self::of_shape(expression.span, &shape),
                };
            }
            Template::Intrinsic { call, .. } => return shaped().or(of_call(call)),
            Template::Object(_, members) => What::Object(Some(
                members
                    .iter()
                    .map(|member| GivenMember {
                        key: Cow::Borrowed(&member.key),
                        name: Cow::Borrowed(member.name()),
                        value: Self::of_template(&member.value, known),
                        is_always: true,
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
        Self { span, what, words: Vec::new(), is_computed: false }
    }

    /// The same, or something else where nothing is known.
    fn or(self, other: What<'a>) -> Self {
        if matches!(self.what, What::Unknown) { Self { what: other, ..self } } else { self }
    }

    /// What a value is that can only be of one kind.
    fn of_shape(span: Span, shape: &Shape) -> Self {
        let Some(Kinds { null, booleans, numbers, strings, array, object }) = shape.kinds() else {
            return Self::new(span, What::Unknown);
        };
        let kinds = [
            null.then_some(What::Null),
            (!booleans.is_none()).then(|| What::Boolean(only(booleans))),
            (!numbers.is_none()).then(|| What::Number(only(numbers))),
            (!strings.is_none()).then_some(What::Text(None)),
            array.as_ref().map(|array| What::List(of_elements(span, array))),
            object.as_ref().map(|object| What::Object(of_fields(span, object))),
        ];
        let mut kinds = kinds.into_iter().flatten();
        let (Some(what), None) = (kinds.next(), kinds.next()) else {
            return Self::new(span, What::Unknown);
        };
        let words = if let Values::OneOf(words) = strings { words.clone() } else { Vec::new() };
        Self { span, what, words, is_computed: true }
    }

    /// Whether its text may be one that `is` tells of; one that is not known may be any.
    pub(super) fn may_be(&self, is: impl Fn(&str) -> bool) -> bool {
        if let What::Text(Some(text)) = &self.what {
            return is(&text.value);
        }
        self.words.is_empty() || self.words.iter().any(|word| is(word))
    }

    /// The one text that it is, if that is known.
    pub(super) fn text(&self) -> Option<&str> {
        match (&self.what, self.words.as_slice()) {
            (What::Text(Some(text)), _) => Some(&text.value),
            (What::Text(None), [word]) => Some(word),
            _ => None,
        }
    }

    /// What a JSON value yields.
    pub(super) fn of_json(value: &'a Value) -> Self {
        let what = match &value.kind {
            Kind::Null => What::Null,
            Kind::Bool(boolean) => What::Boolean(Some(*boolean)),
            Kind::Number(number) => What::Number(Some(*number)),
            // It is not known what a placeholder will be.
            Kind::String(text) if text.value.contains("${") => What::Unknown,
            Kind::String(text) => What::Text(Some(Cow::Borrowed(text))),
            Kind::Array(values) => What::List(Some(values.iter().map(Self::of_json).collect())),
            Kind::Object(members) => What::Object(Some(
                members
                    .iter()
                    .map(|member| GivenMember {
                        key: Cow::Borrowed(&member.key),
                        name: Cow::Borrowed(&member.key.value),
                        value: Self::of_json(&member.value),
                        is_always: true,
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
            What::Boolean(_) => Some("a boolean"),
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
        Gives::Boolean => What::Boolean(None),
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

/// The members of an object, if it always has all of them and no others.
fn of_fields<'a>(span: Span, object: &Object) -> Option<Vec<GivenMember<'a>>> {
    if object.is_open() || object.fields.values().any(|field| !field.required) {
        return None;
    }
    let member = |(name, shape): (&str, &Shape)| GivenMember {
        key: Cow::Owned(Text::at_once(name.to_owned(), span)),
        name: Cow::Owned(name.to_owned()),
        value: Given::of_shape(span, shape),
        is_always: true,
    };
    Some(object.fields.iter().map(|(name, field)| member((name, &field.shape))).collect())
}

/// What a part of an expression yields: what is written out in it as such, and all else by its shape.
fn computed<'a>(expression: &Expression, part: &tree::Expression, shape: &Shape) -> Given<'a> {
    let span = expression.place(part.span);
    let shaped = || Given::of_shape(span, shape);
    if !part.predicates.is_empty() || part.group.is_some() || part.keep_array {
        return shaped();
    }
    let what = if let tree::ExpressionKind::String(text) = &part.kind
        && !text.contains("${")
    {
        What::Text(Some(Cow::Owned(Text::at_once(text.clone(), span))))
    } else if let tree::ExpressionKind::Object(pairs) = &part.kind {
        What::Object(of_pairs(expression, pairs, shape))
    } else if let tree::ExpressionKind::Array(array) = &part.kind {
        What::List(of_items(expression, &array.items, shape))
    } else if let tree::ExpressionKind::Binary(binary) = &part.kind {
        return shaped().or(of_operator(binary.operator));
    } else {
        return shaped();
    };
    Given::new(span, what)
}

/// The elements of an array that is written out, if each item is one: an item that is not an array constructor may be spread.
fn of_items<'a>(
    expression: &Expression,
    items: &[tree::Expression],
    shape: &Shape,
) -> Option<Vec<Given<'a>>> {
    let is_one = |item: &tree::Expression| {
        matches!(item.kind, tree::ExpressionKind::Object(_) | tree::ExpressionKind::String(_))
            && item.predicates.is_empty()
            && item.group.is_none()
    };
    let element =
        |(item, index)| computed(expression, item, &shape.step(&Step::Index(index)).unwrap_or_default());
    items.iter().all(is_one).then(|| items.iter().zip(0..).map(element).collect())
}

/// The members of an object that is written out, if its keys are.
fn of_pairs<'a>(
    expression: &Expression,
    pairs: &[tree::Pair],
    shape: &Shape,
) -> Option<Vec<GivenMember<'a>>> {
    let member = |pair: &tree::Pair| {
        let tree::ExpressionKind::String(name) = &pair.key.kind else { return None };
        let shape = shape.step(&Step::Name(name.clone())).unwrap_or_default();
        Some(GivenMember {
            key: Cow::Owned(Text::at_once(name.clone(), expression.place(pair.key.span))),
            name: Cow::Owned(name.clone()),
            value: computed(expression, &pair.value, &shape),
            is_always: always_given(&pair.value),
        })
    };
    pairs.iter().map(member).collect()
}

/// The only one of some values.
const fn only<T: Copy>(values: &Values<T>) -> Option<T> {
    match values {
        Values::OneOf(values) => match values.as_slice() {
            [value] => Some(*value),
            _ => None,
        },
        Values::Any => None,
    }
}

const fn of_operator<'a>(operator: Operator) -> What<'a> {
    match operator.yields() {
        Yields::String => What::Text(None),
        Yields::Number => What::Number(None),
        Yields::Boolean => What::Boolean(None),
    }
}
