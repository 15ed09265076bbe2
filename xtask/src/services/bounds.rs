//! What the models say of values beside their types: lengths and ranges, patterns, and enumerations of results. Parameters and mocked results are compared
//! with it.

use super::patterns;
use super::pool::{pool, put_number};
use super::shapes::{Shape, Shapes, Type};
use super::strings::Strings;
use serde_json::Value;

/// So many entries share an offset.
const GROUP: usize = 16;

/// The bounds of a part of a shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bounds {
    /// The least value or length, as written.
    pub(super) min: Option<String>,
    /// The greatest.
    pub(super) max: Option<String>,
    /// The enumeration that its text is one of.
    pub(super) values: Option<Type>,
    /// The regular expression that its whole text matches.
    pub(super) pattern: Option<String>,
}

impl Bounds {
    /// Those of a shape without parts, or of a list, but for an enumeration.
    pub(super) fn of(shape: &Value) -> Self {
        let number = |name: &str| shape.get(name).filter(|value| value.is_number()).map(Value::to_string);
        let is_text = matches!(shape.get("type").and_then(Value::as_str), Some("string" | "blob" | "list"));
        // No length is less.
        let min = number("min").filter(|min| !is_text || min != "0");
        Self { min, max: number("max"), ..Self::default() }
    }

    /// Those of a shape that is only given, without the lengths of texts: nothing is said of them but that they are not empty.
    pub(super) fn of_given(shape: &Value, has_patterns: bool) -> Self {
        let bounds = Self::of(shape);
        if matches!(shape.get("type").and_then(Value::as_str), Some("string" | "blob")) {
            let pattern = patterns::of(shape).filter(|_| has_patterns);
            return Self { min: bounds.min.map(|_| "1".to_owned()), pattern, ..Self::default() };
        }
        bounds
    }

    pub(super) fn is_none(&self) -> bool {
        self.min.is_none() && self.max.is_none() && self.values.is_none() && self.pattern.is_none()
    }

    fn entry(&self, number: usize, strings: &Strings) -> Result<Vec<u8>, String> {
        let mut entry = Vec::new();
        put_number(&mut entry, number);
        let has = |flag: u8, present: bool| if present { flag } else { 0 };
        entry.push(
            has(1, self.min.is_some())
                | has(2, self.max.is_some())
                | has(4, self.values.is_some())
                | has(8, self.pattern.is_some()),
        );
        for text in [&self.min, &self.max].into_iter().flatten() {
            put_number(&mut entry, strings.name(text)?);
        }
        if let Some(Type::Shape(shape)) = self.values {
            put_number(&mut entry, shape);
        }
        if let Some(pattern) = &self.pattern {
            put_number(&mut entry, strings.name(pattern)?);
        }
        Ok(entry)
    }
}

/// The numbers and patterns in them, which are written as names are.
pub(super) fn names(shapes: &Shapes) -> impl Iterator<Item = &String> {
    let all = shapes.shapes.iter().flat_map(Shape::bounds);
    all.flat_map(|bounds| [&bounds.min, &bounds.max, &bounds.pattern].into_iter().flatten())
}

/// A pool by shape: its number, and for each part with bounds its number, a byte that says which there are, and these.
pub(super) fn section(shapes: &Shapes, strings: &Strings) -> Result<Vec<u8>, String> {
    let mut entries = Vec::new();
    for (number, shape) in shapes.shapes.iter().enumerate() {
        let bounded = shape.bounds().into_iter().enumerate().filter(|(_, bounds)| !bounds.is_none());
        let parts: Result<Vec<_>, String> =
            bounded.map(|(position, bounds)| bounds.entry(position, strings)).collect();
        let parts = parts?.concat();
        if !parts.is_empty() {
            let mut entry = Vec::new();
            put_number(&mut entry, number);
            entry.extend(parts);
            entries.push(entry);
        }
    }
    pool(&entries, GROUP)
}
