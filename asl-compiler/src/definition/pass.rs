//! The Pass state.

use super::fields::Fields;
use super::part::parts;
use super::transition::parse_transition;
use super::{Member, Output, Reader, ResultPath, Selection, Stage, Template, Transition, Written, assign};
use crate::json::Value;

/// A Pass state.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass<S: Stage = Written> {
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// `Parameters`
    pub parameters: Option<S::Of<Template>>,
    /// `Result`; one of null counts as absent, as on AWS.
    pub result: Option<S::Of<Value>>,
    /// `ResultPath`
    pub result_path: S::Of<ResultPath>,
    /// `Assign`
    pub assign: Vec<S::Of<Member>>,
    /// `OutputPath` or `Output`
    pub output: S::Of<Output>,
    /// `Next` or `End`
    pub transition: S::Of<Transition>,
}

parts!(Pass { input, parameters, result, result_path, assign, output, transition });

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Pass {
    Pass {
        input: fields.selection("InputPath", reader),
        parameters: fields.template("Parameters", reader),
        result: fields.value("Result").filter(|result| !result.is_null()).cloned(),
        result_path: fields.result_path(reader),
        assign: assign::parse(fields, reader),
        output: fields.output(reader),
        transition: parse_transition(fields, reader),
    }
}
