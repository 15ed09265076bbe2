//! Paths in quotes among the arguments of intrinsic functions: `States.StringToJson('$.body')`.

use crate::check::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::intrinsic::{Argument, WrittenCall};
use crate::source::Span;
use crate::vocabulary::Constant;

pub(super) fn check(calls: &[&WrittenCall], checker: &mut Checker<'_>) {
    calls.iter().for_each(|call| check_call(call, checker));
}

fn check_call(call: &WrittenCall, checker: &mut Checker<'_>) {
    for argument in &call.arguments {
        match argument {
            Argument::Call(inner) => check_call(inner, checker),
            Argument::Constant(span, Constant::String(text)) if is_path(text) => {
                checker.report_accepted(quoted(*span, text));
            }
            Argument::Constant(..) | Argument::Path(_) => {}
        }
    }
}

/// Whether a text is a path to something and nothing else.
fn is_path(text: &str) -> bool {
    let rest = text.strip_prefix("$$.").or_else(|| text.strip_prefix("$."));
    rest.is_some_and(|rest| {
        rest.starts_with(char::is_alphabetic)
            && rest.chars().all(|c| c.is_alphanumeric() || "_-.[]".contains(c))
    })
}

fn quoted(span: Span, text: &str) -> Diagnostic {
    let message = format!("`'{text}'` is the literal text `{text}`, not the value that it refers to");
    Diagnostic::new(Code::PathAsText, span, message)
        .label("a path among the arguments of a function has no quotes")
        .help(format!("write `{text}` in place of `'{text}'`"))
}
