//! Objects: ordered, shared, copied on write.

mod fields;

#[doc(hidden)]
pub use fields::Fields;

use crate::length::Length;
use crate::{Size, Text, Value};
use std::collections::HashMap;
use std::fmt;
use triomphe::Arc;

/// An object, its fields in the order in which they were added; shared between its clones until one of them is written to.
///
/// ```
/// # use asl_value as asl_runtime;
/// use asl_runtime::{Object, Value};
///
/// let stock: Object = [("pears", 0), ("apples", 3)].into_iter().collect();
/// assert_eq!(Value::from(stock.clone()).to_string(), r#"{"pears":0,"apples":3}"#);
/// // The order of fields does not matter to equality.
/// assert_eq!(stock, [("apples", 3), ("pears", 0)].into_iter().collect());
/// ```
#[derive(Clone, Default)]
pub struct Object(
    /// Nothing where it never had a field, so that an execution without variables takes no memory for them.
    Option<Arc<ObjectNode>>,
);

/// What an object is that never had a field.
static EMPTY: ObjectNode =
    ObjectNode { fields: Vec::new(), index: None, size: Size::EMPTY, length: Length::new() };

#[derive(Default)]
struct ObjectNode {
    fields: Vec<Field>,
    /// Where each key is; only in objects with more fields than a search from the front is good for.
    index: Option<Box<Index>>,
    size: Size,
    length: Length,
}

#[derive(Clone)]
struct Field {
    tag: u64,
    key: Text,
    value: Value,
}

type Index = HashMap<Text, usize>;

/// An object that was just made, or copied to be written to, has room for so many more fields: what a state makes often gets one more by the
/// `ResultPath` of the next.
const ROOM: usize = 1;

/// Up to this number of fields a search from the front is faster than a hash table.
const SEARCHED: usize = 16;

/// A number made of a key's first and last letters: a search compares these before it looks at keys. Of a key that is written in
/// the program rustc knows it beforehand.
#[inline]
fn tag(key: &str) -> u64 {
    let bytes = key.as_bytes();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | (u64::from(u32::from_le_bytes(*last)) << 32)
        }
        _ => bytes.iter().fold(0, |tag, byte| (tag << 8) | u64::from(*byte)),
    }
}

/// Keys of one length up to this are equal if their tags are.
const TAGGED: usize = 8;

impl Field {
    #[inline]
    fn new(key: Text, value: Value) -> Self {
        Self { tag: tag(&key), key, value }
    }

    #[inline]
    fn has(&self, tag: u64, key: &str) -> bool {
        self.tag == tag && self.key.len() == key.len() && (key.len() <= TAGGED || self.key == key)
    }
}

impl Object {
    /// An object without fields. It takes no memory of its own until it gets one.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    #[inline]
    fn node(&self) -> &ObjectNode {
        self.0.as_deref().unwrap_or(&EMPTY)
    }

    /// An object from fields whose keys differ from each other.
    #[doc(hidden)]
    #[inline]
    pub fn from_distinct(fields: impl IntoIterator<Item = (Text, Value)>) -> Self {
        let fields = fields.into_iter();
        let mut all = Vec::with_capacity(fields.size_hint().0 + ROOM);
        all.extend(fields.map(|(key, value)| Field::new(key, value)));
        Self::of(all)
    }

    #[inline]
    fn of(fields: Vec<Field>) -> Self {
        let size = Size::of(fields.iter().map(|field| &field.value));
        let index = if fields.len() > SEARCHED { Some(index(&fields)) } else { None };
        Self(Some(Arc::new(ObjectNode { fields, index, size, length: Length::new() })))
    }

