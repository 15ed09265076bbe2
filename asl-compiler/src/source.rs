//! Stage 0: the text of a definition, and where in it things are.
//!
//! In: a name to show and the bytes of the file. Out: text, and positions for messages. Never reads a file itself, and
//! never fails: what is wrong with the bytes is kept as a [fault](SourceFile::fault) that [`json::parse`](crate::json::parse)
//! reports like any other problem, so that no door has to know about it.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::MachineType;
use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest file in bytes that is read; of a larger one a byte more is enough to see it. AWS takes definitions of up to 1 MiB; the rest is room for indentation.
pub const SIZE_LIMIT: usize = asl_language::limits::WRITTEN_BYTES;

/// The mark that some editors put before the text. It is not a part of it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A half-open range of byte offsets in a [`SourceFile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same as a range.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Where an offset is, as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Where lines and characters of a text are, so that a place in a long line is found without counting all that is before it.
#[derive(Clone, Debug)]
pub struct Index {
    /// The offset of the first byte of each line; the first is 0.
    line_starts: Vec<usize>,
    /// For every so many bytes what is before them.
    marks: Vec<Before>,
}

/// How many bytes are between two marks of an index.
const MARK_EVERY: usize = 1024;

/// What is before a place of a text.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    characters: usize,
    utf16_units: usize,
}

impl Before {
    fn and(self, text: &str) -> Self {
        text.chars().fold(self, |before, character| Self {
            characters: before.characters + 1,
            utf16_units: before.utf16_units + character.len_utf16(),
        })
    }
}

impl Index {
    /// The index of a text, whose lines end with a line feed, before which a carriage return may stand.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::with_lines(text, text.match_indices('\n').map(|(at, _)| at + 1))
    }

    /// The same for a text whose lines after the first start at these offsets.
    pub fn with_lines(text: &str, starts: impl Iterator<Item = usize>) -> Self {
        let line_starts = std::iter::once(0).chain(starts).collect();
        let (mut marks, mut before, mut at) = (vec![Before::default()], Before::default(), 0);
        for mark in (MARK_EVERY..=text.len()).step_by(MARK_EVERY) {
            let mark = floor_char_boundary(text, mark);
            before = before.and(text.get(at..mark).unwrap_or_default());
            marks.push(before);
            at = mark;
        }
        Self { line_starts, marks }
    }

    /// The line of `offset`, from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }

    /// The offset of the first byte of a line, from 1.
    #[must_use]
    pub fn line_start(&self, line: usize) -> Option<usize> {
        self.line_starts.get(line.checked_sub(1)?).copied()
    }

    /// The place of `offset` in the text that the index was made of. An offset inside of a character is at that character; one after the end is
    /// at the end.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let (line, line_start, offset) = self.in_line(text, offset);
        let characters = self.before(text, offset).characters - self.before(text, line_start).characters;
        Position { line, column: characters + 1 }
    }

    /// The same as editors count that know only UTF-16: the units before it in its line.
    #[must_use]
    pub fn utf16_units(&self, text: &str, offset: usize) -> usize {
        let (_, line_start, offset) = self.in_line(text, offset);
        self.before(text, offset).utf16_units - self.before(text, line_start).utf16_units
    }

    fn in_line(&self, text: &str, offset: usize) -> (usize, usize, usize) {
        let offset = floor_char_boundary(text, offset);
        let line = self.line(offset);
        (line, self.line_start(line).unwrap_or_default(), offset)
    }

    /// What is before the start of a character.
    fn before(&self, text: &str, offset: usize) -> Before {
        let number = (offset / MARK_EVERY).min(self.marks.len() - 1);
        let mark = floor_char_boundary(text, number * MARK_EVERY);
        let before = self.marks.get(number).copied().unwrap_or_default();
        before.and(text.get(mark..offset).unwrap_or_default())
    }
}

/// A state machine of a template, as a source file knows it: what it is made of is known to what reads templates.
pub(crate) trait EmbeddedMachine: fmt::Debug + Send + Sync {
    /// Its name in the template.
    fn name(&self) -> &str;

    /// How it is executed, as far as the template says it.
    fn machine_type(&self) -> Option<MachineType>;

    /// All that is known.
    fn as_any(&self) -> &dyn Any;
}

/// The text of a definition with its name. A clone shares the text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    /// Where it was read from, if its name does not say it.
    path: Option<PathBuf>,
    text: Arc<str>,
    index: Arc<Index>,
    fault: Option<Diagnostic>,
    /// It is YAML, whatever its name says.
    yaml: bool,
    /// Which state machine of a template it is read as.
    machine: Option<Arc<dyn EmbeddedMachine>>,
}

