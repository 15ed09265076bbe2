//! Executions of machines that came of chance, in a world that answers by chance.

mod figures;
mod map_runs;
mod snapshots;
mod told;
pub(crate) mod toy;
pub(crate) mod world;
