//! Data as text, which `$string` and `&` make of it: JSON with numbers of 15 digits, and nothing of functions.

use crate::failure::{Failure, Result};
use crate::number_text;
use crate::view::{ValueKind, View};
use asl_value::Number;

/// Floating-point numbers hold all whole numbers up to this one.
const EXACT: u64 = 1 << 53;

/// Appends the text of data; nothing has none.
///
/// # Errors
/// `D3001`, `D1001`: a number is infinite or none at all.
pub(crate) fn append_text(view: View<'_>, out: &mut String) -> Result<()> {
    Writer { out, indented: false }.top(view)
}

/// The same, with a line for each element and each member.
///
/// # Errors
/// `D3001`, `D1001`: a number is infinite or none at all.
pub(crate) fn append_indented(view: View<'_>, out: &mut String) -> Result<()> {
    Writer { out, indented: true }.top(view)
}

/// Data as the texts of failures show it: JSON, or `undefined`.
#[cold]
pub(crate) fn shown(view: View<'_>) -> String {
    if view.is_nothing() { "undefined".to_owned() } else { view.to_json().to_string() }
}

struct Writer<'w> {
    out: &'w mut String,
    indented: bool,
}

impl Writer<'_> {
    fn top(&mut self, view: View<'_>) -> Result<()> {
        match (view.kind(), view.as_str()) {
            (ValueKind::Nothing | ValueKind::Function, _) => {}
            (_, Some(text)) => self.out.push_str(text),
            (ValueKind::Number, _) if view.as_number().is_none() => {
                let message = "Attempting to invoke string function on Infinity or NaN";
                return Err(Failure::new("D3001", message));
            }
            _ => return self.json(view, 0),
        }
        Ok(())
    }

    fn json(&mut self, view: View<'_>, depth: usize) -> Result<()> {
        match view.kind() {
            ValueKind::Nothing | ValueKind::Null => self.out.push_str("null"),
            ValueKind::Boolean => {
                self.out.push_str(if view.as_bool() == Some(true) { "true" } else { "false" })
            }
            ValueKind::Number => self.number(view.as_number())?,
            ValueKind::String => write_quoted(view.as_str().unwrap_or_default(), self.out),
            ValueKind::Function => self.out.push_str("\"\""),
            ValueKind::Array => self.array(view, depth)?,
            ValueKind::Object => self.object(view, depth)?,
        }
        Ok(())
    }

    fn number(&mut self, number: Option<Number>) -> Result<()> {
        let exact = number.ok_or_else(Failure::out_of_range)?;
        let number = exact.as_f64();
        if !number.is_finite() {
            return Err(Failure::out_of_range());
        }
        // What no expression computes, but data has: what a `long` holds is exact, and beyond that it is as a float has it (measured on AWS).
        match exact.as_i64().filter(|whole| exact.is_integer() && whole.unsigned_abs() > EXACT) {
            Some(whole) => self.out.push_str(&whole.to_string()),
            None if exact.as_large().is_some() => number_text::write(number, self.out),
            None => number_text::write_rounded(number, self.out),
        }
        Ok(())
    }

    fn array(&mut self, view: View<'_>, depth: usize) -> Result<()> {
        self.out.push('[');
        let mut is_first = true;
        for element in view.elements() {
            self.separate(&mut is_first, depth + 1);
            self.json(element, depth + 1)?;
        }
        self.close(is_first, depth, ']');
        Ok(())
    }

    fn object(&mut self, view: View<'_>, depth: usize) -> Result<()> {
        self.out.push('{');
        let mut is_first = true;
        for (key, member) in view.members() {
            self.separate(&mut is_first, depth + 1);
            write_quoted(key, self.out);
            self.out.push_str(if self.indented { ": " } else { ":" });
            self.json(member, depth + 1)?;
        }
        self.close(is_first, depth, '}');
        Ok(())
    }

    fn separate(&mut self, is_first: &mut bool, depth: usize) {
        if !std::mem::take(is_first) {
            self.out.push(',');
        }
        self.line(depth);
    }

    fn close(&mut self, is_empty: bool, depth: usize, bracket: char) {
        if !is_empty {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if self.indented {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", depth));
        }
    }
}

/// Appends a text as a JSON string.
pub(crate) fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| matches!(character, '"' | '\\' | '\0'..='\u{1f}')) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut characters = special.chars();
        out.push_str(plain);
        characters.next().into_iter().for_each(|character| write_escaped(character, out));
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn write_escaped(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        other => out.push_str(&format!("\\u{:04x}", u32::from(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Data;
    use asl_value::Value;

    fn text(json: &str) -> String {
        let mut text = String::new();
        append_text(View::Value(&Value::from_json(json).unwrap()), &mut text).unwrap();
        text
    }

    #[test]
    fn strings_are_their_own_text_and_the_rest_is_json() {
        assert_eq!(text(r#""a\"b""#), "a\"b");
        assert_eq!(
            text(r#"[ "a\"\u0001\n", 0.30000000000000004, {"a": null, "b": []} ]"#),
            "[\"a\\\"\\u0001\\n\",0.3,{\"a\":null,\"b\":[]}]"
        );
        assert_eq!(text("5.0"), "5");
    }

    #[test]
    fn indented_json_has_a_line_for_each_member() {
        let mut text = String::new();
        let value = Value::from_json(r#"{"a":[1,{}],"b":[]}"#).unwrap();
        append_indented(View::Value(&value), &mut text).unwrap();
        assert_eq!(text, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    }

    #[test]
    fn infinite_numbers_have_no_text() {
        let infinite = Data::Unbounded(f64::INFINITY);
        assert_eq!(append_text(infinite.view(), &mut String::new()).unwrap_err().code(), Some("D3001"));
    }
}
