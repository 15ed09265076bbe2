//! The words that several stages use for one thing: numbers and constants, paths, calls of intrinsic functions, comparisons, and the words
//! of the specification that the runtime knows as well.
//!
//! Nothing in here has a span, and nothing in here knows a stage.

mod call;
mod comparison;
pub(crate) mod constant;
mod path;

pub(crate) use asl_language::context::ContextField;
pub(crate) use asl_language::map_run::{
    ExecutionType, InputType, ItemSource, ManifestType, WriterTransformation,
};
pub(crate) use asl_language::timestamp::Timestamp;
pub(crate) use call::{Argument, Call, Function};
pub(crate) use comparison::{Property, Relation};
pub(crate) use constant::{Constant, Number};
pub(crate) use path::{
    Filter, FilterCondition, FilterOperand, FilterPath, FilterPattern, FilterRelation, Path, Root, Selector,
    Step,
};

/// The number of a state in its machine, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub usize);

/// How the iterations of a Map state run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapMode {
    /// `INLINE`: in the execution of the state.
    #[default]
    Inline,
    /// `DISTRIBUTED`: each in an execution of its own.
    Distributed,
    /// A placeholder, or a word that was reported: nothing is said of what only one mode allows.
    Open,
}

/// How a machine is executed on AWS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    /// For up to a year, each step exactly once.
    #[default]
    Standard,
    /// For up to five minutes, without what takes longer: jobs, callbacks, activities and distributed Map states.
    Express,
}

/// Where a machine has to be accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// In a separate program: what only AWS refuses is a warning.
    #[default]
    Local,
    /// On AWS as well: what AWS refuses is an error.
    Aws,
}
