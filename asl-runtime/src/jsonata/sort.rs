//! The order-by clause of paths.

use super::data::Data;
use super::failure::{Failure, Result};
use super::functions::higher_order::{compare_texts, merge_sort};
use super::sequence::Collector;
use super::tuple::Tuple;
use super::view::{Kind, View};
use std::cmp::Ordering;

/// `^(..)`: items with what they are sorted by.
#[derive(Debug)]
pub struct Rows<T> {
    rows: Vec<(T, Vec<Data>)>,
    count: usize,
}

impl<T: Clone> Rows<T> {
    /// No items yet of this many.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { rows: Vec::with_capacity(count), count }
    }

    /// Whether there is anything to compare.
    #[must_use]
    pub const fn several(&self) -> bool {
        self.count > 1
    }

    /// Adds an item with the values of the terms for it.
    pub fn push(&mut self, item: T, terms: Vec<Data>) {
        self.rows.push((item, terms));
    }

    fn sort(self, descending: &[bool]) -> Result<Vec<T>> {
        let sorted = merge_sort(self.rows, &mut |one, other| comes_after(&one.1, &other.1, descending))?;
        Ok(sorted.into_iter().map(|(item, _)| item).collect())
    }
}

/// The values of the terms of an item.
#[must_use]
pub fn terms<const N: usize>(values: [Data; N]) -> Vec<Data> {
    values.into()
}

/// The terms of an item that is compared with nothing.
#[must_use]
pub const fn no_terms() -> Vec<Data> {
    Vec::new()
}

impl Rows<Data> {
    /// The array of the items in order.
    ///
    /// # Errors
    /// What they are sorted by cannot be compared.
    pub fn sorted(self, descending: &[bool]) -> Result<Data> {
        let mut items = Collector::new();
        let single = !self.several();
        items.extend(self.sort(descending)?);
        Ok(if single { items.into_sequence() } else { items.into_array() })
    }
}

impl Rows<Tuple> {
    /// The tuples in order.
    ///
    /// # Errors
    /// What they are sorted by cannot be compared.
    pub fn sorted_tuples(self, descending: &[bool]) -> Result<Vec<Tuple>> {
        self.sort(descending)
    }
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
    let sortable = |view: View<'_>| matches!(view.kind(), Kind::Number | Kind::String);
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
