//! Shapes in words and in one line.

use super::{Array, Field, Kinds, Object, Shape, Values};
use crate::vocabulary::Number;
use std::fmt;

/// More fields than this are not listed.
const SHOWN: usize = 8;

/// Deeper parts are left out.
const SHOWN_DEPTH: usize = 3;

/// No more constants are listed.
const SHOWN_VALUES: usize = 4;

impl Shape {
    /// What it is, with an article: "a string", "an object or null".
    #[must_use]
    pub fn in_words(&self) -> String {
        let Some(kinds) = self.kinds() else { return "anything".to_owned() };
        let found = [
            (kinds.object.is_some(), "an object"),
            (kinds.array.is_some(), "an array"),
            (!kinds.strings.is_none(), "a string"),
            (!kinds.numbers.is_none(), "a number"),
            (!kinds.booleans.is_none(), "a boolean"),
            (kinds.null, "null"),
        ];
        let names: Vec<_> = found.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
        match names.as_slice() {
            [] => "nothing".to_owned(),
            names => listed(names, "or"),
        }
    }

    /// The constants that it is one of, as JSON; nothing if it may be something else.
    #[must_use]
    pub fn constants(&self) -> Option<Vec<String>> {
        let kinds = self.kinds()?;
        let (Values::OneOf(booleans), Values::OneOf(numbers), Values::OneOf(strings)) =
            (&kinds.booleans, &kinds.numbers, &kinds.strings)
        else {
            return None;
        };
        if kinds.array.is_some() || kinds.object.is_some() {
            return None;
        }
        let null = kinds.null.then(|| "null".to_owned());
        let constants = null
            .into_iter()
            .chain(booleans.iter().map(ToString::to_string))
            .chain(numbers.iter().copied().map(number))
            .chain(strings.iter().map(|text| format!("{text:?}")));
        Some(constants.collect())
    }
}

fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Uint(value) => value.to_string(),
        Number::Float(value) => value.to_string(),
    }
}

/// "a, b and c"
pub(super) fn listed<T: AsRef<str>>(names: &[T], word: &str) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {word} {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The names of fields in backticks, the first of them if there are many.
pub(super) fn names(object: &Object) -> String {
    let names: Vec<_> = object.names().map(|name| format!("`{name}`")).collect();
    let Some((shown, more)) = names.split_at_checked(SHOWN).filter(|(_, more)| !more.is_empty()) else {
        return listed(&names, "and");
    };
    format!("{} and {} more", shown.join(", "), more.len())
}

impl fmt::Display for Shape {
    /// In one line, such as `{ Headers: object, StatusCode: number, Cause?: string, .. }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self, SHOWN_DEPTH, f)
    }
}

fn show(shape: &Shape, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(kinds) = shape.kinds() else { return f.write_str("any") };
    if shape.is_never() {
        return f.write_str("never");
    }
    if let Some(constants) = shape.constants().filter(|constants| constants.len() <= SHOWN_VALUES) {
        return f.write_str(&constants.join(" | "));
    }
    let mut first = true;
    let mut separate = |f: &mut fmt::Formatter<'_>| {
        if std::mem::replace(&mut first, false) { Ok(()) } else { f.write_str(" | ") }
    };
    for name in scalars(kinds) {
        separate(f)?;
        f.write_str(name)?;
    }
    if let Some(array) = &kinds.array {
        separate(f)?;
        show_array(array, depth, f)?;
    }
    if let Some(object) = &kinds.object {
        separate(f)?;
        show_object(object, depth, f)?;
    }
    Ok(())
}

fn scalars(kinds: &Kinds) -> impl Iterator<Item = &'static str> {
    let found = [
        (kinds.null, "null"),
        (!kinds.booleans.is_none(), "boolean"),
        (!kinds.numbers.is_none(), "number"),
        (!kinds.strings.is_none(), "string"),
    ];
    found.into_iter().filter_map(|(is, name)| is.then_some(name))
}

fn show_array(array: &Array, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(depth) = depth.checked_sub(1) else { return f.write_str("array") };
    match array {
        Array::Each(element) if element.is_unknown() => f.write_str("array"),
        Array::Each(element) => {
            f.write_str("[")?;
            show(element, depth, f)?;
            f.write_str(", ..]")
        }
        Array::Tuple(elements) => {
            f.write_str("[")?;
            for (element, number) in elements.iter().take(SHOWN).zip(0..) {
                f.write_str(if number == 0 { "" } else { ", " })?;
                show(element, depth, f)?;
            }
            f.write_str(if elements.len() > SHOWN { ", ..]" } else { "]" })
        }
    }
}

fn show_object(object: &Object, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut fields = object.fields.iter().filter(|(_, field)| !field.shape.is_never()).peekable();
    let Some(depth) = depth.checked_sub(1) else { return f.write_str("object") };
    if fields.peek().is_none() {
        return f.write_str(if object.is_open() { "object" } else { "{}" });
    }
    f.write_str("{ ")?;
    for ((name, field), number) in fields.by_ref().take(SHOWN).zip(0..) {
        f.write_str(if number == 0 { "" } else { ", " })?;
        show_field(name, field, depth, f)?;
    }
    f.write_str(if object.is_open() || fields.next().is_some() { ", .. }" } else { " }" })
}

fn show_field(name: &str, field: &Field, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}{}: ", if field.required { "" } else { "?" })?;
    show(&field.shape, depth, f)
}
