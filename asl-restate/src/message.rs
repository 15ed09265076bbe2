//! What the services of a machine send to each other: the engine's own types, in its own binary form.

use asl_engine::codec::{Decode, DecodeError, Encode, from_bytes, to_bytes};
use asl_runtime::Timestamp;
use asl_runtime::engine::Outcome;
use bytes::Bytes;
use restate_sdk::serde::{Deserialize, InputMetadata, OutputMetadata, PayloadMetadata, Serialize};
use std::convert::Infallible;

/// What came of a want, and when: an execution goes by the time at which something has come of what it wanted.
pub(crate) type Answer = (Vec<Outcome>, Timestamp);

/// Something in the binary form of the engine.
#[derive(Debug)]
pub(crate) struct Coded<T>(pub(crate) T);

impl<T: Encode> Serialize for Coded<T> {
    type Error = Infallible;

    fn serialize(&self) -> Result<Bytes, Infallible> {
        Ok(to_bytes(&self.0).into())
    }
}

impl<T: Decode> Deserialize for Coded<T> {
    type Error = DecodeError;

    fn deserialize(bytes: &mut Bytes) -> Result<Self, DecodeError> {
        from_bytes(bytes).map(Self)
    }
}

impl<T> PayloadMetadata for Coded<T> {
    fn json_schema() -> Option<serde_json::Value> {
        None
    }

    fn input_metadata() -> InputMetadata {
        InputMetadata { accept_content_type: "*/*", is_required: true }
    }

    fn output_metadata() -> OutputMetadata {
        OutputMetadata { content_type: "application/octet-stream", set_content_type_if_empty: false }
    }
}
