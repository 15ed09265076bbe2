//! Steps of paths: how results come together, filters, wildcards.

use crate::data::{Data, List};
use crate::failure::{Failure, Result};
use crate::operand::Operand;
use crate::sequence::Collector;
use crate::view::{Elements, ValueKind, View};
use std::rc::Rc;

/// The results of a step.
///
/// They are flattened into one sequence. Only at the end of a path, an array that is the only result stays as it is.
#[derive(Debug, Default)]
pub struct StepResults {
    collector: Collector,
    /// The only result so far, if it is an array.
    only: Option<Data>,
    /// There have been results, empty arrays among them.
    any: bool,
}

impl StepResults {
    /// No results yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { collector: Collector::new(), only: None, any: false }
    }

    /// Adds the result for an item.
    #[inline(never)]
    pub fn push(&mut self, result: Data) {
        if result.view().is_array() {
            self.push_array(result);
        } else if !result.is_nothing() {
            self.flush();
            self.any = true;
            self.collector.push(result);
        }
    }

    fn push_array(&mut self, result: Data) {
        let first = !std::mem::replace(&mut self.any, true);
        if first && !result.view().is_sequence() {
            self.only = Some(result);
            return;
        }
        self.flush();
        self.add_array(result);
    }

    fn add_array(&mut self, array: Data) {
        if array.view().is_constructed() { self.collector.push(array) } else { self.collector.append(array) }
    }

    #[inline]
    fn flush(&mut self) {
        if let Some(array) = self.only.take() {
            self.add_array(array);
        }
    }

    /// The sequence that the next step goes through.
    #[must_use]
    pub fn items(mut self) -> Data {
        self.flush();
        self.collector.into_sequence()
    }

    /// The result of the path, not settled yet.
    #[must_use]
    pub fn result(self) -> Data {
        match self.only {
            Some(array) => array,
            None => self.collector.into_sequence(),
        }
    }
}

/// The result of a path of one step.
#[must_use]
pub fn flattened(result: Data) -> Data {
    let mut step = StepResults::new();
    step.push(result);
    step.result()
}

/// What the steps of a path go through that starts with a variable: its elements, or the array that is one item.
#[must_use]
pub fn started(start: View<'_>) -> Operand<'_> {
    if start.is_constructed() { Operand::Data(alone(start.to_data())) } else { Operand::View(start) }
}

/// The same of what a filter has left of it.
#[must_use]
pub fn started_by(start: Data) -> Data {
    if start.view().is_constructed() { alone(start) } else { start }
}

fn alone(item: Data) -> Data {
    Data::List(Rc::new(List::new(vec![item], true)))
}

/// What a path goes through that starts with an array constructor and its filters: as ECMAScript does it, which finds nothing in what
/// has no length, and characters in a text.
///
/// # Errors
/// It is `null`, which cannot be asked for its length.
pub fn looped_over(start: View<'_>) -> Result<Data> {
    match start.kind() {
        ValueKind::Array => Ok(start.to_data()),
        ValueKind::String => {
            let characters = start.as_str().unwrap_or_default().chars();
            Ok(Data::sequence(characters.map(|character| character.to_string().into()).collect()))
        }
        ValueKind::Null => Err(Failure::bound("Cannot read properties of null (reading 'length')")),
        ValueKind::Nothing
        | ValueKind::Boolean
        | ValueKind::Number
        | ValueKind::Object
        | ValueKind::Function => Ok(Data::Nothing),
    }
}

/// What a filter lets through.
#[derive(Debug)]
pub struct Filter {
    collector: Collector,
    length: f64,
}

impl Filter {
    /// Nothing yet of what `source` has.
    #[must_use]
    pub fn of(source: View<'_>) -> Self {
        Self::of_length(contexts(source).len())
    }

    #[expect(clippy::cast_precision_loss, reason = "no array is that long")]
    pub(super) const fn of_length(length: usize) -> Self {
        Self { collector: Collector::new(), length: length as f64 }
    }

    /// Lets an item through if its index is asked for, or else if the condition holds.
    pub fn test(&mut self, condition: View<'_>, index: usize, item: View<'_>) {
        for _ in 0..self.times(condition, index) {
            self.collector.keep_view(item);
        }
    }

    /// How many times the item at an index is let through: as often as it is asked for, or once if the condition holds.
    #[expect(clippy::cast_precision_loss, reason = "no array is that long")]
    pub(super) fn times(&self, condition: View<'_>, index: usize) -> usize {
        let indexes = condition.is_array() || condition.as_f64().is_some();
        if !indexes || !condition.elements().all(is_number) {
            return usize::from(condition.holds());
        }
        let wanted = condition.elements().filter_map(View::as_f64);
        wanted.filter(|wanted| from_end(*wanted, self.length) == index as f64).count()
    }

    /// Which element an index that is written in the expression means.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
    pub(super) fn position(&self, index: f64) -> Option<usize> {
        let index = from_end(index, self.length);
        (index >= 0.0).then_some(index as usize)
    }

    /// The sequence of what was let through, not settled yet.
    #[must_use]
    pub fn result(self) -> Data {
        self.collector.into_sequence()
    }
}

fn is_number(view: View<'_>) -> bool {
    view.as_f64().is_some_and(|number| !number.is_nan())
}

/// The index that a number means: rounded down, negative ones from the end.
fn from_end(number: f64, length: f64) -> f64 {
    let index = number.floor();
    if index < 0.0 { length + index } else { index }
}

/// `source[index]` with a number that is written in the expression.
#[must_use]
pub fn at_index(source: View<'_>, index: f64) -> Data {
    let position = Filter::of(source).position(index);
    let item = position.and_then(|index| source.elements().nth(index)).unwrap_or(View::Nothing);
    if item.is_array() {
        return item.to_data();
    }
    let mut one = Collector::new();
    one.push_view(item);
    one.into_sequence()
}

/// `*`: the fields of an object, the elements of an array; arrays among them are flattened, and then the result is an array.
#[must_use]
pub fn wildcard(context: View<'_>) -> Data {
    let (mut found, mut arrays) = (Collector::new(), false);
    let mut add = |view: View<'_>| {
        arrays |= view.is_array();
        flatten(view, &mut found);
    };
    if context.is_array() {
        context.elements().for_each(&mut add);
    } else {
        context.members().into_iter().for_each(|(_, member)| add(member));
    }
    // The reference joins arrays by `concat`, whose result no longer counts as a sequence, so that a single element stays an array.
    if arrays { found.into_array() } else { found.into_sequence() }
}

