//! Making arrays and sequences element by element.

use crate::data::{Data, List, Sequence};
use crate::view::View;
use asl_value::Value;
use std::rc::Rc;

/// Collects elements. As long as all are JSON, the result is.
#[derive(Debug, Default)]
pub struct Collector {
    values: Vec<Value>,
    /// Everything, once there is something that is not JSON.
    mixed: Option<Vec<Data>>,
}

impl Collector {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self { values: Vec::new(), mixed: None }
    }

    /// An empty one with room.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { values: Vec::with_capacity(capacity), mixed: None }
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.mixed.as_ref().map_or(self.values.len(), Vec::len)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an element as it is; nothing is left out.
    #[inline]
    pub fn push(&mut self, data: Data) {
        match (data, &mut self.mixed) {
            (Data::Value(value), None) => self.values.push(value),
            (Data::Sequence(sequence), None) => self.values.push(Value::Array(sequence.elements)),
            (Data::Nothing, _) => {}
            (data, _) => self.push_mixed(data),
        }
    }

    #[cold]
    fn push_mixed(&mut self, data: Data) {
        let values = &mut self.values;
        self.mixed
            .get_or_insert_with(|| std::mem::take(values).into_iter().map(Data::Value).collect())
            .push(data);
    }

    /// Adds a copy of an element.
    #[inline]
    pub fn push_view(&mut self, view: View<'_>) {
        match (view, &mut self.mixed) {
            (View::Value(value), None) => self.values.push(value.clone()),
            _ => self.push(view.to_data()),
        }
    }

    /// Adds a copy of an element, be it nothing: a filter that holds for nothing lets it through.
    #[inline]
    pub fn keep_view(&mut self, view: View<'_>) {
        match view {
            View::Nothing => self.push_mixed(Data::Nothing),
            View::Value(_) | View::Data(_) => self.push_view(view),
        }
    }

    /// Adds the elements of an array or a sequence, and anything else as an element.
    #[inline]
    pub fn append(&mut self, data: Data) {
        if data.view().is_array() { self.append_view(data.view()) } else { self.push(data) }
    }

    /// Adds copies of the elements of an array or a sequence, and anything else as an element.
    #[inline]
    pub fn append_view(&mut self, view: View<'_>) {
        for element in view.elements() {
            self.keep_view(element);
        }
    }

    /// The array of the elements.
    #[must_use]
    pub fn into_array(self) -> Data {
        match self.mixed {
            None => Data::array(self.values),
            Some(elements) => Data::List(Rc::new(List::new(elements, false))),
        }
    }

    /// The array of the elements, which is one item of a path.
    #[must_use]
    pub fn into_constructed(self) -> Data {
        match self.mixed {
            None => Data::Constructed(self.values.into()),
            Some(elements) => Data::List(Rc::new(List::constructed(elements))),
        }
    }

    /// The sequence of the elements.
    #[must_use]
    pub fn into_sequence(self) -> Data {
        match self.mixed {
            None => Data::Sequence(Sequence { elements: self.values.into(), keep_singleton: false }),
            Some(elements) => Data::List(Rc::new(List::new(elements, true))),
        }
    }

    /// What the sequence of the elements becomes at the end of an evaluation.
    #[must_use]
    #[inline]
    pub fn settled(mut self) -> Data {
        if self.mixed.is_some() {
            return self.into_sequence().settled();
        }
        match self.values.len() {
            0 => Data::Nothing,
            1 => self.values.pop().map_or(Data::Nothing, Data::Value),
            _ => self.into_sequence(),
        }
    }
}

impl Extend<Data> for Collector {
    fn extend<I: IntoIterator<Item = Data>>(&mut self, elements: I) {
        elements.into_iter().for_each(|element| self.push(element));
    }
}
