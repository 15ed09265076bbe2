//! Executions of machines that came of chance, in a world that answers by chance.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "what finds a fault ends with a panic, for fuzzers as for tests"
)]

#[cfg(test)]
mod at_once;
#[cfg(test)]
mod figures;
pub mod fuzzed;
#[cfg(test)]
mod map_runs;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod told;
pub(crate) mod toy;
pub(crate) mod world;
