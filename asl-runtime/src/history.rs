//! Events of executions: kept, read from a recording of AWS, and compared with one.

mod links;
mod recorded;
mod recording;
mod replay;
mod tokens;
mod written;

pub use recorded::{History, Recorded};
pub use recording::Recording;
pub use replay::{Replay, Replayed};
pub use written::HistoryWriter;
