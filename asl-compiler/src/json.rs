//! Stage 1: text to JSON values that know where they are.
//!
//! In: the text of a [`SourceFile`](crate::source::SourceFile). Out: a [`Value`]. Duplicate keys, trailing text and numbers that cannot be kept
//! exactly are errors. Never guesses, and never knows what a definition is.

pub(crate) mod number;
mod parser;
mod string;
pub(crate) mod write;

pub(crate) use parser::NESTING_LIMIT;
pub use parser::parse;

use crate::source::Span;
pub use crate::vocabulary::constant::Number;
use std::ops::Range;

/// A JSON value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// From its first to after its last byte; a string with its quotes.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a JSON value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Text),
    /// An array.
    Array(Vec<Value>),
    /// An object, its members in the order of the text, their keys unique.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: Value,
}

/// A string, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Its characters, without escapes.
    pub value: String,
    /// Its place, with the quotes where it has any.
    pub span: Span,
    /// Offsets in `value` from which on the text and `value` go in step anew: (offset in `value`, offset in the source). Before
    /// the first they start after the quote. Empty for a string in quotes without escapes. Of two at one offset, the first is where the part
    /// before it ends, and the last where the next one starts.
    pub escapes: Vec<(usize, usize)>,
}

impl Value {
    /// What it is, with an article, for messages: "a string", "an object".
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The boolean that it is.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = self.kind { Some(value) } else { None }
    }

    /// The number that it is.
    #[must_use]
    pub const fn as_number(&self) -> Option<Number> {
        if let Kind::Number(number) = self.kind { Some(number) } else { None }
    }

    /// The string that it is, with its place.
    #[must_use]
    pub const fn as_text(&self) -> Option<&Text> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// The string that it is.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_text().map(|text| text.value.as_str())
    }

    /// The elements of the array that it is.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Kind::Array(elements) = &self.kind { Some(elements) } else { None }
    }

    /// The members of the object that it is.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        if let Kind::Object(members) = &self.kind { Some(members) } else { None }
    }

    /// The member `key` of the object that it is.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.as_object()?.iter().find(|member| member.key.value == key)
    }

    /// The value of the member `key` of the object that it is.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|member| &member.value)
    }
}

impl Member {
    /// Its key without escapes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.key.value
    }

    /// From the key to the end of the value.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.key.span.start, self.value.span.end)
    }
}

impl Text {
    /// The place in the source of a range of bytes of [`Text::value`]. A part of an escaped character is all of it.
    #[must_use]
    pub fn span_of(&self, range: Range<usize>) -> Span {
        let start = self.offset_of(range.start);
        // Parts that were put together are not always in the order of the source.
        Span::new(start, self.end_of(range.end.max(range.start)).max(start))
    }

    /// A text that replaces something else: its end is the end of the place, and everything else in it the start.
    pub(crate) fn at_once(value: String, place: Span) -> Self {
        let mut escapes: Vec<_> = value.char_indices().map(|(at, _)| (at, place.start)).collect();
        escapes.push((value.len(), place.end));
        Self { value, span: place, escapes }
    }

    /// The place between the quotes.
    #[must_use]
    pub fn inner_span(&self) -> Span {
        self.span_of(0..self.value.len())
    }

    /// The text of a file as a whole.
    pub(crate) fn of_file(text: &str) -> Self {
        Self { value: text.to_owned(), span: Span::new(0, text.len()), escapes: vec![(0, 0)] }
    }

    /// An empty text, to which others are appended.
    pub(crate) const fn empty_at(span: Span) -> Self {
        Self { value: String::new(), span, escapes: Vec::new() }
    }

    /// Appends a part of another text, whose characters keep their places.
    pub(crate) fn append(&mut self, other: &Self, range: Range<usize>) {
        let shift = self.value.len();
        self.escapes.push((shift, other.span_of(range.clone()).start));
        let steps = other.steps_within(range.start..range.end + 1);
        self.escapes.extend(steps.map(|(decoded, source)| (decoded - range.start + shift, source)));
        let end = other.span_of(range.clone()).end;
        self.value.push_str(other.value.get(range).unwrap_or_default());
        self.escapes.push((self.value.len(), end));
    }

    /// Appends what replaces a part of the source: each of its characters is where that starts.
    pub(crate) fn append_at(&mut self, value: &str, start: usize) {
        for character in value.chars() {
            self.escapes.push((self.value.len(), start));
            self.value.push(character);
        }
    }

