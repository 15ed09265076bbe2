//! What makes two machines the same: their definitions, but for white space.

use crate::journal::Hash;
use asl_runtime::Machine;
use asl_value::Value;
use sha2::{Digest, Sha256};

/// The hash of the definition of a machine. One that was written by hand is known by its name and its states.
pub(crate) fn hash(machine: &dyn Machine) -> Hash {
    let definition = machine.definition();
    if !definition.is_empty() {
        return of(&definition);
    }
    let mut hash = Sha256::new();
    hash.update(machine.name().as_bytes());
    for state in machine.states() {
        hash.update([0]);
        hash.update(state.as_bytes());
    }
    hash.finalize().into()
}

/// The hash of the text of a definition.
pub(crate) fn of(definition: &str) -> Hash {
    match Value::from_json(definition) {
        Ok(definition) => Sha256::digest(definition.to_string()).into(),
        Err(_) => Sha256::digest(definition).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn white_space_makes_no_other_definition() {
        assert_eq!(of(r#"{"StartAt": "A", "n": 1}"#), of("{\n  \"StartAt\": \"A\",\n  \"n\": 1\n}"));
        assert_ne!(of(r#"{"StartAt": "A"}"#), of(r#"{"StartAt": "B"}"#));
        assert_ne!(of("StartAt: A"), of("StartAt: B"));
    }
}
