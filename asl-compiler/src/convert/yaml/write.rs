//! Values as YAML.
//!
//! In: a value. Out: its text, in lines or in one.

use crate::json::write::quoted;
use crate::json::{Kind, Member, Value};

/// A member in lines, the first of which begins in a column.
pub(super) fn block(member: &Member, column: usize) -> String {
    let name = key(member.name());
    match &member.value.kind {
        Kind::Object(members) if !members.is_empty() => {
            let indentation = " ".repeat(column + 2);
            let lines = members.iter().map(|member| format!("\n{indentation}{}", block(member, column + 2)));
            format!("{name}:{}", lines.collect::<String>())
        }
        Kind::Object(_) | Kind::Array(_) | Kind::String(_) | Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
            format!("{name}: {}", flow(&member.value))
        }
    }
}

/// A value in one line.
pub(super) fn flow(value: &Value) -> String {
    match &value.kind {
        Kind::String(string) => scalar(&string.value),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => value.to_string(),
        Kind::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(flow).collect();
            format!("[{}]", elements.join(", "))
        }
        Kind::Object(members) if members.is_empty() => "{}".to_owned(),
        Kind::Object(members) => {
            let members =
                members.iter().map(|member| format!("{}: {}", key(member.name()), flow(&member.value)));
            format!("{{ {} }}", Vec::from_iter(members).join(", "))
        }
    }
}

/// A key.
pub(super) fn key(name: &str) -> String {
    scalar(name)
}

/// A word as it is, and anything else in the quotes that need fewer escapes.
fn scalar(text: &str) -> String {
    if is_word(text) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && !text.contains(char::is_control) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        quoted(text)
    }
}

/// Whether a text is one in all versions of YAML.
fn is_word(name: &str) -> bool {
    const OTHERS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan"];
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !OTHERS.contains(&name.to_ascii_lowercase().as_str())
}
