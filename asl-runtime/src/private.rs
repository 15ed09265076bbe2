//! What generated code calls: the engine's library of it, and what runs a machine. Not for people: it changes without notice.

pub use crate::execution::{Execution, run, run_json, start};
pub use crate::host::Host;
pub use crate::test::Test;
pub use asl_engine::__private::*;
