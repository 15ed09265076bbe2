//! The request as it is written. Its members have the types and lengths of the API's model; what they say of each other is checked elsewhere.

use super::Refusal;
use asl_language::timestamp::Timestamp;
use asl_runtime::Exchange;
use asl_value::{Object, Value};
use serde::Deserialize;

/// What a test is told of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The time.
    pub now: Timestamp,
    /// Where chance begins.
    pub chance: u64,
    /// The AWS Region in ARNs.
    pub region: String,
    /// The account in ARNs.
    pub account: String,
}

/// How much the answer says of the data on its way.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum InspectionLevel {
    #[default]
    Info,
    Debug,
    Trace,
}

/// How a mocked result is checked.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum FieldValidationMode {
    /// It has all that the API says it must have, and all that it has is as the API says.
    #[default]
    Strict,
    /// All that it has is as the API says.
    Present,
    None,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Mock {
    pub(super) result: Option<String>,
    pub(super) error_output: Option<ErrorOutput>,
    pub(super) field_validation_mode: FieldValidationMode,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ErrorOutput {
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Configuration {
    pub(super) retrier_retry_count: Option<u32>,
    pub(super) error_caused_by_state: Option<String>,
    pub(super) map_iteration_failure_count: Option<u64>,
    pub(super) map_item_reader_data: Option<String>,
}

/// The members as they are written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    definition: String,
    role_arn: Option<String>,
    input: Option<String>,
    #[serde(default)]
    inspection_level: InspectionLevel,
    #[serde(default)]
    reveal_secrets: bool,
    variables: Option<String>,
    state_name: Option<String>,
    mock: Option<Mock>,
    context: Option<String>,
    #[serde(default)]
    state_configuration: Configuration,
}

/// A request whose texts of JSON are read.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) definition: String,
    pub(super) role_arn: Option<String>,
    /// The text of the input.
    pub(super) input_text: String,
    pub(super) input: Value,
    pub(super) inspection_level: InspectionLevel,
    pub(super) reveals_secrets: bool,
    pub(super) variables: Object,
    pub(super) state_name: Option<String>,
    pub(super) mock: Option<Mock>,
    pub(super) context: Option<Value>,
    pub(super) configuration: Configuration,
}

impl Request {
    pub(super) fn read(request: &serde_json::Value) -> Result<Self, Refusal> {
        let written =
            Written::deserialize(request).map_err(|error| Refusal::validation(error.to_string()))?;
        let input_text = written.input.unwrap_or_else(|| String::from("{}"));
        let input = Value::from_json(&input_text).map_err(|error| Refusal {
            kind: "InvalidExecutionInput",
            message: format!("Invalid State Machine Execution Input: '{error}'").into(),
        })?;
        Ok(Self {
            definition: written.definition,
            role_arn: written.role_arn,
            input_text,
            input,
            inspection_level: written.inspection_level,
            reveals_secrets: written.reveal_secrets,
            variables: variables(written.variables.as_deref())?,
            state_name: written.state_name,
            mock: written.mock,
            context: written.context.as_deref().map(context).transpose()?,
            configuration: written.state_configuration,
        })
    }
}

impl Request {
    /// Who sees what an HTTP task sends and gets.
    pub(super) fn exchange(&self) -> Option<Exchange> {
        (self.inspection_level == InspectionLevel::Trace).then(|| Exchange::new(self.reveals_secrets))
    }
}

fn variables(text: Option<&str>) -> Result<Object, Refusal> {
    let Some(text) = text else { return Ok(Object::new()) };
    match Value::from_json(text) {
        Ok(Value::Object(variables)) => Ok(variables),
        Ok(_) | Err(_) => Err(Refusal::validation("Variables must be a valid JSON object")),
    }
}

fn context(text: &str) -> Result<Value, Refusal> {
    Value::from_json(text).map_err(|_| {
        Refusal::validation("Invalid Context object provided: Context object must be valid JSON")
    })
}
