//! What the outside sees of executions: logs, metrics and traces. All of them come from the events that an [`Observer`](crate::Observer)
//! receives, so a host without observers pays for none of them.

pub mod logs;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "tracing")]
pub mod traces;
