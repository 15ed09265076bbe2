//! JSONata at run time: what compiled expressions compute with.
//!
//! Expressions are Rust by now: nothing is parsed or walked here. In: values. Out: values, or a [`Failure`].

mod compiled;
mod data;
mod evaluation;
mod failure;
mod function;
pub mod functions;
mod number_text;
mod pictures;
mod regex;
mod sequence;
pub(crate) mod signature;
mod text;
mod view;

pub use compiled::{Bindings, Compiled};
pub use data::{Data, List, Members, Sequence};
pub use evaluation::{Environment, Evaluation, EvaluationLimits};
pub use failure::{Failure, Result};
pub use function::{Builtin, Function, Outcome, call, call_builtin};
pub use functions::Arguments;
pub use regex::Pattern;
pub use sequence::Collector;
pub use signature::{Occurs, Parameter, Types};
pub use view::{Elements, Kind, View};
