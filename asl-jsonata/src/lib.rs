//! JSONata at run time: what compiled expressions compute with.
//!
//! Expressions are Rust by now: nothing is parsed or walked here. In: values. Out: values, or a [`Failure`].

mod aggregate;
mod compiled;
mod data;
mod deferred;
mod evaluation;
mod failure;
mod function;
pub mod functions;
mod group;
mod lambda;
mod number_text;
mod operand;
mod operators;
mod path;
mod pictures;
#[doc(hidden)]
pub mod random;
mod regex;
mod selection;
mod sequence;
pub(crate) mod signature;
mod sort;
mod table;
#[cfg(test)]
mod test_world;
mod text;
mod transform;
mod tuple;
mod view;

pub use compiled::{Bindings, Compiled};
#[doc(hidden)]
pub use data::Scalar;
pub use data::{Data, List, Members, Sequence, of_boolean, of_maybe, of_number, of_text};
pub use evaluation::{Environment, Evaluation, EvaluationLimits};
pub use failure::{Failure, Result};
pub use function::{Builtin, Function, Outcome, call, call_builtin, call_higher_order};
pub use functions::Arguments;
pub use regex::Pattern;
pub use sequence::Collector;
pub use signature::Parameter;
#[doc(hidden)]
pub use signature::parameters;
pub use view::{Elements, ValueKind, View};

#[doc(hidden)]
pub use aggregate::{Sum, average, count, max, min, sum, sum_of_field};
#[doc(hidden)]
pub use functions::higher_order::sorted_by;
#[doc(hidden)]
pub use group::{Group, Groups, MembersBuilder};
#[doc(hidden)]
pub use lambda::{Reduction, Variable, apply, argument, partial, procedure};
#[doc(hidden)]
pub use operand::{Operand, ToData, field, fields, fields_of_items, fields_of_root};
#[doc(hidden)]
pub use operators::*;
#[doc(hidden)]
pub use path::*;
#[doc(hidden)]
pub use selection::*;
#[doc(hidden)]
pub use sort::{Sorted, sorted};
#[doc(hidden)]
pub use table::contexts_with;
#[doc(hidden)]
pub use transform::{Transformation, check_clone, transformer};
#[doc(hidden)]
pub use tuple::*;
