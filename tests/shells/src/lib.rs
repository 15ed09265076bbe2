//! The machines and the functions of the test that runs the same executions in every shell.

use asl_runtime::{InMemory, Invocation, TaskError, Value, asl_machine};

asl_machine!(pub mod every = "every.json");
asl_machine!(pub mod slow = "slow.json");

/// The definitions, as they are created on a server.
pub const EVERY: &str = include_str!("every.json");
/// The same of the one that times out.
pub const SLOW: &str = include_str!("slow.json");
/// The executions, and what comes of them.
pub const CASES: &str = include_str!("cases.json");

const DO: &str = "arn:aws:lambda:us-east-1:123456789012:function:Do";

/// A host that has the function of the machines.
#[must_use]
pub fn host() -> InMemory {
    InMemory::new().function(DO, perform)
}

#[expect(clippy::panic, reason = "a task that panics has failed, wherever it is done")]
async fn perform(invocation: Invocation) -> Result<Value, TaskError> {
    let parameters = invocation.parameters().clone();
    match parameters.as_str() {
        Some("busy") if invocation.attempt() == 0 => Err(TaskError::new("Busy", "try again")),
        Some("busy") => Ok(invocation.attempt().into()),
        Some("full") => Err(TaskError::new("Full", "there is no room")),
        Some("never") => std::future::pending().await,
        Some("panic") => panic!("the till is on fire"),
        _ => Ok(parameters),
    }
}
