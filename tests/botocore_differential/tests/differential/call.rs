//! A call as the generator says it.

use crate::made;
use asl_compiler::services::sending;
use asl_engine::generated::action::Action;
use asl_value::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// A call, and what botocore does with it.
#[derive(Debug)]
pub(crate) struct RecordedCall {
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) region: String,
    pub(crate) action: &'static Action,
    pub(crate) parameters: Value,
    /// Nothing where botocore itself refuses the parameters.
    pub(crate) json: Json,
}

/// In what a call differs.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) kind: &'static str,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

impl RecordedCall {
    /// A call that both sides make; none for what the table or botocore does not have.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(line).ok()?;
        let text = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
        let (service, operation) = (text("service")?, text("operation")?);
        let name = action_name(&operation);
        let sending = sending(&format!("arn:aws:states:::aws-sdk:{service}:{name}"))?;
        let action = &*Box::leak(Box::new(made::action(sending.request)));
        let parameters = Value::from_json(&json.get("parameters")?.to_string()).ok()?;
        Some(Self { region: text("region")?, service, operation, action, parameters, json })
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.json.get(name).and_then(Json::as_str).unwrap_or_default()
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        STANDARD.decode(self.text("body")).unwrap_or_default()
    }

    pub(crate) fn has_answer(&self) -> bool {
        self.json.get("result").is_some() || self.json.get("error").is_some()
    }
}

/// Capital letters in front become small, up to the next word.
fn action_name(operation: &str) -> String {
    let letters: Vec<char> = operation.chars().collect();
    let ends = |at: usize| {
        let (next, after) = (letters.get(at + 1), letters.get(at + 2));
        !next.is_some_and(|c| c.is_uppercase()) || after.is_some_and(|c| c.is_lowercase())
    };
    let length = (0..letters.len()).find(|at| ends(*at)).map_or(letters.len(), |at| at + 1);
    let small = letters.iter().take(length).flat_map(|c| c.to_lowercase());
    small.chain(letters.iter().skip(length).copied()).collect()
}
