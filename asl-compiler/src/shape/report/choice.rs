//! Comparisons that never hold, and rules that are never reached.

use super::value_in_words;
use crate::code::Code;
use crate::definition::{Choice, Comparison, Operand, State};
use crate::diagnostic::{Diagnostic, Severity};
use crate::path::Path;
use crate::shape::show::listed;
use crate::shape::{Shape, Values, rules};
use crate::source::Span;
use crate::suggest::{closest, is_slip_of};
use crate::vocabulary::{Relation, Root};
use std::sync::Arc;

pub(super) fn never_holds(
    (variable, operator): (&Path, Span),
    comparison: &Comparison,
    value: &Shape,
    operand: Option<&Shape>,
) -> Diagnostic {
    let name = name(comparison);
    let message = format!("`{name}` never holds for `{}`", variable.text);
    let label = format!("the value is {}", in_words(value));
    let path = comparison.operand_path();
    let is_mistaken = |value: &Shape| is_of_other_kind(comparison, value);
    let place = match path.zip(operand) {
        _ if is_mistaken(value) => Some(operator),
        Some((path, operand)) if is_mistaken(operand) => Some(path.span),
        _ => None,
    };
    let diagnostic = |span| Diagnostic::new(Code::ComparisonNeverHolds, span, message);
    // What the context object has is for AWS to say.
    if let Some(place) = place.filter(|_| !matches!(variable.root, Root::Context(_))) {
        let compares = format!("it compares {}", compared(comparison));
        let mut diagnostic = diagnostic(place).label(compares).related(variable.span, label);
        diagnostic.severity = Severity::Error;
        return diagnostic;
    }
    let diagnostic = suggest(diagnostic(variable.span).label(label), comparison, value);
    match (path, operand) {
        (Some(path), Some(operand)) if !operand.is_unknown() => {
            diagnostic.related(path.span, format!("this is {}", value_in_words(operand)))
        }
        _ => diagnostic,
    }
}

/// Whether the operator compares values of another kind, so that no value of the variable was ever meant. `null` stands for any value that
/// is still to come.
fn is_of_other_kind(comparison: &Comparison, value: &Shape) -> bool {
    let Some(kinds) = value.kinds().filter(|kinds| !kinds.null) else { return false };
    match comparison {
        Comparison::String(..) | Comparison::StringMatches(_) | Comparison::Timestamp(..) => {
            kinds.strings.is_none()
        }
        Comparison::Numeric(..) => kinds.numbers.is_none(),
        Comparison::Boolean(_) => kinds.booleans.is_none(),
        Comparison::Is(..) => false,
    }
}

/// What the operator compares.
const fn compared(comparison: &Comparison) -> &'static str {
    match comparison {
        Comparison::String(..) | Comparison::StringMatches(_) => "strings",
        Comparison::Numeric(..) => "numbers",
        Comparison::Boolean(_) => "booleans",
        Comparison::Timestamp(..) => "timestamps",
        Comparison::Is(..) => "any values",
    }
}

/// A value in words; of many constants as many as help.
fn in_words(value: &Shape) -> String {
    const MOST: usize = 12;
    match value.constants() {
        Some(constants) if constants.len() > MOST => format!("one of {} others", constants.len()),
        Some(constants) if constants.len() > 6 => {
            let constants: Vec<_> = constants.iter().map(|constant| format!("`{constant}`")).collect();
            format!("always {}", listed(&constants, "or"))
        }
        _ => value_in_words(value),
    }
}

/// One of several conditions may be there for values of another type. A word that is misspelt is wrong all the same.
pub(super) fn as_alternative(mut found: Diagnostic) -> Diagnostic {
    if found.help.is_empty() {
        found.severity = Severity::Warning;
    }
    found
}

/// The value of a similar spelling that there is.
fn suggest(diagnostic: Diagnostic, comparison: &Comparison, value: &Shape) -> Diagnostic {
    let (Comparison::String(Relation::Equals, Operand::Constant(text)), Some(kinds)) =
        (comparison, value.kinds())
    else {
        return diagnostic;
    };
    let Values::OneOf(values) = &kinds.strings else { return diagnostic };
    let variable = diagnostic.span;
    let mut diagnostic = meant(diagnostic, &text.value, values);
    if diagnostic.severity == Severity::Error {
        let label = std::mem::replace(&mut diagnostic.label, "the value is never this".to_owned());
        diagnostic.span = text.span;
        diagnostic = diagnostic.related(variable, label);
    }
    diagnostic
}

/// Help for a text that is compared with these values. One that is nearly one of them, and no other word, is certainly a mistake; any other
/// may be newer than what is known of the service.
fn meant(mut diagnostic: Diagnostic, text: &str, values: &[Arc<str>]) -> Diagnostic {
    let Some(value) = closest(text, values.iter().map(|value| &**value)) else { return diagnostic };
    if values.len() > 1 && is_slip_of(text, value) {
        diagnostic.severity = Severity::Error;
    }
    diagnostic.help(format!("did you mean `{value}`?"))
}

/// `always` is whether the earlier rule holds for everything that comes to it.
pub(super) fn never_reached(choice: &Choice, rule: usize, behind: usize, always: bool) -> Option<Diagnostic> {
    let path = |number: usize| rules::first_path(choice.rules.get(number)?.condition.as_ref()?);
    let message = format!("choice rule {} is never reached", rule + 1);
    let (label, related) = if always {
        ("the rule before it always holds", "this rule always holds")
    } else {
        ("an earlier rule holds whenever this one does", "the earlier rule")
    };
    let diagnostic = Diagnostic::new(Code::RuleNeverReached, path(rule)?.span, message).label(label);
    Some(diagnostic.related(path(behind)?.span, related))
}

/// No rule may hold.
pub(super) fn not_exhaustive(state: &State) -> Diagnostic {
    let name = &state.name;
    let message = format!("no rule of state `{}` may hold, and it has no `Default`", name.value);
    Diagnostic::new(Code::ChoiceNotExhaustive, name.span, message)
        .label("the execution fails with `States.NoChoiceMatched` then")
        .help("add `Default`, with a Fail state if it should never come to that")
}

/// The operator as it is written.
fn name(comparison: &Comparison) -> String {
    match comparison {
        Comparison::String(relation, operand) => operator("String", *relation, operand),
        Comparison::Numeric(relation, operand) => operator("Numeric", *relation, operand),
        Comparison::Boolean(operand) => operator("Boolean", Relation::Equals, operand),
        Comparison::Timestamp(relation, operand) => operator("Timestamp", *relation, operand),
        Comparison::StringMatches(_) => "StringMatches".to_owned(),
        Comparison::Is(property, _) => format!("Is{property:?}"),
    }
}

fn operator<T>(kind: &str, relation: Relation, operand: &Operand<T>) -> String {
    let relation = match relation {
        Relation::Equals => "Equals",
        Relation::LessThan => "LessThan",
        Relation::LessThanEquals => "LessThanEquals",
        Relation::GreaterThan => "GreaterThan",
        Relation::GreaterThanEquals => "GreaterThanEquals",
    };
    let path = if matches!(operand, Operand::Path(_)) { "Path" } else { "" };
    format!("{kind}{relation}{path}")
}
