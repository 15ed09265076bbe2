//! What compiled machines call, and what drives them is told in: everything of an execution that is no IO.
//!
//! In: the data of an execution, the time and random numbers. Out: what each state gives or asks for, the events of it, and the next
//! state. Nothing in here waits, reads, writes or spawns: no crate of an async runtime is among the dependencies.
//!
//! - [`generated`] is the library of generated code, all of it: what a state, a path, a choice rule or an intrinsic function does.
//! - [`machine`] is the interface of a compiled machine, [`program`] the same without its type.
//! - The rest is what both speak of: the context object, errors, events, limits, retriers and tasks.

pub mod context;
pub mod error;
pub mod generated;
pub mod history;
pub mod limits;
pub mod machine;
pub mod map_run;
#[doc(hidden)]
pub mod program;
#[doc(hidden)]
pub mod random;
pub mod resource;
pub mod retry;
pub mod task;

#[doc(hidden)]
pub use generated as __private;
