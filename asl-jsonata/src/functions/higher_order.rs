//! Functions that call functions, for each element of an array or each member of an object.

use crate::{Arguments, Collector, Data, Evaluation, Failure, Function, Result, View};
use std::cmp::Ordering;

super::builtins! {
    MAP = map;
    FILTER = filter;
    SINGLE = single;
    REDUCE = reduce;
    SIFT = sift;
    EACH = each;
    SORT = sort;
}

/// Calls a function for a part of something: with the part, with where it is if the function takes a second argument, and with the
/// whole if it takes a third one.
fn call(
    evaluation: &Evaluation<'_>,
    function: &Function,
    part: View<'_>,
    place: impl FnOnce() -> Data,
    whole: View<'_>,
) -> Result<Data> {
    let mut arguments = vec![part.to_data()];
    let arity = function.arity();
    if arity >= 2 {
        arguments.push(place());
    }
    if arity >= 3 {
        arguments.push(whole.to_data());
    }
    function.call(evaluation, &arguments)
}

#[expect(clippy::cast_precision_loss, reason = "no array is that long")]
fn index(index: usize) -> Data {
    Data::number(index as f64)
}

fn map(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    let Some(function) = arguments.function(1).filter(|_| !array.is_nothing()) else {
        return Ok(Data::Nothing);
    };
    let mut results = Collector::with_capacity(array.elements().len());
    for (place, element) in array.elements().enumerate() {
        results.push(call(evaluation, function, element, || index(place), array)?);
    }
    Ok(results.into_sequence())
}

fn filter(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    let Some(function) = arguments.function(1).filter(|_| !array.is_nothing()) else {
        return Ok(Data::Nothing);
    };
    let mut kept = Collector::new();
    for (place, element) in array.elements().enumerate() {
        if call(evaluation, function, element, || index(place), array)?.view().holds() {
            kept.push_view(element);
        }
    }
    Ok(kept.into_sequence())
}

fn single(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    if array.is_nothing() {
        return Ok(Data::Nothing);
    }
    let mut found = None;
    for (place, element) in array.elements().enumerate() {
        let is_match = match arguments.function(1) {
            Some(function) => call(evaluation, function, element, || index(place), array)?.view().holds(),
            None => true,
        };
        if is_match && found.replace(element).is_some() {
            return Err(not_single("D3138", "more"));
        }
    }
    found.map(View::to_data).ok_or_else(|| not_single("D3139", "0"))
}

#[cold]
fn not_single(code: &'static str, count: &str) -> Failure {
    let message = "The $single() function expected exactly 1 matching result.  Instead it matched";
    Failure::new(code, format!("{message} {count}."))
}

fn reduce(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    let Some(function) = arguments.function(1).filter(|_| !array.is_nothing()) else {
        return Ok(Data::Nothing);
    };
    let arity = function.arity();
    if arity < 2 {
        let message = "The second argument of reduce function must be a function with at least two arguments";
        return Err(Failure::new("D3050", message));
    }
    let mut elements = array.elements().enumerate();
    let mut result = arguments.get(2).to_data();
    if result.is_nothing() {
        result = elements.next().map_or(Data::Nothing, |(_, first)| first.to_data());
    }
    for (place, element) in elements {
        let mut arguments = vec![result, element.to_data()];
        if arity >= 3 {
            arguments.push(index(place));
        }
        if arity >= 4 {
            arguments.push(array.to_data());
        }
        result = function.call(evaluation, &arguments)?;
    }
    Ok(result)
}

fn sift(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let object = arguments.get(0);
    let mut kept = Vec::new();
    for (key, member) in object.members() {
        let function = arguments.function(1).ok_or_else(|| Failure::undefined("arity"))?;
        if call(evaluation, function, member, || Data::text(key), object)?.view().holds() {
            kept.push((key.into(), member.to_data()));
        }
    }
    Ok(if kept.is_empty() { Data::Nothing } else { Data::object(kept) })
}

fn each(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let object = arguments.get(0);
    let mut results = Collector::new();
    let Some(function) = arguments.function(1) else { return Ok(results.into_sequence()) };
    for (key, member) in object.members() {
        results.push(call(evaluation, function, member, || Data::text(key), object)?);
    }
    Ok(results.into_sequence())
}

