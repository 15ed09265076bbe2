//! Text delimited files: one item a row, an object of strings.
//!
//! In: bytes in pieces of any size. Out: an item as soon as its row is complete, one at a time, because a row of two bytes may become a
//! wide item. The rules are AWS's: quotation marks are only needed around delimiters and line ends, a doubled one represents itself, and a
//! backslash takes the meaning from a quotation mark, a delimiter or another backslash. No cell is anything but a string.

use super::bounds::{HEADER_BYTES, ITEM_BYTES, too_long};
use super::error::MapRunError;
use asl_engine::map_run::item::Found;
use asl_value::{Object, Text, Value};
use std::collections::HashSet;

/// Reads rows.
#[derive(Debug)]
pub(super) struct Rows {
    delimiter: u8,
    header: Option<Header>,
    at: At,
    /// The last byte was a backslash.
    escaped: bool,
    /// Something of the row has been seen, which tells an empty cell from an empty line.
    started: bool,
    /// The bytes of the row's cells, one after the other.
    cells: Vec<u8>,
    /// Where the cells that are complete end.
    ends: Vec<usize>,
}

/// Where in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Start,
    Bare,
    Quoted,
    /// After a quotation mark within a quoted cell: the second of a pair follows, or the cell is over.
    QuoteSeen,
}

impl Rows {
    /// Rows under these headers; without them, the first row has them.
    pub(super) fn new(delimiter: u8, headers: Option<&[Text]>) -> Result<Self, MapRunError> {
        let header = headers.map(Header::new).transpose()?;
        Ok(Self {
            delimiter,
            header,
            at: At::Start,
            escaped: false,
            started: false,
            cells: Vec::new(),
            ends: Vec::new(),
        })
    }

