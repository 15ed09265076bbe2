//! Stage 4: what is known about the data at each place of a machine, and what can therefore never work.
//!
//! In: a resolved machine. Out: the [`Shape`] of the data where each state is entered and left, and diagnostics for paths that lead
//! nowhere on every way through the machine, comparisons that never hold and rules that are never reached. What is not known for
//! certain counts as possible: it never reports what may work.

mod condition;
mod constant;
mod context;
mod flow;
mod integration;
mod intrinsic;
mod join;
mod jsonata;
mod kind;
mod map;
mod name;
mod narrow;
mod path;
mod read;
mod report;
mod rules;
pub mod schema;
mod seen;
mod show;
mod solve;

use crate::source::Span;
use crate::vocabulary::{Number, StateId};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use name::Name;
pub(crate) use report::report;
pub(crate) use seen::Seen;
pub use solve::{Solution, solve};

/// What is known about a value: of which kinds it may be, and what about each kind. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Shape(Option<Arc<Content>>);

#[derive(Debug)]
struct Content {
    kinds: Kinds,
    /// How many shapes are in it, itself included, as far as they can be counted.
    weight: usize,
    depth: usize,
}

/// The kinds that a value may be of. Without any there is no such value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kinds {
    /// It may be `null`.
    pub null: bool,
    /// The booleans that it may be.
    pub booleans: Values<bool>,
    /// The numbers that it may be.
    pub numbers: Values<Number>,
    /// The strings that it may be.
    pub strings: Values<Arc<str>>,
    /// It may be an array.
    pub array: Option<Array>,
    /// It may be an object.
    pub object: Option<Object>,
}

/// The values of one kind that a value may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Values<T> {
    /// Any.
    Any,
    /// One of these; none of this kind if there are none.
    OneOf(Vec<T>),
}

/// What is known about an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    /// Any number of elements of one shape.
    Each(Shape),
    /// Exactly these elements.
    Tuple(Vec<Shape>),
}

/// What is known about an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The fields that are known.
    pub fields: BTreeMap<Name, Field>,
    /// What the values of other fields are; without a possible value there are no others.
    pub rest: Shape,
    /// Where it comes from.
    pub source: Option<Source>,
}

/// What is known about a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its value. A field without a possible value is never there.
    pub shape: Shape,
    /// It is always there.
    pub required: bool,
}

/// Where data comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// What makes it.
    pub origin: Origin,
    /// The place in the definition, if it comes from there.
    pub span: Option<Span>,
}

/// What makes data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It is the result of a Task or a Map.
    Result(StateId),
    /// A template or a `Result` of the definition makes it.
    Definition,
    /// It is an Error Output.
    ErrorOutput,
    /// It is the input that the user described.
    Input,
    /// An item that a distributed Map reads, or a batch of items.
    Item,
}

/// Larger shapes forget what is in them, so that machines of thousands of states are checked in time.
const WEIGHT_LIMIT: usize = 1000;

/// Deeper shapes forget what is in them, so that a loop that wraps its data comes to an end.
const DEPTH_LIMIT: usize = 24;

/// More constants than this are forgotten.
const VALUES_LIMIT: usize = 32;

/// More fields than this are not added one by one.
const FIELDS_LIMIT: usize = 64;

impl Shape {
    /// The fields that a value of this shape may have, each with what it holds and whether it is always there.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Self, bool)> {
        let object = self.kinds().and_then(|kinds| kinds.object.as_ref());
        let fields = object.into_iter().flat_map(|object| &object.fields);
        fields
            .filter(|(_, field)| !field.shape.is_never())
            .map(|(name, field)| (&**name, &field.shape, field.required))
    }

    /// Nothing is known.
    pub const UNKNOWN: Self = Self(None);

    /// A value of these kinds.
    #[must_use]
    pub fn of(mut kinds: Kinds) -> Self {
        kinds.booleans.limit();
        kinds.numbers.limit();
        kinds.strings.limit();
        let (mut weight, mut depth) = kinds.measure();
        if weight > WEIGHT_LIMIT || depth > DEPTH_LIMIT {
            kinds.forget_parts();
            (weight, depth) = (1, 1);
        }
        if kinds.is_anything() {
            return Self::UNKNOWN;
        }
        Self(Some(Arc::new(Content { kinds, weight, depth })))
    }

    /// No value: what comes out of something that never ends well.
    #[must_use]
    pub fn never() -> Self {
        Self::of(Kinds::default())
    }

    /// Any number.
    #[must_use]
    pub fn number() -> Self {
        Self::of(Kinds { numbers: Values::Any, ..Kinds::default() })
    }

    /// Any string.
    #[must_use]
    pub fn string() -> Self {
        Self::of(Kinds { strings: Values::Any, ..Kinds::default() })
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean() -> Self {
        Self::of(Kinds { booleans: Values::Any, ..Kinds::default() })
    }

    /// An array.
    #[must_use]
    pub fn array(array: Array) -> Self {
        Self::of(Kinds { array: Some(array), ..Kinds::default() })
    }

    /// An array of any number of elements.
    #[must_use]
    pub fn array_of(element: Self) -> Self {
        Self::array(Array::Each(element))
    }

    /// An object.
    #[must_use]
    pub fn object(object: Object) -> Self {
        Self::of(Kinds { object: Some(object), ..Kinds::default() })
    }

    /// What is known about its kinds; nothing is known if there are none to look at.
    #[must_use]
    pub fn kinds(&self) -> Option<&Kinds> {
        self.0.as_ref().map(|node| &node.kinds)
    }

    /// The same kinds, or all of them if nothing is known, to be changed.
    #[must_use]
    pub(crate) fn to_kinds(&self) -> Kinds {
        self.kinds().cloned().unwrap_or_else(Kinds::anything)
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.0.is_none()
    }

    /// Whether there is no such value.
    #[must_use]
    pub(crate) fn is_never(&self) -> bool {
        self.kinds().is_some_and(Kinds::is_none)
    }

    fn weight(&self) -> usize {
        self.0.as_ref().map_or(1, |node| node.weight)
    }

    fn depth(&self) -> usize {
        self.0.as_ref().map_or(1, |node| node.depth)
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
            || match (self.kinds(), other.kinds()) {
                (Some(one), Some(other)) => one == other,
                _ => false,
            }
    }
}

