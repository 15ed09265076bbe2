//! A part of a decoded string that knows its place in the whole, for a grammar that cuts texts into parts.
//!
//! In: a string. Out: parts of it, and faults at their place. Never knows a grammar.

use super::cursor::Fault;
use std::ops::Range;

/// A part of a string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    pub(super) text: &'t str,
    /// Where it starts in the whole string.
    start: usize,
}

impl<'t> Piece<'t> {
    /// A part of a whole string; empty if the string has no such part.
    pub(super) fn of(whole: &'t str, range: Range<usize>) -> Self {
        Self { text: whole.get(range.clone()).unwrap_or_default(), start: range.start }
    }

    /// A part of this one; empty if it has no such part.
    pub(super) fn part(self, range: Range<usize>) -> Self {
        Self { start: self.start + range.start, ..Self::of(self.text, range) }
    }

    pub(super) fn from(self, start: usize) -> Self {
        self.part(start..self.text.len())
    }

    /// Its place in the whole string.
    pub(super) const fn range(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// The character at a byte.
    pub(super) fn at(self, index: usize) -> Option<char> {
        self.text.get(index..)?.chars().next()
    }

    /// Without what Java's `trim` takes away at both ends: blanks and control characters.
    pub(super) fn trim(self) -> Self {
        self.trim_start_matches(is_blank).trim_end_matches(is_blank)
    }

    pub(super) fn trim_start_matches(self, unwanted: impl Fn(char) -> bool) -> Self {
        self.from(self.text.len() - self.text.trim_start_matches(unwanted).len())
    }

    pub(super) fn trim_end_matches(self, unwanted: impl Fn(char) -> bool) -> Self {
        self.part(0..self.text.trim_end_matches(unwanted).len())
    }

    /// What is between two characters, if it starts and ends with these.
    pub(super) fn within(self, open: char, close: char) -> Option<Self> {
        let inner = self.text.strip_prefix(open)?.strip_suffix(close)?;
        Some(self.part(open.len_utf8()..open.len_utf8() + inner.len()))
    }

    /// A fault of all of it.
    pub(super) fn fault(self, what: impl Into<String>, label: impl Into<String>) -> Fault {
        Fault::new(self.range(), what, label)
    }

    /// A fault at the character at a byte, or at the end.
    pub(super) fn fault_at(self, index: usize, what: impl Into<String>, label: impl Into<String>) -> Fault {
        let length = self.at(index).map_or(0, char::len_utf8);
        self.part(index.min(self.text.len())..index + length).fault(what, label)
    }
}

/// What Java's `trim` takes away.
pub(super) const fn is_blank(c: char) -> bool {
    c <= ' '
}
