//! Puts typos and slips into definitions that are right, to see whether the compiler finds them, and where.
//!
//! In: the text of a definition. Out: [faults](Fault), each with the text that it makes of the definition and the lines at which it is
//! right to report it. A fault is only made where it must be wrong, whatever the data of an execution is. Nothing is random: which letter of
//! a word is mistyped follows from the word.

mod edit;
mod judge;
mod kinds;
mod typo;
mod workflow;

pub use judge::{Judge, Score};
pub use kinds::{FaultKind, KINDS};
pub use workflow::Workflow;

use std::ops::RangeInclusive;

/// A definition with one mistake in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which kind of mistake.
    pub kind: &'static str,
    /// Whether it is certain to fail, so that it has to be an error; what is doubtful may be a warning.
    pub is_certain: bool,
    /// What was done, for people: `` `Next` -> `Nxet` ``.
    pub what: String,
    /// The definition with the mistake.
    pub text: String,
    /// The lines at which it is right to report it. One line where something is wrong; those of the object where something is missing.
    pub lines: RangeInclusive<usize>,
}

/// Some of the faults of a kind in a definition, from all over it.
#[must_use]
pub fn sample(faults: Vec<Fault>, count: usize) -> Vec<Fault> {
    let step = faults.len().div_ceil(count.max(1)).max(1);
    faults.into_iter().step_by(step).collect()
}
