//! Arrays: shared, copied on write.

mod grown;

use crate::length::Length;
use crate::{Size, Value};
use grown::Grown;
use std::fmt;
use std::ops::Deref;
use triomphe::Arc;

/// An array of values, shared between its clones until one of them is written to. Reads as a slice.
///
/// ```
/// # use asl_value as asl_runtime;
/// use asl_runtime::{Array, Value};
///
/// let squares: Array = (1..=3_i64).map(|number| Value::from(number * number)).collect();
/// assert_eq!((squares.len(), squares.last()), (3, Some(&Value::from(9))));
/// assert_eq!(Value::from(squares).to_string(), "[1,4,9]");
/// ```
#[derive(Clone, Default)]
pub struct Array(Arc<ArrayNode>);

#[derive(Clone, Default)]
struct ArrayNode {
    /// The elements, or those that come after the ones that it has [grown](Grown) from.
    elements: Vec<Value>,
    grown: Option<Box<Grown>>,
    size: Size,
    length: Length,
}

impl Array {
    /// Adds an element at the end. Copies the array, one level deep, if it is shared and short; a long one shares its elements with the array that it has
    /// grown from, until it is read.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Array;
    ///
    /// let mut tags = Array::default();
    /// tags.push("new");
    /// let before = tags.clone();
    /// tags.push(7);
    /// assert_eq!((before.len(), tags.len()), (1, 2));
    /// ```
    pub fn push(&mut self, value: impl Into<Value>) {
        let value = value.into();
        if self.len() >= grown::LONG {
            grown::make_room(&mut self.0);
        }
        let node = Arc::make_mut(&mut self.0);
        node.length = Length::default();
        node.size = node.size.with(value.size());
        node.elements.push(value);
    }

    /// Adds all elements of another array at the end, as [`push`](Self::push) adds one.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::{Array, Value};
    ///
    /// let (mut all, more) = (Array::from(vec![Value::from(1)]), Array::from(vec![Value::from(2), Value::Null]));
    /// all.append(&more);
    /// assert_eq!(Value::from(all).to_string(), "[1,2,null]");
    /// ```
    pub fn append(&mut self, more: &Self) {
        if self.len() >= grown::LONG {
            grown::append(&mut self.0, more);
        } else {
            let node = Arc::make_mut(&mut self.0);
            node.elements.extend_from_slice(more);
        }
        let node = Arc::make_mut(&mut self.0);
        node.length = Length::default();
        node.size = more.iter().fold(node.size, |size, element| size.with(element.size()));
    }

    /// The number of elements.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.0.elements.len() + self.0.grown.as_ref().map_or(0, |grown| grown.len())
    }

    /// Whether there are no elements.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Replaces an element, and returns the old one; nothing happens beyond the end.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::{Array, Value};
    ///
    /// let mut prices: Array = [20, 40].map(Value::from).into_iter().collect();
    /// assert_eq!(prices.set(1, 50), Some(Value::from(40)));
    /// assert_eq!(prices.set(2, 60), None);
    /// assert_eq!(Value::from(prices).to_string(), "[20,50]");
    /// ```
    pub fn set(&mut self, index: usize, value: impl Into<Value>) -> Option<Value> {
        let value = value.into();
        let node = self.writable();
        let element = node.elements.get_mut(index)?;
        node.size = node.size.without(element.size()).with(value.size());
        Some(std::mem::replace(element, value))
    }

    /// Changes an element in place.
    #[doc(hidden)]
    pub fn update<T>(&mut self, index: usize, change: impl FnOnce(&mut Value) -> T) -> Option<T> {
        let node = self.writable();
        let element = node.elements.get_mut(index)?;
        let before = element.size();
        let answer = change(element);
        node.size = node.size.without(before).with(element.size());
        Some(answer)
    }

    /// To be written to: its length is another then.
    fn writable(&mut self) -> &mut ArrayNode {
        grown::flatten(&mut self.0);
        let node = Arc::make_mut(&mut self.0);
        node.length = Length::default();
        node
    }

    /// An array whose size counts as at least this, as that of an array can be whose elements were replaced.
    #[doc(hidden)]
    #[must_use]
    pub fn with_size(elements: Vec<Value>, least: Size) -> Self {
        let size = Size::of(&elements).or_more(least);
        Self(Arc::new(ArrayNode { elements, size, ..ArrayNode::default() }))
    }

    /// Where it is in memory: clones that share it have the same address.
    #[doc(hidden)]
    #[must_use]
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Whether there are clones that share it. Only then is there another array of the same [address](Self::address).
    #[doc(hidden)]
    #[must_use]
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// The arrays that it has grown from, and the elements after these.
    pub(crate) fn parts(&self) -> (&[Self], &[Value]) {
        (self.0.grown.as_ref().map_or(&[], |grown| grown.parts()), &self.0.elements)
    }

    pub(crate) fn length(&self) -> &Length {
        &self.0.length
    }

    #[doc(hidden)]
    #[inline]
    pub fn size(&self) -> Size {
        self.0.size
    }
}

impl Deref for Array {
    type Target = [Value];

    #[inline]
    fn deref(&self) -> &[Value] {
        match &self.0.grown {
            None => &self.0.elements,
            Some(grown) => grown.all(&self.0.elements),
        }
    }
}

impl From<Vec<Value>> for Array {
    fn from(elements: Vec<Value>) -> Self {
        let size = Size::of(&elements);
        Self(Arc::new(ArrayNode { elements, size, ..ArrayNode::default() }))
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Self {
        elements.into_iter().collect::<Vec<_>>().into()
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
