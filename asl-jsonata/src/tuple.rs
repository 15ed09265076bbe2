//! Paths that bind variables on their way (`@$v`, `#$i`) or ask for parents (`%`): streams of tuples.

use crate::data::Data;
use crate::operators::length;
use crate::sequence::Collector;
use crate::view::View;

/// An item of a path and what was bound on the way to it.
#[derive(Clone, Debug, Default)]
pub struct Tuple {
    /// The item.
    pub item: Data,
    bindings: Vec<(u32, Data)>,
}

/// What a step of a path binds.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepBindings {
    /// `@$v`: the item, while the context stays.
    pub focus: Option<u32>,
    /// `#$i`: the position of the item among those of its parent.
    pub index: Option<u32>,
    /// The context of the step, for `%`.
    pub ancestor: Option<u32>,
}

impl Tuple {
    /// What is bound to a slot.
    #[must_use]
    pub fn get(&self, slot: u32) -> View<'_> {
        self.bindings.iter().find(|(bound, _)| *bound == slot).map_or(View::Nothing, |(_, data)| data.view())
    }

    /// Binds a slot.
    pub fn bind(&mut self, slot: u32, data: Data) {
        match self.bindings.iter_mut().find(|(bound, _)| *bound == slot) {
            Some(binding) => binding.1 = data,
            None => self.bindings.push((slot, data)),
        }
    }
}

/// A tuple for each element.
#[must_use]
pub fn tuples(items: View<'_>) -> Vec<Tuple> {
    crate::path::contexts(items).map(|item| Tuple { item: item.to_data(), bindings: Vec::new() }).collect()
}

/// A tuple for each item that the steps before have come to.
#[must_use]
pub fn tuples_after(items: View<'_>) -> Vec<Tuple> {
    items.elements().map(|item| Tuple { item: item.to_data(), bindings: Vec::new() }).collect()
}

/// No tuples yet.
#[must_use]
pub const fn no_tuples() -> Vec<Tuple> {
    Vec::new()
}

/// A tuple of one item, be it an array.
#[must_use]
pub fn tuple(item: View<'_>) -> Vec<Tuple> {
    vec![Tuple { item: item.to_data(), bindings: Vec::new() }]
}

/// Adds the results of a step for a tuple.
pub fn push_tuples(results: &mut Vec<Tuple>, from: &Tuple, found: View<'_>, bindings: StepBindings) {
    for (position, item) in found.elements().enumerate() {
        let mut tuple = from.clone();
        match bindings.focus {
            Some(slot) => tuple.bind(slot, item.to_data()),
            None => tuple.item = item.to_data(),
        }
        if let Some(slot) = bindings.index {
            tuple.bind(slot, Data::number(length(position)));
        }
        if let Some(slot) = bindings.ancestor {
            tuple.bind(slot, from.item.clone());
        }
        results.push(tuple);
    }
}

/// Adds the tuples of a path within a step.
pub fn merge_tuples(results: &mut Vec<Tuple>, from: &Tuple, found: Vec<Tuple>) {
    for inner in found {
        let mut tuple = Tuple { item: inner.item, bindings: from.bindings.clone() };
        for (slot, data) in inner.bindings {
            tuple.bind(slot, data);
        }
        results.push(tuple);
    }
}

/// `#$i` after a filter: binds the positions of all.
#[must_use]
pub fn with_positions(mut tuples: Vec<Tuple>, slot: u32) -> Vec<Tuple> {
    for (position, tuple) in tuples.iter_mut().enumerate() {
        tuple.bind(slot, Data::number(length(position)));
    }
    tuples
}

/// The sequence of the items, not settled yet.
#[must_use]
pub fn items_of(tuples: Vec<Tuple>) -> Data {
    let mut items = Collector::with_capacity(tuples.len());
    tuples.iter().for_each(|tuple| items.keep_view(tuple.item.view()));
    items.into_sequence()
}

/// What a filter lets through of tuples.
#[derive(Debug)]
pub struct TupleFilter {
    kept: Vec<Tuple>,
    filter: crate::path::Filter,
    index: usize,
}

impl TupleFilter {
    /// Nothing yet.
    #[must_use]
    pub fn of(tuples: &[Tuple]) -> Self {
        Self { kept: Vec::new(), filter: crate::path::Filter::of_length(tuples.len()), index: 0 }
    }

    /// Lets the next tuple through if its index is asked for, or else if the condition holds.
    pub fn test(&mut self, condition: View<'_>, tuple: &Tuple) {
        let times = self.filter.times(condition, self.index);
        self.kept.extend(std::iter::repeat_n(tuple, times).cloned());
        self.index += 1;
    }

    /// What was let through.
    #[must_use]
    pub fn result(self) -> Vec<Tuple> {
        self.kept
    }
}

/// The tuple at an index that is written in the expression.
#[must_use]
pub fn tuple_at(tuples: Vec<Tuple>, index: f64) -> Vec<Tuple> {
    let wanted = crate::path::Filter::of_length(tuples.len()).position(index);
    wanted.and_then(|index| tuples.into_iter().nth(index)).into_iter().collect()
}

/// The tuples of a group as one: what they bind is put together.
#[must_use]
pub fn reduced(tuples: &[Tuple]) -> Tuple {
    let [first, rest @ ..] = tuples else { return Tuple::default() };
    if rest.is_empty() {
        return first.clone();
    }
    let together = |of: &dyn Fn(&Tuple) -> Data| {
        let mut collector = Collector::new();
        tuples.iter().for_each(|tuple| collector.append(of(tuple)));
        collector.into_array()
    };
    let slots = tuples.iter().flat_map(|tuple| tuple.bindings.iter().map(|(slot, _)| *slot));
    let mut reduced = Tuple { item: together(&|tuple| tuple.item.clone()), bindings: Vec::new() };
    for slot in slots {
        if reduced.get(slot).is_nothing() {
            reduced.bind(slot, together(&|tuple| tuple.get(slot).to_data()));
        }
    }
    reduced
}
