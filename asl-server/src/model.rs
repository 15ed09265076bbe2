//! The shapes of the API: which members a request may have, and what they must satisfy.
//!
//! In: a request. Out: the first errors in the words of AWS. All facts come from AWS's model, in `model/shapes.json`, which `cargo xtask
//! step-functions` writes; no action checks lengths, patterns or values itself.

mod pattern;
mod validation;

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub(crate) use validation::validate;

/// The table of all shapes.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    /// The shapes of the request and of the answer of each action.
    actions: BTreeMap<String, [String; 2]>,
    shapes: BTreeMap<String, Shape>,
}

/// What is known of a shape.
#[derive(Debug, Deserialize)]
pub(crate) struct Shape {
    pub(crate) r#type: Type,
    /// The members of a structure, by their names.
    #[serde(default)]
    pub(crate) members: Map<String, Value>,
    #[serde(default)]
    required: Vec<String>,
    /// The shape of the elements of a list.
    member: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<String>,
    #[serde(default)]
    r#enum: Vec<String>,
    /// Its value is never shown.
    #[serde(default)]
    sensitive: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Type {
    Structure,
    List,
    Map,
    String,
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    Timestamp,
}

impl Model {
    /// The table.
    pub(crate) fn get() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            let table = serde_json::from_str(include_str!("model/shapes.json"));
            // A test reads the table, so this never happens; without it no action would be known.
            table.unwrap_or_else(|_| Self { actions: BTreeMap::new(), shapes: BTreeMap::new() })
        })
    }

    /// The shape of the request of an action, if there is such an action.
    pub(crate) fn request(&self, action: &str) -> Option<&Shape> {
        self.actions.get(action).and_then(|[request, _]| self.shapes.get(request))
    }

    /// The shape of the answer of an action.
    pub(crate) fn answer(&self, action: &str) -> Option<&Shape> {
        self.actions.get(action).and_then(|[_, answer]| self.shapes.get(answer))
    }

    /// The shape of a member of a structure, or of the elements of a list.
    pub(crate) fn part<'m>(&'m self, shape: &'m Shape, member: &str) -> Option<&'m Shape> {
        let name = match shape.r#type == Type::List {
            true => shape.member.as_deref()?,
            false => shape.members.get(member)?.as_str()?,
        };
        self.shapes.get(name)
    }
}

/// The name of an action, if there is one of this name.
pub(crate) fn action(name: &str) -> Option<&'static str> {
    Model::get().actions.get_key_value(name).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_the_table_is_known_and_complete() {
        let model = Model::get();
        assert_eq!(model.actions.len(), 37);
        for [request, answer] in model.actions.values() {
            assert!(model.shapes.contains_key(request) && model.shapes.contains_key(answer), "{request}");
        }
        for (name, shape) in &model.shapes {
            for member in shape.members.keys() {
                assert!(model.part(shape, member).is_some(), "{name}.{member}");
            }
            if let Some(pattern) = &shape.pattern {
                assert!(pattern::is_known(pattern), "{name}: {pattern}");
            }
        }
    }
}