fn flatten(view: View<'_>, found: &mut Collector) {
    if view.is_array() {
        view.elements().for_each(|element| flatten(element, found));
    } else {
        found.push_view(view);
    }
}

/// `**`: the context and everything in it.
#[must_use]
pub fn descendants(context: View<'_>) -> Data {
    let mut found = Collector::new();
    // The next to look at is on top, so children are pushed in reverse order.
    let mut open = vec![context];
    while let Some(view) = open.pop() {
        if view.is_array() {
            open.extend(view.elements().rev());
        } else {
            found.push_view(view);
            open.extend(view.members().into_iter().rev().map(|(_, member)| member));
        }
    }
    found.settled()
}

/// The items that the first step of a path goes through: the elements of an array; a single item, even if it is nothing.
#[inline]
pub fn contexts(context: View<'_>) -> Elements<'_> {
    const NOTHING: &[Data] = &[Data::Nothing];
    if context.is_nothing() { Elements::Data(NOTHING.iter()) } else { context.elements() }
}

/// The context of an object constructor: of an array that has one element it is that element.
#[must_use]
pub fn gathered(context: View<'_>) -> Data {
    let mut found = Collector::new();
    match (context.is_array(), context.elements().len()) {
        (false, _) => return context.to_data(),
        (true, 0) => return Data::Nothing,
        (true, 1) => return context.at(0).to_data(),
        (true, _) => context.elements().for_each(|element| found.append_view(element)),
    }
    found.into_array()
}

/// The result of a path with `[]` in it: an array that is one item becomes the only one of a sequence.
#[must_use]
pub fn kept(result: Data) -> Data {
    if result.view().is_constructed() {
        let mut one = Collector::new();
        one.push(result);
        return one.into_sequence().kept();
    }
    result.kept()
}

/// An array constructor that starts a path with `[]` in it, and is its end: there is nothing in it to go through.
///
/// # Errors
/// A filter has left nothing of it, which cannot be marked as to be kept.
pub fn kept_start(start: Data) -> Result<Data> {
    if start.is_nothing() {
        return Err(Failure::bound("Cannot set properties of undefined (setting 'keepSingleton')"));
    }
    Ok(kept(start))
}

/// The items that an object constructor groups: the elements of an array; one item, even if it is nothing or if there are none.
pub fn group_items(source: View<'_>) -> impl Iterator<Item = View<'_>> {
    let nothing = (source.count() == 0).then_some(View::Nothing);
    source.elements().chain(nothing)
}

/// The root of the data, which is one item, even if it is an array.
pub fn one_item(source: View<'_>) -> impl Iterator<Item = View<'_>> {
    std::iter::once(source)
}

/// What a filter goes through, with positions.
#[inline]
pub fn indexed(source: View<'_>) -> impl Iterator<Item = (usize, View<'_>)> {
    contexts(source).enumerate()
}

/// The elements of an array with their positions as numbers.
#[inline]
pub fn numbered(source: View<'_>) -> impl Iterator<Item = (Option<f64>, View<'_>)> {
    numbered_elements(source.elements())
}

/// Elements with their positions as numbers.
#[inline]
pub fn numbered_elements<'a>(
    elements: impl Iterator<Item = View<'a>>,
) -> impl Iterator<Item = (Option<f64>, View<'a>)> {
    elements.enumerate().map(|(index, element)| (Some(crate::operators::length(index)), element))
}

/// An array as a function over it sees it: what is not an array is one of one element.
#[must_use]
pub fn wrapped(source: View<'_>) -> Data {
    wrapped_elements(source.elements())
}

/// An array of elements.
#[must_use]
pub fn wrapped_elements<'a>(elements: impl Iterator<Item = View<'a>>) -> Data {
    let mut collector = Collector::new();
    elements.for_each(|element| collector.push_view(element));
    collector.into_array()
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_value::Value;

    #[test]
    fn the_result_of_one_step_stays_as_it_is() {
        for (result, expected) in
            [("1", "1"), ("[]", "[]"), ("[1]", "[1]"), ("[1,[2],3]", "[1,[2],3]"), ("{}", "{}")]
        {
            let result = Data::Value(Value::from_json(result).unwrap());
            let found = flattened(result.clone()).settled().into_json().unwrap_or_default();
            assert_eq!(found.to_string(), expected, "{result:?}");
        }
        assert!(flattened(Data::Nothing).settled().view().is_nothing());
    }
}
