//! One value of many.

use crate::{Arguments, Data, Elements, Evaluation, Result, View};

super::builtins! {
    SUM = sum;
    COUNT = count;
    MAX = max;
    MIN = min;
    AVERAGE = average;
}

fn sum(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.elements(0).map(total).into())
}

fn total(elements: Elements<'_>) -> f64 {
    // Adding starts at zero, whose sign is that of the sum of nothing.
    elements.filter_map(View::as_f64).fold(0.0, |sum, number| sum + number)
}

#[expect(clippy::cast_precision_loss, reason = "no array is that long")]
fn count(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(Data::number(arguments.elements(0).map_or(0, |elements| elements.len()) as f64))
}

fn max(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(extreme(arguments, |number, best| number > best))
}

fn min(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(extreme(arguments, |number, best| number < best))
}

/// The element that is better than all others, as it is.
fn extreme(arguments: Arguments<'_>, is_better: fn(f64, f64) -> bool) -> Data {
    let numbers = arguments.get(0).elements().filter_map(|element| Some((element.as_f64()?, element)));
    let best = numbers.reduce(|best, other| if is_better(other.0, best.0) { other } else { best });
    best.map_or(Data::Nothing, |(_, element)| element.to_data())
}

#[expect(clippy::cast_precision_loss, reason = "no array is that long")]
fn average(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let elements = arguments.elements(0).filter(|elements| elements.len() > 0);
    Ok(elements.map(|elements| total(elements.clone()) / elements.len() as f64).into())
}
