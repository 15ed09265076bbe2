//! A JSON Schema (2020-12) to the shape of the values that it allows.
//!
//! In: the text of a schema. Out: a [`Shape`], and diagnostics for a text that is none. What a schema says beyond types, properties,
//! items, constants and combinations of those counts as nothing said: the shape then allows more than the schema. Never reads another file.

use super::{Array, Field, Kinds, Name, Object, Origin, Shape, Source, Values};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::json::{self, Kind, Value};
use crate::source::{SourceFile, Span};
use std::collections::BTreeMap;

/// Schemas are followed so deep; deeper, anything may be.
const DEPTH: usize = 16;

/// So many parts of a schema are looked at, references followed.
const PARTS: usize = 5000;

/// What came of a schema.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The values that it allows; unknown if it could not be read.
    pub shape: Shape,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a schema that describes the input of executions.
///
/// ```
/// use asl_compiler::{shape::schema, source::SourceFile};
///
/// let text = r#"{ "type": "object", "properties": { "id": { "type": "integer" } }, "required": ["id"], "additionalProperties": false }"#;
/// let schema = schema::read(&SourceFile::new("input.schema.json", text));
/// assert_eq!(schema.shape.to_string(), "{ id: number }");
/// ```
#[must_use]
pub fn read(source: &SourceFile) -> Schema {
    let mut diagnostics = Diagnostics::default();
    let shape = read_value(source, &mut diagnostics).unwrap_or_default();
    let diagnostics = diagnostics.into_sorted();
    let is_wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Schema { shape: if is_wrong { Shape::UNKNOWN } else { shape }, diagnostics }
}

fn read_value(source: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Shape> {
    if let Some(fault) = source.fault() {
        diagnostics.push(fault.clone());
        return None;
    }
    let root = json::parse(source, diagnostics)?;
    let mut reader = Reader { root: &root, parts: PARTS, diagnostics };
    Some(reader.schema(&root, DEPTH))
}

struct Reader<'a> {
    root: &'a Value,
    parts: usize,
    diagnostics: &'a mut Diagnostics,
}

/// The kinds that a value may be of, each or not.
#[derive(Clone, Copy)]
struct Types {
    null: bool,
    boolean: bool,
    number: bool,
    string: bool,
    array: bool,
    object: bool,
}

impl Types {
    const fn all(is: bool) -> Self {
        Self { null: is, boolean: is, number: is, string: is, array: is, object: is }
    }

