//! A JSON Schema to types of Rust: what the input of an execution is for the program that starts it; and what is known of its output ([`output`]).
//!
//! In: the text of a schema, which [`schema::read`](crate::shape::schema::read) checks. Out: [`Types`], of which the last is that of the whole
//! schema. Objects with `properties` become structs, strings with `enum` become enums; arrays, maps, numbers, strings, booleans and what
//! may be `null` become Rust's own types. What a schema says beyond that becomes a `Value`, which holds anything. Reports nothing.

mod output;

pub(crate) use output::output_types;

use crate::diagnostic::Diagnostics;
use crate::identifiers::Identifiers;
use crate::json::{self, Value};
use crate::source::SourceFile;
use std::collections::HashMap;

/// The name of the type of the whole schema.
const ROOT: &str = "Input";

/// The names that a module has anyway.
const TAKEN: [&str; 4] = ["State", "Machine", ROOT, "Output"];

/// Schemas are followed so deep.
const DEPTH: usize = 16;

/// Not more types than these are made.
const LIMIT: usize = 500;

/// The types of a schema, or of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Types {
    /// The name of the whole: `Input` or `Output`.
    pub name: String,
    /// Structs and enums, each after those that it mentions.
    pub named: Vec<Named>,
    /// What the whole schema is, if not the last struct or enum.
    pub root: Type,
}

/// A type as it is written where something has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any JSON value.
    Value,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array(Box<Self>),
    /// An object of any keys.
    Map(Box<Self>),
    /// Or `null`.
    Optional(Box<Self>),
    /// One of the structs and enums.
    Named(String),
}

/// A struct or an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// What the schema says about it, for people.
    pub description: Option<String>,
    /// What is in it.
    pub content: Content,
}

/// What is in a struct or an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The fields of a struct.
    Fields(Vec<Field>),
    /// The names and texts of the variants of an enum.
    Variants(Vec<(String, String)>),
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key of the object.
    pub key: String,
    /// Its name in Rust.
    pub name: String,
    /// What the schema says about it, for people.
    pub description: Option<String>,
    /// Its type; optional, if the field may be absent.
    pub r#type: Type,
    /// It is always there.
    pub required: bool,
}

/// The types of a schema; nothing if it cannot be read.
#[must_use]
pub(crate) fn types(source: &SourceFile) -> Option<Types> {
    let root = json::parse(source, &mut Diagnostics::default()).filter(|_| source.fault().is_none())?;
    let mut identifiers = Identifiers::default();
    for name in TAKEN {
        identifiers.assign(name);
    }
    let mut reader =
        Reader { root: &root, identifiers, named: Vec::new(), known: HashMap::new(), open: Vec::new() };
    let found = reader.schema(&root, &Naming::Root, DEPTH);
    Some(Types { name: ROOT.to_owned(), named: reader.named, root: found })
}

/// Where the name of a struct or an enum comes from.
enum Naming<'a> {
    Root,
    /// It is a field, an element or a definition of this name.
    Of(&'a str),
}

struct Reader<'a> {
    root: &'a Value,
    identifiers: Identifiers,
    named: Vec<Named>,
    /// What is behind references that were followed.
    known: HashMap<String, Type>,
    /// References that are being followed.
    open: Vec<String>,
}

