//! Messages on the wire: a header with the length, an empty line, and JSON.
//!
//! In: bytes. Out: values, and back. A message that is not JSON is a fault that the next message survives; one without a length ends
//! the conversation, because it cannot be said where the next one starts. Never knows what a message means.

use serde_json::Value;
use std::io::{BufRead, Read, Write};

/// The longest message that is read. A definition has up to 8 MiB, and escapes make it longer.
const LENGTH_LIMIT: usize = 128 << 20;
/// The longest line of a header.
const LINE_LIMIT: u64 = 4096;

/// What came.
#[derive(Debug)]
pub(super) enum Received {
    Message(Value),
    /// It is not JSON.
    Fault(String),
}

/// The next message; nothing at the end of the input, or where no message starts.
pub(super) fn receive(input: &mut impl BufRead) -> Option<Received> {
    let length = length(input)?;
    let mut bytes = Vec::new();
    input.take(u64::try_from(length).ok()?).read_to_end(&mut bytes).ok()?;
    if bytes.len() < length {
        return None;
    }
    Some(match serde_json::from_slice(&bytes) {
        Ok(message) => Received::Message(message),
        Err(error) => Received::Fault(format!("the message is not JSON: {error}")),
    })
}

/// Reads a header.
fn length(input: &mut impl BufRead) -> Option<usize> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut line).ok()?;
        if line.last() != Some(&b'\n') {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            return length.filter(|length| *length <= LENGTH_LIMIT);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
}

/// Writes a message.
pub(super) fn send(output: &mut impl Write, message: &Value) -> std::io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_one_by_one() {
        let mut bytes = Vec::new();
        send(&mut bytes, &Value::from("é")).unwrap();
        bytes.extend(b"content-length:2\nContent-Type: x\n\n{ Content-Length: 1\r\n\r\n1");
        let mut input = bytes.as_slice();
        assert!(matches!(receive(&mut input), Some(Received::Message(message)) if message == "é"));
        assert!(matches!(receive(&mut input), Some(Received::Fault(_))));
        assert!(matches!(receive(&mut input), Some(Received::Message(message)) if message == 1));
        assert!(receive(&mut input).is_none());
    }

    #[test]
    fn nonsense_ends_the_conversation() {
        for text in [
            "",
            "x",
            "\r\n\r\n",
            "Content-Length: 9\r\n\r\n1",
            "Content-Length: 99999999999999999999\r\n\r\n1",
            // Whole, and longer than is read.
            &format!("Content-Length: {}\r\n\r\n\"{}\"", LENGTH_LIMIT + 1, "x".repeat(LENGTH_LIMIT - 1)),
        ] {
            assert!(receive(&mut text.as_bytes()).is_none(), "{text:.100}");
        }
        assert!(receive(&mut "Content-Length: 999999999999\r\n\r\n1".as_bytes()).is_none());
        assert!(receive(&mut "a".repeat(10_000).as_bytes()).is_none());
    }
}
