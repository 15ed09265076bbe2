//! Definitions laid out anew: `asl fmt`, and what editors call formatting.
//!
//! In: the text of a definition that is by itself. Out: the same text with its fields in one order and its blanks in one way. Nothing else
//! changes: strings, numbers and placeholders stay as they are written, comments stay with their fields, and what is data keeps its order. A
//! text that cannot be read is never changed.

mod json;
mod order;
mod yaml;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::read_value;
use crate::json::{Kind, Value};
use crate::source::SourceFile;
use order::Role;

/// The text laid out anew; nothing if it is not a definition by itself, but a template or something else.
///
/// # Errors
///
/// The problems for which the text cannot be read.
pub fn format(source: &SourceFile) -> Result<Option<String>, Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics::default();
    let value = read_value(source, &mut diagnostics);
    let Some(value) = value.filter(|_| !diagnostics.has_errors()) else {
        return Err(diagnostics.into_sorted());
    };
    if value.get("StartAt").is_none() || value.get("States").is_none() {
        return Ok(None);
    }
    let text =
        if source.is_yaml() { yaml::format(source, &value) } else { json::format(source.text(), &value) };
    Ok(Some(with_line_ends_of(source.text(), text)))
}

/// The text with the line ends that another text has first.
fn with_line_ends_of(original: &str, text: String) -> String {
    let is_windows = original.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
    if is_windows { text.replace('\n', "\r\n") } else { text }
}

/// Whether two values say the same: the fields of a definition have no order, and those of data have one.
fn is_same(one: &Value, other: &Value, role: Role) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::Object(one), Kind::Object(members)) if one.len() == members.len() => {
            one.iter().zip(members).all(|(member, at_its_place)| {
                let found = if role.is_ordered() { other.member(member.name()) } else { Some(at_its_place) };
                found.is_some_and(|found| {
                    found.name() == member.name()
                        && is_same(&member.value, &found.value, role.of_member(member.name()))
                })
            })
        }
        (Kind::Array(one), Kind::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other, role))
        }
        (Kind::String(one), Kind::String(other)) => one.value == other.value,
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests;
