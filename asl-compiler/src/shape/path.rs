//! Paths into shapes: what they lead to, what is selected by their indefinite rest, and what is written to by `ResultPath`.

use super::{Array, FIELDS_LIMIT, Field, Kinds, Object, Origin, Shape, Source};
use crate::vocabulary::{Selector, Step};

/// A step that leads nowhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Miss {
    /// The number of the step.
    pub(super) step: usize,
    /// The value that has no such part.
    pub(super) holder: Shape,
    /// Where the data on the way came from last.
    pub(super) source: Option<Source>,
}

impl Miss {
    /// Whether it is the result of an integration that has no such field.
    pub(super) fn is_of_result(&self) -> bool {
        let is_object = self.holder.kinds().is_some_and(|kinds| kinds.object.is_some());
        is_object && self.source.is_some_and(|source| matches!(source.origin, Origin::Result(_)))
    }

    /// Whether the value is an object that never had such a field, whatever tests say.
    pub(super) fn is_foreign(&self, step: &Step) -> bool {
        let (Step::Name(name), Some(kinds)) = (step, self.holder.kinds()) else { return false };
        kinds.object.as_ref().is_some_and(|object| {
            !object.is_open() && !object.fields.contains_key(name.as_str()) && !object.fields.is_empty()
        })
    }
}

/// Whether an object has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// It always has it, as far as is known.
    Always,
    /// On some ways it has it, and on others not.
    Perhaps,
    /// It never has it.
    Never,
}

impl Shape {
    /// Whether it is what a catcher gets.
    pub(super) fn is_error_output(&self) -> bool {
        let source = self.kinds().and_then(|kinds| kinds.object.as_ref()?.source);
        source.is_some_and(|source| source.origin == Origin::ErrorOutput)
    }

    /// Whether it has a field. What is not known counts as having it.
    pub(super) fn presence(&self, name: &str) -> Presence {
        let Some(object) = self.kinds().and_then(|kinds| kinds.object.as_ref()) else {
            return Presence::Always;
        };
        match object.fields.get(name) {
            Some(field) if field.required => Presence::Always,
            Some(field) if field.shape.is_never() => Presence::Never,
            Some(_) => Presence::Perhaps,
            None if object.is_open() => Presence::Always,
            None => Presence::Never,
        }
    }

    /// What the steps lead to.
    pub(super) fn walk<'s>(&self, steps: impl IntoIterator<Item = &'s Step>) -> Result<Self, Miss> {
        let mut shape = self.clone();
        let mut source = None;
        for (step, number) in steps.into_iter().zip(0..) {
            // This is never reached.
            if shape.is_never() {
                break;
            }
            let object = shape.kinds().and_then(|kinds| kinds.object.as_ref());
            source = object.and_then(|object| object.source).or(source);
            match shape.step(step) {
                Some(next) => shape = next,
                None => return Err(Miss { step: number, holder: shape, source }),
            }
        }
        Ok(shape)
    }

    /// What one step leads to; nothing if there is no such part.
    pub(crate) fn step(&self, step: &Step) -> Option<Self> {
        let Some(kinds) = self.kinds() else { return Some(Self::UNKNOWN) };
        match step {
            Step::Name(name) => kinds.object.as_ref()?.field(name),
            Step::Index(index) => kinds.array.as_ref()?.at(*index),
            Step::FromEnd(offset) => kinds.array.as_ref()?.before_end(*offset),
        }
    }

    /// What the rest of a path leads to, all in one shape.
    pub(super) fn select(&self, selectors: &[Selector]) -> Self {
        let mut shape = self.clone();
        for selector in selectors {
            shape = match selector {
                Selector::Name(name) => shape.step(&Step::Name(name.clone())).unwrap_or_else(Self::never),
                Selector::FromEnd(offset) => shape.step(&Step::FromEnd(*offset)).unwrap_or_else(Self::never),
                Selector::Index(index) => shape.step(&Step::Index(*index)).unwrap_or_else(Self::never),
                Selector::Indexes(indexes) => shape.any_of(indexes.iter().copied().map(Step::Index)),
                Selector::Slice { .. } => shape.elements(),
                Selector::Wildcard => shape.children(),
                Selector::Filter(_) => shape.filtered(),
                Selector::Names(_) | Selector::Descendants => return Self::UNKNOWN,
            };
        }
        shape
    }

    /// The first field that is chosen by name behind what leads to any number of values, and that none of them has, with these values.
    pub(super) fn lacks_selected<'s>(&self, selectors: &'s [Selector]) -> Option<(&'s str, Self)> {
        let mut values = self.clone();
        for selector in selectors {
            if let Selector::Name(name) = selector
                && values.kinds().is_some_and(|kinds| kinds.object.is_some())
                && values.step(&Step::Name(name.clone())).is_none()
            {
                return Some((name, values));
            }
            values = values.select(std::slice::from_ref(selector));
        }
        None
    }

    fn any_of(&self, steps: impl Iterator<Item = Step>) -> Self {
        let found: Vec<_> = steps.filter_map(|step| self.step(&step)).collect();
        Self::join_all(&found)
    }

    /// What each element is, if it is an array.
    pub(super) fn elements(&self) -> Self {
        let Some(kinds) = self.kinds() else { return Self::UNKNOWN };
        kinds.array.as_ref().map_or_else(Self::never, Array::element)
    }

    /// What each element is, or the value of each field.
    fn children(&self) -> Self {
        let fields = self.kinds().and_then(|kinds| kinds.object.as_ref());
        fields.map_or_else(|| self.elements(), |object| self.elements().join(&object.values()))
    }

    /// An object is tested itself, an array by its elements.
    fn filtered(&self) -> Self {
        let Some(kinds) = self.kinds() else { return Self::UNKNOWN };
        let itself = Self::of(Kinds { object: kinds.object.clone(), ..Kinds::default() });
        itself.join(&self.elements())
    }

    /// The value after `value` was written at the steps; or nothing if it cannot be.
    pub(super) fn put(&self, steps: &[Step], value: &Self) -> Option<Self> {
        let Some((step, rest)) = steps.split_first() else { return Some(value.clone()) };
        match step {
            Step::Name(name) => self.put_name(name, rest, value),
            Step::Index(index) => self.put_index(*index, rest, value),
            Step::FromEnd(_) => None,
        }
    }

    fn put_name(&self, name: &str, rest: &[Step], value: &Self) -> Option<Self> {
        let kinds = self.to_kinds();
        if self.is_unknown() {
            let field = Self::UNKNOWN.put(rest, value)?;
            return Some(Self::object(Object::open().with(name, field)));
        }
        let made = if kinds.null {
            nest(rest, value).map(|field| Object::default().with(name, field))
        } else {
            None
        };
        let changed = kinds.object.and_then(|object| {
            let field = object.put(name, rest, value)?;
            Some(object.with(name, field))
        });
        let shapes: Vec<_> = made.into_iter().chain(changed).map(Self::object).collect();
        (!shapes.is_empty()).then(|| Self::join_all(&shapes))
    }

    fn put_index(&self, index: i64, rest: &[Step], value: &Self) -> Option<Self> {
        let array = match self.kinds() {
            None => Array::Each(Self::UNKNOWN),
            Some(kinds) => kinds.array.clone()?,
        };
        Some(Self::array(match array {
            Array::Each(element) => Array::Each(element.join(&element.put(rest, value)?)),
            Array::Tuple(mut elements) => {
                let place = usize::try_from(index).ok()?;
                let element = elements.get_mut(place)?;
                *element = element.put(rest, value)?;
                Array::Tuple(elements)
            }
        }))
    }
}

