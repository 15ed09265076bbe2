//! How long the JSON text of a value is, without making the text.

use crate::{Array, Number, Object, Value};
use std::io::{self, Write};
use std::sync::atomic::{AtomicU32, Ordering};

/// The length of an array or object, once it was asked for. What a transition does not change is not gone through again.
#[derive(Debug, Default)]
pub(crate) struct Length(AtomicU32);

/// A copy is made to be written to.
impl Clone for Length {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl Length {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    pub(crate) fn get_or_count(&self, count: impl FnOnce() -> usize) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => {
                let length = count();
                // What is longer than this number can say is counted again.
                self.0.store(u32::try_from(length).unwrap_or(0), Ordering::Relaxed);
                length
            }
            known => known as usize,
        }
    }
}

impl Value {
    /// The length of the value as compact JSON text, in bytes, as [`to_string`](ToString::to_string) writes it.
    ///
    /// Arrays and objects remember theirs, so that asking again costs nothing, and asking after a change costs what was changed.
    ///
    /// ```
    /// # use asl_value::Value;
    /// let value = Value::from_json(r#"{ "name": "Ana", "tags": [1, 2.5] }"#)?;
    /// assert_eq!(value.json_length(), r#"{"name":"Ana","tags":[1,2.5]}"#.len());
    /// # Ok::<(), asl_value::JsonError>(())
    /// ```
    #[must_use]
    pub fn json_length(&self) -> usize {
        match self {
            Self::Null | Self::Bool(true) => 4,
            Self::Bool(false) => 5,
            Self::Number(number) => length_of_number(*number),
            Self::String(text) => length_of_text(text),
            Self::Array(array) => array.json_length(),
            Self::Object(object) => object.json_length(),
        }
    }
}

impl Array {
    fn json_length(&self) -> usize {
        self.length().get_or_count(|| {
            let (parts, last) = self.parts();
            let of_parts: usize = parts.iter().map(|part| part.json_length() - around(part.len())).sum();
            around(self.len()) + of_parts + last.iter().map(Value::json_length).sum::<usize>()
        })
    }
}

impl Object {
    fn json_length(&self) -> usize {
        let field = |(key, value): (&str, &Value)| length_of_text(key) + 1 + value.json_length();
        self.length().get_or_count(|| around(self.len()) + self.iter().map(field).sum::<usize>())
    }
}

/// The brackets, and a comma between each two of so many parts.
const fn around(parts: usize) -> usize {
    2 + parts.saturating_sub(1)
}

fn length_of_text(text: &str) -> usize {
    // In one go, as nearly all texts have nothing to escape.
    let is_plain =
        text.bytes().fold(true, |plain, byte| plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'));
    let escapes = if is_plain { 0 } else { text.bytes().map(escape).sum() };
    2 + text.len() + escapes
}

/// How much longer a byte is when it is escaped.
const fn escape(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0x00..=0x1f => 5,
        _ => 0,
    }
}

fn length_of_number(number: Number) -> usize {
    struct Counter(usize);

    impl Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut counter = Counter(0);
    // A counter accepts everything.
    let _ = serde_json::to_writer(&mut counter, &number);
    counter.0
}

#[cfg(test)]
mod tests {
    use crate::{Array, Object, Value};

    fn is_counted(value: &Value) {
        assert_eq!(value.json_length(), value.to_string().len(), "{value}");
    }

    #[test]
    fn lengths_are_those_of_the_text() {
        for text in [
            "null",
            "true",
            "false",
            "0",
            "-1",
            "18446744073709551615",
            "1.5",
            "-0.0",
            "1e300",
            "1e-7",
            "123456789.125",
            r#""""#,
            r#""é\n\"\\\b\f\r\t\u0001\u001f\u007f""#,
            "[]",
            "{}",
            "[1]",
            "[1,[],{}]",
            r#"{"a":[1,"é\n",null],"b":1.5}"#,
            r#"{"":"","\"":{"\n":[[[2]]]}}"#,
        ] {
            let value = Value::from_json(text).unwrap();
            is_counted(&value);
            is_counted(&value);
        }
    }

    #[test]
    fn a_change_is_counted() {
        let mut object: Object = [("a", 1), ("b", 2)].into_iter().collect();
        let mut array = Array::default();
        for turn in 0..200_i64 {
            let before = Value::from(array.clone());
            is_counted(&before);
            array.push(turn * turn);
            array.set(0, "x".repeat(usize::try_from(turn).unwrap()));
            array.update(0, |value| {
                let changed = Value::from(vec![value.clone(), turn.into()]);
                is_counted(&changed);
                *value = changed;
            });
            is_counted(&before);
            object.insert("array", array.clone());
            is_counted(&object.clone().into());
            object.insert(format!("key {turn}"), turn);
            is_counted(&object.clone().into());
            object.update("array", |value| is_counted(value));
            object.update("a", |value| *value = Value::from(turn));
            is_counted(&object.clone().into());
            object.remove(&format!("key {}", turn - 3));
            is_counted(&object.clone().into());
        }
    }
}
