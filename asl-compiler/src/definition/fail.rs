//! The Fail state.

use super::Reader;
use super::fields::paths::is_intrinsic;
use super::fields::{Fields, paths};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::path::Definite;

/// A Fail state.
#[derive(Clone, Debug, PartialEq)]
pub struct Fail {
    /// `Error` or `ErrorPath`
    pub error: Option<FailText>,
    /// `Cause` or `CausePath`
    pub cause: Option<FailText>,
}

/// A text of a Fail state.
#[derive(Clone, Debug, PartialEq)]
pub enum FailText {
    /// Given in the definition.
    Constant(String),
    /// Found in the input.
    Path(Definite),
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
    let constant = fields.text(name, reader).map(|text| FailText::Constant(text.value.clone()));
    let text = fields.text(path_name, reader);
    let path = match text {
        Some(text) if is_intrinsic(text) => {
            let message = format!("an intrinsic function in `{path_name}` is not supported yet");
            reader
                .report(Diagnostic::new(Code::NotSupportedYet, text.span, message).label("expected a path"));
            None
        }
        Some(text) => paths::reference(path_name, text, reader).map(FailText::Path),
        None => None,
    };
    constant.or(path)
}
