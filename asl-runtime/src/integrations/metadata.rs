//! What optimised integrations add to the answers of services.

use asl_value::{Array, Object, Text, Value};

/// `SdkHttpMetadata`: all headers, each header's last value, and the status.
pub(super) fn http_metadata(headers: &[(String, String)], status: u16) -> Object {
    let mut all = Object::new();
    let mut last = Object::new();
    for (name, value) in headers {
        let (name, value) = (Text::from(name.as_str()), Value::from(value.as_str()));
        let has_others = last.insert(name.clone(), value.clone()).is_some();
        let others = if has_others { all.get(&name).and_then(Value::as_array).cloned() } else { None };
        let mut values: Array = others.unwrap_or_default();
        values.push(value);
        all.insert(name, values);
    }
    let mut metadata = Object::new();
    metadata.insert("AllHttpHeaders", all);
    metadata.insert("HttpHeaders", last);
    metadata.insert("HttpStatusCode", u32::from(status));
    metadata
}

/// `SdkResponseMetadata`: the id of the request.
pub(super) fn response_metadata(headers: &[(String, String)]) -> Object {
    request_id(headers).map(|id| ("RequestId", id)).into_iter().collect()
}

/// The id that the service gave the request.
pub(super) fn request_id(headers: &[(String, String)]) -> Option<&str> {
    headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amzn-RequestId")).map(|(_, id)| id.as_str())
}