impl Kinds {
    /// All kinds, nothing known about any.
    #[must_use]
    pub fn anything() -> Self {
        Self {
            null: true,
            booleans: Values::Any,
            numbers: Values::Any,
            strings: Values::Any,
            array: Some(Array::Each(Shape::UNKNOWN)),
            object: Some(Object::open()),
        }
    }

    fn is_anything(&self) -> bool {
        self.null
            && self.booleans == Values::Any
            && self.numbers == Values::Any
            && self.strings == Values::Any
            && matches!(&self.array, Some(Array::Each(element)) if element.is_unknown())
            && matches!(&self.object, Some(object) if object.rest.is_unknown() && object.fields.is_empty())
    }

    fn is_none(&self) -> bool {
        !self.null
            && self.booleans.is_none()
            && self.numbers.is_none()
            && self.strings.is_none()
            && self.array.is_none()
            && self.object.is_none()
    }

    /// Whether it can be nothing but an object.
    #[must_use]
    pub(crate) fn is_only_object(&self) -> bool {
        self.object.is_some() && Self { object: None, ..self.clone() }.is_none()
    }

    /// Whether it can be nothing but an array.
    #[must_use]
    pub(crate) fn is_only_array(&self) -> bool {
        self.array.is_some() && Self { array: None, ..self.clone() }.is_none()
    }

    fn parts(&self) -> impl Iterator<Item = &Shape> {
        let elements = match &self.array {
            Some(Array::Each(element)) => std::slice::from_ref(element),
            Some(Array::Tuple(elements)) => elements.as_slice(),
            None => &[],
        };
        let object = self.object.iter();
        let fields = object.clone().flat_map(|object| object.fields.values().map(|field| &field.shape));
        elements.iter().chain(fields).chain(object.map(|object| &object.rest))
    }

    fn measure(&self) -> (usize, usize) {
        self.parts().fold((1, 1), |(weight, depth), part| {
            (weight.saturating_add(part.weight()), depth.max(part.depth() + 1))
        })
    }

    fn forget_parts(&mut self) {
        if let Some(array) = &mut self.array {
            *array = Array::Each(Shape::UNKNOWN);
        }
        if let Some(object) = &mut self.object {
            object.fields.clear();
            object.rest = Shape::UNKNOWN;
        }
    }
}

impl<T> Default for Values<T> {
    fn default() -> Self {
        Self::OneOf(Vec::new())
    }
}

impl<T> Values<T> {
    /// Whether there are none.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::OneOf(values) if values.is_empty())
    }

    fn limit(&mut self) {
        if matches!(self, Self::OneOf(values) if values.len() > VALUES_LIMIT) {
            *self = Self::Any;
        }
    }
}

impl Default for Object {
    /// The empty object.
    fn default() -> Self {
        Self { fields: BTreeMap::new(), rest: Shape::never(), source: None }
    }
}

impl Object {
    /// An object of exactly these fields, all of them always there.
    pub fn closed<N: Into<Name>>(fields: impl IntoIterator<Item = (N, Shape)>) -> Self {
        let fields = fields.into_iter().map(|(name, shape)| (name.into(), Field { shape, required: true }));
        Self { fields: fields.collect(), ..Self::default() }
    }

    /// An object of which nothing is known.
    #[must_use]
    pub const fn open() -> Self {
        Self::map(Shape::UNKNOWN)
    }

    /// An object of any fields, the value of each of one shape.
    #[must_use]
    pub const fn map(rest: Shape) -> Self {
        Self { fields: BTreeMap::new(), rest, source: None }
    }

    /// Whether it may have other fields than those that are known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.rest.is_never()
    }

    /// The same object, with where it comes from.
    #[must_use]
    pub const fn from(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// The names of the fields that may be there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|(_, field)| !field.shape.is_never()).map(|(name, _)| &**name)
    }
}

/// What the data depends on besides the definition.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The result of `http:invoke` is the body of the response alone.
    pub http_body: bool,
    /// The input of the execution.
    pub input: Shape,
    /// Places of faults, which leave it open what was to stand there.
    pub faults: Vec<Span>,
}
