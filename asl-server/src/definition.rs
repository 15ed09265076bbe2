//! Definitions, checked by the compiler, with its findings in the form of AWS's API.
//!
//! In: the text of a definition. Out: problems, each with a severity, a code, a message and a location, and the variables that states use.

mod location;
mod words;

use crate::control::machines::MachineType;
use crate::protocol::error::ApiError;
use asl_compiler::diagnostic::Severity as Found;
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, Profile};
use serde_json::{Map, Value, json};

/// What was found out about a definition.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) problems: Vec<Problem>,
}

/// A problem of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) severity: Severity,
    /// `SCHEMA_VALIDATION_FAILED`
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Where it is: `/States/A/Next`.
    pub(crate) location: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    Error,
    Warning,
}

impl Problem {
    /// The problem as `ValidateStateMachineDefinition` tells it.
    pub(crate) fn to_json(&self) -> Value {
        let severity = match self.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        };
        json!({ "severity": severity, "code": self.code, "message": self.message, "location": self.location })
    }
}

/// How definitions are checked: as AWS does. What must fail at run time is accepted there.
pub(crate) fn options(r#type: MachineType) -> Options {
    Options {
        profile: Profile::Aws,
        machine_type: match r#type {
            MachineType::Standard => asl_compiler::MachineType::Standard,
            MachineType::Express => asl_compiler::MachineType::Express,
        },
        ignore_data: true,
        ..Options::default()
    }
}

/// Checks a definition.
pub(crate) fn check(text: &str, r#type: MachineType) -> Checked {
    let source = SourceFile::new("definition.asl.json", text);
    let analysis = asl_compiler::check(&source, &options(r#type));
    let value = asl_compiler::read(&source, &Options::default());
    let problems = analysis.diagnostics.iter().map(|diagnostic| {
        let place = value.as_ref().map(|value| location::of(value, diagnostic.span));
        let (code, message, location) = words::say(&source, diagnostic, place.unwrap_or_default());
        let severity = match diagnostic.severity {
            Found::Error => Severity::Error,
            Found::Warning => Severity::Warning,
        };
        Problem { severity, code, message, location }
    });
    Checked { problems: problems.collect() }
}

/// Checks a definition that a machine is to be made of, and gives the variables that each state uses.
///
/// # Errors
/// It has errors.
pub(crate) fn accept(text: &str, r#type: MachineType) -> Result<Map<String, Value>, ApiError> {
    let checked = check(text, r#type);
    let errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<_> =
        errors.map(|problem| format!("{}: {} at {}", problem.code, problem.message, problem.location)).collect();
    if !errors.is_empty() {
        let message = format!("Invalid State Machine Definition: '{}'", errors.join(", "));
        return Err(ApiError::new("InvalidDefinition", message));
    }
    Ok(Map::new())
}
