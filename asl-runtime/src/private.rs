//! What generated code calls: the engine's library of it, and what runs a machine. Not for people: it changes without notice.

pub use crate::execution::{Execution, Running, run, run_json, start};
pub use crate::host::Host;
pub use crate::test::Test;
pub use crate::typed;
pub use asl_engine::__private::*;
pub use asl_value::IntoValue;
pub use std::collections::BTreeMap;
pub use std::string::String;
pub use std::vec::Vec;
