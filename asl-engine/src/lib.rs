//! What compiled machines call, and the language in which they are driven: everything of an execution that is not IO.
//!
//! In: the data of an execution, the time and random numbers. Out: what each state returns or asks for, the events of it, and the next
//! state. Nothing in here waits, reads or writes, but for the `worker`, which is a process around the rest: no crate of an async runtime
//! is among the dependencies.
//!
//! - [`execution`] is an execution as a value, which can be bytes in the form of `codec`.
//! - `generated` is the library of generated code, all of it: what a state, a path, a choice rule or an intrinsic function does.
//! - [`machine`] is the interface of a compiled machine, `program` the same without its type.
//! - The rest is what both speak of: the context object, errors, events, limits, retriers and tasks.

#[doc(hidden)]
pub mod codec;
pub mod context;
pub mod error;
pub mod execution;
#[doc(hidden)]
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
pub mod trial;
pub mod turn;
#[doc(hidden)]
pub mod worker;

#[doc(hidden)]
pub use generated as __private;

#[doc(hidden)]
pub use asl_jsonata as jsonata;
pub use asl_language::timestamp::Timestamp;
pub use asl_value::{Array, Object, Text, Value};
pub use execution::{
    AtOnce, Beginning, ChildEnd, ChildStart, EffectId, Execution, First, Folded, InvalidEffectId,
    InvalidTimer, Items, LaneAddress, MapRunStart, Outcome, Perform, Progress, Snapshot, SnapshotError,
    Start, StartPart, Timer, Want, Work,
};
pub use history::Told;
pub use program::{Program, program};
/// A handle of what others may have handles of, too. Unlike `std::sync::Arc` it has no weak ones, which a busy machine pays for at each look.
pub use triomphe::Arc as Shared;
pub use turn::Pace;
