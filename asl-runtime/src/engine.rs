//! The execution as a value, for those who drive one by hand or write their own shell.
//!
//! It does no IO, reads no clock and knows no async: it receives what happened, and says what it wants ([`Execution`]). [`run`](crate::run),
//! [`start`](crate::start) and tests are shells around it.

pub use asl_engine::Shared;
pub use asl_engine::execution::{
    AtOnce, ChildEnd, ChildStart, EffectId, Execution, First, Folded, InvalidEffectId, Items, LaneAddress,
    MapRunStart, Outcome, Perform, Progress, Start, StartPart, Timer, Want, Work,
};
pub use asl_engine::history::Told;
pub use asl_engine::program::{Program, program};
pub use asl_engine::turn::Pace;