    /// An object of so many fields that come one after the other, or nothing where a key comes twice. Its size counts as at least this,
    /// as that of an object can be whose fields were replaced.
    ///
    /// # Errors
    /// That of a field.
    #[doc(hidden)]
    pub fn with_size<E>(
        length: usize,
        least: Size,
        mut next: impl FnMut() -> Result<(Text, Value), E>,
    ) -> Result<Option<Self>, E> {
        let mut fields = Vec::with_capacity(length);
        for _ in 0..length {
            let (key, value) = next()?;
            fields.push(Field::new(key, value));
        }
        let size = Size::of(fields.iter().map(|field| &field.value)).or_more(least);
        let index = if fields.len() > SEARCHED { Some(index(&fields)) } else { None };
        let node = ObjectNode { fields, index, size, length: Length::new() };
        Ok(node.is_distinct().then(|| Self(Some(Arc::new(node)))))
    }

    /// The number of fields.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Object;
    ///
    /// let stock: Object = [("pears", 0), ("apples", 3)].into_iter().collect();
    /// assert_eq!(stock.len(), 2);
    /// assert!(Object::new().is_empty());
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.node().fields.len()
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node().fields.is_empty()
    }

    /// The value of a field.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::{Object, Value};
    ///
    /// let stock: Object = [("apples", 3)].into_iter().collect();
    /// assert_eq!(stock.get("apples"), Some(&Value::from(3)));
    /// assert_eq!(stock.get("pears"), None);
    /// ```
    #[must_use]
    #[inline]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.find(key)
    }

    /// The same for loops that look up keys which are written in the program: there the call would cost as much as the search.
    #[doc(hidden)]
    #[inline(always)]
    pub fn find(&self, key: &str) -> Option<&Value> {
        let node = self.node();
        let tag = tag(key);
        let field = match &node.index {
            None => node.fields.iter().find(|field| field.has(tag, key)),
            Some(index) => indexed(index, key).and_then(|position| node.fields.get(position)),
        };
        field.map(|field| &field.value)
    }

    /// Sets a field, at the end if it is new, and returns its old value. Copies the object, one level deep, if it is shared.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::{Object, Value};
    ///
    /// let mut order = Object::new();
    /// assert_eq!(order.insert("id", "A-1"), None);
    /// assert_eq!(order.insert("total", 60), None);
    /// assert_eq!(order.insert("id", "A-2"), Some(Value::from("A-1")));
    /// assert_eq!(Value::from(order).to_string(), r#"{"id":"A-2","total":60}"#);
    /// ```
    #[inline]
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        self.set(key.into(), value.into())
    }

    fn set(&mut self, key: Text, value: Value) -> Option<Value> {
        let node = self.writable();
        node.size = node.size.with(value.size());
        let tag = tag(&key);
        if let Some(field) = node.position(tag, &key).and_then(|at| node.fields.get_mut(at)) {
            node.size = node.size.without(field.value.size());
            return Some(std::mem::replace(&mut field.value, value));
        }
        if let Some(index) = &mut node.index {
            index.insert(key.clone(), node.fields.len());
        }
        node.fields.push(Field { tag, key, value });
        if node.index.is_none() {
            node.reindex();
        }
        None
    }

    /// Sets all fields of another object; what both have takes the other's value. Keys are shared, not made anew.
    ///
    /// ```
    /// # use asl_value::Object;
    /// let mut order: Object = [("id", 7), ("lines", 2)].into_iter().collect();
    /// order.merge(&[("lines", 3), ("total", 120)].into_iter().collect());
    /// assert_eq!(order.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["id", "lines", "total"]);
    /// assert_eq!(order.get("lines"), Some(&3.into()));
    /// ```
    pub fn merge(&mut self, other: &Self) {
        if self.is_empty() {
            *self = other.clone();
            return;
        }
        for field in &other.node().fields {
            self.insert(field.key.clone(), field.value.clone());
        }
    }

    /// Removes a field and returns its value. Takes time in proportion to the number of fields.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::{Object, Value};
    ///
    /// let mut order: Object = [("id", 1), ("note", 2), ("total", 3)].into_iter().collect();
    /// assert_eq!(order.remove("note"), Some(Value::from(2)));
    /// assert_eq!(order.keys().collect::<Vec<_>>(), ["id", "total"]);
    /// ```
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let position = self.node().position(tag(key), key)?;
        let node = self.writable();
        let removed = node.fields.remove(position);
        node.size = node.size.without(removed.value.size());
        node.index = None;
        node.reindex();
        Some(removed.value)
    }

    /// Changes a field in place.
    #[doc(hidden)]
    pub fn update<T>(&mut self, key: &str, change: impl FnOnce(&mut Value) -> T) -> Option<T> {
        let position = self.node().position(tag(key), key)?;
        let node = self.writable();
        let value = &mut node.fields.get_mut(position)?.value;
        let before = value.size();
        let answer = change(value);
        node.size = node.size.without(before).with(value.size());
        Some(answer)
    }

    /// To be written to: its length is another then.
    fn writable(&mut self) -> &mut ObjectNode {
        let node = Arc::make_mut(self.0.get_or_insert_default());
        node.length = Length::new();
        node
    }

    /// The fields in order.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Object;
    ///
    /// let stock: Object = [("pears", 0), ("apples", 3)].into_iter().collect();
    /// let sold_out: Vec<&str> = stock.iter().filter(|(_, count)| count.as_i64() == Some(0)).map(|(name, _)| name).collect();
    /// assert_eq!(sold_out, ["pears"]);
    /// ```
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Value)> + ExactSizeIterator {
        self.node().fields.iter().map(|field| (field.key.as_str(), &field.value))
    }

    /// The field at a place in the order.
    #[doc(hidden)]
    pub fn at(&self, index: usize) -> Option<(&Text, &Value)> {
        self.node().fields.get(index).map(|field| (&field.key, &field.value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.node().fields.iter().map(|field| field.key.as_str())
    }

    /// Where it is in memory: clones that share it have the same address.
    #[doc(hidden)]
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self.node()).addr()
    }

    /// Whether there are clones that share it. Only then is there another object of the same [address](Self::address).
    #[doc(hidden)]
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.as_ref().is_none_or(|node| Arc::strong_count(node) > 1)
    }

    pub(crate) fn length(&self) -> &Length {
        &self.node().length
    }

    #[doc(hidden)]
    #[inline]
    pub fn size(&self) -> Size {
        self.node().size
    }
}