impl SourceFile {
    /// The file `name`, as messages show it, with its content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let mut bytes = bytes.into();
        if bytes.len() > SIZE_LIMIT {
            return Self::with_text(name.into(), String::new(), Some(too_large()));
        }
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        match String::from_utf8(bytes) {
            Ok(text) => Self::with_text(name.into(), text, None),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Self::with_text(name.into(), text, Some(invalid_utf8(good)))
            }
        }
    }

    fn with_text(name: String, text: String, fault: Option<Diagnostic>) -> Self {
        let index = Arc::new(Index::new(&text));
        Self { name, path: None, text: text.into(), index, fault, yaml: false, machine: None }
    }

    /// The name as messages show it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file with the path that it was read from, which need not be Unicode as its name is.
    #[must_use]
    pub fn read_from(mut self, path: &Path) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(&self.name))
    }

    /// The same for a text without its own name, such as that of the standard input: it is YAML if it starts like no JSON.
    #[must_use]
    pub fn of_either_language(mut self) -> Self {
        self.yaml = self.text.trim_start().starts_with(|first: char| !"{[\"".contains(first));
        self
    }

    /// Whether it is YAML: its name says so, or it was found out from its text.
    #[must_use]
    pub fn is_yaml(&self) -> bool {
        let ending = self.name.rsplit_once('.').map_or("", |(_, ending)| ending);
        self.yaml || ["yaml", "yml"].iter().any(|yaml| ending.eq_ignore_ascii_case(yaml))
    }

    /// The file as one of the state machines that a template holds or names.
    pub(crate) fn of_machine(mut self, machine: Arc<dyn EmbeddedMachine>) -> Self {
        self.machine = Some(machine);
        self
    }

    /// Which of them it is.
    pub(crate) fn embedded(&self) -> Option<&dyn EmbeddedMachine> {
        self.machine.as_deref()
    }

    /// The name of the state machine that it is read as, if it was chosen from a template.
    #[must_use]
    pub fn machine(&self) -> Option<&str> {
        self.embedded().map(EmbeddedMachine::name)
    }

    /// How the machine is executed, as far as its template says it.
    #[must_use]
    pub fn machine_type(&self) -> Option<MachineType> {
        self.embedded()?.machine_type()
    }

    /// The name as lists show it: with that of the state machine, if it was chosen from a template.
    #[must_use]
    pub fn title(&self) -> String {
        self.machine().map_or_else(|| self.name.clone(), |machine| format!("{} ({machine})", self.name))
    }

    /// The text without byte order mark. Offsets in spans count in it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text at `span`; empty if there is no such place.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// What is wrong with the bytes. A file with a fault has a text only to be shown, not to be parsed.
    #[must_use]
    pub const fn fault(&self) -> Option<&Diagnostic> {
        self.fault.as_ref()
    }

    /// The line of `offset`, from 1. Lines end with a line feed, before which a carriage return may stand.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.index.line(offset)
    }

    /// The place of `offset`. An offset inside of a character is at that character; one after the end is at the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.index.position(&self.text, offset)
    }
}

fn too_large() -> Diagnostic {
    let message =
        format!("the file has more than {SIZE_LIMIT} bytes, which is the most that a definition may have");
    Diagnostic::new(Code::FileTooLarge, Span::default(), message)
        .help("AWS takes definitions of up to 1048576 bytes")
}

fn invalid_utf8(offset: usize) -> Diagnostic {
    // In the text to be shown, a replacement character of three bytes is where the first bad byte was.
    let shown = Span::new(offset, offset + char::REPLACEMENT_CHARACTER.len_utf8());
    Diagnostic::new(Code::InvalidUtf8, shown, "the file is not UTF-8")
        .label("this is no UTF-8 character")
        .help("save the file in the encoding UTF-8")
}

/// The largest offset up to `offset` at which a character of `text` starts or the text ends.
pub(crate) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The position by walking over the text, the slow way.
    fn counted(text: &str, offset: usize) -> Position {
        let mut position = Position { line: 1, column: 1 };
        for (at, character) in text.char_indices() {
            if at + character.len_utf8() > offset {
                break;
            }
            if character == '\n' {
                position = Position { line: position.line + 1, column: 1 };
            } else {
                position.column += 1;
            }
        }
        position
    }

    #[test]
    fn every_offset_has_its_position() {
        let texts = [
            "",
            "\n",
            "a",
            "{\n  \"a\": 1\n}\n",
            "{\r\n  \"é\": \"ç\"\r\n}\r\n",
            "\r\r\n\n\r",
            "日本\n語😀x\r\n\u{301}e\nend",
        ];
        let long = ["a", "é😀", "語\n"].map(|part| part.repeat(MARK_EVERY / part.len() + 1)).concat();
        let texts = texts.into_iter().chain([long.as_str()]);
        for text in texts {
            let source = SourceFile::new("t", text);
            for offset in 0..=text.len() + 3 {
                assert_eq!(source.position(offset), counted(text, offset), "{text:?} at {offset}");
                assert_eq!(source.line(offset), counted(text, offset).line, "{text:?} at {offset}");
            }
        }
    }

    #[test]
    fn a_byte_order_mark_takes_no_place() {
        let source = SourceFile::new("t", "\u{FEFF}{\r\n é}");
        assert_eq!(source.text(), "{\r\n é}");
        assert!(source.fault().is_none());
        for offset in 0..=source.text().len() {
            assert_eq!(source.position(offset), counted(source.text(), offset));
        }
    }

    #[test]
    fn bad_utf8_is_shown_where_it_is() {
        let source = SourceFile::new("t", b"{\n \"caf\xE9\": 1}".as_slice());
        let fault = source.fault().expect("a fault");
        assert_eq!(fault.code, Code::InvalidUtf8);
        assert_eq!(source.slice(fault.span), "\u{FFFD}");
        assert_eq!(source.position(fault.span.start), Position { line: 2, column: 6 });
    }

    #[test]
    fn bad_utf8_after_a_byte_order_mark_is_shown_where_it_is() {
        let source = SourceFile::new("t", b"\xEF\xBB\xBF{\xFF}".as_slice());
        assert_eq!(source.slice(source.fault().expect("a fault").span), "\u{FFFD}");
    }

    #[test]
    fn a_file_at_the_limit_is_read_and_one_above_is_not() {
        assert!(SourceFile::new("t", vec![b' '; SIZE_LIMIT]).fault().is_none());
        let source = SourceFile::new("t", vec![b' '; SIZE_LIMIT + 1]);
        assert_eq!(source.fault().map(|fault| fault.code), Some(Code::FileTooLarge));
        assert_eq!(source.position(7), Position { line: 1, column: 1 });
    }
}