    /// Reads up to the end of the next row that is an item, and leaves the rest of the bytes.
    pub(super) fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Found>, MapRunError> {
        while let Some((byte, rest)) = bytes.split_first() {
            *bytes = rest;
            let found = self.read_byte(*byte)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The last row may have no line end.
    pub(super) fn end(&mut self) -> Result<Option<Found>, MapRunError> {
        self.end_row()
    }

    fn read_byte(&mut self, byte: u8) -> Result<Option<Found>, MapRunError> {
        if std::mem::take(&mut self.escaped) && (byte == b'\\' || byte == b'"' || byte == self.delimiter) {
            self.begin_bare();
            self.keep(byte)?;
            return Ok(None);
        }
        match (self.at, byte) {
            (At::QuoteSeen, b'"') => {
                self.at = At::Quoted;
                self.keep(byte)?;
            }
            (At::Quoted, b'"') => self.at = At::QuoteSeen,
            (_, b'\\') => {
                self.escaped = true;
                self.started = true;
            }
            (At::Quoted, _) => self.keep(byte)?,
            (At::Start, b'"') => {
                self.at = At::Quoted;
                self.started = true;
            }
            (_, b'\n' | b'\r') => return self.end_row(),
            (_, _) if byte == self.delimiter => {
                self.started = true;
                self.end_cell()?;
            }
            (_, _) => {
                self.begin_bare();
                self.keep(byte)?;
            }
        }
        Ok(None)
    }

    /// A byte follows that represents itself.
    fn begin_bare(&mut self) {
        self.started = true;
        if self.at != At::Quoted {
            self.at = At::Bare;
        }
    }

    fn keep(&mut self, byte: u8) -> Result<(), MapRunError> {
        self.cells.push(byte);
        self.check()
    }

    /// Cells without a header are dropped.
    fn end_cell(&mut self) -> Result<(), MapRunError> {
        let columns = self.header.as_ref().map_or(usize::MAX, |header| header.names.len());
        if self.ends.len() < columns {
            self.ends.push(self.cells.len());
        } else {
            self.cells.truncate(self.ends.last().copied().unwrap_or(0));
        }
        self.at = At::Start;
        self.check()
    }

    /// Whether as much is held as a row or a header may have.
    fn check(&self) -> Result<(), MapRunError> {
        match &self.header {
            Some(_) if self.cells.len() > ITEM_BYTES => Err(too_long("A row of the CSV file", ITEM_BYTES)),
            None if self.cells.len() + self.ends.len() > HEADER_BYTES => Err(long_header()),
            Some(_) | None => Ok(()),
        }
    }

    fn end_row(&mut self) -> Result<Option<Found>, MapRunError> {
        if !std::mem::take(&mut self.started) {
            return Ok(None);
        }
        self.end_cell()?;
        self.escaped = false;
        let found = match &self.header {
            Some(header) => Some(header.item(&self.cells, &self.ends).into()),
            None => {
                self.header = Some(Header::new(&names(&self.cells, &self.ends))?);
                None
            }
        };
        self.cells.clear();
        self.ends.clear();
        Ok(found)
    }
}

#[cold]
fn long_header() -> MapRunError {
    too_long("The header of the CSV file", HEADER_BYTES)
}

/// The cells of the first row, without the mark that some programs put at the start of a file.
fn names(cells: &[u8], ends: &[usize]) -> Vec<Text> {
    let names = (0..ends.len()).map(|column| text(cells, ends, column));
    names
        .enumerate()
        .map(|(column, name)| if column == 0 { name.trim_start_matches('\u{feff}').into() } else { name })
        .collect()
}

fn text(cells: &[u8], ends: &[usize], column: usize) -> Text {
    let start = column.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let cell = ends.get(column).and_then(|end| cells.get(start..*end)).unwrap_or_default();
    match std::str::from_utf8(cell) {
        Ok(cell) => cell.into(),
        Err(_) => String::from_utf8_lossy(cell).into(),
    }
}

/// The names of the columns.
#[derive(Debug)]
struct Header {
    /// Each with its column, in the order that they have in items.
    names: Vec<(Text, usize)>,
}

impl Header {
    fn new(names: &[Text]) -> Result<Self, MapRunError> {
        let bytes = names.iter().map(|name| name.len() + 1);
        if bytes.sum::<usize>() > HEADER_BYTES + 1 {
            return Err(long_header());
        }
        let mut seen = HashSet::new();
        if !names.iter().all(|name| seen.insert(name)) {
            return Err(MapRunError::DuplicateHeaders);
        }
        let mut names: Vec<_> = names.iter().cloned().zip(0..).collect();
        let buckets = buckets(names.len());
        names.sort_by_cached_key(|(name, column)| (java_hash(name) & (buckets - 1), *column));
        Ok(Self { names })
    }

    /// A cell that is missing is empty, and one without a header is dropped.
    fn item(&self, cells: &[u8], ends: &[usize]) -> Value {
        let fields =
            self.names.iter().map(|(name, column)| (name.clone(), Value::String(text(cells, ends, *column))));
        Object::from_distinct(fields).into()
    }
}

/// AWS returns the fields of a row in the order of a Java `HashMap` (recorded): by the hash, in as many buckets as that many keys get.
fn buckets(keys: usize) -> u32 {
    let mut buckets = 16;
    while keys > buckets / 4 * 3 {
        buckets *= 2;
    }
    u32::try_from(buckets).unwrap_or(1 << 31)
}

/// `String.hashCode`, spread as `HashMap` does.
fn java_hash(text: &str) -> u32 {
    let hash =
        text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str, delimiter: u8, headers: Option<&[&str]>, piece: usize) -> Result<String, String> {
        let headers: Option<Vec<Text>> = headers.map(|headers| headers.iter().map(Text::new).collect());
        let mut rows = Rows::new(delimiter, headers.as_deref())?;
        let mut values = Vec::new();
        for mut piece in text.as_bytes().chunks(piece) {
            while let Some(found) = rows.read(&mut piece)? {
                values.push(found.value);
            }
        }
        values.extend(rows.end()?.map(|found| found.value));
        Ok(Value::from(values).to_string())
    }

    fn comma(text: &str) -> String {
        let whole = items(text, b',', None, text.len().max(1)).unwrap();
        assert_eq!(items(text, b',', None, 1).unwrap(), whole, "in pieces of one byte");
        whole
    }

    #[test]
    fn every_cell_is_a_string_under_its_header() {
        assert_eq!(comma("a,b\n1,true\n,null\n"), r#"[{"a":"1","b":"true"},{"a":"","b":"null"}]"#);
    }

    #[test]
    fn missing_cells_are_empty_and_extra_cells_are_dropped() {
        assert_eq!(comma("a,b\n1\n1,2,3\n"), r#"[{"a":"1","b":""},{"a":"1","b":"2"}]"#);
    }

    #[test]
    fn a_blank_line_is_a_row_and_an_empty_one_is_not() {
        assert_eq!(comma("a,b\n\n   \n\r\n\"\"\n"), r#"[{"a":"   ","b":""},{"a":"","b":""}]"#);
    }

    #[test]
    fn quoted_cells_hold_delimiters_line_ends_and_doubled_quotes() {
        assert_eq!(
            comma("a,b\n\"x,y\",\"1\n2\"\n\"say \"\"hi\"\"\",z"),
            r#"[{"a":"x,y","b":"1\n2"},{"a":"say \"hi\"","b":"z"}]"#
        );
    }

    #[test]
    fn a_backslash_escapes_itself_quotes_and_delimiters_and_is_dropped_before_all_else() {
        assert_eq!(
            comma("a,b\nx\\,y,\\\\\n\\\"q\\\",\\n\n"),
            r#"[{"a":"x,y","b":"\\"},{"a":"\"q\"","b":"n"}]"#
        );
        assert_eq!(comma("a\n\"x\\\"y\"\n"), r#"[{"a":"x\"y"}]"#);
    }

    #[test]
    fn line_ends_of_every_system_and_a_mark_at_the_start_are_understood() {
        assert_eq!(comma("\u{feff}a,b\r\n1,2\r\n3,4"), r#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#);
    }

    #[test]
    fn other_delimiters_are_used_as_given() {
        for delimiter in *b"|; \t" {
            let text = "a,b".replace(',', &char::from(delimiter).to_string())
                + "\n"
                + &format!("1{}2", char::from(delimiter));
            assert_eq!(items(&text, delimiter, None, 3).unwrap(), r#"[{"a":"1","b":"2"}]"#);
        }
    }

    #[test]
    fn given_headers_make_the_first_row_an_item() {
        assert_eq!(items("1,2\n", b',', Some(&["H1"]), 9).unwrap(), r#"[{"H1":"1"}]"#);
    }

    #[test]
    fn duplicate_headers_are_an_error_given_or_read() {
        let refused = Err(String::from("CSV headers cannot contain duplicates."));
        assert_eq!(items("1,2\n", b',', Some(&["a", "a"]), 9), refused);
        assert_eq!(items("a,a\n1,2\n", b',', None, 9), refused);
    }

    #[test]
    fn a_row_is_made_when_it_is_asked_for() {
        let mut rows = Rows::new(b',', None).unwrap();
        let mut bytes = b"a\n1\n2\n".as_slice();
        assert_eq!(rows.read(&mut bytes).unwrap().unwrap().value.to_string(), r#"{"a":"1"}"#);
        assert_eq!(bytes, b"2\n");
    }

    #[test]
    fn headers_and_rows_have_a_length() {
        let long = "x".repeat(HEADER_BYTES + 1);
        let refused = Err(String::from("The header of the CSV file is longer than 1048576 bytes."));
        assert_eq!(items(&long, b',', None, 4096), refused);
        assert_eq!(items(&",".repeat(HEADER_BYTES + 1), b',', None, 4096), refused);
        assert_eq!(items("1\n", b',', Some(&["a", &long]), 4096), refused);
        let row = format!("a\n{}", "x".repeat(ITEM_BYTES + 1));
        let refused = Err(String::from("A row of the CSV file is longer than 8388608 bytes."));
        assert_eq!(items(&row, b',', None, 4096), refused);
    }

    #[test]
    fn cells_without_a_header_take_no_room() {
        let mut rows = Rows::new(b',', Some(&["a".into()])).unwrap();
        assert_eq!(rows.read(&mut "1,".repeat(5000).as_bytes()).unwrap(), None);
        assert_eq!((rows.cells.len(), rows.ends.len()), (1, 1));
        assert_eq!(rows.end().unwrap().unwrap().value.to_string(), r#"{"a":"1"}"#);
    }

    #[test]
    fn fields_are_in_the_order_of_a_java_hash_map() {
        assert_eq!(comma("0,True,{}\n1,2,3\n"), r#"[{"0":"1","{}":"3","True":"2"}]"#);
    }
}
