//! Expressions of JSONata as text.
//!
//! In: parts of expressions. Out: larger ones, in parentheses where they need them.

use crate::json::write::quoted;
use crate::json::{Kind, Value};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) text: String,
    /// How much binds tighter than it.
    pub(super) binds: Binds,
    /// Its value is a text, a whole number, a boolean or null, which all print alike.
    pub(super) is_plain: bool,
}

/// How tight the parts of an expression are held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binds {
    Or,
    And,
    Compare,
    Join,
    Atom,
}

impl Code {
    /// Something that steps and brackets can follow.
    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), binds: Binds::Atom, is_plain: false }
    }

    /// The same, of a value that prints as what it is.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { is_plain: true, ..Self::atom(text) }
    }

    /// A call of a function.
    pub(super) fn call(function: &str, arguments: &[Self]) -> Self {
        let arguments: Vec<_> = arguments.iter().map(|argument| argument.text.as_str()).collect();
        Self::atom(format!("{function}({})", arguments.join(", ")))
    }

    /// Parts that an operator joins.
    pub(super) fn joined(parts: &[Self], operator: &str, binds: Binds) -> Self {
        if let [one] = parts {
            return one.clone();
        }
        let parts: Vec<_> = parts.iter().map(|part| part.within(binds)).collect();
        Self { text: parts.join(&format!(" {operator} ")), binds, is_plain: false }
    }

    /// A comparison.
    pub(super) fn compared(left: &Self, operator: &str, right: &Self) -> Self {
        let text = format!("{} {operator} {}", left.within(Binds::Join), right.within(Binds::Join));
        Self { text, binds: Binds::Compare, is_plain: true }
    }

    /// Its text as a part of something that binds so tight.
    pub(super) fn within(&self, binds: Binds) -> String {
        if self.binds < binds { format!("({})", self.text) } else { self.text.clone() }
    }

    /// As the value of a field.
    pub(super) fn as_field(&self) -> String {
        quoted(&format!("{{% {} %}}", self.text))
    }
}

/// A text as a literal. Single quotes are easier to read inside of a JSON string, but cannot be escaped.
pub(super) fn text(text: &str) -> Code {
    let quoted = quoted(text);
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if text.contains('\'') || text.contains('"') {
        Code::plain(quoted)
    } else {
        Code::plain(format!("'{inner}'"))
    }
}

/// A value of the definition as a literal.
pub(super) fn literal(value: &Value) -> Code {
    match &value.kind {
        Kind::String(string) => text(&string.value),
        Kind::Null | Kind::Bool(_) => Code::plain(value.to_string()),
        Kind::Number(_) => {
            let text = value.to_string();
            Code { is_plain: !text.contains(['.', 'e']), ..Code::atom(text) }
        }
        Kind::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| literal(element).text).collect();
            Code::atom(format!("[{}]", elements.join(", ")))
        }
        Kind::Object(members) => {
            let members = members
                .iter()
                .map(|member| format!("{}: {}", text(member.name()).text, literal(&member.value).text));
            Code::atom(format!("{{{}}}", Vec::from_iter(members).join(", ")))
        }
    }
}

/// The step to a field.
pub(super) fn step(name: &str) -> Option<String> {
    const WORDS: [&str; 6] = ["and", "false", "in", "null", "or", "true"];
    let mut letters = name.chars();
    let is_name = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !WORDS.contains(&name);
    match name {
        name if is_name => Some(format!(".{name}")),
        // There is no escape in such names.
        name if name.is_empty() || name.contains('`') => None,
        name => Some(format!(".`{name}`")),
    }
}
