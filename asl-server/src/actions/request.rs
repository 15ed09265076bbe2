//! The parameters of an action, which satisfy the model.

use serde_json::{Map, Value};

/// The parameters of an action. What a member has to be is checked before, so that a required one is there.
#[derive(Debug)]
pub(crate) struct Request(Map<String, Value>);

impl Request {
    pub(crate) const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// A text that is required.
    pub(crate) fn required(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.0.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// All of it.
    pub(crate) fn to_json(&self) -> Value {
        self.0.clone().into()
    }

    /// Whether only what is not secret is asked for.
    pub(crate) fn wants_metadata_only(&self) -> bool {
        self.text("includedData") == Some("METADATA_ONLY")
    }
}
