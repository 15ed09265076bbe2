//! Arrays that grow while they are shared: element after element would copy all that are there, again and again.
//!
//! A variable of a workflow is such an array: it is read, something is appended to it, and only then is the old one dropped. So a long array that grows
//! shares parts with the one that it has grown from. Parts are put together when they are of about the same length, as the digits of a number are when it
//! is counted up, so that an element is copied as often as the length has digits. Where the elements are read, all parts are put together beside them.

use super::{Array, ArrayNode};
use crate::Value;
use std::sync::OnceLock;
use triomphe::Arc;

/// Shorter arrays are copied.
pub(super) const LONG: usize = 128;
/// So many elements are made a part.
const PART: usize = 32;

/// What comes before the elements that were added last.
#[derive(Clone, Default)]
pub(super) struct Grown {
    /// Arrays that have not grown.
    parts: Vec<Array>,
    /// How many elements they have together.
    count: usize,
    /// All elements, once they were read.
    all: OnceLock<Array>,
}

impl Grown {
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    pub(super) fn parts(&self) -> &[Array] {
        &self.parts
    }

    /// All elements, of which these are the last.
    #[cold]
    pub(super) fn all(&self, last: &[Value]) -> &[Value] {
        self.all.get_or_init(|| self.together(last).into())
    }

    fn together(&self, last: &[Value]) -> Vec<Value> {
        let mut all = Vec::with_capacity(self.count + last.len());
        self.parts.iter().for_each(|part| all.extend_from_slice(part));
        all.extend_from_slice(last);
        all
    }

    fn add(&mut self, part: Array) {
        self.count += part.len();
        self.parts.push(part);
        while let [.., before, last] = self.parts.as_slice()
            && last.len() * 2 > before.len()
        {
            let both: Array = before.iter().chain(last.iter()).cloned().collect();
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push(both);
        }
    }
}

/// Sees to it that a long array can take another element without being copied.
pub(super) fn make_room(array: &mut Arc<ArrayNode>) {
    if let Some(node) = Arc::get_mut(array) {
        // Nothing else has it: it grows where it is. What was read is one array from now on.
        if let Some(all) = node.grown.as_mut().and_then(|grown| grown.all.take()) {
            node.elements =
                Arc::try_unwrap(all.0).map_or_else(|all| all.elements.clone(), |all| all.elements);
            node.grown = None;
        }
        if let Some(grown) = &mut node.grown
            && node.elements.len() >= PART
        {
            grown.add(std::mem::take(&mut node.elements).into());
        }
        return;
    }
    let size = array.size;
    let (mut grown, mut elements) = match array.grown.as_deref() {
        Some(Grown { all, parts, count }) if all.get().is_none() => {
            let grown = Grown { parts: parts.clone(), count: *count, all: OnceLock::new() };
            (grown, array.elements.clone())
        }
        grown => {
            let whole = grown.and_then(|grown| grown.all.get()).cloned();
            let whole = whole.unwrap_or_else(|| Array(Arc::clone(array)));
            (Grown { count: whole.len(), parts: vec![whole], all: OnceLock::new() }, Vec::new())
        }
    };
    if elements.len() >= PART {
        grown.add(elements.into());
        elements = Vec::new();
    }
    *array = Arc::new(ArrayNode { elements, grown: Some(Box::new(grown)), size, ..ArrayNode::default() });
}

/// Adds the elements of another array to a long one. The size is left to the caller.
pub(super) fn append(array: &mut Arc<ArrayNode>, more: &Array) {
    make_room(array);
    // There is no other handle to it now.
    let node = Arc::make_mut(array);
    match &mut node.grown {
        Some(grown) if more.len() >= PART => {
            if !node.elements.is_empty() {
                grown.add(std::mem::take(&mut node.elements).into());
            }
            grown.add(if more.0.grown.is_some() { more.to_vec().into() } else { more.clone() });
        }
        _ => node.elements.extend_from_slice(more),
    }
}

/// Puts the elements together, to be written to.
pub(super) fn flatten(array: &mut Arc<ArrayNode>) {
    if let Some(grown) = &array.grown {
        let elements = match grown.all.get() {
            Some(all) => all.to_vec(),
            None => grown.together(&array.elements),
        };
        *array = Arc::new(ArrayNode { elements, size: array.size, ..ArrayNode::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arrays that grow out of each other, beside plain ones.
    #[test]
    fn an_array_grows_as_if_it_were_copied() {
        let mut all = vec![(Array::default(), Vec::new())];
        let mut dice = 7_u64;
        for step in 0_i64..4000 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let chance = (dice >> 33) as usize;
            let place = if chance.is_multiple_of(8) { chance / 8 % all.len() } else { all.len() - 1 };
            let (mut array, mut plain) = all[place].clone();
            array.push(step);
            plain.push(Value::from(step));
            match chance % 64 {
                0 => assert_eq!(array[..], plain[..]),
                1 => {
                    let index = chance / 64 % plain.len();
                    plain[index] = Value::Null;
                    array.set(index, Value::Null);
                }
                2 => {
                    let held = array.clone();
                    array.push(true);
                    plain.push(true.into());
                    assert_eq!(held.len() + 1, array.len());
                }
                4..7 => {
                    let (more, same) = &all[chance / 64 % all.len()];
                    array.append(more);
                    plain.extend(same.iter().cloned());
                    plain.truncate(20_000);
                    if array.len() > plain.len() {
                        array = plain.clone().into();
                    }
                }
                3 => {
                    // It grows alone after it was read.
                    assert_eq!(array.last(), plain.last());
                    array.push(false);
                    plain.push(false.into());
                }
                _ => {}
            }
            assert_eq!((array.len(), array.is_empty()), (plain.len(), false));
            all.push((array, plain));
            if all.len() > 50 {
                all.remove(chance % 40);
            }
        }
        for (array, plain) in &all {
            assert_eq!(array[..], plain[..]);
            assert_eq!(array.size(), Array::from(plain.clone()).size());
            assert_eq!(
                Value::from(array.clone()).json_length(),
                Value::from(plain.clone()).to_string().len()
            );
        }
        assert!(all.iter().any(|(array, _)| array.0.grown.is_some()));
    }

    #[test]
    fn an_array_that_grows_has_few_parts() {
        let mut array = Array::default();
        for number in 0_i64..10_000 {
            let before = array.clone();
            array.push(number);
            drop(before);
        }
        let grown = array.0.grown.as_deref().unwrap();
        assert!(grown.parts.len() < 12 && array.0.elements.len() <= PART, "{}", grown.parts.len());
        assert_eq!(array.iter().rev().take(2).filter_map(Value::as_i64).collect::<Vec<_>>(), [9999, 9998]);
    }
}
