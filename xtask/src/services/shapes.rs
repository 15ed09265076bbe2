//! The shapes of one service as a list in which equal ones are there once.

use super::bounds::Bounds;
use super::model::{Model, is_set};
use super::patterns;
use super::wire::Wire;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A type: one without parts, or the number of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Plain(Plain),
    Shape(usize),
}

/// A type without parts; the numbers are those in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Plain {
    Any = 0,
    String = 1,
    Integer = 2,
    Number = 3,
    Boolean = 4,
    Timestamp = 5,
    Blob = 6,
    /// A structure without members: what operations without input take.
    Nothing = 7,
}

/// A shape with parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Structure {
        union: bool,
        required: Vec<Member>,
        optional: Vec<Member>,
    },
    List(Type, Wire, Bounds),
    /// The type of the values, how keys and values are sent, and the bounds of values.
    Map(Type, Wire, Wire, Bounds),
    Enum(Vec<String>),
}

/// A member of a structure, with a capital first letter as Step Functions writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) type_: Type,
    /// How it is sent.
    pub(super) wire: Wire,
    pub(super) bounds: Bounds,
}

/// The shapes of a service.
#[derive(Debug)]
pub(super) struct Shapes {
    pub(super) shapes: Vec<Shape>,
    types: BTreeMap<String, Type>,
}

impl Shapes {
    /// The shape of that name, if it has parts.
    pub(super) fn shape_of(&self, name: Option<&String>) -> Option<&Shape> {
        match self.type_of(name) {
            Type::Shape(number) => self.shapes.get(number),
            Type::Plain(_) => None,
        }
    }

    /// All shapes that the operations use, with the patterns of texts that are given if these are kept.
    pub(super) fn of(model: &Model, has_patterns: bool) -> Self {
        let mut builder = Builder {
            model,
            has_patterns,
            given: BTreeSet::new(),
            results: BTreeSet::new(),
            shapes: Vec::new(),
            types: BTreeMap::new(),
        };
        for operation in model.operations.values() {
            operation.input.iter().for_each(|input| mark(model, &mut builder.given, input));
            operation.output.iter().for_each(|output| mark(model, &mut builder.results, output));
        }
        for operation in model.operations.values() {
            for name in operation.input.iter().chain(&operation.output) {
                builder.build(name);
            }
        }
        let mut shapes =
            Self { shapes: builder.shapes.into_iter().flatten().collect(), types: builder.types };
        while shapes.merge_equal() {}
        shapes.rank(model);
        shapes
    }

    /// The type of that name.
    pub(super) fn type_of(&self, name: Option<&String>) -> Type {
        name.and_then(|name| self.types.get(name)).copied().unwrap_or(Type::Plain(Plain::Nothing))
    }

    /// Merges shapes that have become equal; whether there were any.
    fn merge_equal(&mut self) -> bool {
        let mut first: BTreeMap<&Shape, usize> = BTreeMap::new();
        let mut kept = 0;
        let numbers: Vec<usize> = self
            .shapes
            .iter()
            .map(|shape| {
                *first.entry(shape).or_insert_with(|| {
                    kept += 1;
                    kept - 1
                })
            })
            .collect();
        let changed = kept < self.shapes.len();
        let mut next = 0;
        let mut position = 0;
        self.shapes.retain(|_| {
            let keep = numbers.get(position) == Some(&next);
            position += 1;
            next += usize::from(keep);
            keep
        });
        self.renumber(&numbers);
        changed
    }

    /// Assigns the smallest numbers to the shapes that are used most.
    fn rank(&mut self, model: &Model) {
        let mut uses = vec![0_usize; self.shapes.len()];
        let mut count = |type_: Type| {
            if let Type::Shape(number) = type_
                && let Some(count) = uses.get_mut(number)
            {
                *count += 1;
            }
        };
        self.shapes.iter().for_each(|shape| shape.types().for_each(&mut count));
        for operation in model.operations.values() {
            count(self.type_of(operation.input.as_ref()));
            count(self.type_of(operation.output.as_ref()));
        }
        let mut order: Vec<(usize, usize)> = uses.into_iter().enumerate().map(|(n, c)| (c, n)).collect();
        order.sort_by_key(|(count, number)| (usize::MAX - count, *number));
        let mut numbers = vec![0; order.len()];
        for ((_, old), new) in order.iter().zip(0..) {
            if let Some(number) = numbers.get_mut(*old) {
                *number = new;
            }
        }
        self.shapes = order.iter().filter_map(|(_, old)| self.shapes.get(*old).cloned()).collect();
        self.renumber(&numbers);
    }

