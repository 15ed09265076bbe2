//! What a machine can be given besides its definition, checked and completed.

use super::Request;
use crate::control::Tags;
use crate::protocol::error::ApiError;
use serde_json::{Map, Value, json};

/// `loggingConfiguration`, with its defaults.
///
/// # Errors
/// It does not say where logs go.
pub(crate) fn logging(given: Option<&Value>) -> Result<Value, ApiError> {
    let field = |name| given.and_then(|given| given.get(name));
    let level = field("level").and_then(Value::as_str).unwrap_or("OFF");
    let destinations = field("destinations").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if destinations.len() > 1 || (destinations.is_empty() && level != "OFF") {
        let message = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
        return Err(ApiError::new("InvalidLoggingConfiguration", message));
    }
    let mut logging = Map::new();
    logging.insert("level".to_owned(), level.into());
    let includes_data = field("includeExecutionData").and_then(Value::as_bool).unwrap_or_default();
    logging.insert("includeExecutionData".to_owned(), includes_data.into());
    if !destinations.is_empty() {
        logging.insert("destinations".to_owned(), destinations.into());
    }
    Ok(logging.into())
}

/// `tracingConfiguration`, with its default.
pub(crate) fn tracing(given: Option<&Value>) -> Value {
    let enabled = given.and_then(|given| given.get("enabled")).and_then(Value::as_bool);
    json!({ "enabled": enabled.unwrap_or_default() })
}

/// `encryptionConfiguration`, with its default.
pub(crate) fn encryption(given: Option<&Value>) -> Value {
    given.cloned().unwrap_or_else(|| json!({ "type": "AWS_OWNED_KEY" }))
}

/// The tags of a request; of a key that is there twice, the last counts.
///
/// # Errors
/// There are more than a resource may have.
pub(crate) fn tags(request: &Request) -> Result<Tags, ApiError> {
    let text = |tag: &Value, name| tag.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let tags: Vec<_> =
        request.list("tags").iter().map(|tag| (text(tag, "key"), text(tag, "value"))).collect();
    if tags.len() > 50 {
        return Err(ApiError::new("TooManyTags", "Too many tags: at most 50 tags are allowed"));
    }
    Ok(Tags::of(tags))
}
