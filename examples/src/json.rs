//! JSON for people: on one line where it fits, on several where not.
//!
//! In: a value and the room there is. Out: lines. What may not take more lines is shortened, never wrapped.

use asl_runtime::{Text, Value};
use std::iter::once;

/// The lines of a value: each at most `width` characters long, as far as keys and scalars allow it. Objects and arrays that are
/// too long are broken into lines down to this many levels; below, they are shortened.
pub(crate) fn layout(value: &Value, width: usize, levels: usize) -> Vec<String> {
    let whole = one_line(value, usize::MAX);
    if whole.chars().count() <= width {
        return vec![whole];
    }
    let Some(parts) = Parts::of(value).filter(|_| levels > 0) else { return vec![shorten(value, width)] };
    let last = parts.members.len().saturating_sub(1);
    let inner = parts.members.iter().enumerate().flat_map(|(number, (label, member))| {
        let comma = if number == last { "" } else { "," };
        // Two characters of indentation, and the comma.
        let width = width.saturating_sub(2 + label.chars().count() + comma.len());
        let mut lines = layout(member, width, levels - 1);
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, label);
        }
        if let Some(last) = lines.last_mut() {
            last.push_str(comma);
        }
        lines.into_iter().map(|line| format!("  {line}"))
    });
    once(parts.open.to_owned()).chain(inner).chain(once(parts.close.to_owned())).collect()
}

/// An object or an array, taken apart.
struct Parts<'a> {
    open: &'static str,
    close: &'static str,
    /// `"key": ` and the value, or nothing and the element.
    members: Vec<(String, &'a Value)>,
}

impl<'a> Parts<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self {
                open: "{",
                close: "}",
                members: fields.iter().map(|(key, value)| (label(key), value)).collect(),
            }),
            Value::Array(elements) => Some(Self {
                open: "[",
                close: "]",
                members: elements.iter().map(|element| (String::new(), element)).collect(),
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }
}

fn label(key: &str) -> String {
    format!("{}: ", Value::String(Text::from(key)))
}

/// The value on one line, with `{…}` and `[…]` for what is nested deeper than `depth`.
fn one_line(value: &Value, depth: usize) -> String {
    let Some(parts) = Parts::of(value) else { return value.to_string() };
    let (open, close) = (parts.open, parts.close);
    if depth == 0 && !parts.members.is_empty() {
        return format!("{open}…{close}");
    }
    let member = |(label, value): &(String, &Value)| format!("{label}{}", one_line(value, depth.saturating_sub(1)));
    let members: Vec<_> = parts.members.iter().map(member).collect();
    format!("{open}{}{close}", members.join(", "))
}

/// The most of a value that one line has room for: as deep as it fits, and cut where even its own fields are too many.
fn shorten(value: &Value, width: usize) -> String {
    let fits = |line: &String| line.chars().count() <= width;
    let fitting = (1..=3).rev().map(|depth| one_line(value, depth)).find(fits);
    fitting.unwrap_or_else(|| {
        let cut: String = one_line(value, 1).chars().take(width.saturating_sub(1)).collect();
        format!("{cut}…")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize, levels: usize) -> Vec<String> {
        layout(&Value::from_json(text).unwrap(), width, levels)
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(lines(r#"{"a":[1,"é"],"b":{}}"#, 24, 0), [r#"{"a": [1, "é"], "b": {}}"#]);
    }

    #[test]
    fn what_does_not_fit_is_broken_level_by_level() {
        let text = r#"{"id":"42","person":{"name":"Ana","tags":["a","b"]}}"#;
        assert_eq!(
            lines(text, 30, 2),
            [
                "{",
                r#"  "id": "42","#,
                r#"  "person": {"#,
                r#"    "name": "Ana","#,
                r#"    "tags": ["a", "b"]"#,
                "  }",
                "}"
            ]
        );
    }

    #[test]
    fn without_lines_left_the_deepest_goes_first_and_then_the_end() {
        let text = r#"{"id":"42","person":{"name":"Ana","tags":["a","b"]}}"#;
        assert_eq!(lines(text, 50, 0), [r#"{"id": "42", "person": {"name": "Ana", "tags": […]}}"#.to_owned()].map(|_| r#"{"id": "42", "person": {…}}"#));
        assert_eq!(lines(text, 52, 0), [r#"{"id": "42", "person": {"name": "Ana", "tags": […]}}"#]);
        assert_eq!(lines(text, 10, 0), [r#"{"id": "4…"#]);
    }
}
