//! How much memory a value takes: what it shares with others counts once.

use crate::{Array, Object, Text, Value};
use std::collections::HashSet;

impl Value {
    /// Whether it takes more memory than a number of values whose [`size`](Self::size) says that they are as large as that. That size is
    /// an upper bound which is known at once; this goes through the value, though never through more of it than the number.
    #[doc(hidden)]
    #[must_use]
    pub fn takes_more_than(&self, most: u32) -> bool {
        self.size().weight > most
            && [COARSE, EXACT].iter().all(|least| Walk::new(*least, most).goes_beyond(self))
    }
}

/// At first parts that are smaller than this count as what they say that they are. Documents are mostly made of such parts, so only few are
/// looked at.
const COARSE: u32 = 1_000;
/// Every part is looked at.
const EXACT: u32 = 0;

/// A way through a value.
struct Walk {
    /// Parts of this weight and more are gone through.
    least: u32,
    /// How much more there may be.
    left: u32,
    /// Where the parts are that are shared.
    seen: HashSet<usize>,
}

impl Walk {
    fn new(least: u32, most: u32) -> Self {
        Self { least, left: most, seen: HashSet::new() }
    }

    fn goes_beyond(mut self, value: &Value) -> bool {
        self.value(value).is_none()
    }

    /// Nothing, where there is more than there may be.
    fn value(&mut self, value: &Value) -> Option<()> {
        let weight = value.size().weight;
        match value {
            Value::Array(array) if weight >= self.least => self.array(array),
            Value::Object(object) if weight >= self.least => self.object(object),
            Value::String(text) if weight >= self.least => self.text(text, weight),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => self.count(weight),
        }
    }

    fn array(&mut self, array: &Array) -> Option<()> {
        self.count(1)?;
        if array.is_shared() && !self.seen.insert(array.address()) {
            return Some(());
        }
        let (parts, last) = array.parts();
        parts.iter().try_for_each(|part| self.array(part))?;
        last.iter().try_for_each(|element| self.value(element))
    }

    fn object(&mut self, object: &Object) -> Option<()> {
        self.count(1)?;
        if object.is_shared() && !self.seen.insert(object.address()) {
            return Some(());
        }
        object.iter().try_for_each(|(_, value)| self.value(value))
    }

    /// Whether others share a text is not known.
    fn text(&mut self, text: &Text, weight: u32) -> Option<()> {
        let is_new = weight == 1 || !text.is_heap_allocated() || self.seen.insert(text.as_ptr().addr());
        self.count(if is_new { weight } else { 1 })
    }

    fn count(&mut self, more: u32) -> Option<()> {
        self.left = self.left.checked_sub(more)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: i64) -> Value {
        let fields = [("number", Value::from(number)), ("text", Value::from(format!("{number:0>80}")))];
        Value::from(fields.into_iter().collect::<Object>())
    }

    /// The least number that the value does not take more than.
    fn memory(value: &Value) -> u32 {
        let (mut below, mut enough) = (0, value.size().weight);
        while below < enough {
            let middle = below.midpoint(enough);
            if value.takes_more_than(middle) { below = middle + 1 } else { enough = middle }
        }
        enough
    }

    #[test]
    fn what_is_shared_counts_once() {
        let rows = Value::from((0..500).map(row).collect::<Vec<_>>());
        assert_eq!(memory(&rows), rows.size().weight);
        let document: Value = [("rows", rows.clone())].into_iter().collect::<Object>().into();
        let many = |value: &Value| Value::from(vec![value.clone(); 100]);
        assert_eq!(memory(&many(&document)), 1 + 100 + 1 + rows.size().weight - 1);
        let wrapped: Vec<Value> = (0..100_i64)
            .map(|number| {
                [("number", number.into()), ("rows", rows.clone())].into_iter().collect::<Object>().into()
            })
            .collect();
        assert_eq!(memory(&wrapped.into()), 1 + 100 * 3 + rows.size().weight - 1);
        let text = Value::from("a text".repeat(1000));
        assert_eq!(memory(&many(&text)), 1 + 99 + text.size().weight);
    }

    #[test]
    fn small_parts_that_are_shared_count_once() {
        let row = row(7);
        let rows = Value::from(vec![row.clone(); 1000]);
        assert_eq!(rows.size().weight, 1 + 1000 * 8);
        assert_eq!(memory(&rows), 1 + 1000 + 7);
    }

    #[test]
    fn nothing_that_is_equal_counts_as_shared() {
        let rows = Value::from((0..1000).map(|_| row(7)).collect::<Vec<_>>());
        assert_eq!(memory(&rows), rows.size().weight);
    }

    #[test]
    fn what_doubles_at_every_step_is_gone_through_at_once() {
        let mut value = Value::from(0);
        for _ in 0..100 {
            value = Value::Array([value.clone(), value].into_iter().collect());
        }
        assert_eq!(value.size().weight, u32::MAX);
        assert_eq!(memory(&value), 2 * 100 + 1);
    }
}
