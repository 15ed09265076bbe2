//! Arrays: putting together, ordering, and taking apart.

use crate::{Arguments, Collector, Data, Evaluation, Result, View};
use asl_value::{Seen, Value};
use std::collections::HashSet;

super::builtins! {
    APPEND = append;
    REVERSE = reverse;
    SHUFFLE = shuffle;
    DISTINCT = distinct;
    ZIP = zip;
}

fn append(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(appended(arguments.get(0).to_data(), arguments.get(1).to_data()))
}

/// `$append(one, other)` of what is taken: an array grows in place unless it is shared.
pub(crate) fn appended(one: Data, other: Data) -> Data {
    match (one, other) {
        (Data::Nothing, one) | (one, Data::Nothing) => one,
        (Data::Value(Value::Array(mut array)), Data::Value(other)) => {
            if let Value::Array(others) = &other {
                array.append(others);
            } else {
                array.push(other);
            }
            Data::Value(array.into())
        }
        (one, other) => {
            let mut elements = Collector::with_capacity(one.view().count() + other.view().count());
            elements.append_view(one.view());
            elements.append_view(other.view());
            elements.into_array()
        }
    }
}

fn reverse(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    let elements = array.elements();
    if elements.len() <= 1 {
        return Ok(array.to_data());
    }
    let mut reversed = Collector::with_capacity(elements.len());
    elements.rev().for_each(|element| reversed.push_view(element));
    Ok(reversed.into_array())
}

/// By the algorithm of Fisher and Yates.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the product is below the length"
)]
fn shuffle(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    let mut elements: Vec<View<'_>> = array.elements().collect();
    if elements.len() <= 1 {
        return Ok(array.to_data());
    }
    for end in (2..=elements.len()).rev() {
        evaluation.step()?;
        elements.swap(end - 1, (evaluation.random() * end as f64) as usize);
    }
    Ok(collected(&elements).into_array())
}

fn collected(elements: &[View<'_>]) -> Collector {
    let mut collector = Collector::with_capacity(elements.len());
    elements.iter().for_each(|element| collector.push_view(*element));
    collector
}

/// The first of each value, in order.
fn distinct(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    if !array.is_array() || array.elements().len() <= 1 {
        return Ok(array.to_data());
    }
    let (mut texts, mut numbers) = (HashSet::new(), HashSet::new());
    let mut others: Seen<View<'_>> = Seen::new();
    let mut kept = Collector::new();
    for element in array.elements() {
        evaluation.step()?;
        let is_new = match (element.as_str(), element.as_f64()) {
            (Some(text), _) => texts.insert(text),
            // Zero has two signs and one value.
            (_, Some(number)) => numbers.insert((number + 0.0).to_bits()),
            (None, None) => {
                evaluation.steps(element.size().weight as usize)?;
                others.insert(element, |hashing, view| view.hash(hashing), |one, other| one.equals(*other))
            }
        };
        if is_new {
            kept.push_view(element);
        }
    }
    Ok(if array.is_sequence() { kept.into_sequence() } else { kept.into_array() })
}

/// An array for each place that all arguments have.
fn zip(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let mut columns: Vec<_> = arguments.all().iter().map(|column| column.view().elements()).collect();
    let length = columns.iter().map(ExactSizeIterator::len).min().unwrap_or(0);
    let mut rows = Collector::with_capacity(length);
    for _ in 0..length {
        evaluation.step()?;
        let mut row = Collector::with_capacity(columns.len());
        columns.iter_mut().filter_map(Iterator::next).for_each(|element| row.push_view(element));
        rows.push(row.into_array());
    }
    Ok(rows.into_array())
}
