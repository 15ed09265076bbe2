//! JSON files: the elements of an array, or the fields of an object, one by one.
//!
//! In: bytes in pieces of any size, and the way to the items (`ItemsPointer`). Out: an item as soon as its text is complete. Only the
//! text of one item is kept; what is beside the way is passed over unread.

use super::bounds::{ITEM_BYTES, too_long, value};
use super::error::MapRunError;
use asl_engine::map_run::item::Found;
use asl_value::Text;

/// Reads a document.
#[derive(Debug)]
pub(super) struct Document {
    pointer: Vec<Text>,
    /// How many steps of the pointer have been gone.
    matched: usize,
    state: State,
    container: Container,
    /// The text of the key or the item that is being read.
    text: Vec<u8>,
    /// The key of the field that is being read.
    key: Text,
    /// The number of bytes read, for messages.
    position: u64,
    /// The item that is complete.
    found: Option<Found>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A value on the way, or the one with the items, comes next.
    OnTheWay,
    /// Between the entries of the container.
    Inside(Expected),
    /// In a key.
    Key(Scan),
    /// The colon comes next.
    Colon,
    /// The value of a field comes next.
    FieldValue,
    /// In the value of an entry.
    EntryValue(Scan),
    /// The container with the items is over.
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    EntryOrEnd,
    Entry,
    CommaOrEnd,
}

/// The array or object that the reader is in.
#[derive(Clone, Copy, Debug)]
struct Container {
    is_array: bool,
    /// Its entries are the items; otherwise one of them is a step of the pointer.
    holds_items: bool,
    /// The number of the entry.
    index: usize,
}

impl Document {
    pub(super) fn new(pointer: Vec<Text>) -> Self {
        Self {
            pointer,
            matched: 0,
            state: State::OnTheWay,
            container: Container { is_array: true, holds_items: false, index: 0 },
            text: Vec::new(),
            key: Text::default(),
            position: 0,
            found: None,
        }
    }

    /// Reads up to the end of the next item, and leaves the rest of the bytes.
    pub(super) fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Found>, MapRunError> {
        while let Some((byte, rest)) = bytes.split_first() {
            // A number ends where something else begins, and that is looked at twice.
            if self.step(*byte)? {
                *bytes = rest;
                self.position += 1;
            }
            if self.found.is_some() {
                return Ok(self.found.take());
            }
        }
        Ok(None)
    }

    pub(super) fn end(&self) -> Result<(), MapRunError> {
        match self.state {
            State::Done => Ok(()),
            State::OnTheWay
            | State::Inside(_)
            | State::Key(_)
            | State::Colon
            | State::FieldValue
            | State::EntryValue(_) => Err(MapRunError::EndsEarly),
        }
    }

    /// Whether the byte was taken.
    fn step(&mut self, byte: u8) -> Result<bool, MapRunError> {
        match self.state {
            State::Key(scan) => self.key(scan, byte),
            State::EntryValue(scan) => self.entry_value(scan, byte),
            State::Done if !self.pointer.is_empty() => Ok(true),
            _ if is_space(byte) => Ok(true),
            State::OnTheWay => self.on_the_way(byte),
            State::Inside(expected) => self.inside(expected, byte),
            State::Colon if byte == b':' => {
                self.state = State::FieldValue;
                Ok(true)
            }
            State::FieldValue if !matches!(byte, b',' | b':' | b']' | b'}') => self.begin_value(byte),
            State::Colon | State::FieldValue | State::Done => self.unexpected(),
        }
    }

    fn on_the_way(&mut self, byte: u8) -> Result<bool, MapRunError> {
        let holds_items = self.matched == self.pointer.len();
        let is_array = match byte {
            b'[' => true,
            b'{' => false,
            // The mark that some programs put at the start of a file.
            0xef | 0xbb | 0xbf if self.position < 3 => return Ok(true),
            _ if holds_items => return Err(MapRunError::NotIterable),
            _ => return self.not_found(),
        };
        self.container = Container { is_array, holds_items, index: 0 };
        self.state = State::Inside(Expected::EntryOrEnd);
        Ok(true)
    }