    /// The same as [`Self::escapes`], with the step at its start.
    pub(crate) fn steps(&self) -> Vec<(usize, usize)> {
        let first = self.escapes.first().is_none_or(|(decoded, _)| *decoded > 0);
        let first = first.then_some((0, self.span.start + 1));
        first.into_iter().chain(self.escapes.iter().copied()).collect()
    }

    /// The steps after the start of a part of the text and before its end.
    pub(crate) fn steps_within(&self, range: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let first = self.escapes.partition_point(|(decoded, _)| *decoded <= range.start);
        let steps = self.escapes.get(first..).unwrap_or_default().iter().copied();
        steps.take_while(move |(decoded, _)| *decoded < range.end)
    }

    fn offset_of(&self, offset: usize) -> usize {
        let offset = offset.min(self.value.len());
        let before = self.escapes.partition_point(|&(decoded, _)| decoded <= offset);
        self.offset_from(before.checked_sub(1), offset)
    }

    /// The same where a part ends: one that others follow may be followed by them elsewhere.
    fn end_of(&self, offset: usize) -> usize {
        let offset = offset.min(self.value.len());
        let before = self.escapes.partition_point(|&(decoded, _)| decoded < offset);
        let is_step = self.escapes.get(before).is_some_and(|&(decoded, _)| decoded == offset);
        self.offset_from(if is_step { Some(before) } else { before.checked_sub(1) }, offset)
    }

    fn offset_from(&self, step: Option<usize>, offset: usize) -> usize {
        let step = step.and_then(|step| self.escapes.get(step));
        let &(decoded, source) = step.unwrap_or(&(0, self.span.start + 1));
        source.saturating_add(offset - decoded).min(self.span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::SourceFile;

    fn parsed(text: &str) -> (SourceFile, Value) {
        let source = SourceFile::new("t", text);
        let mut diagnostics = Diagnostics::default();
        let value = parse(&source, &mut diagnostics).expect("a value");
        assert!(!diagnostics.has_errors());
        (source, value)
    }

    /// The source text of each character of the string.
    fn characters(json: &str) -> Vec<String> {
        let (source, value) = parsed(json);
        let text = value.as_text().expect("a string");
        text.value
            .char_indices()
            .map(|(at, character)| source.slice(text.span_of(at..at + character.len_utf8())).to_owned())
            .collect()
    }

    #[test]
    fn places_inside_of_plain_strings() {
        assert_eq!(characters(r#" "aé😀b""#), ["a", "é", "😀", "b"]);
        assert_eq!(characters(r#""""#), Vec::<String>::new());
    }

    #[test]
    fn places_inside_of_strings_with_escapes() {
        assert_eq!(characters(r#""\n""#), [r"\n"]);
        assert_eq!(characters(r#""a\"\\b""#), ["a", r#"\""#, r"\\", "b"]);
        assert_eq!(characters(r#""$.\u00e9x\/é\u0041""#), ["$", ".", r"\u00e9", "x", r"\/", "é", r"\u0041"]);
    }

    #[test]
    fn places_inside_of_strings_with_surrogate_pairs() {
        assert_eq!(characters(r#""\ud83d\uDE00z\uD83D\ude00""#), [r"\ud83d\uDE00", "z", r"\uD83D\ude00"]);
    }

    #[test]
    fn places_of_ranges_and_beyond() {
        let (source, value) = parsed(r#"{"Path": "$.a\u0062.c"}"#);
        let text = value.get("Path").and_then(Value::as_text).expect("a string");
        assert_eq!(text.value, "$.ab.c");
        assert_eq!(source.slice(text.span_of(2..4)), r"a\u0062");
        assert_eq!(source.slice(text.span_of(4..6)), ".c");
        assert_eq!(source.slice(text.span_of(0..6)), source.slice(text.inner_span()));
        assert_eq!(source.slice(text.span_of(6..99)), "");
        assert_eq!(source.slice(text.span_of(4..usize::MAX)), ".c");
    }

    #[test]
    fn values_are_found_and_named() {
        let (source, value) = parsed(r#"{"a": [1, null], "b": {"c": true}, "d": "e"}"#);
        assert_eq!(value.get("a").and_then(Value::as_array).map(<[Value]>::len), Some(2));
        assert_eq!(value.get("b").and_then(|b| b.get("c")).and_then(Value::as_bool), Some(true));
        assert_eq!(value.get("d").and_then(Value::as_str), Some("e"));
        assert!(value.get("x").is_none());
        let names: Vec<_> = value.as_object().expect("members").iter().map(|m| m.value.type_name()).collect();
        assert_eq!(names, ["an array", "an object", "a string"]);
        assert_eq!(source.slice(value.member("d").expect("d").span()), r#""d": "e""#);
    }
}
