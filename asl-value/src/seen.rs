//! Finds values that are equal among many, by hashes that only this process knows.

use crate::Value;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// What was seen so far. Values whose hashes are equal cannot be made from outside of the process.
#[derive(Debug)]
pub struct Seen<T> {
    hashing: Hashing,
    /// Nearly always one for each hash.
    places: HashMap<u64, Vec<T>>,
}

impl<T> Seen<T> {
    /// Nothing so far.
    #[must_use]
    pub fn new() -> Self {
        Self { hashing: Hashing(RandomState::new()), places: HashMap::new() }
    }

    /// Keeps something, unless something equal was kept before; whether it was new. Things that are equal must have equal hashes.
    pub fn insert(
        &mut self,
        new: T,
        hash: impl FnOnce(&Hashing, &T) -> u64,
        equal: impl Fn(&T, &T) -> bool,
    ) -> bool {
        let hash = hash(&self.hashing, &new);
        let alike = self.places.entry(hash).or_default();
        let is_new = !alike.iter().any(|other| equal(other, &new));
        if is_new {
            alike.push(new);
        }
        is_new
    }
}

impl<'v> Seen<&'v Value> {
    /// The same for values.
    pub fn insert_value(&mut self, value: &'v Value) -> bool {
        self.insert(value, |hashing, value| hashing.value(value), |one, other| one == other)
    }
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes hashes: equal values have equal ones, in whatever form they are.
#[derive(Debug, Default)]
pub struct Hashing(RandomState);

impl Hashing {
    /// Of a value.
    #[must_use]
    pub fn value(&self, value: &Value) -> u64 {
        match value {
            Value::Null => self.of(&0_u8),
            Value::Bool(value) => self.of(&(1_u8, *value)),
            // Equal numbers are equal as floats, though not the other way round.
            Value::Number(number) => self.number(number.as_f64()),
            Value::String(text) => self.of(&(3_u8, text.as_str())),
            Value::Array(array) => self.array(array.iter().map(|element| self.value(element))),
            Value::Object(object) => self.object(object.iter().map(|(key, value)| (key, self.value(value)))),
        }
    }

    /// Of a number. Zero has two signs and one hash.
    #[must_use]
    pub fn number(&self, number: f64) -> u64 {
        self.of(&(2_u8, (number + 0.0).to_bits()))
    }

    /// Of an array of elements with these hashes.
    #[must_use]
    pub fn array(&self, elements: impl Iterator<Item = u64>) -> u64 {
        let mut hasher = self.0.build_hasher();
        hasher.write_u8(4);
        elements.for_each(|element| hasher.write_u64(element));
        hasher.finish()
    }

    /// Of an object with these fields, in whatever order.
    #[must_use]
    pub fn object<'k>(&self, fields: impl Iterator<Item = (&'k str, u64)>) -> u64 {
        let sum = fields.fold(0_u64, |sum, field| sum.wrapping_add(self.of(&field)));
        self.of(&(5_u8, sum))
    }

    /// Of what is told from others by an address.
    #[must_use]
    pub fn address(&self, address: usize) -> u64 {
        self.of(&(6_u8, address))
    }

    fn of(&self, parts: &impl Hash) -> u64 {
        self.0.hash_one(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_new_once() {
        let texts = [
            "null",
            "false",
            "0",
            "-0.0",
            "1",
            "1.0",
            "18446744073709551615",
            "18446744073709551614",
            r#""1""#,
            r#"{"a":1,"b":[2]}"#,
            r#"{"b":[2.0],"a":1.0}"#,
            r#"{"a":1,"b":2}"#,
            "[1,2]",
            "[[1],2]",
            "[]",
            "{}",
            "[]",
        ];
        let values = texts.map(|text| Value::from_json(text).unwrap());
        let mut seen = Seen::new();
        for (at, value) in values.iter().enumerate() {
            let is_new = !values[..at].contains(value);
            assert_eq!(seen.insert_value(value), is_new, "{value}");
        }
    }
}
