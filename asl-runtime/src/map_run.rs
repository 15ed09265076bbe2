//! The items and the results of a distributed Map, outside of the execution.
//!
//! In: the settings of a Map Run, and a store of objects. Out: items one by one, and result files. Items stream: each is
//! made when it is asked for, of files that may hold anything (`bounds`). It never runs an execution; that is the [engine](asl_engine::execution)'s part.

mod bounds;
mod csv;
pub(crate) mod error;
mod json;
mod json_lines;
mod listing;
mod manifest;
mod packing;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(not(feature = "parquet"))]
#[path = "map_run/no_parquet.rs"]
mod parquet;
pub(crate) mod reader;
pub(crate) mod store;
pub(crate) mod writer;