/// The last handle is dropped without a locked instruction: no other handle can appear any more.
impl Drop for Object {
    #[inline]
    fn drop(&mut self) {
        if let Some(node) = self.0.take() {
            drop(Arc::try_unwrap(node));
        }
    }
}

impl Clone for ObjectNode {
    fn clone(&self) -> Self {
        let mut fields = Vec::with_capacity(self.fields.len() + ROOM);
        fields.extend_from_slice(&self.fields);
        Self { fields, index: self.index.clone(), size: self.size, length: Length::new() }
    }
}

impl ObjectNode {
    /// Where a key is. A call would cost as much as the search, and then rustc could not make use of a tag that it knows.
    #[inline(always)]
    fn position(&self, tag: u64, key: &str) -> Option<usize> {
        match &self.index {
            None => self.fields.iter().position(|field| field.has(tag, key)),
            Some(index) => indexed(index, key),
        }
    }

    /// Whether all keys differ from each other.
    fn is_distinct(&self) -> bool {
        match &self.index {
            Some(index) => index.len() == self.fields.len(),
            None => (1..).zip(&self.fields).all(|(next, field)| {
                !self.fields.iter().skip(next).any(|other| other.has(field.tag, &field.key))
            }),
        }
    }

    fn reindex(&mut self) {
        if self.fields.len() > SEARCHED {
            self.index = Some(index(&self.fields));
        }
    }
}

/// Apart, so that a search from the front is all that becomes part of a loop.
#[cold]
fn indexed(index: &Index, key: &str) -> Option<usize> {
    index.get(key).copied()
}

#[cold]
fn index(fields: &[Field]) -> Box<Index> {
    Box::new(fields.iter().enumerate().map(|(at, field)| (field.key.clone(), at)).collect())
}

