//! Definitions, checked by the compiler, with its findings in the form of AWS's API.
//!
//! In: the text of a definition. Out: problems, each with a severity, a code, a message and a location, and the variables that states use.

mod location;
pub(crate) mod value;
mod variables;
mod words;
mod written;

pub(crate) use written::{state_in, written};

use crate::control::machines::MachineType;
use crate::protocol::error::ApiError;
use asl_compiler::code::Code;
use asl_compiler::diagnostic::{Diagnostic, Severity as Found};
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, Profile, json};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use words::{Finding, Said};

/// What was found out about a definition.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) problems: Vec<Problem>,
    /// What is written, if the text could be read.
    value: Option<json::Value>,
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
    fn new(severity: Found, said: Said) -> Self {
        let severity = match severity {
            Found::Error => Severity::Error,
            Found::Warning => Severity::Warning,
        };
        Self { severity, code: said.code, message: said.message, location: said.location }
    }

    /// The problem as `ValidateStateMachineDefinition` tells it.
    pub(crate) fn to_json(&self) -> Value {
        let severity = match self.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        };
        serde_json::json!({ "severity": severity, "code": self.code, "message": self.message, "location": self.location })
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
    let problems = problems(&source, value.as_ref(), &analysis.diagnostics);
    Checked { problems, value }
}

/// What the compiler has found, as AWS says it.
fn problems(source: &SourceFile, value: Option<&json::Value>, found: &[Diagnostic]) -> Vec<Problem> {
    let mut problems = Vec::new();
    // AWS names all fields that an object lacks at once, and then says no more of its fields.
    let mut lacking: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    let has_terminal_state = !found.iter().any(|diagnostic| diagnostic.code == Code::NoTerminalState);
    for diagnostic in found {
        let (path, value) = value.map(|value| location::of(value, diagnostic.span)).unzip();
        let finding = Finding { source, diagnostic, path: path.unwrap_or_default(), value };
        if let Some(field) = finding.lacks() {
            lacking.entry(finding.path).or_default().push(field);
        // Where nothing ends, AWS does not look which states are reached.
        } else if has_terminal_state || diagnostic.code != Code::UnreachableState {
            problems.push(Problem::new(diagnostic.severity, finding.say()));
        }
    }
    let lacking =
        lacking.into_iter().map(|(path, fields)| Problem::new(Found::Error, words::required(fields, &path)));
    let lacking: Vec<_> = lacking.collect();
    problems.retain(|problem| {
        let is_unknown = problem.message.starts_with("Field '");
        !(is_unknown && lacking.iter().any(|lacks| lacks.location == problem.location))
    });
    lacking.into_iter().chain(problems).collect()
}

/// `Invalid State Machine Definition: '..'`, with all errors among what the compiler has found.
pub(crate) fn invalid_definition(source: &SourceFile, options: &Options, found: &[Diagnostic]) -> String {
    let value = asl_compiler::read(source, options);
    invalid(&problems(source, value.as_ref(), found))
}

fn invalid(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<_> = errors
        .map(|problem| format!("{}: {} at {}", problem.code, problem.message, problem.location))
        .collect();
    format!("Invalid State Machine Definition: '{}'", errors.join(", "))
}

/// Checks a definition that a machine is to be made of, and returns the variables that each state uses.
///
/// # Errors
/// It has errors.
pub(crate) fn accept(text: &str, r#type: MachineType) -> Result<Map<String, Value>, ApiError> {
    let checked = check(text, r#type);
    if checked.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(ApiError::new("InvalidDefinition", invalid(&checked.problems)));
    }
    Ok(checked.value.as_ref().map(variables::references).unwrap_or_default())
}

#[cfg(test)]
mod tests;