/// Objects in objects, where there was nothing before.
fn nest(steps: &[Step], value: &Shape) -> Option<Shape> {
    match steps.split_first() {
        None => Some(value.clone()),
        Some((Step::Name(name), rest)) => {
            Some(Shape::object(Object::default().with(name, nest(rest, value)?)))
        }
        Some((Step::Index(_) | Step::FromEnd(_), _)) => None,
    }
}

impl Object {
    fn field(&self, name: &str) -> Option<Shape> {
        match self.fields.get(name) {
            Some(field) if field.shape.is_never() && !field.required => None,
            Some(field) => Some(field.shape.clone()),
            None => self.is_open().then(|| self.rest.clone()),
        }
    }

    /// The value of a field after something was written to it or into it.
    fn put(&self, name: &str, rest: &[Step], value: &Shape) -> Option<Shape> {
        if rest.is_empty() {
            return Some(value.clone());
        }
        match self.fields.get(name) {
            Some(field) if field.required => field.shape.put(rest, value),
            Some(field) => put_or_nest(&field.shape, rest, value),
            None => put_or_nest(&self.rest, rest, value),
        }
    }

    /// The object with a field that is there.
    #[must_use]
    pub(super) fn with(mut self, name: &str, shape: Shape) -> Self {
        if self.fields.len() >= FIELDS_LIMIT && !self.fields.contains_key(name) {
            self.rest = Shape::UNKNOWN;
            return self;
        }
        self.fields.insert(name.into(), Field { shape, required: true });
        self
    }

    /// What the value of each field is.
    pub(super) fn values(&self) -> Shape {
        Shape::join_all(self.fields.values().map(|field| &field.shape).chain([&self.rest]))
    }
}

/// Written into a value that may be missing.
fn put_or_nest(shape: &Shape, rest: &[Step], value: &Shape) -> Option<Shape> {
    let shapes: Vec<_> = [shape.put(rest, value), nest(rest, value)].into_iter().flatten().collect();
    (!shapes.is_empty()).then(|| Shape::join_all(&shapes))
}

impl Array {
    fn at(&self, index: i64) -> Option<Shape> {
        match self {
            Self::Each(element) => Some(element.clone()),
            // That no array has a negative index is said of the path.
            Self::Tuple(_) if index < 0 => Some(Shape::UNKNOWN),
            Self::Tuple(elements) => elements.get(usize::try_from(index).ok()?).cloned(),
        }
    }

    fn before_end(&self, offset: i64) -> Option<Shape> {
        match self {
            Self::Each(element) => Some(element.clone()),
            Self::Tuple(elements) => {
                let length = i64::try_from(elements.len()).ok()?;
                elements.get(usize::try_from(length.checked_add(offset)?).ok()?).cloned()
            }
        }
    }
}
