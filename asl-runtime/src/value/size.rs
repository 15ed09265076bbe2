//! How large a value is, without going through it.

use super::Value;

/// How large a value is, kept in every object and array. Both numbers are upper bounds, because writing to a value in place never makes
/// them smaller.
///
/// Values share their parts, so a value can be far larger than the memory that it takes: forty steps of `[x, x]` make one whose text
/// nobody could write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// How deep objects and arrays are nested: 0 for a scalar, 1 for `[]`.
    pub(crate) depth: u32,
    /// How many values there are in it, itself among them; long texts count more. Stays at its maximum.
    pub(crate) weight: u32,
}

/// Texts count as one more for each this many bytes.
const TEXT: usize = 16;

impl Size {
    /// Of a scalar.
    pub(crate) const SCALAR: Self = Self { depth: 0, weight: 1 };

    /// Of an array or object without anything in it.
    pub(crate) const EMPTY: Self = Self { depth: 1, weight: 1 };

    /// Of a text.
    pub(crate) fn of_text(text: &str) -> Self {
        let weight = u32::try_from(text.len() / TEXT).unwrap_or(u32::MAX).saturating_add(1);
        Self { depth: 0, weight }
    }

    /// Of an array or object with one more part.
    #[inline]
    pub(crate) fn with(self, part: Self) -> Self {
        Self { depth: self.depth.max(part.depth + 1), weight: self.weight.saturating_add(part.weight) }
    }

    /// Of an array or object of parts.
    #[inline]
    pub(crate) fn of<'v>(parts: impl IntoIterator<Item = &'v Value>) -> Self {
        parts.into_iter().fold(Self::EMPTY, |size, part| size.with(part.size()))
    }
}
