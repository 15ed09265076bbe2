//! Choosing elements by a condition: filters of paths, `$filter`, and sums of what they choose.
//!
//! In: what to choose from, and closures of the expression. Out: a [`Selection`], in which nothing is copied yet, or a sum.

use crate::aggregate::Sum;
use crate::data::Data;
use crate::evaluation::Evaluation;
use crate::failure::Result;
use crate::operand::settled_views;
use crate::operators::length;
use crate::path::contexts;
use crate::sequence::Collector;
use crate::view::{Elements, View};

/// Elements that were chosen from borrowed data, not copied: a result sequence that only this expression sees.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    chosen: Vec<View<'a>>,
    of_nothing: bool,
}

impl<'a> Selection<'a> {
    /// None so far, of at most so many as the source has.
    #[inline]
    fn of(source: View<'a>) -> Self {
        Self { chosen: Vec::with_capacity(source.count()), of_nothing: source.is_nothing() }
    }

    /// The same of what a filter goes through, which is one item, even if it is nothing.
    #[inline]
    fn of_contexts(source: View<'a>) -> Self {
        Self { of_nothing: false, ..Self::of(source) }
    }

    /// These, of an array.
    pub(crate) fn of_chosen(chosen: impl Iterator<Item = View<'a>>) -> Self {
        Self { chosen: chosen.collect(), of_nothing: false }
    }

    /// The chosen elements.
    #[inline]
    pub fn elements(&self) -> impl ExactSizeIterator<Item = View<'a>> + '_ {
        self.chosen.iter().copied()
    }

    /// The items that an object constructor groups: the elements as they are; one item, nothing, if there are none.
    pub fn group_items(&self) -> impl Iterator<Item = View<'a>> + '_ {
        let nothing = self.chosen.is_empty().then_some(View::Nothing);
        self.elements().chain(nothing)
    }

    /// The end of an evaluation.
    #[must_use]
    #[inline]
    pub fn settled(self) -> Settled<'a> {
        Settled(self.chosen)
    }

    /// As data: a sequence that is not settled, unless the source is nothing.
    #[must_use]
    pub fn into_data(self) -> Data {
        if self.of_nothing {
            return Data::Nothing;
        }
        let mut collector = Collector::with_capacity(self.chosen.len());
        self.chosen.into_iter().for_each(|view| collector.keep_view(view));
        collector.into_sequence()
    }
}

/// What chosen elements stand for at the end of an evaluation: one for itself, none for nothing.
#[derive(Clone, Debug)]
pub struct Settled<'a>(Vec<View<'a>>);

impl<'a> Settled<'a> {
    /// The elements: of the one array, if there is only one and it is an array.
    #[inline]
    pub fn elements(&self) -> impl ExactSizeIterator<Item = View<'a>> + '_ {
        let (one, many) = match self.0.as_slice() {
            [one] => (one.elements(), [].as_slice()),
            many => (View::Nothing.elements(), many),
        };
        Both { one, many: many.iter() }
    }

    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> usize {
        match self.0.as_slice() {
            [one] => one.count(),
            many => many.len(),
        }
    }

    /// Whether they stand for nothing.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        matches!(self.0.as_slice(), [] | [View::Nothing])
    }

    /// As data.
    #[must_use]
    pub fn into_data(self) -> Data {
        settled_views(&self.0).into_data()
    }
}

struct Both<'s, 'a> {
    one: Elements<'a>,
    many: std::slice::Iter<'s, View<'a>>,
}

impl<'a> Iterator for Both<'_, 'a> {
    type Item = View<'a>;

    #[inline]
    fn next(&mut self) -> Option<View<'a>> {
        self.many.next().copied().or_else(|| self.one.next())
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.many.len() + self.one.len();
        (count, Some(count))
    }
}

impl ExactSizeIterator for Both<'_, '_> {}

/// The condition of an element. It has no type here, so that what chooses is compiled once.
pub(crate) type Holds<'h, 'a> = &'h mut dyn FnMut(View<'a>) -> Result<bool>;

/// `$filter(source, function($v) { .. })`
///
/// # Errors
/// The condition fails.
pub fn elements_where<'a>(
    evaluation: &Evaluation<'_>,
    source: View<'a>,
    holds: Holds<'_, 'a>,
) -> Result<Selection<'a>> {
    chosen(evaluation, Selection::of(source), source.elements(), holds)
}

/// `source[condition]`: the condition is evaluated for nothing, too.
///
/// # Errors
/// The condition fails.
pub fn contexts_where<'a>(
    evaluation: &Evaluation<'_>,
    source: View<'a>,
    holds: Holds<'_, 'a>,
) -> Result<Selection<'a>> {
    chosen(evaluation, Selection::of_contexts(source), contexts(source), holds)
}

