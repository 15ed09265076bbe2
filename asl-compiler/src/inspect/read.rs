//! Inspection: text that may be in the middle of being written to JSON values.
//!
//! In: the text of a [`SourceFile`]. Out: a [`Value`], whatever the text is. What is missing is a `null` of the white space where it
//! would stand; a string that was not closed ends with its line; a word without quotes is a string. Never reports anything.

use crate::diagnostic::Diagnostics;
use crate::json::{self, Kind, Member, NESTING_LIMIT, Text, Value};
use crate::source::{SourceFile, Span};

/// Reads what is there.
pub(super) fn read(source: &SourceFile) -> Value {
    let mut reader = Reader { text: source.text(), at: 0, depth: 0, arrays: 0 };
    // What is before the definition is none of it.
    reader.take_while(|byte| byte != b'{');
    reader.value()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    /// How many arrays are open.
    arrays: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on to the first byte that is not wanted. What is unwanted has to be ASCII.
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len());
    }

    fn skip_white_space(&mut self) {
        self.take_while(|byte| byte.is_ascii_whitespace());
    }

    fn value(&mut self) -> Value {
        let start = self.at;
        self.skip_white_space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => {
                let text = self.string();
                Value { span: text.span, kind: Kind::String(text) }
            }
            Some(byte) if is_of_word(byte) => self.word(),
            _ => Value { span: Span::new(start, self.at), kind: Kind::Null },
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Kind) -> Value {
        let start = self.at;
        if self.depth == NESTING_LIMIT {
            // Nothing that is nested so deeply is read; the text ends here.
            self.at = self.text.len();
            return Value { span: Span::new(start, self.at), kind: Kind::Null };
        }
        self.depth += 1;
        self.at += 1;
        let kind = read(self);
        self.depth -= 1;
        Value { span: Span::new(start, self.at), kind }
    }

    fn array(&mut self) -> Kind {
        self.arrays += 1;
        let mut elements = Vec::new();
        loop {
            self.take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b':'));
            match self.peek() {
                None | Some(b'}') => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(_) => self.part(|reader| elements.push(reader.value())),
            }
        }
        self.arrays -= 1;
        Kind::Array(elements)
    }

    fn object(&mut self) -> Kind {
        let mut members = Vec::new();
        loop {
            self.take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b':'));
            match self.peek() {
                None => break,
                Some(b']') if self.arrays > 0 => break,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(_) => self.part(|reader| members.extend(reader.member())),
            }
        }
        Kind::Object(members)
    }

    /// Reads a part of an array or object; what is none is skipped.
    fn part(&mut self, read: impl FnOnce(&mut Self)) {
        let start = self.at;
        read(self);
        if self.at == start {
            self.at += 1;
            while !self.text.is_char_boundary(self.at) {
                self.at += 1;
            }
        }
    }

    fn member(&mut self) -> Option<Member> {
        let key = match self.peek()? {
            b'"' => self.string(),
            byte if is_of_word(byte) => self.bare(),
            _ => return None,
        };
        let end = self.at;
        self.skip_white_space();
        if self.peek() == Some(b':') {
            self.at += 1;
            return Some(Member { key, value: self.value() });
        }
        self.at = end;
        Some(Member { key, value: Value { span: Span::new(end, end), kind: Kind::Null } })
    }

    /// A string, up to its closing quote or the end of the line.
    fn string(&mut self) -> Text {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        let mut plain = true;
        while let Some(byte) = self.peek() {
            if matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.at += 1;
            match byte {
                b'"' if !escaped => break,
                b'\\' if !escaped => (escaped, plain) = (true, false),
                _ => escaped = false,
            }
        }
        let span = Span::new(start, self.at);
        let text = self.text.get(span.range()).unwrap_or_default();
        if !plain && let Some(text) = decode(text, start) {
            return text;
        }
        let value = text.strip_prefix('"').unwrap_or(text);
        Text { value: value.strip_suffix('"').unwrap_or(value).to_owned(), span, escapes: Vec::new() }
    }

    fn bare(&mut self) -> Text {
        let start = self.at;
        self.take_while(is_of_word);
        let span = Span::new(start, self.at);
        let value = self.text.get(span.range()).unwrap_or_default().to_owned();
        Text { value, span, escapes: Vec::new() }
    }

    fn word(&mut self) -> Value {
        let text = self.bare();
        let kind = match text.value.as_str() {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            _ => number(&text.value).unwrap_or_else(|| Kind::String(text.clone())),
        };
        Value { span: text.span, kind }
    }
}

/// Letters of all languages, digits, and what numbers are written with.
const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.' | b'$') || !byte.is_ascii()
}

fn number(word: &str) -> Option<Kind> {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '-').then_some(())?;
    let kind = json::parse(&SourceFile::new("", word), &mut Diagnostics::default())?.kind;
    matches!(kind, Kind::Number(_)).then_some(kind)
}

/// The characters of a string with escapes, if it is closed and they are right.
fn decode(text: &str, start: usize) -> Option<Text> {
    let source = SourceFile::new("", text);
    let Kind::String(mut text) = json::parse(&source, &mut Diagnostics::default())?.kind else { return None };
    text.span = Span::new(start + text.span.start, start + text.span.end);
    for (_, offset) in &mut text.escapes {
        *offset += start;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        show(&read(&SourceFile::new("t", text)))
    }

    fn show(value: &Value) -> String {
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(_) => "number".to_owned(),
            Kind::String(text) => format!("'{}'", text.value),
            Kind::Array(values) => format!("[{}]", values.iter().map(show).collect::<Vec<_>>().join(" ")),
            Kind::Object(members) => {
                let member = |member: &Member| format!("{}:{}", member.key.value, show(&member.value));
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn whole_documents_are_read() {
        assert_eq!(
            shown(r#"{"a": [1, "b\u0041", null], "c": {"d": true}}"#),
            "{a:[number 'bA' null] c:{d:true}}"
        );
    }

    #[test]
    fn what_is_missing_ends_nothing_else() {
        assert_eq!(shown(r#"{"a": , "b": }"#), "{a:null b:null}");
        assert_eq!(shown("{\"a\": \"x\n \"b\": 2}"), "{a:'x' b:number}");
        assert_eq!(shown("{\"a\n \"b\": 2}"), "{a:null b:number}");
        assert_eq!(shown(r#"{"a": {"b": ["#), "{a:{b:[]}}");
        assert_eq!(shown(r#"{a: b, "c" "d"}"#), "{a:'b' c:null d:null}");
        assert_eq!(shown(r#"{"a": [{"b": 1], "c": 2}"#), "{a:[{b:number}] c:number}");
        assert_eq!(shown("}] {"), "{}");
        assert_eq!(shown(""), "null");
    }

    #[test]
    fn no_text_is_too_much() {
        shown(&"{\"a\":[".repeat(100_000));
        shown(&"{\"é\\\":(".repeat(1000));
        let text = r#"{"a": {"b": ["c", {"d😀": "\"e"}]}, 'f': (g)}"#;
        for (start, _) in text.char_indices() {
            for (end, _) in text.char_indices().filter(|(end, _)| *end >= start) {
                shown(text.get(start..end).unwrap_or_default());
            }
        }
    }
}
