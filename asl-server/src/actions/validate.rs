//! Definitions, checked without making machines of them.

use super::{Answer, Request};
use crate::control::machines::MachineType;
use crate::definition::{self, Severity};
use crate::server::Inner;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many diagnostics there are by default.
const DEFAULT: u64 = 100;

/// `ValidateStateMachineDefinition`
pub(super) fn validate(_server: &Arc<Inner>, request: &Request) -> Answer {
    let found = definition::check(request.required("definition"), MachineType::read(request.text("type")));
    let with_warnings = request.text("severity") == Some("WARNING");
    let is_wanted = |severity| with_warnings || severity == Severity::Error;
    let has_errors = found.problems.iter().any(|problem| problem.severity == Severity::Error);
    let mut diagnostics: Vec<Value> = found
        .problems
        .iter()
        .filter(|problem| is_wanted(problem.severity))
        .map(definition::Problem::to_json)
        .collect();
    let count = request.number("maxResults").filter(|count| *count > 0).unwrap_or(DEFAULT);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let truncated = diagnostics.len() > count;
    diagnostics.truncate(count);
    Ok(json!({
        "result": if has_errors { "FAIL" } else { "OK" },
        "diagnostics": diagnostics,
        "truncated": truncated,
    }))
}
