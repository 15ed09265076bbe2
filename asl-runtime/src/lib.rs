//! Compiles Amazon States Language definitions into your program and runs them.

mod callback;
mod choice;
mod context;
mod driver;
mod error;
mod execution;
mod history;
mod host;
#[doc(hidden)]
pub mod intrinsic;
#[cfg(any(feature = "dynamodb", feature = "http"))]
pub mod integrations;
mod limits;
mod machine;
mod nodes;
mod path;
mod program;
mod random;
mod resource;
mod retry;
mod state;
mod task;
mod template;
pub mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use asl_language::timestamp::Timestamp;
pub use asl_macros::asl_machine;
pub use callback::{ActivityTask, Callbacks, TaskDoesNotExist};
pub use context::{Context, ContextField, ExecutionContext, MapItem, Sources};
pub use error::{Error, ExecutionError, Status, TaskError};
pub use execution::{Execution, Progress, run, run_json, start};
pub use history::{Event, EventDetails, History, Observer, Recorded, Recording, Replay, Replayed};
pub use host::{Clock, Host, Identity, InMemory, SystemClock, VirtualClock};
pub use limits::Limits;
pub use machine::{Effect, Iterations, State, StateInfo, StateMachine, StateType, Transition, Until};
pub use resource::{Pattern, Resource};
pub use retry::{Catcher, Retrier};
pub use task::{BoxFuture, Integration, Task};
pub use value::{Array, JsonError, Number, Object, Text, Value};
