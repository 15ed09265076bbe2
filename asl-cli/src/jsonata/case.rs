//! Cases: an expression, its data, and what it yields.

use asl_language::files;
use serde_json::{Map, Value};
use std::path::Path;
use std::time::Duration;

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its name.
    pub(crate) id: String,
    /// The expression.
    pub(crate) expression: String,
    fields: Map<String, Value>,
}

impl Case {
    /// Reads a case.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let text = files::bytes(path, files::FileKind::Data)?;
        let text = without_lone_surrogates(&String::from_utf8_lossy(&text));
        let fields: Map<String, Value> =
            serde_json::from_str(&text).map_err(|error| format!("`{shown}` is not a case: {error}"))?;
        let field = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = field("id").unwrap_or_else(|| shown.to_string());
        let expression = field("expr").ok_or_else(|| format!("`{shown}` has no `expr`"))?;
        Ok(Self { id, expression, fields })
    }

    /// What the program has to know to evaluate it.
    pub(crate) fn request(&self, number: usize, time_limit: Duration) -> Value {
        let milliseconds = u64::try_from(time_limit.as_millis()).unwrap_or(u64::MAX);
        let limit = self.fields.get("timelimit").and_then(Value::as_u64).unwrap_or(milliseconds);
        let mut request = Map::new();
        request.insert("entry".to_owned(), number.into());
        request.insert("timelimit".to_owned(), limit.min(milliseconds).into());
        for name in ["data", "bindings", "depth"] {
            request.extend(self.fields.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        request.into()
    }

    /// What it should give, if it says, as a line of the report without its id.
    pub(crate) fn is_as_expected(&self, line: &Map<String, Value>) -> bool {
        match self.fields.get("error") {
            Some(Value::String(any)) if any == "any" => line.contains_key("error"),
            Some(code) => line.get("error") == Some(code),
            None => match self.fields.get("result") {
                Some(result) => line.get("result") == Some(result),
                None => line.contains_key("undefined"),
            },
        }
    }
}

/// Halves of letters, which JSON can write and Rust's strings cannot hold, become the sign for what is not a letter.
fn without_lone_surrogates(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let (escape, after) = escape.split_at(escape_length(escape));
        let is_lone = escape.len() == 6 && half(escape, 2).is_some();
        clean.push_str(before);
        clean.push_str(if is_lone { "\\ufffd" } else { escape });
        rest = after;
    }
    clean + rest
}

/// How long the escape is that a text starts with: with the second half of its letter, if one follows.
fn escape_length(text: &str) -> usize {
    let is_pair = half(text, 2).is_some_and(|first| first < 0xdc00)
        && text.get(6..8) == Some("\\u")
        && half(text, 8).is_some_and(|second| second >= 0xdc00);
    let length = match text.chars().nth(1) {
        Some('u') if is_pair => 12,
        Some('u') => 6,
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    };
    if text.is_char_boundary(length) { length } else { text.len() }
}

/// The half of a letter that four digits stand for.
fn half(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    u32::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..0xe000).contains(unit))
}

#[cfg(test)]
mod tests {
    use super::without_lone_surrogates;

    #[test]
    fn only_halves_without_their_other_half_are_replaced() {
        for (text, clean) in [
            (r#""\ud800""#, r#""\ufffd""#),
            (r#""\ud83d\ude02 \u00e9""#, r#""\ud83d\ude02 \u00e9""#),
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\ud800\n""#, r#""\ufffd\n""#),
            (r#""\u""#, r#""\u""#),
        ] {
            assert_eq!(without_lone_surrogates(text), clean);
        }
    }
}
