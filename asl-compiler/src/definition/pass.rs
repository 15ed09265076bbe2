//! The Pass state.

use super::fields::Fields;
use super::transition::parse_transition;
use super::{Member, Output, Reader, ResultPath, Selection, Template, Transition, assign};
use crate::json::Value;

/// A Pass state.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// `InputPath`
    pub input: Selection,
    /// `Parameters`
    pub parameters: Option<Template>,
    /// `Result`
    pub result: Option<Value>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `Assign`
    pub assign: Vec<Member>,
    /// `OutputPath` or `Output`
    pub output: Output,
    /// `Next` or `End`
    pub transition: Transition,
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Pass {
    Pass {
        input: fields.selection("InputPath", reader),
        parameters: fields.template("Parameters", reader),
        result: fields.value("Result").cloned(),
        result_path: fields.result_path(reader),
        assign: assign::parse(fields, reader),
        output: fields.output(reader),
        transition: parse_transition(fields, reader),
    }
}
