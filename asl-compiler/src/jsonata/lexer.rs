//! Words of a JSONata expression.
//!
//! In: text, and whether an operand was just read, because then a slash divides and starts no regular expression. Out: one token
//! after the other. Never looks back.

mod literals;

use super::Fault;
use super::tree::Regex;
use crate::source::Span;

/// A word with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) word: Word,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// Also quoted in backticks.
    Name(String),
    /// Without the `$`.
    Variable(String),
    Operator(&'static str),
    String(String),
    Number(f64),
    Boolean(bool),
    Null,
    Regex(Regex),
    End,
}

impl Word {
    /// As messages show it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Name(text) | Self::Variable(text) | Self::String(text) => quoted(text),
            Self::Operator(text) => quoted(text),
            Self::Number(number) => shown_number(*number),
            Self::Boolean(value) => value.to_string(),
            Self::Null => "null".to_owned(),
            Self::Regex(_) => "{}".to_owned(),
            Self::End => quoted("(end)"),
        }
    }

    /// As it counts in a signature, where words are read as letters.
    pub(super) fn spelled(&self) -> String {
        match self {
            Self::Name(text) | Self::Variable(text) | Self::String(text) => text.clone(),
            Self::Operator(text) => (*text).to_owned(),
            Self::Number(_) | Self::Boolean(_) | Self::Null | Self::Regex(_) | Self::End => self.shown(),
        }
    }
}

/// A number as JSON shows it: the very large and the very small with an exponent.
pub(super) fn shown_number(number: f64) -> String {
    if number == 0.0 || (1e-6..1e21).contains(&number.abs()) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

/// A text in double quotes, with the escapes of JSON.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Operators of two letters come first. `!` and `~` are none by themselves, but they end a name.
const OPERATORS: &[&str] = &[
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":",
    "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~",
];

const fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}')
}

fn ends_name(letter: char) -> bool {
    is_blank(letter) || ".[]{}(),@#;:?+-*/%|=<>^&!~".contains(letter)
}

/// Where in the text the lexer is.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    /// The next word. Where an operand was just read, a slash is the operator.
    pub(super) fn next(&mut self, after_operand: bool) -> Result<Token, Fault> {
        self.skip_blanks_and_comments()?;
        let start = self.position;
        let word = self.word(after_operand)?;
        Ok(Token { span: Span::new(start, self.position), word })
    }

    fn word(&mut self, after_operand: bool) -> Result<Word, Fault> {
        let Some(letter) = self.peek() else { return Ok(Word::End) };
        if letter == '/' && !after_operand {
            return self.regex();
        }
        if let Some(operator) = OPERATORS.iter().copied().find(|operator| self.rest().starts_with(operator)) {
            self.position += operator.len();
            return Ok(Word::Operator(operator));
        }
        match letter {
            '"' | '\'' => self.string(letter),
            '0'..='9' => self.number(),
            '`' => self.quoted_name(),
            _ => Ok(self.name()),
        }
    }

    fn name(&mut self) -> Word {
        let name = self.take_while(|letter| !ends_name(letter));
        match name {
            "or" => Word::Operator("or"),
            "in" => Word::Operator("in"),
            "and" => Word::Operator("and"),
            "true" => Word::Boolean(true),
            "false" => Word::Boolean(false),
            "null" => Word::Null,
            _ => match name.strip_prefix('$') {
                Some(variable) => Word::Variable(variable.to_owned()),
                None => Word::Name(name.to_owned()),
            },
        }
    }

    fn skip_blanks_and_comments(&mut self) -> Result<(), Fault> {
        loop {
            self.take_while(is_blank);
            if !self.rest().starts_with("/*") {
                return Ok(());
            }
            let start = self.position;
            let inside = self.rest().get(2..).unwrap_or_default();
            let Some(length) = inside.find("*/") else {
                let span = Span::new(start, start + 2);
                return Err(Fault::new("S0106", span, "Comment has no closing tag"));
            };
            self.position += 2 + length + 2;
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.position += letter.len_utf8();
        Some(letter)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|letter| !wanted(letter)).unwrap_or(rest.len());
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }
}