fn sort(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let array = arguments.get(0);
    match arguments.function(1) {
        Some(function) => sorted_by(array, |left, right| {
            let swap = function.call(evaluation, &[left.to_data(), right.to_data()])?;
            Ok(is_truthy(swap.view()))
        }),
        None if array.count() <= 1 => Ok(array.to_data()),
        None => {
            let mut elements: Vec<View<'_>> = array.elements().collect();
            sort_plainly(&mut elements)?;
            Ok(array_of(&elements))
        }
    }
}

/// `$sort(array, function($l, $r) { .. })`: of two elements, the one on the left comes later where the function says so.
///
/// # Errors
/// The function fails.
pub fn sorted_by<'a>(
    array: View<'a>,
    comes_after: impl Fn(View<'a>, View<'a>) -> Result<bool>,
) -> Result<Data> {
    if array.count() <= 1 {
        return Ok(if array.is_nothing() { Data::Nothing } else { crate::path::wrapped(array) });
    }
    let elements = merge_sort(array.elements().collect(), &mut |left, right| comes_after(*left, *right))?;
    Ok(array_of(&elements))
}

fn array_of(elements: &[View<'_>]) -> Data {
    let mut array = Collector::with_capacity(elements.len());
    elements.iter().for_each(|element| array.push_view(*element));
    array.into_array()
}

fn sort_plainly(elements: &mut [View<'_>]) -> Result<()> {
    if elements.iter().all(|element| element.as_f64().is_some()) {
        elements.sort_by(|one, other| match (one.as_number(), other.as_number()) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal),
        });
    } else if elements.iter().all(|element| element.as_str().is_some()) {
        elements.sort_by(|one, other| {
            compare_texts(one.as_str().unwrap_or_default(), other.as_str().unwrap_or_default())
        });
    } else {
        let message = "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function";
        return Err(Failure::new("D3070", message));
    }
    Ok(())
}

/// As ECMAScript orders texts: by the units of UTF-16.
pub(crate) fn compare_texts(one: &str, other: &str) -> Ordering {
    // The order of UTF-8 is that of code points, which differs only beyond the 16-bit characters.
    let is_short = |text: &str| text.bytes().all(|byte| byte < 0xee);
    if is_short(one) && is_short(other) {
        return one.cmp(other);
    }
    one.encode_utf16().cmp(other.encode_utf16())
}

/// What ECMAScript takes for true, which is what the reference implementation asks of the result of a comparison.
fn is_truthy(view: View<'_>) -> bool {
    view.is_array()
        || view.holds()
        || matches!(view.kind(), crate::ValueKind::Object | super::super::ValueKind::Function)
}

/// Sorts so that of two elements, the one on the left comes later where `swap` says so. It is called a number of times that depends on
/// the length alone, however it answers.
pub(crate) fn merge_sort<T>(
    mut elements: Vec<T>,
    swap: &mut dyn FnMut(&T, &T) -> Result<bool>,
) -> Result<Vec<T>> {
    if elements.len() <= 1 {
        return Ok(elements);
    }
    let right = elements.split_off(elements.len() / 2);
    let capacity = elements.len() + right.len();
    let mut left = merge_sort(elements, swap)?.into_iter().peekable();
    let mut right = merge_sort(right, swap)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(capacity);
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        let next = if swap(one, other)? { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_the_order_of_equals() {
        let pairs = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')];
        let sorted = merge_sort(pairs, &mut |one, other| Ok(one.0 > other.0)).unwrap();
        assert_eq!(sorted.iter().map(|pair| pair.1).collect::<String>(), "ebdac");
        assert!(merge_sort(vec![1, 2, 3], &mut |_, _| Ok(true)).is_ok());
    }

    #[test]
    fn texts_are_ordered_by_their_utf_16_units() {
        assert_eq!(compare_texts("a", "b"), Ordering::Less);
        assert_eq!(compare_texts("\u{ff5e}", "\u{1f600}"), Ordering::Greater);
    }
}
