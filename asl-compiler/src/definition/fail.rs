//! The Fail state.

use super::fields::{Fields, paths};
use super::part::{Part, parts};
use super::{Expression, Found, Names, Reader, Reported, Stage, Written};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::intrinsic::{self, WrittenCall, is_intrinsic};
use crate::json::Text;
use crate::path::Path;

/// A Fail state.
#[derive(Clone, Debug, PartialEq)]
pub struct Fail<S: Stage = Written> {
    /// `Error` or `ErrorPath`
    pub error: Option<S::Of<FailText>>,
    /// `Cause` or `CausePath`
    pub cause: Option<S::Of<FailText>>,
}

parts!(Fail { error, cause });

/// A text of a Fail state.
#[derive(Clone, Debug, PartialEq)]
pub enum FailText {
    /// Given in the definition.
    Constant(Text),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
    /// Made by an intrinsic function.
    Intrinsic {
        /// The call as written.
        text: String,
        /// The call.
        call: WrittenCall,
    },
}

impl Part for FailText {
    type Checked = checked::Text;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => expression.find(found),
            Self::Path(path) => path.find(found),
            Self::Intrinsic { call, .. } => found.call(call),
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Text, Reported> {
        Ok(match self {
            Self::Constant(text) => checked::Text::Constant(text.value.clone()),
            Self::Expression(expression) => checked::Text::Expression(expression.checked(names)?),
            Self::Path(path) => checked::Text::Path(path.lower()),
            Self::Intrinsic { text, call } => {
                checked::Text::Intrinsic { text: text.clone(), call: call.lower() }
            }
        })
    }
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Fail {
    Fail {
        error: parse_text("Error", "ErrorPath", fields, reader),
        cause: parse_text("Cause", "CausePath", fields, reader),
    }
}

fn parse_text(
    name: &str,
    path_name: &str,
    fields: &mut Fields<'_>,
    reader: &mut Reader<'_>,
) -> Option<FailText> {
    fields.exclusive(&[name, path_name], reader);
    if let Some(expression) = fields.expression(name, reader) {
        return Some(FailText::Expression(expression));
    }
    let constant = fields.text(name, reader).map(|text| FailText::Constant(text.clone()));
    let text = fields.text(path_name, reader);
    let path = match text {
        Some(text) if is_intrinsic(text) => parse_intrinsic(path_name, text, reader),
        Some(text) => paths::reference(path_name, text, reader).map(FailText::Path),
        None => None,
    };
    constant.or(path)
}

fn parse_intrinsic(name: &str, text: &Text, reader: &mut Reader<'_>) -> Option<FailText> {
    let call = intrinsic::parse(text, reader.place, reader.diagnostics)?;
    if intrinsic::of_fail_states(call.function) {
        return Some(FailText::Intrinsic { text: text.value.clone(), call });
    }
    let message = format!("`{name}` cannot call `{}`", intrinsic::name(call.function));
    reader.report(
        Diagnostic::new(Code::InvalidIntrinsic, call.name_span, message)
            .label("expected a function that returns a string")
            .help("a Fail state takes `States.Format`, `States.JsonToString`, `States.ArrayGetItem`, `States.Base64Encode`, `States.Base64Decode`, `States.Hash` and `States.UUID`"),
    );
    None
}
