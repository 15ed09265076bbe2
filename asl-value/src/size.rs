//! How large a value is, without going through it.

use crate::Value;

/// How large a value is, kept in every object and array. Both numbers are upper bounds: writing to a value in place never makes the depth
/// smaller, nor a weight that has reached its maximum.
///
/// Values share their parts, so a value can be far larger than the memory that it takes ([`Value::takes_more_than`]): forty steps of `[x, x]`
/// make one whose text could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How deep objects and arrays are nested: 0 for a scalar, 1 for `[]`.
    pub depth: u32,
    /// How many values there are in it, itself among them; long texts count more. Stays at its maximum.
    pub weight: u32,
}

/// Texts count as one more for each this many bytes.
const TEXT: usize = 16;

/// Of an array or object that is made without parts.
impl Default for Size {
    #[inline]
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Size {
    /// Of a scalar.
    pub const SCALAR: Self = Self { depth: 0, weight: 1 };

    /// Of an array or object without anything in it.
    pub const EMPTY: Self = Self { depth: 1, weight: 1 };

    /// Of a text.
    pub fn of_text(text: &str) -> Self {
        let weight = u32::try_from(text.len() / TEXT).unwrap_or(u32::MAX).saturating_add(1);
        Self { depth: 0, weight }
    }

    /// Of an array or object with one more part.
    #[inline]
    pub fn with(self, part: Self) -> Self {
        Self { depth: self.depth.max(part.depth + 1), weight: self.weight.saturating_add(part.weight) }
    }

    /// Of an array or object that has a part no more.
    #[inline]
    pub const fn without(self, part: Self) -> Self {
        match self.weight {
            u32::MAX => self,
            weight => Self { weight: weight.saturating_sub(part.weight), ..self },
        }
    }

    /// The larger one of each number.
    #[must_use]
    pub fn or_more(self, least: Self) -> Self {
        Self { depth: self.depth.max(least.depth), weight: self.weight.max(least.weight) }
    }

    /// Of an array or object of parts.
    #[inline]
    pub fn of<'v>(parts: impl IntoIterator<Item = &'v Value>) -> Self {
        parts.into_iter().fold(Self::EMPTY, |size, part| size.with(part.size()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Array, Object, Value};

    #[test]
    fn what_is_replaced_weighs_nothing_any_more() {
        let mut object = Object::new();
        let mut array: Array = [Value::Null].into_iter().collect();
        for turn in 0..100 {
            object.insert("count", turn);
            object.insert("text", "a text of more than sixteen bytes");
            object.update("count", |value| *value = Value::from("another text of more than sixteen bytes"));
            array.set(0, object.clone());
            array.update(0, |value| *value = Value::from(turn));
        }
        assert_eq!(object.size().weight, 1 + 3 + 3);
        assert_eq!(array.size().weight, 2);
        object.remove("text");
        assert_eq!(object.size().weight, 1 + 3);
    }

    #[test]
    fn a_weight_that_cannot_be_told_stays_at_its_maximum() {
        let mut value = Value::from(0);
        for _ in 0..40 {
            value = Value::Array([value.clone(), value].into_iter().collect());
        }
        assert_eq!(value.size().weight, u32::MAX);
        let mut object = Object::new();
        object.insert("large", value);
        object.insert("large", 0);
        assert_eq!(object.size().weight, u32::MAX);
    }
}
