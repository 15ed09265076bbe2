//! Executions that outlive the process: [`Durable`], a host in the place of [`InMemory`](asl_runtime::InMemory).
//!
//! One folder, no server, no cloud. What executions are told is written into it, in a file of SQLite, before anything follows from it; what
//! the pure machine can compute again is not. When the process dies and is started again, everything that had not ended goes on.
//!
//! In: machines, and what executions are told. Out: the same executions, in whatever process has the folder.
//!
//! - `kept` is an execution with the journal around it, `replay` one that is made again of its rows, `ended` are the children of its
//!   Map Runs that ended before, `followed` one that runs already.
//! - `journal` is the file: what is in it, who writes, who reads.
//! - `keeper` is what all executions share, `parked` those that only wait.
//! - [`care`] is for a folder of which something is damaged, or which is too large.
//! - [`Restarted`] is for tests: executions that come back at every answer.
//! - [`Durable`] is the door for programs, [`Folder`] that for hosts of any kind.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "there may be more wants and outcomes than are of interest here"
)]

pub mod care;
mod definition;
mod durable;
mod ended;
mod error;
mod executions;
mod folder;
mod followed;
mod given;
mod inbox;
mod journal;
mod keeper;
mod kept;
mod outlines;
mod parked;
mod records;
mod redrive;
mod replay;
mod restarted;
mod resume;

pub use durable::Durable;
pub use error::DurableError;
pub use executions::{Description, Filter, Listed};
pub use folder::{Folder, TokenState};
pub use journal::Facts;
pub use kept::INTERRUPTED;
pub use outlines::Started;
pub use records::{Record, Wanted, Whose};
pub use restarted::Restarted;
pub use resume::Resumed;