/// `$filter(source, function($v, $i) { .. })`
///
/// # Errors
/// The condition fails.
pub fn numbered_where<'a>(
    evaluation: &Evaluation<'_>,
    source: View<'a>,
    holds: &mut dyn FnMut(Option<f64>, View<'a>) -> Result<bool>,
) -> Result<Selection<'a>> {
    let mut index = 0;
    elements_where(evaluation, source, &mut |item| {
        let number = Some(length(index));
        index += 1;
        holds(number, item)
    })
}

fn chosen<'a>(
    evaluation: &Evaluation<'_>,
    mut kept: Selection<'a>,
    elements: Elements<'a>,
    holds: Holds<'_, 'a>,
) -> Result<Selection<'a>> {
    evaluation.steps(elements.len())?;
    for item in elements {
        if holds(item)? {
            kept.chosen.push(item);
        }
    }
    Ok(kept)
}

/// `$sum($map($filter(source, holds), number))` in one loop.
///
/// # Errors
/// The condition or the number fails.
#[inline]
pub fn sum_of_elements_where<'a>(
    evaluation: &Evaluation<'_>,
    source: View<'a>,
    holds: impl Fn(View<'a>) -> Result<bool>,
    number: impl Fn(View<'a>) -> Result<Option<f64>>,
) -> Result<Option<f64>> {
    sum_of_chosen(evaluation, source.elements(), holds, number)
}

/// `$sum(source[holds].(number))` in one loop.
///
/// # Errors
/// As [`sum_of_elements_where`].
#[inline]
pub fn sum_of_contexts_where<'a>(
    evaluation: &Evaluation<'_>,
    source: View<'a>,
    holds: impl Fn(View<'a>) -> Result<bool>,
    number: impl Fn(View<'a>) -> Result<Option<f64>>,
) -> Result<Option<f64>> {
    sum_of_chosen(evaluation, contexts(source), holds, number)
}

/// The sum of the numbers for what is chosen. It comes to what a loop that chooses and a loop that adds come to: a failure of a number
/// counts only when no condition fails any more, and an array that is the only chosen element represents its elements.
#[inline]
fn sum_of_chosen<'a>(
    evaluation: &Evaluation<'_>,
    mut elements: Elements<'a>,
    holds: impl Fn(View<'a>) -> Result<bool>,
    number: impl Fn(View<'a>) -> Result<Option<f64>>,
) -> Result<Option<f64>> {
    let mut all = false;
    // Both closures are called at one place each, so that they can become part of the loop.
    loop {
        evaluation.steps(elements.len())?;
        // The expression chooses all elements before it computes a number, so the failure of a number waits for those of the conditions.
        let (mut sum, mut count, mut array, mut failure) = (Sum::new(), 0_usize, None, None);
        for item in elements {
            if !(all || holds(item)?) {
                continue;
            }
            count += 1;
            if item.is_array() || item.is_nothing() {
                array = Some(item);
            }
            if failure.is_none() {
                match number(item) {
                    Ok(number) => sum.add(number),
                    Err(reason) => failure = Some(reason),
                }
            }
        }
        match (failure, array) {
            // A sequence of one element is that element: a single array that was chosen is summed up itself, and no condition is asked of
            // what is in it.
            (_, Some(array)) if count == 1 && !all => (elements, all) = (array.elements(), true),
            (Some(failure), _) => return Err(failure),
            (None, _) => return Ok(sum.result()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;
    use crate::test_world::evaluating;
    use asl_value::Value;

    /// The sum of the numbers above zero, where texts are not conditions and 9 is not a number.
    fn sum(json: &str) -> Result<Option<f64>> {
        let value = Value::from_json(json).unwrap();
        let holds = |item: View<'_>| match item {
            View::Value(Value::String(_)) => Err(Failure::bound("condition")),
            View::Nothing | View::Value(_) | View::Data(_) => {
                Ok(item.as_f64().is_none_or(|number| number > 0.0))
            }
        };
        let number = |item: View<'_>| match item.as_f64() {
            Some(9.0) => Err(Failure::bound("number")),
            other => Ok(other),
        };
        evaluating(|evaluation| sum_of_elements_where(evaluation, View::Value(&value), holds, number))
    }

    #[test]
    fn one_loop_comes_to_what_two_come_to() {
        assert_eq!(sum("[1,-2,3]"), Ok(Some(4.0)));
        assert_eq!(sum("[-1,[4,5]]"), Ok(Some(9.0)));
        assert_eq!(sum("[1,[4,5]]"), Ok(Some(1.0)));
        assert_eq!(sum("[-1]"), Ok(None));
        assert_eq!(sum("[[9]]").unwrap_err().message(), "number");
        assert_eq!(sum("[9,1]").unwrap_err().message(), "number");
        assert_eq!(sum("[9,\"a\"]").unwrap_err().message(), "condition");
    }
}