    /// Adds a type by its name; whether there is one.
    fn add(&mut self, name: &str) -> bool {
        let place = match name {
            "null" => &mut self.null,
            "boolean" => &mut self.boolean,
            "number" | "integer" => &mut self.number,
            "string" => &mut self.string,
            "array" => &mut self.array,
            "object" => &mut self.object,
            _ => return false,
        };
        *place = true;
        true
    }
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, message: String, label: &str) {
        self.diagnostics.push(Diagnostic::new(Code::InvalidSchema, span, message).label(label));
    }

    /// The values that a schema allows.
    fn schema(&mut self, schema: &Value, depth: usize) -> Shape {
        self.parts = self.parts.saturating_sub(1);
        let Some(depth) = depth.checked_sub(1).filter(|_| self.parts > 0) else { return Shape::UNKNOWN };
        match &schema.kind {
            Kind::Bool(true) => Shape::UNKNOWN,
            Kind::Bool(false) => Shape::never(),
            Kind::Object(_) => self.of_object(schema, depth),
            Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => {
                let message = format!("a schema is an object or a boolean, not {}", schema.type_name());
                self.fault(schema.span, message, "expected a schema");
                Shape::UNKNOWN
            }
        }
    }

    /// Each keyword allows a shape, and a value has to fit all of them.
    fn of_object(&mut self, schema: &Value, depth: usize) -> Shape {
        let mut allowed = vec![self.typed(schema, depth)];
        if let Some(value) = schema.get("const") {
            allowed.push(Shape::of_value(value).without_sources());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values: Vec<_> =
                values.iter().map(|value| Shape::of_value(value).without_sources()).collect();
            allowed.push(Shape::join_all(&values));
        }
        if let Some(reference) = schema.get("$ref") {
            allowed.push(self.referenced(reference, depth));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(schemas) = schema.get(keyword).and_then(Value::as_array) {
                let shapes: Vec<_> = schemas.iter().map(|schema| self.schema(schema, depth)).collect();
                allowed.push(Shape::join_all(&shapes));
            }
        }
        for schema in schema.get("allOf").and_then(Value::as_array).unwrap_or_default() {
            allowed.push(self.schema(schema, depth));
        }
        allowed.into_iter().fold(Shape::UNKNOWN, |both, shape| both.meet(&shape, DEPTH))
    }

    fn typed(&mut self, schema: &Value, depth: usize) -> Shape {
        let types = self.types(schema);
        let any = |is: bool| is.then_some(());
        Shape::of(Kinds {
            null: types.null,
            booleans: any(types.boolean).map_or_else(Values::default, |()| Values::Any),
            numbers: any(types.number).map_or_else(Values::default, |()| Values::Any),
            strings: any(types.string).map_or_else(Values::default, |()| Values::Any),
            array: any(types.array).map(|()| Array::Each(self.items(schema, depth))),
            object: any(types.object).map(|()| self.object(schema, depth)),
        })
    }

    fn types(&mut self, schema: &Value) -> Types {
        let Some(value) = schema.get("type") else { return Types::all(true) };
        let names = value.as_array().unwrap_or(std::slice::from_ref(value));
        let mut types = Types::all(false);
        for name in names {
            if !name.as_str().is_some_and(|name| types.add(name)) {
                let message = "the schema names a type that there is not".to_owned();
                let label = "expected `null`, `boolean`, `number`, `integer`, `string`, `array` or `object`";
                self.fault(name.span, message, label);
                return Types::all(true);
            }
        }
        types
    }

    /// What each element of an array is.
    fn items(&mut self, schema: &Value, depth: usize) -> Shape {
        let first = schema.get("prefixItems").and_then(Value::as_array).unwrap_or_default();
        let first: Vec<_> = first.iter().map(|item| self.schema(item, depth)).collect();
        let rest = schema.get("items").map_or(Shape::UNKNOWN, |items| self.schema(items, depth));
        Shape::join_all(first.iter().chain([&rest]))
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Object {
        let mut fields = BTreeMap::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or_default();
        for property in properties {
            let shape = self.schema(&property.value, depth);
            fields.insert(Name::from(property.name()), Field { shape, required: false });
        }
        let rest = match schema.get("additionalProperties") {
            // Names that fit a pattern are not told from others.
            Some(rest) if schema.get("patternProperties").is_none() => self.schema(rest, depth),
            Some(_) | None => Shape::UNKNOWN,
        };
        let required = schema.get("required").and_then(Value::as_array).unwrap_or_default();
        for name in required.iter().filter_map(Value::as_str) {
            let shape = rest.clone();
            fields.entry(Name::from(name)).or_insert(Field { shape, required: true }).required = true;
        }
        Object { fields, rest, source: Some(Source { origin: Origin::Input, span: None }) }
    }

    /// A schema of this file, at a JSON Pointer behind `#`.
    fn referenced(&mut self, reference: &Value, depth: usize) -> Shape {
        let Some(pointer) = reference.as_str().and_then(|text| text.strip_prefix('#')) else {
            return Shape::UNKNOWN;
        };
        // What is behind an anchor or another file is not looked up.
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Shape::UNKNOWN;
        }
        let mut schema = self.root;
        for name in pointer.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            let element = name.parse::<usize>().ok().and_then(|index| schema.as_array()?.get(index));
            let Some(inner) = schema.get(&name).or(element) else {
                let message = format!("`#{pointer}` does not exist");
                self.fault(reference.span, message, "the schema has nothing at this place");
                return Shape::UNKNOWN;
            };
            schema = inner;
        }
        self.schema(schema, depth)
    }
}

impl Shape {
    /// A value that has this shape and the other.
    fn meet(&self, other: &Self, depth: usize) -> Self {
        match (self.kinds(), other.kinds(), depth.checked_sub(1)) {
            (None, ..) => other.clone(),
            (_, None, _) | (_, _, None) => self.clone(),
            (Some(one), Some(other), Some(depth)) => Self::of(Kinds {
                null: one.null && other.null,
                booleans: one.booleans.meet(&other.booleans),
                numbers: one.numbers.meet(&other.numbers),
                strings: one.strings.meet(&other.strings),
                array: one
                    .array
                    .as_ref()
                    .zip(other.array.as_ref())
                    .map(|(one, other)| one.meet(other, depth)),
                object: one
                    .object
                    .as_ref()
                    .zip(other.object.as_ref())
                    .map(|(one, other)| one.meet(other, depth)),
            }),
        }
    }

