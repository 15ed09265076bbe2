//! A compiler of the Amazon States Language: the JSON of AWS Step Functions in, Rust and diagnostics out.
//!
//! The stages, each with its own types:
//!
//! | module | in | out |
//! | --- | --- | --- |
//! | [`source`] | bytes | text with positions |
//! | [`json`] | text | JSON values with spans |
//! | [`embedded`] | the JSON values of a template | those of the definitions in it |
//! | `substitute` | JSON values, and values of placeholders | JSON values |
//! | `definition` | JSON values | what was written, in the words of the specification |
//! | `path`, `intrinsic`, [`jsonata`] | strings in a definition | paths, calls of intrinsic functions, expressions |
//! | `resolve` | a definition | states with ids, scopes and transitions |
//! | [`shape`] | a resolved machine | what is known about the data at each state, and diagnostics |
//! | `check` | a resolved machine | only diagnostics |
//! | `proof` | a resolved machine without errors | a checked machine |
//! | `lower` | a checked machine | `ir` |
//! | `typed` | the schema of an input | types |
//! | `emit` | `ir` and types | tokens |
//!
//! Beside them, [`services`] knows what AWS has, `inspect` (a feature, to which `fixes` and `format` belong) answers the questions of editors, and `convert` (another)
//! writes definitions in JSONata.
//!
//! What front ends and tools use is public; the stages themselves are not.
//!
//! The crate does no IO: the front ends (macro, build script, command line) find files, call [`compile`] and print. That of build scripts is the
//! feature `build`.

mod analysis;
#[cfg(feature = "build")]
pub mod build;
mod check;
mod checked;
mod cloud_formation;
pub mod code;
mod compilation;
#[cfg(feature = "convert")]
pub mod convert;
mod definition;
pub mod diagnostic;
mod document;
pub mod embedded;
mod emit;
#[cfg(feature = "inspect")]
pub mod fixes;
#[cfg(feature = "inspect")]
pub mod format;
mod identifiers;
#[cfg(feature = "inspect")]
pub mod inspect;
mod intrinsic;
mod ir;
pub mod json;
pub mod jsonata;
mod lower;
mod options;
pub mod outline;
mod path;
pub mod placeholder;
mod proof;
mod read;
pub mod render;
mod resolve;
pub mod services;
pub mod shape;
pub mod source;
mod state_fields;
mod substitute;
pub mod suggest;
mod tokens;
mod typed;
mod unresolved;
mod variables;
mod vocabulary;
mod yaml;

pub use analysis::{Analysis, check};
pub use compilation::{Compilation, compile, emit_stub};
pub use document::{read_template, read_value};
pub use emit::{Module, Target};
pub use options::{HttpResult, Options};
pub use read::read;
pub use substitute::Substitution;
pub use typed::Types;
pub use variables::variables;
pub use vocabulary::{MachineType, Profile};