impl<'a> Reader<'a> {
    fn schema(&mut self, schema: &'a Value, naming: &Naming<'_>, depth: usize) -> Type {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.named.len() < LIMIT) else {
            return Type::Value;
        };
        if let Some(reference) = schema.get("$ref") {
            return reference.as_str().map_or(Type::Value, |reference| self.referenced(reference, depth));
        }
        if let Some([only]) = schema.get("allOf").and_then(Value::as_array) {
            return self.schema(only, naming, depth);
        }
        if let Some(other) = beside_null(schema) {
            return optional(self.schema(other, naming, depth));
        }
        if ["anyOf", "oneOf", "allOf"].iter().any(|keyword| schema.get(keyword).is_some()) {
            return Type::Value;
        }
        let (kind, nullable) = kind_of(schema);
        let found = match kind {
            Some("string") => self.string(schema, naming),
            // The values of an enumeration of other types are not told apart.
            Some("boolean") => Type::Bool,
            Some("integer") => Type::Integer,
            Some("number") => Type::Number,
            Some("array") => self.array(schema, naming, depth),
            Some("object") => self.object(schema, naming, depth),
            Some(_) | None => Type::Value,
        };
        if nullable { optional(found) } else { found }
    }

    fn string(&mut self, schema: &Value, naming: &Naming<'_>) -> Type {
        let Some(values) = schema.get("enum").and_then(Value::as_array) else { return Type::String };
        let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
        if texts.is_empty() || texts.len() < values.iter().filter(|value| !is_null(value)).count() {
            return Type::String;
        }
        let mut identifiers = Identifiers::default();
        let variants = texts.iter().map(|text| (identifiers.assign(text).0, (*text).to_owned()));
        let content = Content::Variants(variants.collect());
        self.name(schema, naming, content)
    }

    fn array(&mut self, schema: &'a Value, naming: &Naming<'_>, depth: usize) -> Type {
        let items = schema.get("items").filter(|_| schema.get("prefixItems").is_none());
        let Some(items) = items else { return Type::Array(Box::new(Type::Value)) };
        let name = match naming {
            Naming::Root => "Item".to_owned(),
            Naming::Of(name) => format!("{name} item"),
        };
        Type::Array(Box::new(self.schema(items, &Naming::Of(&name), depth)))
    }

    fn object(&mut self, schema: &'a Value, naming: &Naming<'_>, depth: usize) -> Type {
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or_default();
        if properties.is_empty() {
            let values = schema.get("additionalProperties").filter(|values| values.as_object().is_some());
            let name =
                if let Naming::Of(name) = naming { format!("{name} value") } else { "Item".to_owned() };
            return match values {
                Some(values) => Type::Map(Box::new(self.schema(values, &Naming::Of(&name), depth))),
                None => Type::Map(Box::new(Type::Value)),
            };
        }
        let required = schema.get("required").and_then(Value::as_array).unwrap_or_default();
        let mut identifiers = Identifiers::default();
        let mut fields = Vec::new();
        for property in properties {
            let key = property.name();
            let is_required = required.iter().any(|name| name.as_str() == Some(key));
            let found = self.schema(&property.value, &Naming::Of(key), depth);
            fields.push(Field {
                key: key.to_owned(),
                name: field_name(key, identifiers.assign(key).1),
                description: description(&property.value),
                r#type: if is_required { found } else { maybe_absent(found) },
                required: is_required,
            });
        }
        self.name(schema, naming, Content::Fields(fields))
    }

    fn name(&mut self, schema: &Value, naming: &Naming<'_>, content: Content) -> Type {
        let name = match (naming, schema.get("title").and_then(Value::as_str)) {
            (Naming::Root, _) => ROOT.to_owned(),
            (Naming::Of(_), Some(title)) => self.identifiers.assign(title).0,
            (Naming::Of(name), None) => self.identifiers.assign(name).0,
        };
        self.named.push(Named { name: name.clone(), description: description(schema), content });
        Type::Named(name)
    }

    /// A schema of this file, at a JSON Pointer behind `#`. One that mentions itself is a `Value` there.
    fn referenced(&mut self, reference: &str, depth: usize) -> Type {
        if let Some(known) = self.known.get(reference) {
            return known.clone();
        }
        let pointer =
            reference.strip_prefix("#/").filter(|_| !self.open.iter().any(|open| open == reference));
        let Some(pointer) = pointer else { return Type::Value };
        let mut schema = self.root;
        let mut last = String::new();
        for name in pointer.split('/') {
            last = name.replace("~1", "/").replace("~0", "~");
            let element = last.parse::<usize>().ok().and_then(|index| schema.as_array()?.get(index));
            let Some(inner) = schema.get(&last).or(element) else { return Type::Value };
            schema = inner;
        }
        self.open.push(reference.to_owned());
        let found = self.schema(schema, &Naming::Of(&last), depth);
        self.open.pop();
        self.known.insert(reference.to_owned(), found.clone());
        found
    }
}

/// The one type that a schema allows, and whether it allows `null` beside it.
fn kind_of(schema: &Value) -> (Option<&str>, bool) {
    let Some(value) = schema.get("type") else {
        let implied = schema.get("properties").map(|_| "object");
        let is_text = schema.get("enum").and_then(Value::as_array);
        let is_text = is_text.is_some_and(|values| values.iter().all(|value| value.as_str().is_some()));
        return (implied.or(is_text.then_some("string")), false);
    };
    let names: Vec<_> = match value.as_array() {
        Some(names) => names.iter().filter_map(Value::as_str).collect(),
        None => value.as_str().into_iter().collect(),
    };
    let nullable = names.contains(&"null");
    let mut others = names.into_iter().filter(|name| *name != "null");
    match (others.next(), others.next()) {
        (Some(one), None) => (Some(one), nullable),
        _ => (None, false),
    }
}

/// The other of two schemas of which one allows `null` only.
fn beside_null(schema: &Value) -> Option<&Value> {
    let choices = schema.get("anyOf").or_else(|| schema.get("oneOf"))?.as_array()?;
    let [one, other] = choices else { return None };
    let allows_null = |schema: &Value| schema.get("type").and_then(Value::as_str) == Some("null");
    match (allows_null(one), allows_null(other)) {
        (true, false) => Some(other),
        (false, true) => Some(one),
        (true, true) | (false, false) => None,
    }
}

