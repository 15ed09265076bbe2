//! The order-by clause of paths.

use crate::data::Data;
use crate::evaluation::Evaluation;
use crate::failure::{Failure, Result};
use crate::functions::higher_order::{compare_texts, merge_sort};
use crate::sequence::Collector;
use crate::view::{ValueKind, View};
use asl_value::Value;
use std::cmp::Ordering;

/// `^(..)`: items in the order of their terms, where they are. A single item is compared with nothing, so its terms are not evaluated.
///
/// # Errors
/// A term fails, or what they come to cannot be compared.
#[inline]
pub fn sorted<T, const N: usize>(
    evaluation: &Evaluation<'_>,
    items: impl ExactSizeIterator<Item = T>,
    descending: [bool; N],
    mut terms: impl FnMut(&T) -> Result<[Data; N]>,
) -> Result<Sorted<T>> {
    evaluation.steps(items.len())?;
    let mut rows = Vec::with_capacity(items.len());
    // The reference evaluates terms only to compare items; so where there is nothing to compare, one that would fail does not.
    if items.len() < 2 {
        return Ok(Sorted(items.collect()));
    }
    for item in items {
        // Once for each item. The reference does it anew for each comparison, with the same results.
        let terms = terms(&item)?;
        rows.push((item, terms));
    }
    in_order(rows, descending).map(Sorted)
}

/// Items in order.
#[derive(Debug)]
pub struct Sorted<T>(Vec<T>);

impl<T> Sorted<T> {
    /// The items.
    #[must_use]
    pub fn into_items(self) -> Vec<T> {
        self.0
    }
}

impl<'a> Sorted<View<'a>> {
    /// The items, for the step that follows.
    #[inline]
    pub fn elements(&self) -> impl ExactSizeIterator<Item = View<'a>> + '_ {
        self.0.iter().copied()
    }

    /// How many items there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.0.len()
    }

    /// As the result of a path, not settled: several items are an array.
    #[must_use]
    pub fn into_data(self) -> Data {
        let mut items = Collector::with_capacity(self.0.len());
        let single = self.0.len() < 2;
        self.0.into_iter().for_each(|item| items.push_view(item));
        if single { items.into_sequence() } else { items.into_array() }
    }
}

fn in_order<T, const N: usize>(mut rows: Vec<(T, [Data; N])>, descending: [bool; N]) -> Result<Vec<T>> {
    // Numbers can always be compared, so that they take the sort of the standard library, which has no place for a failure.
    if let ([descending], Some(numbers)) = (descending.as_slice(), numbers(&rows)) {
        let mut rows: Vec<_> =
            numbers.into_iter().zip(rows).map(|(number, (item, _))| (number, item)).collect();
        // Both directions keep the order of equals.
        match descending {
            true => rows.sort_by(|one, other| number_order(other.0, one.0)),
            false => rows.sort_by(|one, other| number_order(one.0, other.0)),
        }
        return Ok(rows.into_iter().map(|(_, item)| item).collect());
    }
    rows = merge_sort(rows, &mut |one, other| comes_after(&one.1, &other.1, &descending))?;
    Ok(rows.into_iter().map(|(item, _)| item).collect())
}

/// The only terms of all items, if they are numbers that JSON has.
fn numbers<T, const N: usize>(rows: &[(T, [Data; N])]) -> Option<Vec<f64>> {
    rows.iter()
        .map(|(_, terms)| match terms.as_slice() {
            [Data::Value(Value::Number(number))] => Some(number.as_f64()),
            _ => None,
        })
        .collect()
}

fn number_order(one: f64, other: f64) -> Ordering {
    one.partial_cmp(&other).unwrap_or(Ordering::Equal)
}

fn comes_after(one: &[Data], other: &[Data], descending: &[bool]) -> Result<bool> {
    for ((one, other), descending) in one.iter().zip(other).zip(descending) {
        match (one.is_nothing(), other.is_nothing()) {
            (true, true) => {}
            // What has no value is last, in either direction.
            (true, false) => return Ok(true),
            (false, true) => return Ok(false),
            (false, false) => match compare(one.view(), other.view())? {
                Ordering::Equal => {}
                Ordering::Less => return Ok(*descending),
                Ordering::Greater => return Ok(!descending),
            },
        }
    }
    Ok(false)
}

fn compare(one: View<'_>, other: View<'_>) -> Result<Ordering> {
    if let (Some(one), Some(other)) = (one.as_f64(), other.as_f64()) {
        return Ok(one.partial_cmp(&other).unwrap_or(Ordering::Greater));
    }
    if let (Some(one), Some(other)) = (one.as_str(), other.as_str()) {
        return Ok(compare_texts(one, other));
    }
    let sortable = |view: View<'_>| matches!(view.kind(), ValueKind::Number | ValueKind::String);
    if !sortable(one) || !sortable(other) {
        return Err(Failure::new(
            "T2008",
            "The expressions within an order-by clause must evaluate to numeric or string values",
        ));
    }
    Err(Failure::new(
        "T2007",
        format!(
            "Type mismatch when comparing values {} and {} in order-by clause",
            Failure::shown(one),
            Failure::shown(other)
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_an_order_and_texts_have_one_and_nothing_else() {
        let of = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|json| Value::from_json(json).unwrap());
            compare(View::Value(&one), View::Value(&other)).map_err(|failure| failure.code())
        };
        assert_eq!(of("1", "2"), Ok(Ordering::Less));
        assert_eq!(of(r#""b""#, r#""a""#), Ok(Ordering::Greater));
        assert_eq!(of("1", "1.0"), Ok(Ordering::Equal));
        assert_eq!(of("1", r#""1""#), Err(Some("T2007")));
        for (one, other) in [("1", "true"), ("true", "1"), ("null", "null"), ("[1]", "[1]"), ("{}", r#""a""#)]
        {
            assert_eq!(of(one, other), Err(Some("T2008")), "{one} {other}");
        }
    }
}
