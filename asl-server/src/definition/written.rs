//! What is written in a definition that is there already, or that is being written: valid or not.

use super::value::as_json;
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json::Value;
use asl_compiler::outline::Machine;
use asl_compiler::read_value;
use asl_compiler::source::SourceFile;

/// The text of a definition as a value, if it is one.
pub(crate) fn written(definition: &str) -> Option<Value> {
    read_value(&SourceFile::new("definition.json", definition), &mut Diagnostics::default())
}

/// What is written of a state, in whichever machine it is.
pub(crate) fn state_in(definition: &Value, name: &str) -> Option<serde_json::Value> {
    let state = Machine::of(definition).find(name)?;
    Some(as_json(state.value))
}