fn is_null(value: &Value) -> bool {
    matches!(value.kind, json::Kind::Null)
}

/// The type of what may be `null`, as any value may.
fn optional(found: Type) -> Type {
    if found == Type::Value { found } else { maybe_absent(found) }
}

/// The name of a field, by the one that a state of its name has: a keyword can be a field, and needs no other name.
fn field_name(key: &str, of_state: String) -> String {
    let key = key.to_ascii_lowercase();
    let is_renamed =
        of_state == format!("{key}_state") && !["self", "super", "crate"].contains(&key.as_str());
    if is_renamed { format!("r#{key}") } else { of_state }
}

/// The type of a field that need not be there.
fn maybe_absent(found: Type) -> Type {
    if matches!(found, Type::Optional(_)) { found } else { Type::Optional(Box::new(found)) }
}

fn description(schema: &Value) -> Option<String> {
    schema.get("description").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        lines(&types(&SourceFile::new("t.schema.json", text)).unwrap())
    }

    pub(super) fn lines(types: &Types) -> Vec<String> {
        let mut lines: Vec<_> = types.named.iter().map(named).collect();
        lines.push(format!("= {}", one(&types.root)));
        lines
    }

    fn named(found: &Named) -> String {
        let content: Vec<_> = match &found.content {
            Content::Fields(fields) => {
                let field = |field: &Field| format!("{}: {}", field.name, one(&field.r#type));
                fields.iter().map(field).collect()
            }
            Content::Variants(variants) => {
                variants.iter().map(|(name, text)| format!("{name} = {text}")).collect()
            }
        };
        format!("{} {{ {} }}", found.name, content.join(", "))
    }

    fn one(found: &Type) -> String {
        match found {
            Type::Value => "value".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Integer => "integer".to_owned(),
            Type::Number => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::Array(inner) => format!("[{}]", one(inner)),
            Type::Map(inner) => format!("map of {}", one(inner)),
            Type::Optional(inner) => format!("{}?", one(inner)),
            Type::Named(name) => name.clone(),
        }
    }

    #[test]
    fn objects_are_structs_and_enumerations_enums() {
        let text = r#"{ "type": "object", "required": ["id", "lines"], "properties": {
            "id": { "type": "string" }, "type": { "enum": ["gift card", "GIFT"] }, "paid": { "type": "boolean" },
            "lines": { "type": "array", "items": { "type": "object", "required": ["price"],
                "properties": { "price": { "type": "number" }, "quantity": { "type": ["integer", "null"] } } } } } }"#;
        assert_eq!(
            shown(text),
            [
                "Type { GiftCard = gift card, Gift = GIFT }",
                "LinesItem { price: number, quantity: integer? }",
                "Input { id: string, r#type: Type?, paid: bool?, lines: [LinesItem] }",
                "= Input"
            ]
        );
    }

    #[test]
    fn references_are_followed_and_named_after_what_they_lead_to() {
        let text = r##"{ "type": "object", "properties": {
            "from": { "$ref": "#/$defs/address" }, "to": { "anyOf": [{ "$ref": "#/$defs/address" }, { "type": "null" }] },
            "tree": { "$ref": "#/$defs/node" }, "lost": { "$ref": "#/$defs/none" }, "State": { "$ref": "#/$defs/State" } },
            "required": ["from", "to", "tree", "State"],
            "$defs": { "address": { "properties": { "city": { "type": "string" } } },
                "node": { "properties": { "next": { "$ref": "#/$defs/node" } } },
                "State": { "type": "string", "enum": ["open"] } } }"##;
        assert_eq!(
            shown(text),
            [
                "Address { city: string? }",
                "Node { next: value? }",
                "State2 { Open = open }",
                "Input { from: Address, to: Address?, tree: Node, lost: value?, state: State2 }",
                "= Input"
            ]
        );
    }

    #[test]
    fn what_is_beyond_these_types_is_any_value() {
        for (text, expected) in [
            ("true", "= value"),
            ("{}", "= value"),
            (r#"{ "type": ["string", "number"] }"#, "= value"),
            (r#"{ "oneOf": [{ "type": "string" }, { "type": "number" }] }"#, "= value"),
            (r#"{ "type": "array", "prefixItems": [{ "type": "string" }] }"#, "= [value]"),
            (r#"{ "type": "object", "additionalProperties": { "type": "integer" } }"#, "= map of integer"),
            (r##"{ "$ref": "#" }"##, "= value"),
        ] {
            assert_eq!(shown(text), [expected], "{text}");
        }
        assert_eq!(types(&SourceFile::new("t", "{")), None);
    }
}
