//! Arrays.

use super::rounded;
use asl_value::{Array, Seen, Value};

/// The longest array that `States.ArrayRange` makes.
const RANGE_LIMIT: usize = 1000;

/// `States.Array`
#[must_use]
pub fn array(elements: &[&Value]) -> Option<Value> {
    Some(elements.iter().map(|element| (*element).clone()).collect::<Array>().into())
}

/// `States.ArrayPartition`
#[must_use]
pub fn array_partition(array: &Value, size: &Value) -> Option<Value> {
    let size = rounded(size).and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0)?;
    Some(array.as_array()?.chunks(size).map(|chunk| Value::from(chunk.to_vec())).collect::<Array>().into())
}

/// `States.ArrayContains`
#[must_use]
pub fn array_contains(array: &Value, value: &Value) -> Option<Value> {
    Some(array.as_array()?.contains(value).into())
}

/// `States.ArrayRange`: from the first to the last number, both included.
#[must_use]
pub fn array_range(first: &Value, last: &Value, step: &Value) -> Option<Value> {
    let (first, last, step) = (rounded(first)?, rounded(last)?, rounded(step).filter(|step| *step != 0)?);
    let goes_on = |number: i64| if step > 0 { number <= last } else { number >= last };
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step))
        .take_while(|number| goes_on(*number));
    let elements: Vec<Value> = numbers.take(RANGE_LIMIT + 1).map(Value::from).collect();
    (elements.len() <= RANGE_LIMIT).then(|| elements.into())
}

/// `States.ArrayGetItem`
#[must_use]
pub fn array_get_item(array: &Value, index: &Value) -> Option<Value> {
    array.as_array()?.get(usize::try_from(rounded(index)?).ok()?).cloned()
}

/// `States.ArrayLength`
#[must_use]
pub fn array_length(array: &Value) -> Option<Value> {
    Some(i64::try_from(array.as_array()?.len()).ok()?.into())
}

/// `States.ArrayUnique`: the first of each value, in order.
#[must_use]
pub fn array_unique(array: &Value) -> Option<Value> {
    let mut seen = Seen::new();
    let unique: Vec<Value> =
        array.as_array()?.iter().filter(|element| seen.insert_value(element)).cloned().collect();
    Some(unique.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json(text).unwrap()
    }

    #[test]
    fn arrays_are_cut_searched_and_measured() {
        assert_eq!(array_partition(&json("[1,2,3]"), &json("2")), Some(json("[[1,2],[3]]")));
        assert_eq!(array_partition(&json("[]"), &json("2")), Some(json("[]")));
        assert_eq!(array_partition(&json("[1]"), &json("0")), None);
        assert_eq!(array_contains(&json("[[1,2],{\"a\":1}]"), &json("{\"a\":1.0}")), Some(true.into()));
        assert_eq!(array_get_item(&json("[1,2]"), &json("1")), Some(2.into()));
        assert_eq!(array_get_item(&json("[1,2]"), &json("2")), None);
        assert_eq!(array_length(&json("{}")), None);
        assert_eq!(
            array_unique(&json(r#"[1,"1",1.0,null,{"a":1},null,{"a":1},1.5,1.5]"#)),
            Some(json(r#"[1,"1",null,{"a":1},1.5]"#))
        );
    }

    #[test]
    fn unique_elements_are_exact_and_nested() {
        let unique = |text: &str| array_unique(&json(text)).unwrap().to_string();
        assert_eq!(
            unique("[18446744073709551615,18446744073709551614,18446744073709551615]"),
            "[18446744073709551615,18446744073709551614]"
        );
        assert_eq!(
            unique(r#"[{"a":1,"b":[2]},{"b":[2.0],"a":1},[1],[[1]],[1]]"#),
            r#"[{"a":1,"b":[2]},[1],[[1]]]"#
        );
    }

    #[test]
    fn ranges_include_their_end_and_have_a_limit() {
        assert_eq!(array_range(&json("1"), &json("9"), &json("4")), Some(json("[1,5,9]")));
        assert_eq!(array_range(&json("3"), &json("1"), &json("-1")), Some(json("[3,2,1]")));
        assert_eq!(array_range(&json("1"), &json("0"), &json("1")), Some(json("[]")));
        assert_eq!(array_range(&json("1"), &json("9"), &json("0")), None);
        assert!(array_range(&json("1"), &json("1000"), &json("1")).is_some());
        assert_eq!(array_range(&json("0"), &json("1000"), &json("1")), None);
        assert_eq!(array_range(&json("1"), &json(&i64::MAX.to_string()), &json("1")), None);
    }
}
