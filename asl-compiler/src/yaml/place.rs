//! Where the characters of a scalar are in the text.
//!
//! In: the decoded text and the place of the scalar. Out: its place, and the offsets from which on the two go in step anew. Lines that were
//! folded, indentation and escapes take the two out of step; each line of a block starts a new one.

use crate::source::{SourceFile, Span};
use granit_parser::ScalarStyle;

/// The place of the scalar, and the steps for [`Text::escapes`](crate::json::Text::escapes).
pub(super) fn places(
    decoded: &str,
    style: ScalarStyle,
    span: Span,
    source: &SourceFile,
) -> (Span, Vec<(usize, usize)>) {
    let raw = source.slice(span);
    let (start, raw) = match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (1, raw.get(1..).unwrap_or_default()),
        ScalarStyle::Literal | ScalarStyle::Folded if raw.starts_with(['|', '>']) => {
            let header = raw.find('\n').map_or(raw.len(), |at| at + 1);
            (header, raw.get(header..).unwrap_or_default())
        }
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => (0, raw),
    };
    let mut walk = Walk { style, raw, base: span.start + start, at: 0, steps: Vec::new(), shift: None };
    for (offset, character) in decoded.char_indices() {
        walk.take(offset, character);
    }
    let span = match style {
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let indentation = raw.len() - raw.trim_start().len();
            Span::new(
                walk.base + indentation,
                (walk.base + raw.trim_end().len()).max(walk.base + indentation),
            )
        }
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => span,
    };
    (span, walk.steps)
}

/// The way over the text beside the decoded characters.
struct Walk<'a> {
    style: ScalarStyle,
    raw: &'a str,
    base: usize,
    at: usize,
    steps: Vec<(usize, usize)>,
    /// How far the text was ahead of the decoded characters at the last step.
    shift: Option<usize>,
}

impl Walk<'_> {
    fn take(&mut self, offset: usize, character: char) {
        if !character.is_whitespace() {
            self.skip_white_space();
        }
        self.step(offset);
        let rest = self.raw.get(self.at..).unwrap_or_default();
        let escaped = self.style == ScalarStyle::DoubleQuoted && rest.starts_with('\\');
        let next = rest.chars().next();
        if escaped {
            self.at += escape_length(rest);
        } else if self.style == ScalarStyle::SingleQuoted && rest.starts_with("''") {
            self.at += 2;
        } else if next == Some(character) {
            self.at += character.len_utf8();
        } else if character == ' ' || character == '\n' {
            // A fold: some line breaks and the indentation behind them are one blank, or fewer line breaks.
            self.skip_line_break();
        }
    }

    /// Notes where the character is, if that is not where one would look for it.
    fn step(&mut self, offset: usize) {
        let source = self.base + self.at;
        let shift = source.wrapping_sub(offset);
        if self.shift != Some(shift) {
            self.shift = Some(shift);
            self.steps.push((offset, source));
        }
    }

    fn skip_white_space(&mut self) {
        loop {
            let rest = self.raw.get(self.at..).unwrap_or_default();
            let continued = self.style == ScalarStyle::DoubleQuoted
                && (rest.starts_with("\\\n") || rest.starts_with("\\\r\n"));
            let blank = rest.len() - rest.trim_start().len();
            if blank == 0 && !continued {
                return;
            }
            self.at += blank.max(usize::from(continued));
        }
    }

    fn skip_line_break(&mut self) {
        let rest = self.raw.get(self.at..).unwrap_or_default();
        self.at += rest
            .find('\n')
            .filter(|at| rest.get(..*at).is_some_and(|t| t.trim().is_empty()))
            .map_or(0, |at| at + 1);
    }
}

/// The length of the escape that a text starts with.
fn escape_length(rest: &str) -> usize {
    let letter = rest.chars().nth(1);
    let length = match letter {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        Some(letter) => 1 + letter.len_utf8(),
        None => 1,
    };
    length.min(rest.len())
}
