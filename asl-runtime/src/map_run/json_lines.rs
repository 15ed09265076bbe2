//! JSON Lines: one item a line.

use asl_engine::map_run::item::Found;
use asl_value::Value;
use std::collections::VecDeque;

/// Reads lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The start of a line whose end has not been read.
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn read(&mut self, bytes: &[u8], found: &mut VecDeque<Found>) -> Result<(), String> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let rest = lines.next_back().unwrap_or_default();
        for line in lines {
            if self.line.is_empty() {
                self.item(line, found)?;
            } else {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.item(&whole, found)?;
            }
        }
        self.line.extend_from_slice(rest);
        Ok(())
    }

    /// The last line may have no line end.
    pub(super) fn end(&mut self, found: &mut VecDeque<Found>) -> Result<(), String> {
        let line = std::mem::take(&mut self.line);
        self.item(&line, found)
    }

    fn item(&mut self, line: &[u8], found: &mut VecDeque<Found>) -> Result<(), String> {
        self.number += 1;
        let line =
            if self.number == 1 { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line) } else { line };
        if line.trim_ascii().is_empty() {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(line)
            .map_err(|error| format!("Line {} of the JSON Lines file is no JSON: {error}", self.number))?;
        found.push_back(value.into());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str, piece: usize) -> Result<String, String> {
        let (mut lines, mut found) = (Lines::default(), VecDeque::new());
        for piece in text.as_bytes().chunks(piece) {
            lines.read(piece, &mut found)?;
        }
        lines.end(&mut found)?;
        let values: Vec<Value> = found.into_iter().map(|found| found.value).collect();
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
        assert!(error.starts_with("Line 2 of the JSON Lines file is no JSON: "), "{error}");
    }
}
