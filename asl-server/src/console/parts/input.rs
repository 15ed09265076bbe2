//! The input of an execution as fields, where a JSON Schema says what it is made of.
//!
//! In: the schema, and what a form has sent. Out: a field for each property, or the object that they make. What the schema says beyond
//! types, choices and bounds is for the machine to find out.

use crate::console::fields::Fields;
use crate::console::json::visible;
use maud::{Markup, html};
use serde_json::{Map, Value};

/// More properties are written as JSON.
const MOST: usize = 40;
/// What the names of fields begin with.
const PREFIX: &str = "in.";

/// How a property is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldKind {
    Text,
    Number { is_whole: bool },
    Flag,
    Choice,
    Json,
}

impl FieldKind {
    fn of(schema: &Value) -> Self {
        if schema.get("enum").and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
            return Self::Choice;
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Self::Text,
            Some("integer") => Self::Number { is_whole: true },
            Some("number") => Self::Number { is_whole: false },
            Some("boolean") => Self::Flag,
            _ => Self::Json,
        }
    }
}

/// The properties of an object that can be asked for one by one.
fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    let properties = schema.get("properties")?.as_object()?;
    (!properties.is_empty() && properties.len() <= MOST).then_some(properties)
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
}

/// A field for each property, filled in from an input; nothing where the schema is not one of an object.
pub(crate) fn fields(schema: &Value, input: &Value) -> Option<Markup> {
    let properties = properties(schema)?;
    Some(html! {
        @for (name, property) in properties {
            @let title = property.get("title").and_then(Value::as_str).unwrap_or(name);
            label.field {
                span { (visible(title)) @if is_required(schema, name) { " (required)" } }
                @if let Some(about) = property.get("description").and_then(Value::as_str) { small.dim { (visible(about)) } }
                (field(name, property, input.get(name)))
            }
        }
    })
}

fn field(name: &str, property: &Value, known: Option<&Value>) -> Markup {
    let sent = format!("{PREFIX}{name}");
    let text = known.map(|known| known.as_str().map_or_else(|| known.to_string(), str::to_owned));
    let bound = |name: &str| property.get(name).and_then(Value::as_f64).map(|bound| bound.to_string());
    match FieldKind::of(property) {
        FieldKind::Text => html! { input type="text" name=(sent) value=[text] autocomplete="off"; },
        FieldKind::Number { is_whole } => {
            html! { input type="number" name=(sent) value=[text] min=[bound("minimum")] max=[bound("maximum")] step=(if is_whole { "1" } else { "any" }); }
        }
        FieldKind::Flag => choice(&sent, &[Value::Bool(true), Value::Bool(false)], known),
        FieldKind::Choice => {
            choice(&sent, property.get("enum").and_then(Value::as_array).map_or(&[], Vec::as_slice), known)
        }
        FieldKind::Json => {
            let json = known.map(|known| serde_json::to_string_pretty(known).unwrap_or_default());
            html! { textarea name=(sent) rows="3" spellcheck="false" placeholder="JSON" { (json.unwrap_or_default()) } }
        }
    }
}

fn choice(name: &str, all: &[Value], known: Option<&Value>) -> Markup {
    html! {
        select name=(name) {
            option value="" { "–" }
            @for one in all {
                option value=(one.to_string()) selected[known == Some(one)] { (visible(one.as_str().unwrap_or(&one.to_string()))) }
            }
        }
    }
}

/// The object that the fields make. What is left empty is not in it.
pub(crate) fn read(schema: &Value, sent: &Fields) -> Result<Value, String> {
    let mut input = Map::new();
    for (name, property) in properties(schema).into_iter().flatten() {
        let value = match sent.get(&format!("{PREFIX}{name}")) {
            Some(text) => read_one(name, property, text)?,
            None if is_required(schema, name) => match FieldKind::of(property) {
                FieldKind::Text => Value::from(""),
                FieldKind::Number { .. } | FieldKind::Flag | FieldKind::Choice | FieldKind::Json => {
                    return Err(format!("`{name}` is required"));
                }
            },
            None => continue,
        };
        input.insert(name.clone(), value);
    }
    Ok(input.into())
}

/// What was sent, as far as it can be read: to be shown again.
pub(crate) fn sent(schema: &Value, sent: &Fields) -> Value {
    let known = properties(schema).into_iter().flatten().filter_map(|(name, property)| {
        let text = sent.get(&format!("{PREFIX}{name}"))?;
        Some((name.clone(), read_one(name, property, text).unwrap_or_else(|_| text.into())))
    });
    Value::Object(known.collect())
}

fn read_one(name: &str, property: &Value, text: &str) -> Result<Value, String> {
    let json = || serde_json::from_str(text).map_err(|error| format!("`{name}` is not JSON: {error}"));
    match FieldKind::of(property) {
        FieldKind::Text => Ok(text.into()),
        FieldKind::Number { .. } => {
            let number: serde_json::Number =
                text.trim().parse().map_err(|_| format!("`{name}` is not a number"))?;
            Ok(number.into())
        }
        FieldKind::Flag | FieldKind::Choice | FieldKind::Json => json(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["id", "count", "note"],
            "properties": {
                "id": { "type": "string", "title": "<Order>" },
                "count": { "type": "integer", "minimum": 1 },
                "gift": { "type": "boolean" },
                "size": { "enum": ["S", "M", 3] },
                "note": { "type": "string" },
                "lines": { "type": "array" }
            }
        })
    }

    #[test]
    fn each_property_has_a_field_with_what_is_known() {
        let shown =
            fields(&schema(), &json!({ "id": "\"7\"", "size": "M", "lines": [1] })).map(Markup::into_string);
        let shown = shown.unwrap_or_default();
        for part in [
            "&lt;Order&gt; (required)",
            r#"name="in.id" value="&quot;7&quot;""#,
            r#"type="number" name="in.count" min="1" step="1""#,
            r#"<option value="&quot;M&quot;" selected>M</option>"#,
            r#"<option value="true">true</option>"#,
            r#"<textarea name="in.lines""#,
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(fields(&json!({ "type": "array" }), &Value::Null).is_none());
    }

    #[test]
    fn fields_make_an_object() {
        let sent = Fields::read(b"in.id=7&in.count=3&in.gift=true&in.size=3&in.lines=%5B1%5D&in.other=x");
        assert_eq!(
            read(&schema(), &sent),
            Ok(json!({ "id": "7", "count": 3, "gift": true, "size": 3, "note": "", "lines": [1] }))
        );
        for (sent, problem) in [
            ("in.id=7", "`count` is required"),
            ("in.count=x", "`count` is not a number"),
            ("in.count=1&in.lines=%5B", "`lines` is not JSON"),
        ] {
            let error = read(&schema(), &Fields::read(sent.as_bytes())).unwrap_err();
            assert!(error.starts_with(problem), "{error}");
        }
    }
}
