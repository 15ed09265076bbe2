//! What fuzzers give bytes to, and what has to hold of it. Each function takes any bytes, and ends with a panic where something is wrong.
//!
//! The targets in `fuzz/` call these functions, and so does a bounded run on stable, `tests/bounded.rs`.

#![allow(clippy::missing_panics_doc, reason = "a fault that is found ends with a panic")]

mod histories;
mod items;
mod mocks;

pub use asl_engine::execution::tests::fuzzed::{execution, snapshot};
pub use histories::history;
pub use items::items;
pub use mocks::mock_config;

/// Does something that waits for nothing but its own clock.
fn done<T>(work: impl Future<Output = T>) -> T {
    #[expect(clippy::expect_used, reason = "without a runtime there is nothing to find")]
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(work)
}
