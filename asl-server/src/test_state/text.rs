//! Values as the API writes them: objects as compact as can be, arrays with a blank after each comma and colon (recorded from AWS).

use asl_value::Value;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

pub(super) fn text(value: &Value) -> String {
    if value.as_array().is_none() {
        return value.to_string();
    }
    let mut bytes = Vec::new();
    match value.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced)) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_else(|_| value.to_string()),
        Err(_) => value.to_string(),
    }
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_have_blanks_and_objects_have_none() {
        for (json, expected) in [
            (r#"[1,{"a":[2.5,"x"]},[]]"#, r#"[1, {"a": [2.5, "x"]}, []]"#),
            (r#"{ "a": [1, 2] }"#, r#"{"a":[1,2]}"#),
            (r#""x""#, r#""x""#),
        ] {
            assert_eq!(text(&Value::from_json(json).unwrap()), expected);
        }
    }
}
