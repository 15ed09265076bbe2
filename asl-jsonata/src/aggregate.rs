//! Aggregates that compiled expressions compute while they go through elements.

use crate::failure::{Failure, Result};
use crate::operand::fields;
use crate::view::View;
use asl_value::Value;

/// A sum of numbers as they come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    total: f64,
    any: bool,
}

impl Sum {
    /// The sum of nothing, which is nothing.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self { total: 0.0, any: false }
    }

    /// Adds a number, or nothing.
    #[inline]
    pub fn add(&mut self, number: Option<f64>) {
        if let Some(number) = number {
            self.total += number;
            self.any = true;
        }
    }

    /// The sum; nothing if there was nothing to add.
    #[must_use]
    #[inline]
    pub fn result(self) -> Option<f64> {
        self.any.then_some(self.total)
    }
}

/// `$sum(numbers)`
///
/// # Errors
/// There is something that is not a number.
pub fn sum(numbers: View<'_>) -> Result<Option<f64>> {
    fold("sum", numbers, 0.0, |total, number| total + number)
}

/// `$max(numbers)`
///
/// # Errors
/// There is something that is not a number.
pub fn max(numbers: View<'_>) -> Result<Option<f64>> {
    extreme(
        "max",
        numbers,
        f64::NEG_INFINITY,
        |most, number| if number.is_nan() || number > most { number } else { most },
    )
}

/// `$min(numbers)`
///
/// # Errors
/// There is something that is not a number.
pub fn min(numbers: View<'_>) -> Result<Option<f64>> {
    extreme(
        "min",
        numbers,
        f64::INFINITY,
        |least, number| if number.is_nan() || number < least { number } else { least },
    )
}

/// `$average(numbers)`
///
/// # Errors
/// There is something that is not a number.
#[expect(clippy::cast_precision_loss, reason = "no array is that long")]
pub fn average(numbers: View<'_>) -> Result<Option<f64>> {
    let count = numbers.elements().len() as f64;
    Ok(fold("average", numbers, 0.0, |total, number| total + number)?
        .filter(|_| count > 0.0)
        .map(|total| total / count))
}

/// `$count(array)`
#[must_use]
#[inline]
#[expect(clippy::cast_precision_loss, reason = "no array is that long")]
pub fn count(array: View<'_>) -> Option<f64> {
    Some(array.elements().len() as f64)
}

/// `$sum(source.name)`
///
/// # Errors
/// There is something that is not a number.
pub fn sum_of_field(source: View<'_>, name: &str) -> Result<Option<f64>> {
    let mut total = Sum::new();
    for element in source.elements() {
        match element {
            View::Value(Value::Object(object)) => match object.get(name) {
                Some(Value::Number(number)) => total.add(Some(number.as_f64())),
                None => {}
                Some(_) => return sum(fields(source, &[name]).view()),
            },
            View::Nothing | View::Value(_) | View::Data(_) => return sum(fields(source, &[name]).view()),
        }
    }
    Ok(total.result())
}

fn extreme(name: &str, numbers: View<'_>, start: f64, choose: fn(f64, f64) -> f64) -> Result<Option<f64>> {
    Ok(fold(name, numbers, start, choose)?.filter(|_| numbers.elements().len() > 0))
}

fn fold(name: &str, numbers: View<'_>, start: f64, step: impl Fn(f64, f64) -> f64) -> Result<Option<f64>> {
    if numbers.is_nothing() {
        return Ok(None);
    }
    let mut total = start;
    for element in numbers.elements() {
        match element.as_f64() {
            Some(number) => total = step(total, number),
            None => return Err(no_numbers(name)),
        }
    }
    Ok(Some(total))
}

#[cold]
fn no_numbers(name: &str) -> Failure {
    Failure::new("T0412", format!("Argument 1 of function {name:?} must be an array of \"numbers\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_to_one_number_and_nothing_to_nothing() {
        let of = |json: &str| {
            let value = Value::from_json(json).unwrap();
            let found = [sum, max, min, average].map(|aggregate| aggregate(View::Value(&value)));
            found.map(|found| found.map_err(|failure| failure.code()))
        };
        assert_eq!(of("[2, -1, 5]"), [Ok(Some(6.0)), Ok(Some(5.0)), Ok(Some(-1.0)), Ok(Some(2.0))]);
        assert_eq!(of("3"), [Ok(Some(3.0)); 4]);
        assert_eq!(of("[]"), [Ok(Some(0.0)), Ok(None), Ok(None), Ok(None)]);
        assert_eq!(of(r#"[1, "2"]"#), [Err(Some("T0412")); 4]);
        assert_eq!([sum, max, min, average].map(|aggregate| aggregate(View::Nothing).ok()), [Some(None); 4]);
    }
}
