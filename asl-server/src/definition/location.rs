//! Places in a definition as AWS names them: the fields that lead there.

use asl_compiler::json::{Kind, Value};
use asl_compiler::source::Span;

/// The smallest value around a place, and the fields and elements that lead to it; the key of a value counts as well.
pub(super) fn of(value: &Value, span: Span) -> (Vec<String>, &Value) {
    let mut path = Vec::new();
    let mut current = value;
    while let Some((name, inner)) = part(current, span) {
        path.push(name);
        current = inner;
    }
    (path, current)
}

fn part(value: &Value, span: Span) -> Option<(String, &Value)> {
    let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    match &value.kind {
        Kind::Object(members) => members
            .iter()
            .find(|member| holds(member.key.span) || holds(member.value.span))
            .map(|member| (member.key.value.clone(), &member.value)),
        Kind::Array(items) => {
            let found = items.iter().enumerate().find(|(_, item)| holds(item.span));
            found.map(|(number, item)| (format!("[{number}]"), item))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    }
}

/// The path as text: `/States/A/Choices[0]/Next`.
pub(super) fn text(path: &[String]) -> String {
    let mut text = String::new();
    for part in path {
        if !part.starts_with('[') {
            text.push('/');
        }
        text.push_str(part);
    }
    if text.is_empty() { "/".to_owned() } else { text }
}
