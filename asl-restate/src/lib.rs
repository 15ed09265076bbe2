//! Compiled state machines on [Restate](https://restate.dev), for work that outgrows one machine: an execution is an invocation of a workflow,
//! and lives on whatever process of the cluster is alive.
//!
//! ```no_run
//! # use asl_runtime::{InMemory, StateMachine};
//! # async fn start<Machine: StateMachine>() -> Result<(), asl_restate::Error> {
//! let machines = asl_restate::Machines::on(InMemory::new()).machine::<Machine>();
//! machines.serve("127.0.0.1:9080").await
//! # }
//! ```
//!
//! Restate calls such an endpoint; it keeps what an execution was told, and wakes it when there is more. So the process holds nothing that
//! must not be lost, and can be killed at any moment. What a machine is on Restate (`names`):
//!
//! | service | handler | |
//! | --- | --- | --- |
//! | `order` | `run` | a workflow: its key is the name of the execution, and it answers with the output |
//! | `order.tasks` | `perform` | does one task |
//! | `order.children` | `run` | is a child execution of a distributed Map, or some of them where they are many |
//! | `order.callbacks` | `success`, `failure`, `heartbeat` | takes what comes in for task tokens |
//! | `order.activities` | `take` | hands a worker a task of the activity that is its key |
//! | `order.tokens` | | who waits for a token |
//! | `order.executions` | `stop` | stops an execution |
//! | `order.build.1a2b` | `describe`, `events` | tells of this build of the machine, and what happened in an execution of it |
//!
//! An [execution](asl_runtime::engine) is a value that says what it wants: each want is one durable future of Restate, all of them are waited
//! for at once, and what comes first is told to the execution. Since it is the same execution whenever it is told the same, nothing else has to
//! be kept: after a crash Restate says the answers once more.

#[cfg(feature = "endpoint")]
mod activities;
mod answer;
#[cfg(feature = "endpoint")]
mod begin;
#[cfg(feature = "client")]
pub mod cluster;
#[cfg(feature = "endpoint")]
mod driver;
#[cfg(feature = "endpoint")]
mod endpoint;
#[cfg(feature = "endpoint")]
mod futures;
#[cfg(feature = "endpoint")]
mod history;
#[cfg(feature = "endpoint")]
mod kept;
#[cfg(feature = "endpoint")]
mod message;
#[cfg(any(feature = "client", feature = "endpoint"))]
mod names;
#[cfg(feature = "program")]
mod program;
#[cfg(any(feature = "client", feature = "endpoint"))]
mod replay;
#[cfg(feature = "endpoint")]
mod services;
#[cfg(feature = "endpoint")]
mod stop;
#[cfg(feature = "endpoint")]
mod tasks;
#[cfg(feature = "endpoint")]
mod tokens;

pub use answer::failure;
#[cfg(feature = "endpoint")]
pub use endpoint::{Error, Machines};
#[cfg(feature = "program")]
pub use program::{main, main_of};
