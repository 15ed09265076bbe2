//! Types that are certain before anything is evaluated.

use crate::jsonata::tree::{Expression, ExpressionKind, Operator};

/// A type by its letter in signatures.
pub(crate) type Letter = char;

/// The type of an expression that always has a value, and always one of that type.
pub(super) fn certain(expression: &Expression) -> Option<Letter> {
    if !expression.predicates.is_empty() || expression.group.is_some() || expression.keep_array {
        return None;
    }
    match &expression.kind {
        ExpressionKind::String(_) => Some('s'),
        ExpressionKind::Number(_) => Some('n'),
        ExpressionKind::Boolean(_) => Some('b'),
        ExpressionKind::Null => Some('l'),
        ExpressionKind::Array(_) => Some('a'),
        ExpressionKind::Object(_) => Some('o'),
        ExpressionKind::Lambda(_) | ExpressionKind::Transform(_) | ExpressionKind::Regex(_) => Some('f'),
        ExpressionKind::Binary(binary) => of_operator(binary.operator),
        ExpressionKind::Name(_)
        | ExpressionKind::Wildcard
        | ExpressionKind::Descendants
        | ExpressionKind::Parent(_)
        | ExpressionKind::Variable(_) => None,
        ExpressionKind::Path(_)
        | ExpressionKind::Negate(_)
        | ExpressionKind::Range(_)
        | ExpressionKind::Bind(_)
        | ExpressionKind::Condition(_) => None,
        ExpressionKind::Block(_)
        | ExpressionKind::Call(_)
        | ExpressionKind::Partial(_)
        | ExpressionKind::Apply(_) => None,
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
