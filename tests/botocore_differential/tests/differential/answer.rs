//! What is made of an answer: the result, or the code of the error.

use crate::call::{Difference, RecordedCall};
use crate::request::normal;
use asl_runtime::integrations::aws::dry;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

pub(crate) fn compare(call: &RecordedCall) -> Option<Difference> {
    let given = call.json.get("answer").filter(|_| call.has_answer())?;
    let headers: Vec<(String, String)> = given
        .get("headers")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let status = given.get("status").and_then(Json::as_u64).and_then(|status| u16::try_from(status).ok())?;
    let body = STANDARD.decode(given.get("body").and_then(Json::as_str).unwrap_or_default()).ok()?;
    let ours = match dry::result(call.action, status, &headers, &body) {
        Ok(value) => serde_json::from_str(&value.to_string()).unwrap_or_default(),
        Err(error) => Json::from(error.cause().map(ToString::to_string).unwrap_or_default()),
    };
    let theirs = call.json.get("result").or_else(|| call.json.get("error"))?;
    let (ours, theirs) = (normal(&ours), normal(theirs));
    (ours != theirs).then(|| Difference {
        kind: "results",
        ours: ours.to_string(),
        theirs: theirs.to_string(),
    })
}