    /// A constant of the schema does not stand in the definition.
    fn without_sources(&self) -> Self {
        let Some(kinds) = self.kinds() else { return Self::UNKNOWN };
        let mut kinds = kinds.clone();
        match &mut kinds.array {
            Some(Array::Tuple(elements)) => {
                elements.iter_mut().for_each(|element| *element = element.without_sources());
            }
            Some(Array::Each(element)) => *element = element.without_sources(),
            None => {}
        }
        if let Some(object) = &mut kinds.object {
            object.source = Some(Source { origin: Origin::Input, span: None });
            object.fields.values_mut().for_each(|field| field.shape = field.shape.without_sources());
        }
        Self::of(kinds)
    }
}

impl<T: Clone + PartialEq> Values<T> {
    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Any, values) | (values, Self::Any) => values.clone(),
            (Self::OneOf(one), Self::OneOf(other)) => {
                Self::OneOf(one.iter().filter(|value| other.contains(value)).cloned().collect())
            }
        }
    }
}

impl Array {
    fn meet(&self, other: &Self, depth: usize) -> Self {
        match (self, other) {
            (Self::Tuple(one), Self::Tuple(other)) if one.len() == other.len() => {
                Self::Tuple(one.iter().zip(other).map(|(one, other)| one.meet(other, depth)).collect())
            }
            (Self::Tuple(elements), other) | (other, Self::Tuple(elements)) => {
                let each = other.element();
                Self::Tuple(elements.iter().map(|element| element.meet(&each, depth)).collect())
            }
            (Self::Each(one), Self::Each(other)) => Self::Each(one.meet(other, depth)),
        }
    }
}

impl Object {
    fn meet(&self, other: &Self, depth: usize) -> Self {
        let names = self.fields.keys().chain(other.fields.keys());
        let fields = names.map(|name| {
            let (one, another) = (self.fields.get(name), other.fields.get(name));
            let shape = |field: Option<&Field>, rest: &Shape| {
                field.map_or_else(|| rest.clone(), |field| field.shape.clone())
            };
            let shape = shape(one, &self.rest).meet(&shape(another, &other.rest), depth);
            let required =
                one.is_some_and(|field| field.required) || another.is_some_and(|field| field.required);
            (name.clone(), Field { shape, required })
        });
        Self { fields: fields.collect(), rest: self.rest.meet(&other.rest, depth), source: self.source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        read(&SourceFile::new("t", text)).shape.to_string()
    }

    #[test]
    fn types_properties_and_items() {
        assert_eq!(shown("true"), "any");
        assert_eq!(shown("{}"), "any");
        assert_eq!(shown(r#"{ "type": ["string", "null"] }"#), "null | string");
        assert_eq!(shown(r#"{ "type": "array", "items": { "type": "number" } }"#), "[number, ..]");
        assert_eq!(
            shown(r#"{ "type": "object", "properties": { "a": { "const": 1 } }, "required": ["a", "b"] }"#),
            "{ a: 1, b: any, .. }"
        );
        assert_eq!(
            shown(r#"{ "type": "object", "properties": { "a": true }, "additionalProperties": false }"#),
            "{ a?: any }"
        );
    }

    #[test]
    fn combinations_and_references() {
        assert_eq!(shown(r#"{ "enum": ["a", "b"] }"#), r#""a" | "b""#);
        assert_eq!(shown(r#"{ "anyOf": [{ "type": "string" }, { "type": "null" }] }"#), "null | string");
        assert_eq!(
            shown(
                r##"{ "allOf": [{ "$ref": "#/$defs/a" }, { "required": ["x"], "type": "object" }],
                      "$defs": { "a": { "type": "object", "properties": { "x": { "type": "string" } } } } }"##
            ),
            "{ x: string, .. }"
        );
        let recursive = r##"{ "type": "object", "properties": { "next": { "$ref": "#" } }, "additionalProperties": false }"##;
        assert!(shown(recursive).starts_with("{ next?: { next?: { next?: object"));
        let wide = r##"{ "type": "object", "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" }, "c": { "$ref": "#" } } }"##;
        assert!(!shown(wide).is_empty());
    }

    #[test]
    fn faults_are_reported() {
        let codes = |text: &str| -> Vec<_> {
            read(&SourceFile::new("t", text)).diagnostics.iter().map(|found| found.code).collect()
        };
        assert_eq!(codes(r#"{ "type": "text" }"#), [Code::InvalidSchema]);
        assert_eq!(codes(r##"{ "$ref": "#/$defs/x" }"##), [Code::InvalidSchema]);
        assert_eq!(codes("[]"), [Code::InvalidSchema]);
        assert_eq!(codes("{"), [Code::InvalidJson]);
    }
}
