//! The programs of the book, as its pages show them.

#![expect(dead_code, reason = "servers are compiled and not started")]
#![expect(clippy::print_stdout, reason = "these are programs for readers")]

mod build_script;
mod durable;
mod lambda;
mod monitoring;
mod restate;
mod rust;
mod server;
mod templates;
mod testing;

use asl_runtime::{TaskError, Value};
use serde_json::json;

/// What the function of the definitions does.
async fn charge(order: Value) -> Result<Value, TaskError> {
    let amount = order.get("total").cloned().unwrap_or_default();
    Ok(json!({ "charged": amount }).into())
}
