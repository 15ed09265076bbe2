//! JSON Lines: one item a line.

use super::bounds::{ITEM_BYTES, too_long, value};
use super::error::MapRunError;
use asl_engine::map_run::item::Found;

/// Reads lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The start of a line whose end has not been read.
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    /// Reads up to the end of the next line that is an item, and leaves the rest of the bytes.
    pub(super) fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Found>, MapRunError> {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            *bytes = rest.get(1..).unwrap_or_default();
            let item = if self.line.is_empty() {
                self.item(line)?
            } else {
                self.keep(line)?;
                self.end()?
            };
            if item.is_some() {
                return Ok(item);
            }
        }
        self.keep(bytes)?;
        *bytes = &[];
        Ok(None)
    }

    /// The last line may have no line end.
    pub(super) fn end(&mut self) -> Result<Option<Found>, MapRunError> {
        let line = std::mem::take(&mut self.line);
        self.item(&line)
    }

    fn keep(&mut self, part: &[u8]) -> Result<(), MapRunError> {
        if self.line.len() + part.len() > ITEM_BYTES {
            return Err(self.too_long());
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn item(&mut self, line: &[u8]) -> Result<Option<Found>, MapRunError> {
        if line.len() > ITEM_BYTES {
            return Err(self.too_long());
        }
        self.number += 1;
        let line =
            if self.number == 1 { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line) } else { line };
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        let name = || format!("Line {} of the JSON Lines file", self.number);
        let value = value(line, &name(), |error| MapRunError::not_json(&name(), error))?;
        Ok(Some(value.into()))
    }

    fn too_long(&self) -> MapRunError {
        too_long(&format!("Line {} of the JSON Lines file", self.number + 1), ITEM_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_value::Value;

    fn items(text: &str, piece: usize) -> Result<String, String> {
        let (mut lines, mut values) = (Lines::default(), Vec::new());
        for mut piece in text.as_bytes().chunks(piece) {
            while let Some(found) = lines.read(&mut piece)? {
                values.push(found.value);
            }
        }
        values.extend(lines.end()?.map(|found| found.value));
        Ok(Value::from(values).to_string())
    }

    #[test]
    fn each_line_is_an_item_and_empty_lines_are_none() {
        let text = "{\"a\":1}\r\n\n[2]\n  \n\"é\"";
        for piece in 1..=text.len() {
            assert_eq!(items(text, piece).unwrap(), r#"[{"a":1},[2],"é"]"#, "in pieces of {piece} bytes");
        }
    }

    #[test]
    fn a_line_that_is_no_json_is_named() {
        let error = items("1\n{\"a\":}\n", 64).unwrap_err();
        assert!(error.starts_with("Line 2 of the JSON Lines file is not JSON: "), "{error}");
    }

    #[test]
    fn a_line_has_a_length_and_a_number_of_values() {
        for piece in [4096, usize::MAX] {
            let error = items(&format!("1\n\"{}\"\n", "x".repeat(ITEM_BYTES)), piece).unwrap_err();
            assert_eq!(error, "Line 2 of the JSON Lines file is longer than 8388608 bytes.");
        }
        let many = format!("[0{}]", ",0".repeat(super::super::bounds::ITEM_VALUES));
        let error = items(&many, 4096).unwrap_err();
        assert_eq!(error, "Line 1 of the JSON Lines file has more than 1000000 values.");
    }
}