    fn renumber(&mut self, numbers: &[usize]) {
        let renumber = |type_: &mut Type| {
            if let Type::Shape(number) = type_ {
                *number = numbers.get(*number).copied().unwrap_or_default();
            }
        };
        self.types.values_mut().for_each(renumber);
        self.shapes.iter_mut().for_each(|shape| shape.types_mut().into_iter().for_each(renumber));
    }
}

impl Shape {
    /// How its parts are sent: members, the required ones first, or elements, or keys and values.
    pub(super) fn wires(&self) -> Vec<(&str, &Wire)> {
        match self {
            Self::Structure { required, optional, .. } => {
                required.iter().chain(optional).map(|member| (member.name.as_str(), &member.wire)).collect()
            }
            Self::List(_, element, _) => vec![("", element)],
            Self::Map(_, key, value, _) => vec![("", key), ("", value)],
            Self::Enum(_) => Vec::new(),
        }
    }

    /// The bounds of its parts: members, the required ones first, or elements or values.
    pub(super) fn bounds(&self) -> Vec<&Bounds> {
        match self {
            Self::Structure { required, optional, .. } => {
                required.iter().chain(optional).map(|member| &member.bounds).collect()
            }
            Self::List(.., bounds) | Self::Map(.., bounds) => vec![bounds],
            Self::Enum(_) => Vec::new(),
        }
    }

    fn types(&self) -> impl Iterator<Item = Type> {
        let (one, members) = match self {
            Self::Structure { required, optional, .. } => (None, Some(required.iter().chain(optional))),
            Self::List(type_, ..) | Self::Map(type_, ..) => (Some(*type_), None),
            Self::Enum(_) => (None, None),
        };
        let values = self.bounds().into_iter().filter_map(|bounds| bounds.values);
        one.into_iter().chain(members.into_iter().flatten().map(|member| member.type_)).chain(values)
    }

    fn types_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Structure { required, optional, .. } => {
                let members = required.iter_mut().chain(optional);
                members
                    .flat_map(|member| std::iter::once(&mut member.type_).chain(&mut member.bounds.values))
                    .collect()
            }
            Self::List(type_, .., bounds) | Self::Map(type_, .., bounds) => {
                std::iter::once(type_).chain(&mut bounds.values).collect()
            }
            Self::Enum(_) => Vec::new(),
        }
    }
}

struct Builder<'m> {
    model: &'m Model,
    has_patterns: bool,
    /// What users can give: a text of an enumeration is a type of its own there.
    given: BTreeSet<String>,
    /// What users can get, and mock: its enumerations are bounds.
    results: BTreeSet<String>,
    /// Nothing where a shape is not built yet.
    shapes: Vec<Option<Shape>>,
    types: BTreeMap<String, Type>,
}

