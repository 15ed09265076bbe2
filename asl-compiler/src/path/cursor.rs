//! A place in a decoded string, for the parser of intrinsic functions.
//!
//! In: a decoded JSON string. Out: its characters one after the other, and faults at their place. Never knows a grammar.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::source::Span;
use crate::vocabulary::Number;
use std::ops::Range;

/// How many parts a path or a call may have: steps, names and indexes in lists, conditions of filters, and arguments. People write a
/// dozen.
pub(crate) const PARTS_LIMIT: usize = 1000;

/// Why a string is not what it should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Its place in the decoded string.
    pub(crate) range: Range<usize>,
    /// What is wrong, after "`$.a[` is not a path: ".
    what: String,
    label: String,
    help: Option<String>,
    /// It is about the size of the whole, which is then not shown.
    too_many: bool,
}

impl Fault {
    pub(crate) fn new(range: Range<usize>, what: impl Into<String>, label: impl Into<String>) -> Self {
        Self { range, what: what.into(), label: label.into(), help: None, too_many: false }
    }

    /// There are more parts than can be compiled.
    pub(crate) fn too_many(range: Range<usize>, what: impl Into<String>) -> Self {
        Self { too_many: true, ..Self::new(range, what, "this is the first one too many") }
    }

    /// Says what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The fault as a message: `shown` is not `wanted`, such as "a path".
    pub(crate) fn into_diagnostic(self, code: Code, text: &Text, shown: &str, wanted: &str) -> Diagnostic {
        let (code, message) = if self.too_many {
            (Code::TooManyParts, self.what)
        } else {
            (code, format!("`{shown}` is not {wanted}: {}", self.what))
        };
        let diagnostic = Diagnostic::new(code, text.span_of(self.range), message).label(self.label);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// A place in a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a Text,
    pub(crate) at: usize,
    parts: usize,
}

impl<'a> Cursor<'a> {
    /// The start of a string.
    pub(crate) const fn new(text: &'a Text) -> Self {
        Self { text, at: 0, parts: 0 }
    }

    /// Counts a part that starts here.
    pub(crate) fn count_part(&mut self) -> Result<(), Fault> {
        self.parts += 1;
        if self.parts <= PARTS_LIMIT {
            return Ok(());
        }
        let range = self.fault("", "").range;
        Err(Fault::too_many(range, format!("more than {PARTS_LIMIT} parts are in one path or call")))
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.value.get(self.at..).unwrap_or_default()
    }

    /// The characters from `start` to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.value.get(start..self.at).unwrap_or_default()
    }

    /// The place from `start` to here.
    pub(crate) fn span(&self, start: usize) -> Span {
        self.text.span_of(start..self.at)
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(crate) fn advance(&mut self) {
        self.next();
    }

    pub(crate) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance();
        }
        found
    }

    /// A comma with the blanks around it.
    pub(crate) fn eat_comma(&mut self) -> bool {
        self.skip_blanks();
        let found = self.eat(',');
        if found {
            self.skip_blanks();
        }
        found
    }

    /// AWS takes a path or a call with blanks after it.
    pub(crate) fn only_blanks_left(&self) -> bool {
        self.rest().chars().all(is_blank)
    }

    pub(crate) fn skip_blanks(&mut self) {
        self.take_while(is_blank);
    }

    pub(crate) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// A fault at the character that comes next, or at the end.
    pub(crate) fn fault(&self, what: impl Into<String>, label: impl Into<String>) -> Fault {
        let length = self.peek().map_or(0, char::len_utf8);
        Fault::new(self.at..self.at + length, what, label)
    }

    /// A fault from `start` to the end of the string.
    pub(crate) fn fault_from(
        &self,
        start: usize,
        what: impl Into<String>,
        label: impl Into<String>,
    ) -> Fault {
        Fault::new(start..self.text.value.len(), what, label)
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The number that a word is, written as in JSON.
pub(crate) fn number(word: &str) -> Option<Number> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let starts = digits.starts_with(|c: char| c.is_ascii_digit());
    if !starts || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let int = word.parse().map(Number::Int).ok();
    let whole = int.or_else(|| word.parse().map(Number::Uint).ok());
    whole.or_else(|| word.parse().ok().filter(|float: &f64| float.is_finite()).map(Number::Float))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        let cases = [
            ("0", Some(Number::Int(0))),
            ("-12", Some(Number::Int(-12))),
            ("18446744073709551615", Some(Number::Uint(u64::MAX))),
            ("1.5e3", Some(Number::Float(1500.0))),
            ("-0.25", Some(Number::Float(-0.25))),
            ("1.", None),
            (".5", None),
            ("-", None),
            ("inf", None),
            ("1e999", None),
            ("1-2", None),
        ];
        for (word, expected) in cases {
            assert_eq!(number(word), expected, "{word}");
        }
    }
}
