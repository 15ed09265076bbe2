//! What a picture needs to know of an event: which it follows, when it happened, and what it says about a state.
//!
//! In: an event of an execution that runs here, or one of the JSON that `aws stepfunctions get-execution-history` prints. Out: an [`Event`],
//! which borrows the names from it. Data is never looked at.

mod json;
mod own;
mod time;

pub use time::milliseconds;

/// An event of a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event<'a> {
    /// Counts from 1.
    pub id: u64,
    /// The event that led to this one; 0 for the first.
    pub previous: u64,
    /// When it happened, in milliseconds since 1970.
    pub milliseconds: Option<i64>,
    /// What happened.
    pub what: What<'a>,
}

/// What happened, as far as it changes how a state is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What<'a> {
    /// A state was entered.
    Entered {
        /// The name of the state.
        name: &'a str,
        /// What kind of state it is, as far as that matters.
        role: Role,
    },
    /// A state was left.
    Exited {
        /// The name of the state.
        name: &'a str,
    },
    /// The work of a state begins, or begins again after an error.
    Begun {
        /// The number of items, if a Map knows it.
        items: Option<u64>,
        /// Of which kind of state; a Map Run begins within its Map.
        role: Role,
    },
    /// The work of a state succeeded.
    Succeeded {
        /// Of which kind of state.
        role: Role,
    },
    /// The work of a state failed.
    Failed {
        /// Of which kind of state.
        role: Role,
        /// The name of the state, where the event has it.
        name: Option<&'a str>,
        /// The name of the error, where the event has it.
        error: Option<&'a str>,
    },
    /// Something about an iteration of a Map.
    Iteration {
        /// The name of the Map.
        name: &'a str,
        /// The number of the iteration, from 0.
        index: u64,
        /// What became of it.
        step: IterationStep,
    },
    /// The execution succeeded.
    ExecutionSucceeded,
    /// The execution failed.
    ExecutionFailed,
    /// The execution was stopped, or took too long.
    ExecutionStopped,
    /// The execution goes on with what failed in it.
    Redriven,
    /// Anything else.
    Other,
}

/// What a state is to the events within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Branches run in it.
    Parallel,
    /// Iterations run in it.
    Map,
    /// It ends its scope with an error, without another event.
    Fail,
    /// It may ask for something, and nothing runs in it.
    Plain,
}

/// What became of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IterationStep {
    /// It begins.
    Started,
    /// It ended.
    Succeeded,
    /// It failed.
    Failed,
    /// It was stopped.
    Aborted,
}
