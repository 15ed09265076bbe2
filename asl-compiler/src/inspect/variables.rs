//! Inspection: where strings read variables.
//!
//! In: a string of a definition and the field that it is in. Out: the variables that it names, with their places. Never knows
//! which of them exist.

use crate::json::Text;
use std::ops::Range;

/// What can be written in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Text that means nothing.
    Plain,
    /// A path, or a call of an intrinsic function.
    Path,
    /// A JSONata expression.
    Expression,
}

/// What a string under `key` is written in.
pub(super) fn notation(key: &str, value: &str, jsonata: bool) -> Notation {
    if jsonata {
        return if value.starts_with("{%") { Notation::Expression } else { Notation::Plain };
    }
    let is_path = key.ends_with(".$") || key == "Variable" || key.ends_with("Path");
    if is_path { Notation::Path } else { Notation::Plain }
}

/// The names of the variables that a string reads, each with its bytes in the string, without the `$`.
pub(super) fn reads(text: &Text, notation: Notation) -> Vec<(&str, Range<usize>)> {
    let quotes: &[char] = match notation {
        Notation::Plain => return Vec::new(),
        Notation::Path => &['\''],
        Notation::Expression => &['\'', '"'],
    };
    let value = text.value.as_str();
    let mut found = Vec::new();
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in value.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if quote == Some(character) {
            quote = None;
        } else if quote.is_none() && quotes.contains(&character) {
            quote = Some(character);
        } else if quote.is_none() && character == '$' {
            found.extend(name_at(value, at + 1));
        }
    }
    found
}

/// The name that starts at `start`, unless it is `$$`, the `$` of a longer name, or the name of a function.
fn name_at(value: &str, start: usize) -> Option<(&str, Range<usize>)> {
    let before = value.get(..start - 1)?.chars().next_back();
    let rest = value.get(start..)?;
    let length = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
    let name = rest.get(..length)?;
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_call = rest.get(length..)?.trim_start().starts_with('(');
    let alone = before.is_none_or(|c| !is_of_name(c) && c != '$');
    (starts_well && alone && !is_call).then(|| (name, start..start + length))
}

pub(super) fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn names(value: &str, notation: Notation) -> Vec<String> {
        let text = Text { value: value.to_owned(), span: Span::default(), escapes: Vec::new() };
        let found = reads(&text, notation);
        for (name, range) in &found {
            assert_eq!(value.get(range.clone()), Some(*name));
        }
        found.into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn variables_are_found_and_nothing_else_is() {
        assert_eq!(names("$total.amount", Notation::Path), ["total"]);
        assert_eq!(names("$.total", Notation::Path), [""; 0]);
        assert_eq!(names("$$.Execution.Id", Notation::Path), [""; 0]);
        assert_eq!(names("States.Format('$a {}', $b, $.c, $d_1)", Notation::Path), ["b", "d_1"]);
        assert_eq!(names("{% $sum($prices) & \"$x\" & $y %}", Notation::Expression), ["prices", "y"]);
        assert_eq!(names("$a", Notation::Plain), [""; 0]);
    }
}
