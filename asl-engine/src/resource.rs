//! Who does a task and when it is done, as `asl-language` reads it, in snapshots.

use crate::codec::variants;
pub use asl_language::resource::{Pattern, Resource};

variants!(Pattern { 0 RequestResponse, 1 Sync, 2 WaitForTaskToken });
