//! The API of AWS Step Functions, over compiled machines.
//!
//! A [`Server`] answers what boto3, the `aws` command, the SDKs and Terraform ask, over HTTP or [in process](Server::call): machines are made, run
//! and described as on AWS. What makes a machine of a definition is a [`Compile`], and what does the tasks of executions is a
//! [`Host`](asl_runtime::Host). All that the API is told, and all that executions are, is kept in a [folder](Builder::data), or in memory.
//!
//! | module | in | out |
//! | --- | --- | --- |
//! | `protocol` | HTTP requests | actions with their parameters; answers |
//! | `model` | parameters | errors in AWS's words, from AWS's own model |
//! | `actions` | checked parameters | what an action does, one file for each group |
//! | `control` | changes | machines, versions, aliases, tags, activities |
//! | `executions` | executions to start | their events and ends |
//! | [`compile`] | definitions | machines |
//! | `console` | requests of browsers | pages |
//! | `logs` | events | files in the form of CloudWatch Logs |
//! | [`mocking`] | test cases, and tasks of their executions | answers of mocks |
//! | `definition` | definitions | what is wrong with them, in AWS's words |
//! | `rehearsal` | a definition, an input and mocks | the history of a run that leaves nothing behind |
//! | [`test_state`] | one state, its input and mocks | what came of it |

mod actions;
mod arn;
pub mod compile;
mod console;
mod control;
mod definition;
mod executions;
mod logs;
pub mod mocking;
mod model;
mod nested;
mod protocol;
mod rehearsal;
mod server;
pub mod test_state;

pub use asl_durable::{DurableError, Resumed};
pub use compile::Compile;
pub use console::{ConsoleOptions, console, report};
#[doc(hidden)]
pub use definition::value::as_json;
pub use protocol::date::Date;
pub use protocol::error::ApiError;
pub use protocol::keys::Keys;
pub use server::{Builder, Server};
