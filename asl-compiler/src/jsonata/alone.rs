//! Expressions that are in no definition: in the source code of a program, or on a command line.
//!
//! In: a source file that is an expression. Out: its [tree](super::tree), unless something must fail, and diagnostics.

use super::{Dialect, Expression, Fault, Finding, FindingKind, check, parse};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::SourceFile;

/// Reads and checks an expression. `outside` says whether a variable of a name (without the `$`) will be bound.
#[must_use]
pub fn read(
    source: &SourceFile,
    dialect: Dialect,
    outside: &dyn Fn(&str) -> bool,
) -> (Option<Expression>, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::default();
    source.fault().cloned().into_iter().for_each(|fault| diagnostics.push(fault));
    let tree = match parse(source.text()) {
        Ok(tree) => {
            let findings = check(&tree, dialect, outside);
            findings.iter().for_each(|finding| diagnostics.push(diagnostic(finding)));
            Some(tree)
        }
        Err(fault) => {
            diagnostics.push(invalid(&fault));
            None
        }
    };
    let tree = tree.filter(|_| !diagnostics.has_errors());
    (tree, diagnostics.into_sorted())
}

fn invalid(fault: &Fault) -> Diagnostic {
    let mut message = fault.message.chars();
    let first = message.next().map(|letter| letter.to_ascii_lowercase());
    let message: String = first.into_iter().chain(message).collect();
    Diagnostic::new(fault.kind(), fault.span, message)
}

fn diagnostic(finding: &Finding) -> Diagnostic {
    let code = match finding.kind {
        FindingKind::UnknownFunction => Code::UnknownFunction,
        FindingKind::UndefinedVariable => Code::UnknownVariable,
        FindingKind::WrongArguments => Code::WrongArguments,
        FindingKind::WrongOperand => Code::WrongOperand,
        FindingKind::NoContext => Code::NoContext,
        FindingKind::NeverHolds => Code::ComparisonNeverHolds,
        FindingKind::TextAsFilter => Code::TextAsFilter,
    };
    let mut diagnostic = Diagnostic::new(code, finding.span, finding.message.clone());
    diagnostic.severity = finding.severity;
    diagnostic.help.extend(finding.help.clone());
    diagnostic
}
