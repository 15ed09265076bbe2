//! Types that are certain before anything is evaluated.

use crate::jsonata::tree::{Expression, Kind, Operator};

/// A type by its letter in signatures.
pub(crate) type Letter = char;

/// The type of an expression that always has a value, and always one of that type.
pub(super) fn certain(expression: &Expression) -> Option<Letter> {
    if !expression.predicates.is_empty() || expression.group.is_some() || expression.keep_array {
        return None;
    }
    match &expression.kind {
        Kind::String(_) => Some('s'),
        Kind::Number(_) => Some('n'),
        Kind::Boolean(_) => Some('b'),
        Kind::Null => Some('l'),
        Kind::Array(_) => Some('a'),
        Kind::Object(_) => Some('o'),
        Kind::Lambda(_) | Kind::Transform(_) | Kind::Regex(_) => Some('f'),
        Kind::Binary(binary) => of_operator(binary.operator),
        Kind::Name(_) | Kind::Wildcard | Kind::Descendants | Kind::Parent(_) | Kind::Variable(_) => None,
        Kind::Path(_) | Kind::Negate(_) | Kind::Range(_) | Kind::Bind(_) | Kind::Condition(_) => None,
        Kind::Block(_) | Kind::Call(_) | Kind::Partial(_) | Kind::Apply(_) => None,
    }
}

/// Operators that give a value even if a side has none.
const fn of_operator(operator: Operator) -> Option<Letter> {
    match operator {
        Operator::Concatenate => Some('s'),
        Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or | Operator::In => Some('b'),
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => None,
        Operator::Remainder | Operator::Less | Operator::LessOrEqual | Operator::Greater => None,
        Operator::GreaterOrEqual => None,
    }
}

/// A type in words.
pub(super) const fn word(letter: Letter) -> &'static str {
    match letter {
        's' => "a string",
        'n' => "a number",
        'b' => "a Boolean",
        'l' => "`null`",
        'a' => "an array",
        'o' => "an object",
        _ => "a function",
    }
}

/// Types in words.
pub(super) fn words(letters: &str) -> String {
    letters.chars().map(word).collect::<Vec<_>>().join(" or ")
}
