//! What is wrong with an expression although it can be read.
//!
//! In: the [tree](super::tree), and which variables there are outside of it. Out: findings: what must fail wherever it is evaluated, as
//! errors; what may be meant otherwise, as warnings. Where types are not known it is silent.

mod arguments;
mod certain;
mod constants;
mod context;
mod evaluated;
mod names;
mod operands;

pub(crate) use certain::Letter;
pub(crate) use evaluated::{Room, evaluate, is_small};

use super::functions::Dialect;
use super::references::collect_bound;
use super::tree::{Expression, ExpressionKind, Pair, SortTerm};
use crate::diagnostic::Severity;
use crate::source::Span;
use asl_value::Value;
use certain::certain;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place in the text of the expression.
    pub span: Span,
    /// The kind of fault.
    pub kind: FindingKind,
    /// The code of the error that it is at run time, if it always is one.
    pub code: Option<&'static str>,
    /// One line: lower case, no final period.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Error or warning.
    pub severity: Severity,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// A function that does not exist is called.
    UnknownFunction,
    /// A variable is bound nowhere.
    UndefinedVariable,
    /// A built-in function gets arguments that it does not take.
    WrongArguments,
    /// An operator gets a side that it does not take.
    WrongOperand,
    /// A field, `$` or `$$`, where the expression has no data of its own.
    NoContext,
    /// A comparison that is the same whatever the data is.
    NeverHolds,
    /// A filter that is a text, and chooses everything.
    TextAsFilter,
}

impl Finding {
    fn error(span: Span, kind: FindingKind, code: &'static str, message: String) -> Self {
        Self { span, kind, code: Some(code), message, help: None, severity: Severity::Error }
    }

    fn warning(span: Span, kind: FindingKind, message: String) -> Self {
        Self { span, kind, code: None, message, help: None, severity: Severity::Warning }
    }

    fn into_error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }

    fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// What is known of the types of expressions.
pub(crate) trait Known {
    /// The type of an expression that has only one, if it has a value.
    fn letter(&self, expression: &Expression) -> Option<Letter>;

    /// The types of which an expression has one, if it has a value.
    fn letters(&self, expression: &Expression) -> Option<String> {
        self.letter(expression).map(String::from)
    }

    /// The texts of which an expression is one, if it can be nothing else and has a value.
    fn texts(&self, _expression: &Expression) -> Option<Vec<Arc<str>>> {
        None
    }

    /// Whether it is an array of certainly more than one item.
    fn has_several(&self, _array: &Expression) -> bool {
        false
    }

    /// The value of an expression that has one and can have no other.
    fn value(&self, _: &Expression) -> Option<Value> {
        None
    }

    /// The type of the items of an array.
    fn items(&self, _array: &Expression) -> Option<Letter> {
        None
    }

    /// The type of an item of an array that is of one of these types.
    fn item(&self, array: &Expression, is: &dyn Fn(&Letter) -> bool) -> Option<Letter> {
        self.items(array).filter(is)
    }
}

/// What is known without the data.
struct Certain;

impl Known for Certain {
    fn letter(&self, expression: &Expression) -> Option<Letter> {
        certain(expression)
    }

    fn value(&self, expression: &Expression) -> Option<Value> {
        constants::literal(expression)
    }
}

/// Whether an expression always has a value.
pub(crate) fn always_given(expression: &Expression) -> bool {
    certain(expression).is_some()
}

/// What is wrong with a call or an operator for what is known about its parts, and cannot be seen without that. `first` is what a call is
/// applied to; `is_bound` says which names the expression binds itself, and `has_context` whether it is where items are looked at.
pub(crate) fn typed_faults(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
    has_context: bool,
    known: &dyn Known,
) -> Vec<Finding> {
    let faults = |known: &dyn Known| {
        let call = arguments::fault(expression, first, Dialect::States, is_bound, known);
        let mut found: Vec<_> = call.into_iter().collect();
        operands::check(expression, known, &mut found);
        found
    };
    let found = faults(known);
    if !faults(&Certain).is_empty() {
        return Vec::new();
    }
    if !found.is_empty() || written_fault(expression, first, is_bound).is_some() {
        return found;
    }
    let fault = evaluated::fault(expression, first, is_bound, known);
    let of_context = || arguments::context_fault(expression, first, is_bound, known).filter(|_| !has_context);
    fault.or_else(of_context).into_iter().collect()
}

/// A call that fails for what is written out in it.
fn written_fault(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
) -> Option<Finding> {
    let fault = constants::fault(expression, first, is_bound);
    fault.or_else(|| evaluated::fault(expression, first, is_bound, &Certain))
}

/// What is wrong with the keys of a group for what is known about them, and cannot be seen without that.
pub(crate) fn key_faults(pairs: &[Pair], known: &dyn Known) -> Vec<Finding> {
    let is_certain = !operands::key_faults(pairs, &Certain).is_empty();
    if is_certain { Vec::new() } else { operands::key_faults(pairs, known) }
}

/// The same of the terms that more than one item is sorted by.
pub(crate) fn sort_faults(terms: &[SortTerm], known: &dyn Known) -> Vec<Finding> {
    operands::sort_faults(terms, known)
}

/// Checks an expression. `outside` says whether there is a variable of a name (without the `$`) around it; where that is not known it
/// says that there is.
#[must_use]
pub fn check(expression: &Expression, dialect: Dialect, outside: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut bound = BTreeSet::new();
    collect_bound(expression, &mut bound);
    let mut check = Check { dialect, outside, bound, findings: Vec::new() };
    check.visit(expression);
    if dialect == Dialect::States {
        check.check_not_called(expression);
        context::check(expression, &mut check.findings);
    }
    let mut findings = check.findings;
    findings.sort_by_key(|finding| finding.span);
    findings
}

struct Check<'c> {
    dialect: Dialect,
    outside: &'c dyn Fn(&str) -> bool,
    /// The names that the expression binds somewhere.
    bound: BTreeSet<&'c str>,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn visit(&mut self, expression: &Expression) {
        self.visit_applied(expression, None);
    }

    /// Visits an expression with what it is applied to, if it follows a `~>`.
    fn visit_applied(&mut self, expression: &Expression, first: Option<&Expression>) {
        self.check_names(expression);
        if self.dialect == Dialect::States {
            self.check_bound(expression);
        }
        let is_bound = |name: &str| self.bound.contains(name);
        let call = arguments::fault(expression, first, self.dialect, &is_bound, &Certain);
        let mut found: Vec<_> = call.into_iter().collect();
        operands::check(expression, &Certain, &mut found);
        found.extend(written_fault(expression, first, &is_bound));
        self.findings.extend(found);
        self.findings.extend(constants::text_filters(expression));
        self.visit_inside(expression);
    }

    fn visit_inside(&mut self, expression: &Expression) {
        let applied =
            if let ExpressionKind::Apply(sides) = &expression.kind { Some(sides.as_ref()) } else { None };
        for child in expression.children() {
            match applied {
                // A call there gets what it is applied to as its first argument.
                Some([first, function]) if std::ptr::eq(child, function) => {
                    self.visit_applied(function, Some(first))
                }
                _ => self.visit(child),
            }
        }
    }
}

#[cfg(test)]
mod tests;
