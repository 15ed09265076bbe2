//! The Succeed state.

use super::fields::Fields;
use super::{Output, Reader, Selection};

/// A Succeed state.
#[derive(Clone, Debug, PartialEq)]
pub struct Succeed {
    /// `InputPath`
    pub input: Selection,
    /// `OutputPath` or `Output`
    pub output: Output,
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Succeed {
    Succeed { input: fields.selection("InputPath", reader), output: fields.output(reader) }
}
