//! JSON for people: on one line where it fits, on several where not.
//!
//! In: a value and the room there is. Out: lines. What may not take more lines is shortened, never wrapped.

use asl_value::{Text, Value};
use std::iter::once;

/// The lines of a value, each at most `width` characters long as far as its keys allow it. Objects and arrays that are too long
/// are broken into lines down to this many levels; below, they are shortened. Without a number nothing is shortened.
pub(crate) fn layout(value: &Value, width: usize, levels: Option<usize>) -> Vec<String> {
    member("", value, "", width, levels)
}

/// The lines of a member: its label, its value, and a comma if another member follows.
fn member(label: &str, value: &Value, comma: &str, width: usize, levels: Option<usize>) -> Vec<String> {
    let room = width.saturating_sub(label.chars().count() + comma.len());
    let whole = one_line(value, usize::MAX);
    if whole.chars().count() <= room {
        return vec![format!("{label}{whole}{comma}")];
    }
    match Parts::of(value) {
        Some(parts) if levels != Some(0) => {
            let first = format!("{label}{}", parts.open);
            let inner =
                members(&parts, width.saturating_sub(2), levels.map(|levels| levels.saturating_sub(1)));
            let indented = inner.into_iter().map(|line| format!("  {line}"));
            once(first).chain(indented).chain(once(format!("{}{comma}", parts.close))).collect()
        }
        None if levels.is_none() => vec![format!("{label}{whole}{comma}")],
        parts => vec![format!("{label}{}{comma}", shorten(value, parts, room))],
    }
}

fn members(parts: &Parts<'_>, width: usize, levels: Option<usize>) -> Vec<String> {
    let last = parts.members.len().saturating_sub(1);
    let comma = |number| if number == last { "" } else { "," };
    let numbered = parts.members.iter().enumerate();
    numbered.flat_map(|(number, (label, value))| member(label, value, comma(number), width, levels)).collect()
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
    let member =
        |(label, value): &(String, &Value)| format!("{label}{}", one_line(value, depth.saturating_sub(1)));
    let members: Vec<_> = parts.members.iter().map(member).collect();
    format!("{open}{}{close}", members.join(", "))
}

/// The most of a value that one line has room for: as deep as it fits; without its middle; cut.
fn shorten(value: &Value, parts: Option<Parts<'_>>, width: usize) -> String {
    let fits = |line: &String| line.chars().count() <= width;
    let shallow = (1..=3).rev().map(|depth| one_line(value, depth)).find(fits);
    let shortened = shallow.or_else(|| without_middle(&parts?).find(fits));
    shortened.unwrap_or_else(|| {
        let cut: String = one_line(value, 1).chars().take(width.saturating_sub(1)).collect();
        format!("{cut}…")
    })
}

/// The value without its second member, without its second and third, and so on: states add to the end.
fn without_middle(parts: &Parts<'_>) -> impl Iterator<Item = String> {
    let members: Vec<_> =
        parts.members.iter().map(|(label, value)| format!("{label}{}", one_line(value, 0))).collect();
    let (open, close) = (parts.open, parts.close);
    (2..members.len()).filter_map(move |end| {
        Some(format!("{open}{}, …, {}{close}", members.first()?, members.get(end..)?.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize, levels: Option<usize>) -> Vec<String> {
        layout(&Value::from_json(text).unwrap(), width, levels)
    }

    const PERSON: &str = r#"{"id":"42","person":{"name":"Ana","tags":["a","b"]}}"#;

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(lines(r#"{"a":[1,"é"],"b":{}}"#, 24, Some(0)), [r#"{"a": [1, "é"], "b": {}}"#]);
    }

    #[test]
    fn what_does_not_fit_is_broken_level_by_level() {
        let expected = [
            "{",
            r#"  "id": "42","#,
            r#"  "person": {"#,
            r#"    "name": "Ana","#,
            r#"    "tags": ["a", "b"]"#,
            "  }",
            "}",
        ];
        assert_eq!(lines(PERSON, 30, Some(2)), expected);
        assert_eq!(lines(PERSON, 30, None), expected);
    }

    #[test]
    fn on_one_line_the_deepest_goes_first_then_the_middle_then_the_end() {
        assert_eq!(lines(PERSON, 52, Some(0)), [r#"{"id": "42", "person": {"name": "Ana", "tags": […]}}"#]);
        assert_eq!(lines(PERSON, 50, Some(0)), [r#"{"id": "42", "person": {…}}"#]);
        assert_eq!(lines(r#"{"a":[1],"b":[2],"c":[3],"d":4}"#, 30, Some(0)), [r#"{"a": […], …, "d": 4}"#]);
        assert_eq!(lines(PERSON, 10, Some(0)), [r#"{"id": "4…"#]);
    }

    #[test]
    fn without_a_limit_nothing_is_shortened() {
        assert_eq!(lines(r#"["a long text", 1]"#, 6, None), ["[", r#"  "a long text","#, "  1", "]"]);
    }
}
