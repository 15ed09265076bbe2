//! One case of a folder: a request, and what AWS answered.

use asl_language::files;
use serde_json::{Map, Value};
use std::path::Path;

/// The account that recordings have.
pub(super) const ACCOUNT: &str = "111111111111";

/// A role in it: recordings say only whether there was one.
const ROLE: &str = "arn:aws:iam::111111111111:role/recorded";

/// A case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: String,
    fields: Map<String, Value>,
}

impl Case {
    /// Reads a file, if it is a case of a test of a state.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, String> {
        let text = files::text(path, files::FileKind::Data)?;
        let Ok(Value::Object(fields)) = serde_json::from_str(&text) else {
            return Err(format!("`{}` is not a JSON object", path.display()));
        };
        if fields.get("kind").and_then(Value::as_str) != Some("test_state") {
            return Ok(None);
        }
        let id = fields.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Some(Self { id, fields }))
    }

    /// The recorded status: `API_ERROR` where the request was refused.
    pub(super) fn status(&self) -> Option<&str> {
        self.fields.get("status").and_then(Value::as_str)
    }

    /// The request. What is JSON in a text there may be JSON in the case.
    pub(super) fn request(&self) -> Value {
        let mut request = Map::new();
        for name in ["inspectionLevel", "mock", "stateConfiguration", "stateName"] {
            let value = self.fields.get(name).filter(|value| !value.is_null());
            request.extend(value.map(|value| (name.to_owned(), value.clone())));
        }
        if self.fields.get("roleArn").is_some_and(|role| !role.is_null()) {
            request.insert("roleArn".to_owned(), ROLE.into());
        }
        for name in ["definition", "input", "variables", "context"] {
            let text = self.text(name);
            request.extend(text.map(|text| (name.to_owned(), text.into())));
        }
        request.into()
    }

    fn text(&self, name: &str) -> Option<String> {
        let has_input = self.fields.get("has_input") != Some(&Value::Bool(false));
        if let Some(text) = self.fields.get(&format!("{name}_text")).and_then(Value::as_str) {
            return Some(text.to_owned());
        }
        let value = self.fields.get(name).filter(|_| name != "input" || has_input)?;
        Some(value.to_string())
    }
}
