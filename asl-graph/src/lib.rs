//! Pictures of Amazon States Language definitions, and of what happens in executions of them.
//!
//! In: the JSON of a definition, and if there is an execution, its events. Out: SVG with a layout of our own, or the text of a graph for DOT or
//! Mermaid. The crate does no IO, and the same definition always yields the same picture.

mod condition;
mod dot;
pub mod history;
mod json;
mod layout;
mod measure;
mod mermaid;
pub mod model;
mod summary;
mod svg;

pub use dot::dot;
pub use json::to_json;
pub use mermaid::mermaid;
pub use summary::{Iterations, Ran, Status, Summary};
pub use svg::{Layout, Page, Theme, duration, grouped, svg, svg_for_page, updates};