    fn inside(&mut self, expected: Expected, byte: u8) -> Result<bool, MapRunError> {
        let end = if self.container.is_array { b']' } else { b'}' };
        match (expected, byte) {
            (Expected::EntryOrEnd | Expected::CommaOrEnd, _) if byte == end => {
                if !self.container.holds_items {
                    return self.not_found();
                }
                self.state = State::Done;
            }
            (Expected::CommaOrEnd, b',') => {
                self.container.index += 1;
                self.state = State::Inside(Expected::Entry);
            }
            (Expected::CommaOrEnd, _) => return self.unexpected(),
            (Expected::Entry | Expected::EntryOrEnd, b',' | b':' | b']' | b'}') => return self.unexpected(),
            (Expected::Entry | Expected::EntryOrEnd, _) if self.container.is_array => {
                return self.begin_value(byte);
            }
            (Expected::Entry | Expected::EntryOrEnd, b'"') => {
                self.keep(byte)?;
                self.state = State::Key(Scan::start(byte));
            }
            (Expected::Entry | Expected::EntryOrEnd, _) => return self.unexpected(),
        }
        Ok(true)
    }

    fn key(&mut self, mut scan: Scan, byte: u8) -> Result<bool, MapRunError> {
        self.keep(byte)?;
        self.state = State::Key(scan.next(byte));
        if scan.is_over {
            let key: String = serde_json::from_slice(&self.text).map_err(|error| self.no_json(&error))?;
            self.key = key.into();
            self.text.clear();
            self.state = State::Colon;
        }
        Ok(true)
    }

    /// The first byte of the value of an entry. Where the value is a step of the pointer, it is looked at again.
    fn begin_value(&mut self, byte: u8) -> Result<bool, MapRunError> {
        if !self.container.holds_items && self.is_next_step() {
            self.matched += 1;
            self.state = State::OnTheWay;
            return Ok(false);
        }
        if self.container.holds_items {
            self.keep(byte)?;
        }
        self.state = State::EntryValue(Scan::start(byte));
        Ok(true)
    }

    /// Keeps a byte of a key or an item.
    fn keep(&mut self, byte: u8) -> Result<(), MapRunError> {
        if self.text.len() == ITEM_BYTES {
            return Err(too_long(&format!("The item or key before byte {}", self.position), ITEM_BYTES));
        }
        self.text.push(byte);
        Ok(())
    }

    fn is_next_step(&self) -> bool {
        let Some(step) = self.pointer.get(self.matched) else { return false };
        if self.container.is_array { *step == self.container.index.to_string() } else { *step == self.key }
    }

    fn entry_value(&mut self, mut scan: Scan, byte: u8) -> Result<bool, MapRunError> {
        let before = scan.is_over_before(byte);
        if !before {
            if self.container.holds_items {
                self.keep(byte)?;
            }
            self.state = State::EntryValue(scan.next(byte));
        }
        if before || scan.is_over {
            self.state = State::Inside(Expected::CommaOrEnd);
            if self.container.holds_items {
                let value = value(&self.text, "An item of the JSON file", |error| self.no_json(error))?;
                let key = (!self.container.is_array).then(|| std::mem::take(&mut self.key));
                self.found = Some(Found { key, value });
                self.text.clear();
            }
        }
        Ok(!before)
    }

    fn unexpected<T>(&self) -> Result<T, MapRunError> {
        Err(MapRunError::UnexpectedByte(self.position + 1))
    }

    fn no_json(&self, error: &serde_json::Error) -> MapRunError {
        MapRunError::NotJsonBefore { byte: self.position + 1, why: error.to_string() }
    }

