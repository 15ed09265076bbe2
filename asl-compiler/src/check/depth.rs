//! Values of a definition that are nested deeper than the data of an execution may be.
//!
//! In: what is in the fields of a state. Out: an error for each value, at the array or object that is too many.

use super::Checker;
use crate::code::Code;
use crate::definition::Found;
use crate::diagnostic::Diagnostic;
use asl_language::limits::VALUE_DEPTH;

pub(super) fn check(state: &str, found: &Found<'_>, checker: &mut Checker<'_>) {
    for span in &found.too_deep {
        let message = format!("a value in state `{state}` is nested more than {VALUE_DEPTH} levels deep");
        checker.diagnostics.push(
            Diagnostic::new(Code::NestedTooDeeply, *span, message)
                .label(format!("data may have {VALUE_DEPTH} levels, and this is the first one too many"))
                .help("write deeper data as a text that holds JSON"),
        );
    }
}
