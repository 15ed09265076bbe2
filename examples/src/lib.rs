//! What the examples share: printing an execution while it runs.
//!
//! In: the events of an execution. Out: lines of text that are short and aligned. Nothing here changes an execution.

mod json;
mod place;
mod printer;

pub use printer::Printer;
