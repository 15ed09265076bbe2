//! A compiled state machine as an AWS Lambda function: an invocation is an execution.
//!
//! ```no_run
//! # use asl_runtime::{InMemory, StateMachine};
//! # async fn start<Machine: StateMachine>() -> Result<(), asl_lambda::Error> {
//! asl_lambda::run::<Machine>(InMemory::new()).await
//! # }
//! ```
//!
//! The event is the input, and the output is the answer. An execution that fails is an invocation that fails: the name of its error is
//! Lambda's `errorType`, so that the caller of the function can retry and catch by it. What an Express workflow is on Step Functions this is
//! on Lambda: nothing is kept of an execution, and it has ended before the invocation does.
//!
//! With the feature `program`, `main` is a whole program, as `asl build --host lambda` makes it.

mod answer;
mod event;
mod function;
#[cfg(feature = "program")]
mod program;
mod time;

pub use function::{Function, run};
pub use lambda_runtime::Error;
#[cfg(feature = "program")]
pub use program::{main, main_of};