    fn not_found<T>(&self) -> Result<T, MapRunError> {
        let pointer: String = self
            .pointer
            .iter()
            .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
            .collect();
        Err(MapRunError::PointerLeadsNowhere(pointer))
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Finds the end of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scan {
    kind: ItemKind,
    /// How many arrays and objects of the value are open.
    depth: usize,
    in_string: bool,
    escaped: bool,
    is_over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ItemKind {
    /// A number, `true`, `false` or `null`: over where something else begins.
    Word,
    /// Over with its last character.
    StringOrContainer,
}

impl Scan {
    fn start(byte: u8) -> Self {
        let kind =
            if matches!(byte, b'"' | b'[' | b'{') { ItemKind::StringOrContainer } else { ItemKind::Word };
        Self {
            kind,
            depth: usize::from(matches!(byte, b'[' | b'{')),
            in_string: byte == b'"',
            escaped: false,
            is_over: false,
        }
    }

    fn is_over_before(&self, byte: u8) -> bool {
        self.kind == ItemKind::Word && (is_space(byte) || matches!(byte, b',' | b']' | b'}'))
    }

    fn next(&mut self, byte: u8) -> Self {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.is_over = self.kind == ItemKind::StringOrContainer && self.depth == 0 && !self.in_string;
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The items with their keys, read in pieces of every size.
    fn items(text: &str, pointer: &[&str]) -> Result<String, String> {
        let mut results: Vec<_> = (1..=text.len()).map(|piece| in_pieces(text, pointer, piece)).collect();
        results.dedup_by_key(|result| result.clone().ok());
        assert_eq!(results.len(), 1, "the size of the pieces does not matter: {results:?}");
        results.remove(0)
    }

    fn in_pieces(text: &str, pointer: &[&str], piece: usize) -> Result<String, String> {
        let mut document = Document::new(pointer.iter().map(|step| Text::from(*step)).collect());
        let mut found = Vec::new();
        for mut piece in text.as_bytes().chunks(piece) {
            while let Some(item) = document.read(&mut piece)? {
                found.push(item);
            }
        }
        document.end()?;
        let items: Vec<_> = found
            .into_iter()
            .map(|found| {
                format!("{}{}", found.key.map(|key| format!("{key}=")).unwrap_or_default(), found.value)
            })
            .collect();
        Ok(items.join(" "))
    }

    #[test]
    fn the_elements_of_an_array_are_items() {
        let text = r#" [ {"a":[1,{"b":"]}\\\""}]} , "x,y" ,12, -1.5e3,true,null , [] ] "#;
        assert_eq!(items(text, &[]).unwrap(), r#"{"a":[1,{"b":"]}\\\""}]} "x,y" 12 -1500.0 true null []"#);
        assert_eq!(items("[]", &[]).unwrap(), "");
        assert_eq!(items("\u{feff}[1]", &[]).unwrap(), "1");
    }

    #[test]
    fn the_fields_of_an_object_are_items_with_keys() {
        assert_eq!(items(r#"{"a" : 1,"b\n\"c":{"x":[]}}"#, &[]).unwrap(), "a=1 b\n\"c={\"x\":[]}");
        assert_eq!(items("{ }", &[]).unwrap(), "");
    }

    #[test]
    fn a_pointer_leads_to_the_items() {
        let text = r#"{"skip":{"data":[9]},"list":[0,{"data":{"items":[1,2],"x":3}}],"items":[7]} "#;
        assert_eq!(items(text, &["list", "1", "data", "items"]).unwrap(), "1 2");
        assert_eq!(items(text, &["items"]).unwrap(), "7");
        assert_eq!(items(r#"{"a/b":{"~":[1]}}"#, &["a/b", "~"]).unwrap(), "1");
    }

    #[test]
    fn a_pointer_that_leads_nowhere_is_an_error() {
        for text in [r#"{"a":1}"#, r#"{"b":[]}"#, "[]", r#""b""#] {
            let error = items(text, &["b", "c~/"]).unwrap_err();
            assert_eq!(error, "The ItemsPointer '/b/c~0~1' leads nowhere in the file.", "{text}");
        }
    }

    #[test]
    fn other_values_cannot_be_iterated_over() {
        let refused = Err(String::from("Attempting to map over non-iterable node."));
        for text in ["1", "\"text\"", "null"] {
            assert_eq!(items(text, &[]), refused);
        }
        assert_eq!(items(r#"{"a":"text"}"#, &["a"]), refused);
    }

    #[test]
    fn broken_documents_are_errors() {
        for text in [
            "[1 2]",
            "[1,]",
            "[,1]",
            "{\"a\" 1}",
            "{1:2}",
            "{\"a\":}",
            "[1]]",
            "[tru]",
            "[\"\\x\"]",
            "[1:2]",
            "[01]",
            "[}",
        ] {
            let error = items(text, &[]).unwrap_err();
            assert!(error.starts_with("The file is not JSON"), "{text}: {error}");
        }
        for text in ["[1", "[1,", "{\"a\":1", " "] {
            assert_eq!(items(text, &[]).unwrap_err(), "The JSON file ends before its items do.", "{text}");
        }
    }

    #[test]
    fn items_and_keys_have_a_length_and_what_is_beside_the_way_has_none() {
        let long = "x".repeat(ITEM_BYTES);
        for text in [format!(r#"["{long}"]"#), format!(r#"{{"{long}":1}}"#)] {
            let error = in_pieces(&text, &[], 4096).unwrap_err();
            assert!(error.ends_with("is longer than 8388608 bytes."), "{error}");
        }
        let text = format!(r#"{{"a":"{long}","b":[1]}}"#);
        assert_eq!(in_pieces(&text, &["b"], 4096).unwrap(), "1");
        let many = format!("[[0{}]]", ",0".repeat(super::super::bounds::ITEM_VALUES));
        let error = in_pieces(&many, &[], 4096).unwrap_err();
        assert_eq!(error, "An item of the JSON file has more than 1000000 values.");
    }
}
