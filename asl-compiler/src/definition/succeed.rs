//! The Succeed state.

use super::fields::Fields;
use super::part::parts;
use super::{Output, Reader, Selection, Stage, Written};

/// A Succeed state.
#[derive(Clone, Debug, PartialEq)]
pub struct Succeed<S: Stage = Written> {
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// `OutputPath` or `Output`
    pub output: S::Of<Output>,
}

parts!(Succeed { input, output });

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Succeed {
    Succeed { input: fields.selection("InputPath", reader), output: fields.output(reader) }
}