/// A later field takes the place of an earlier one with the same key.
impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        let mut object = Self::new();
        object.extend(fields);
        object
    }
}

impl<K: Into<Text>, V: Into<Value>> Extend<(K, V)> for Object {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, fields: I) {
        for (key, value) in fields {
            self.insert(key, value);
        }
    }
}

/// Objects with the same fields are equal in whatever order.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.address() == other.address()
            || (self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value)))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_objects_behave_alike() {
        let mut object = Object::new();
        for number in 0..100_i64 {
            assert_eq!(object.insert(format!("key {number}"), number), None);
        }
        assert_eq!(object.insert("key 3", "three"), Some(Value::from(3)));
        assert_eq!(object.remove("key 2"), Some(Value::from(2)));
        assert_eq!(object.remove("key 2"), None);
        assert_eq!(object.len(), 99);
        assert_eq!(object.get("key 3"), Some(&Value::from("three")));
        assert_eq!(object.get("key 99"), Some(&Value::from(99)));
        assert_eq!(object.keys().take(4).collect::<Vec<_>>(), ["key 0", "key 1", "key 3", "key 4"]);
    }

    /// Whatever was done to it: a hash table that is missing would only show in the time that a search takes.
    #[test]
    fn exactly_the_large_objects_have_a_hash_table() {
        let mut object = Object::new();
        let keys: Vec<_> = (0..2 * SEARCHED).map(|number| format!("key {number}")).collect();
        let check =
            |object: &Object| {
                let index = object.node().index.as_ref();
                assert_eq!(
                    index.map_or(0, |index| index.len()),
                    match object.len() {
                        0..=SEARCHED => 0,
                        more => more,
                    }
                );
                assert!(keys.iter().zip(0_i64..).all(|(key, number)| {
                    object.get(key).is_none_or(|value| *value == Value::from(number))
                }));
            };
        for (key, number) in keys.iter().zip(0_i64..) {
            object.insert(key.as_str(), number);
            check(&object);
            check(&object.iter().map(|(key, value)| (key, value.clone())).collect());
            check(&Object::from_distinct(object.iter().map(|(key, value)| (key.into(), value.clone()))));
        }
        for key in keys.iter().rev().step_by(2).chain(keys.iter().step_by(2)) {
            object.remove(key);
            check(&object);
        }
        assert!(object.is_empty());
    }

    #[test]
    fn keys_that_look_alike_are_told_apart() {
        let keys = [
            "",
            "a",
            "aa",
            "aaa",
            "aaaa",
            "aaaaa",
            "aaaaaaaa",
            "aaaaaaaaa",
            "aaaabaaaa",
            "aaaacaaaa",
            "\u{0}",
            "\u{0}a",
        ];
        let object: Object = (0_i64..).zip(keys).map(|(number, key)| (key, number)).collect();
        assert_eq!(object.len(), keys.len());
        for (number, key) in (0_i64..).zip(keys) {
            assert_eq!(object.get(key), Some(&Value::from(number)), "{key:?}");
        }
        assert_eq!(object.get("aaaadaaaa"), None);
    }

    #[test]
    fn keys_that_come_again_make_no_object() {
        for count in [1, 2, 16, 17, 40] {
            let object = |length: usize| {
                let mut numbers = (0..count).cycle();
                Object::with_size(length, Size::EMPTY, || {
                    let number = numbers.next().unwrap();
                    Ok::<_, ()>((Text::from(format!("key {number}")), Value::from(0)))
                })
                .unwrap()
            };
            assert_eq!(object(count).map(|object| object.len()), Some(count));
            assert_eq!(object(count + 1), None);
        }
    }

    #[test]
    fn order_does_not_matter_to_equality() {
        let one: Object = [("a", 1), ("b", 2)].into_iter().collect();
        let other: Object = [("b", 2), ("a", 1)].into_iter().collect();
        assert_eq!(one, other);
        assert_ne!(one, [("a", 1), ("c", 2)].into_iter().collect());
    }
}