impl Builder<'_> {
    fn build(&mut self, name: &str) -> Type {
        if let Some(type_) = self.types.get(name) {
            return *type_;
        }
        let Some(shape) = self.model.shapes.get(name) else { return Type::Plain(Plain::Any) };
        if let Some(plain) = plain(shape, self.given.contains(name)) {
            self.types.insert(name.to_owned(), Type::Plain(plain));
            return Type::Plain(plain);
        }
        let number = self.shapes.len();
        self.shapes.push(None);
        self.types.insert(name.to_owned(), Type::Shape(number));
        let built = self.build_parts(name, shape);
        if let Some(place) = self.shapes.get_mut(number) {
            *place = Some(built);
        }
        Type::Shape(number)
    }

    fn build_parts(&mut self, name: &str, shape: &Value) -> Shape {
        let is_result = self.results.contains(name);
        let kind = shape.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "list" => {
                let wire = Wire::of_part(shape, "member", &self.model.shapes);
                let bounds = self.bounds(is_result, shape.get("member"));
                Shape::List(self.build_part(shape.get("member")), wire, bounds)
            }
            "map" => {
                let wire = |part| Wire::of_part(shape, part, &self.model.shapes);
                let (key, value) = (wire("key"), wire("value"));
                let bounds = self.bounds(is_result, shape.get("value"));
                Shape::Map(self.build_part(shape.get("value")), key, value, bounds)
            }
            "structure" => self.build_structure(is_result, shape),
            _ => Shape::Enum(values(shape)),
        }
    }

    fn build_part(&mut self, part: Option<&Value>) -> Type {
        let name = part.and_then(|part| part.get("shape")).and_then(Value::as_str);
        name.map_or(Type::Plain(Plain::Any), |name| self.build(name))
    }

    /// The bounds of a part. An enumeration is named in results, where its type does not say it.
    fn bounds(&mut self, is_result: bool, part: Option<&Value>) -> Bounds {
        let name = part.and_then(|part| part.get("shape")).and_then(Value::as_str);
        let Some(name) = name else { return Bounds::default() };
        let Some(shape) = self.model.shapes.get(name) else { return Bounds::default() };
        let values = values(shape);
        let is_named = !values.is_empty() && !self.given.contains(name);
        if !is_result {
            return Bounds::of_given(shape, self.has_patterns);
        }
        // What is given may be got, too.
        let pattern = patterns::of(shape).filter(|_| self.has_patterns && self.given.contains(name));
        Bounds { values: is_named.then(|| self.enumeration(name, values)), pattern, ..Bounds::of(shape) }
    }

    fn enumeration(&mut self, name: &str, values: Vec<String>) -> Type {
        // No shape has such a name.
        let name = format!("{name} as an enumeration");
        if let Some(type_) = self.types.get(&name) {
            return *type_;
        }
        let type_ = Type::Shape(self.shapes.len());
        self.shapes.push(Some(Shape::Enum(values)));
        self.types.insert(name, type_);
        type_
    }

    fn build_structure(&mut self, is_result: bool, shape: &Value) -> Shape {
        let names = shape.get("required").and_then(Value::as_array).into_iter().flatten();
        let names: BTreeSet<&str> = names.filter_map(Value::as_str).collect();
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        for (name, member) in members(shape).into_iter().flatten() {
            let type_ = self.build_part(Some(member));
            // A token against doing things twice is filled in by the SDK.
            let is_required = names.contains(name.as_str()) && !is_set(member, "idempotencyToken");
            let list = if is_required { &mut required } else { &mut optional };
            let wire = Wire::of_member(name, member, shape, &self.model.shapes);
            let bounds = self.bounds(is_result, Some(member));
            list.push(Member { name: capitalized(name), type_, wire, bounds });
        }
        // The same order whatever keeps the members of JSON objects.
        required.sort();
        optional.sort();
        Shape::Structure { union: is_set(shape, "union"), required, optional }
    }
}

/// Adds a shape and all that is in it.
fn mark(model: &Model, marked: &mut BTreeSet<String>, name: &str) {
    let Some(shape) = model.shapes.get(name) else { return };
    if marked.insert(name.to_owned()) {
        parts(shape).for_each(|part| mark(model, marked, part));
    }
}

fn members(shape: &Value) -> Option<&Map<String, Value>> {
    shape.get("members").and_then(Value::as_object)
}

fn parts(shape: &Value) -> impl Iterator<Item = &str> {
    let single = [shape.get("member"), shape.get("value")].into_iter().flatten();
    let all = members(shape).into_iter().flat_map(|members| members.values());
    single.chain(all).filter_map(|part| part.get("shape").and_then(Value::as_str))
}

/// The type of a shape without parts.
fn plain(shape: &Value, given: bool) -> Option<Plain> {
    let has_values = shape.get("enum").and_then(Value::as_array).is_some_and(|values| !values.is_empty());
    match shape.get("type").and_then(Value::as_str).unwrap_or_default() {
        "structure" if is_set(shape, "document") => Some(Plain::Any),
        "structure" if members(shape).is_none_or(Map::is_empty) => Some(Plain::Nothing),
        "structure" | "list" | "map" => None,
        "string" if has_values && given => None,
        "string" | "character" => Some(Plain::String),
        "integer" | "long" | "short" | "byte" | "biginteger" => Some(Plain::Integer),
        "float" | "double" | "bigdecimal" => Some(Plain::Number),
        "boolean" => Some(Plain::Boolean),
        "timestamp" => Some(Plain::Timestamp),
        "blob" => Some(Plain::Blob),
        _ => Some(Plain::Any),
    }
}

/// The values of an enumeration.
fn values(shape: &Value) -> Vec<String> {
    let values = shape.get("enum").and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
