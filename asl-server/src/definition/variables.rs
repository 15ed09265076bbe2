//! Which variables states use.
//!
//! In: a definition. Out: `variableReferences` of the API: the names of the variables by the names of the states that read them.

use asl_compiler::json::Value;
use serde_json::Map;

/// The variables that each state reads; states that read none are not there.
pub(super) fn references(value: &Value) -> Map<String, serde_json::Value> {
    let states = asl_compiler::variables(value).into_iter();
    states.map(|(state, names)| (state, names.into_iter().collect())).collect()
}
