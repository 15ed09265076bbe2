//! What the outside sees of executions: logs, metrics and traces. All of them come from the events that an [`Observer`](crate::Observer)
//! hears, so a host that nobody observes pays for none of them.

pub mod logs;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "tracing")]
pub mod traces;
