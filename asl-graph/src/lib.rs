//! Pictures of Amazon States Language definitions.
//!
//! In: the JSON of a definition, and if there is one the history of an execution. Out: SVG with a layout of our own, or the text of a graph
//! for DOT or Mermaid. The crate does no IO, and the same definition always gives the same picture.

mod condition;
mod dot;
mod execution;
mod json;
mod layout;
mod measure;
mod mermaid;
pub mod model;
mod svg;

pub use dot::dot;
pub use execution::{Execution, Ran, Status};
pub use json::to_json;
pub use mermaid::mermaid;
pub use svg::{Theme, svg};
