//! Documents that the editor has open, and positions in them.
//!
//! In: texts, changes, and positions as the protocol counts them, in lines and UTF-16 units. Out: [`SourceFile`]s and byte offsets, and
//! back. A position outside of the text is the nearest one inside of it.

use asl_compiler::inspect::Inspection;
use asl_compiler::source::{Index, SourceFile, Span};
use serde_json::{Value, json};
use std::path::PathBuf;

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) uri: String,
    pub(super) version: Value,
    name: String,
    text: String,
    /// Where the lines are, as the protocol counts them.
    index: Index,
    source: SourceFile,
    /// It is a definition by its name or its language, whatever is in it.
    is_named_so: bool,
}

impl Document {
    /// The document of a `didOpen` notification.
    pub(super) fn open(item: &Value) -> Option<Self> {
        let uri = item.get("uri")?.as_str()?;
        let text = item.get("text")?.as_str()?;
        let language = item.get("languageId").and_then(Value::as_str).unwrap_or_default();
        let is_yaml = language.starts_with("yaml");
        let mut name = decode(uri.rsplit('/').next().unwrap_or(uri));
        if is_yaml && !name.ends_with(".yaml") && !name.ends_with(".yml") {
            name.push_str(".yaml");
        }
        let version = item.get("version").cloned().unwrap_or_default();
        let is_named_so = name.contains(".asl") || !matches!(language, "" | "json" | "jsonc" | "yaml");
        let source = SourceFile::new(name.as_str(), text);
        let (index, text) = (index_of(text), text.to_owned());
        Some(Self { uri: uri.to_owned(), version, name, text, index, source, is_named_so })
    }

    /// Takes the changes of a `didChange` notification, in their order.
    pub(super) fn change(&mut self, version: Value, changes: &[Value]) {
        self.version = version;
        for change in changes {
            let Some(new) = change.get("text").and_then(Value::as_str) else { continue };
            match change.get("range") {
                None | Some(Value::Null) => self.replace(new.to_owned()),
                Some(range) => {
                    let start = self.byte(range.get("start"));
                    let end = self.byte(range.get("end")).max(start);
                    let mut text = std::mem::take(&mut self.text);
                    text.replace_range(start..end, new);
                    self.replace(text);
                }
            }
        }
        self.index();
    }

    fn replace(&mut self, text: String) {
        self.index = index_of(&text);
        self.text = text;
    }

    fn index(&mut self) {
        self.source = SourceFile::new(self.name.as_str(), self.text.as_str());
    }

    /// Whether it is a definition: an editor may send all files of a language.
    pub(super) fn is_definition(&self) -> bool {
        self.is_named_so || Inspection::new(&self.source).is_definition()
    }

    /// The file that it is, if it is one of this machine.
    pub(super) fn path(&self) -> Option<PathBuf> {
        let path = decode(self.uri.strip_prefix("file://")?);
        // Windows: `/c:/flows`
        let is_drive = path.get(2..3) == Some(":");
        Some(PathBuf::from(if is_drive { path.get(1..)?.to_owned() } else { path }))
    }

    /// The document for the compiler.
    pub(super) const fn source(&self) -> &SourceFile {
        &self.source
    }

    /// The offset in the source of a position.
    pub(super) fn offset(&self, position: Option<&Value>) -> usize {
        self.byte(position).saturating_sub(self.mark())
    }

    /// The range of a span of the source.
    pub(super) fn range(&self, span: Span) -> Value {
        json!({ "start": self.position(span.start), "end": self.position(span.end.max(span.start)) })
    }

    /// The bytes before the text of the source.
    fn mark(&self) -> usize {
        if self.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
    }

    fn byte(&self, position: Option<&Value>) -> usize {
        let number = |field: &str| {
            let number = position.and_then(|position| position.get(field)).and_then(Value::as_u64);
            number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
        };
        let line = number("line").saturating_add(1);
        let Some(start) = self.index.line_start(line) else { return self.text.len() };
        let mut left = number("character");
        let line = self.text.get(start..).unwrap_or_default();
        let inside = line.char_indices().find(|(_, character)| {
            if left < character.len_utf16() || matches!(character, '\n' | '\r') {
                return true;
            }
            left -= character.len_utf16();
            false
        });
        start + inside.map_or(line.len(), |(at, _)| at)
    }

    fn position(&self, offset: usize) -> Value {
        let offset = (offset + self.mark()).min(self.text.len());
        let line = self.index.position(&self.text, offset).line.saturating_sub(1);
        json!({ "line": line, "character": self.index.utf16_units(&self.text, offset) })
    }
}

/// The name that a part of an address is.
fn decode(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((plain, escaped)) = rest.split_once('%') {
        bytes.extend(plain.bytes());
        let byte = escaped.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { escaped.get(2..).unwrap_or_default() } else { escaped };
    }
    bytes.extend(rest.bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Lines end with a line feed, a carriage return, or both.
fn index_of(text: &str) -> Index {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    Index::with_lines(text, ends.map(|(at, _)| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::open(&json!({ "uri": "file:///a.asl.json", "text": text, "version": 1 })).unwrap()
    }

    #[test]
    fn every_position_leads_there_and_back() {
        for text in ["", "a😀b\r\né\rx\n\ny", "\u{FEFF}{\n 😀}"] {
            let document = document(text);
            let source = document.source().text().to_owned();
            for (offset, _) in source.char_indices().chain([(source.len(), ' ')]) {
                let position = document.position(offset);
                let within = source.get(..offset).is_some_and(|before| before.ends_with('\r'))
                    && source.get(offset..).is_some_and(|after| after.starts_with('\n'));
                assert!(within || document.offset(Some(&position)) == offset, "{text:?} {offset} {position}");
            }
        }
    }

    #[test]
    fn names_are_decoded() {
        assert_eq!(decode("orders%20%C3%A9.json"), "orders é.json");
        assert_eq!(decode("%%2%zz%é"), "%%2%zz%é");
    }

    #[test]
    fn positions_outside_are_the_nearest_inside() {
        let document = document("ab\ncd😀");
        let offset = |line: u64, character: u64| {
            document.offset(Some(&json!({ "line": line, "character": character })))
        };
        assert_eq!((offset(0, 99), offset(1, 99), offset(9, 9)), (2, 9, 9));
        assert_eq!(offset(1, 3), 5, "in the middle of a character");
        assert_eq!(document.offset(None), 0);
    }

    #[test]
    fn changes_apply_in_their_order() {
        let mut document = document("a😀c");
        let range = |from: u64, to: u64| json!({ "start": { "line": 0, "character": from }, "end": { "line": 0, "character": to } });
        let changes =
            [json!({ "range": range(1, 3), "text": "bb" }), json!({ "range": range(3, 99), "text": "\nd" })];
        document.change(json!(2), &changes);
        assert_eq!(document.source().text(), "abb\nd");
        document.change(
            json!(3),
            &[json!({ "text": "new" }), json!({ "range": range(2, 1), "text": "x" }), json!(7)],
        );
        assert_eq!(document.source().text(), "nexw");
    }
}
