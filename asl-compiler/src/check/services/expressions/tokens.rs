//! The signs and words of an expression of DynamoDB.
//!
//! In: the text. Out: its tokens with their places; what no expression has is a token of its own kind.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a keyword or the name of a function.
    Word,
    /// `#name`
    Name,
    /// `:value`
    Value,
    /// A whole number, which is only an index.
    Number,
    /// `(`, `<=`, ..
    Sign,
    /// A sign, or a text in quotes, that expressions do not have.
    Foreign,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) place: Range<usize>,
}

/// Longer signs before those that they begin with.
const SIGNS: [&str; 14] = ["<=", ">=", "<>", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-"];

/// Operators that other languages have.
const FOREIGN: [&str; 6] = ["===", "!==", "==", "!=", "&&", "||"];

/// The tokens of an expression, in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blanks = rest.len() - rest.trim_start().len();
        if blanks > 0 {
            at += blanks;
            continue;
        }
        let (kind, length) = first(rest);
        let place = at..at + length;
        tokens.extend(text.get(place.clone()).map(|text| Token { kind, text, place: place.clone() }));
        at = place.end;
    }
    tokens
}

/// The kind and the length of the first token; never nothing.
fn first(rest: &str) -> (TokenKind, usize) {
    let starts = |signs: &[&str]| signs.iter().find(|sign| rest.starts_with(**sign)).map(|sign| sign.len());
    if let Some(length) = starts(&FOREIGN) {
        return (TokenKind::Foreign, length);
    }
    if let Some(length) = starts(&SIGNS) {
        return (TokenKind::Sign, length);
    }
    let sign = rest.chars().next().unwrap_or_default();
    let word = |from: usize| {
        let word = rest.get(from..).unwrap_or_default();
        from + word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(word.len())
    };
    match sign {
        '#' | ':' if word(1) > 1 => (if sign == '#' { TokenKind::Name } else { TokenKind::Value }, word(1)),
        '0'..='9' => {
            (if is_number(rest.get(..word(0))) { TokenKind::Number } else { TokenKind::Foreign }, word(0))
        }
        'a'..='z' | 'A'..='Z' | '_' => (TokenKind::Word, word(0)),
        '\'' | '"' => (TokenKind::Foreign, quoted(rest, sign)),
        other => (TokenKind::Foreign, other.len_utf8()),
    }
}

fn is_number(word: Option<&str>) -> bool {
    word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The length of a text in quotes, or of all that follows if nothing closes it.
fn quoted(rest: &str, quote: char) -> usize {
    let inside = rest.get(1..).unwrap_or_default();
    inside.find(quote).map_or(rest.len(), |end| end + 2)
}
