//! The arguments that are members of the request.

use crate::input::text;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

/// A role as the API wants one for tasks that are really done. It is only a name here.
const ROLE: &str = "arn:aws:iam::000000000000:role/local";

/// What is tested, and how.
#[derive(Debug, Args)]
pub(crate) struct RequestArguments {
    /// The state, at any depth of the machine; without it, the file defines one state
    #[arg(long, value_name = "NAME")]
    state: Option<String>,

    /// The input of the state: JSON, `@FILE`, or `-` for the standard input; by default `{}`
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    input: Option<String>,

    /// The variables that the state sees: an object, or `@FILE`
    #[arg(long, value_name = "JSON")]
    variables: Option<String>,

    /// The context object that the state sees, or `@FILE`; by default that of an execution that has just begun
    #[arg(long, value_name = "JSON")]
    context: Option<String>,

    /// What the task yields, or all branches or iterations together: JSON, or `@FILE`
    #[arg(long, value_name = "JSON", conflicts_with = "mock_error", allow_hyphen_values = true)]
    mock_result: Option<String>,

    /// The name of the error that the task fails with, or a branch or an iteration
    #[arg(long, value_name = "NAME")]
    mock_error: Option<String>,

    /// The cause of that error
    #[arg(long, value_name = "TEXT", requires = "mock_error")]
    mock_cause: Option<String>,

    /// How the result is compared with what the API of the task says that it yields
    #[arg(long, value_enum, requires = "mock_result")]
    validation: Option<Validation>,

    /// How often the retrier that the error is for has tried already
    #[arg(long, value_name = "NUMBER")]
    retries: Option<u32>,

    /// The state within a Map or Parallel that the error comes from
    #[arg(long, value_name = "NAME")]
    error_caused_by: Option<String>,

    /// How many iterations of a Map have failed
    #[arg(long, value_name = "NUMBER")]
    failed_iterations: Option<u64>,

    /// What the `ItemReader` of a Map has read: JSON, or `@FILE`
    #[arg(long, value_name = "JSON")]
    item_reader_data: Option<String>,

    /// How much the answer says of the data on its way
    #[arg(long, value_enum, default_value_t = InspectionLevel::Info)]
    inspection_level: InspectionLevel,

    /// Show what a connection adds to the request of an HTTP task
    #[arg(long)]
    reveal_secrets: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Validation {
    /// All that the API requires is there, and all that is there is as the API says
    Strict,
    /// All that is there is as the API says
    Present,
    /// Not at all
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum InspectionLevel {
    /// The output, or the error
    Info,
    /// Also the data after each field
    Debug,
    /// Also the request and the response of an HTTP task
    Trace,
}

impl RequestArguments {
    /// The name of the state.
    pub(super) fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// The request for this definition.
    pub(super) fn request(&self, definition: String) -> Result<Value, String> {
        let mut request = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                request.insert(name.to_owned(), value);
            }
        };
        let json = |argument: &Option<String>| argument.as_deref().map(text).transpose();
        put("definition", Some(definition.into()));
        put("roleArn", Some(ROLE.into()));
        put("stateName", self.state.clone().map(Value::from));
        put("input", json(&self.input)?.map(Value::from));
        put("variables", json(&self.variables)?.map(Value::from));
        put("context", json(&self.context)?.map(Value::from));
        put("mock", self.mock(json(&self.mock_result)?));
        put("stateConfiguration", Some(self.configuration(json(&self.item_reader_data)?)));
        let level = match self.inspection_level {
            InspectionLevel::Info => "INFO",
            InspectionLevel::Debug => "DEBUG",
            InspectionLevel::Trace => "TRACE",
        };
        put("inspectionLevel", Some(level.into()));
        put("revealSecrets", self.reveal_secrets.then_some(true.into()));
        Ok(request.into())
    }

    fn mock(&self, result: Option<String>) -> Option<Value> {
        let mode = match self.validation {
            Some(Validation::Present) => "PRESENT",
            Some(Validation::None) => "NONE",
            Some(Validation::Strict) | None => "STRICT",
        };
        let error = self.mock_error.as_ref();
        match (result, error) {
            (Some(result), _) => Some(json!({ "result": result, "fieldValidationMode": mode })),
            (None, Some(error)) => {
                Some(json!({ "errorOutput": { "error": error, "cause": self.mock_cause } }))
            }
            (None, None) => None,
        }
    }

    fn configuration(&self, items: Option<String>) -> Value {
        json!({
            "retrierRetryCount": self.retries,
            "errorCausedByState": self.error_caused_by,
            "mapIterationFailureCount": self.failed_iterations,
            "mapItemReaderData": items,
        })
    }
}
