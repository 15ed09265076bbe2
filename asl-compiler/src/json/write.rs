//! JSON values as text.
//!
//! In: a [`Value`]. Out: the shortest text that is read as the same value.

use super::{Kind, Value};
use crate::vocabulary::Number;
use std::fmt::{Display, Formatter, Result, Write};

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            Kind::Null => f.write_str("null"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Number(Number::Int(number)) => write!(f, "{number}"),
            Kind::Number(Number::Uint(number)) => write!(f, "{number}"),
            // A point or an exponent keeps it what it is.
            Kind::Number(Number::Float(number)) => write!(f, "{number:?}"),
            Kind::String(text) => f.write_str(&quoted(&text.value)),
            Kind::Array(elements) => {
                f.write_char('[')?;
                for (number, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", comma(number))?;
                }
                f.write_char(']')
            }
            Kind::Object(members) => {
                f.write_char('{')?;
                for (number, member) in members.iter().enumerate() {
                    write!(f, "{}{}:{}", comma(number), quoted(member.name()), member.value)?;
                }
                f.write_char('}')
            }
        }
    }
}

const fn comma(number: usize) -> &'static str {
    if number == 0 { "" } else { "," }
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() && control.is_ascii() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::json::parse;
    use crate::source::SourceFile;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let text = r#"{"a":[1,-2,18446744073709551615,5.0,1e300,null,true,{}],"é\"\\\n\u0001":"😀/\t"}"#;
        let value = parse(&SourceFile::new("t", text), &mut Diagnostics::default()).expect("a value");
        assert_eq!(value.to_string(), text);
    }
}
