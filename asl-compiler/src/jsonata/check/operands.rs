//! Operators with a side that they never take.

use super::certain::{word, words};
use super::constants::number_of;
use super::{Finding, FindingKind, Known};
use crate::jsonata::tree::{Binary, Expression, ExpressionKind, Operator, Pair, SortTerm};
use crate::suggest::{closest, is_slip_of};
use std::collections::HashSet;
use std::sync::Arc;

pub(super) fn check(expression: &Expression, known: &dyn Known, findings: &mut Vec<Finding>) {
    if let ExpressionKind::Binary(binary) = &expression.kind {
        check_binary(binary, known, findings);
    } else if let ExpressionKind::Negate(operand) = &expression.kind {
        findings.extend(unless(known, "n", operand, "D1002", "`-` negates a number"));
    } else if let ExpressionKind::Range(sides) = &expression.kind {
        let [first, last] = sides.as_ref();
        let left_fault = unless(known, "n", first, "T2003", "the left side of `..` must be a whole number");
        let right_fault =
            || unless(known, "n", last, "T2004", "the right side of `..` must be a whole number");
        findings.extend(left_fault.or_else(right_fault).or_else(|| range_fault(sides, known)));
    } else if let ExpressionKind::Transform(transform) = &expression.kind {
        let rule = "what a transformation adds must be an object";
        findings.extend(unless(known, "o", &transform.update, "T2011", rule));
        let deleted = transform.delete.as_deref();
        let rule = "what a transformation deletes must be names";
        findings.extend(deleted.and_then(|deleted| unless(known, "sa", deleted, "T2012", rule)));
    } else if let ExpressionKind::Object(pairs) = &expression.kind {
        check_keys(pairs, known, findings);
    } else if let ExpressionKind::Apply(sides) = &expression.kind {
        let [_, function] = sides.as_ref();
        findings.extend(unless(known, "f", function, "T2006", "the right side of `~>` must be a function"));
        if matches!(function.kind, ExpressionKind::Transform(_)) {
            let [document, _] = sides.as_ref();
            let rule = "a transformation changes an object or an array";
            findings.extend(unless(known, "oa", document, "T0410", rule));
        }
    }
    expression.group.iter().for_each(|group| check_keys(&group.pairs, known, findings));
}

/// The sides of a range are whole numbers, and there is an end to how many it is.
fn range_fault(sides: &[Expression; 2], known: &dyn Known) -> Option<Finding> {
    const LONGEST: f64 = 1e7;
    let number = |side| number_of(side).or_else(|| known.value(side)?.as_f64());
    let [first, last] = sides.each_ref().map(|side| Some((side, number(side)?)));
    let has_parts = |side: &(&Expression, f64)| side.1.fract() != 0.0;
    let error = |span, code, message| Some(Finding::error(span, FindingKind::WrongOperand, code, message));
    if let Some((side, number)) = first.filter(has_parts).or_else(|| last.filter(has_parts)) {
        let code = if first.is_some_and(|first| has_parts(&first)) { "T2003" } else { "T2004" };
        return error(side.span, code, format!("a side of `..` must be a whole number, not {number}"));
    }
    let ((_, from), (side, to)) = (first?, last?);
    let message = "a range has no more than 10,000,000 numbers".to_owned();
    if to - from + 1.0 > LONGEST { error(side.span, "D2014", message) } else { None }
}

fn check_binary(binary: &Binary, known: &dyn Known, findings: &mut Vec<Finding>) {
    let [left, right] = binary.sides.as_ref();
    let operator = binary.operator.as_str();
    match binary.operator {
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
            let left_fault =
                unless(known, "n", left, "T2001", &format!("the left side of `{operator}` must be a number"));
            let right_fault = || {
                unless(
                    known,
                    "n",
                    right,
                    "T2002",
                    &format!("the right side of `{operator}` must be a number"),
                )
            };
            let fault = left_fault.or_else(right_fault);
            findings.extend(fault.map(|fault| suggest_concatenation(fault, binary, known)));
        }
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            findings.extend(check_comparison(binary, known));
        }
        Operator::Equal | Operator::NotEqual => findings.extend(check_equality(binary, known)),
        Operator::Concatenate => {}
        Operator::And | Operator::Or | Operator::In => {}
    }
}

fn check_comparison(binary: &Binary, known: &dyn Known) -> Option<Finding> {
    let [left, right] = binary.sides.as_ref();
    let operator = binary.operator.as_str();
    let rule = format!("`{operator}` compares numbers or strings");
    let fault =
        unless(known, "ns", left, "T2010", &rule).or_else(|| unless(known, "ns", right, "T2010", &rule));
    fault.or_else(|| {
        let (left, right) = (known.letter(left)?, known.letter(right)?);
        let message =
            format!("`{operator}` compares values of one type, not {} and {}", word(left), word(right));
        (left != right)
            .then(|| Finding::error(binary.operator_span, FindingKind::WrongOperand, "T2009", message))
    })
}

/// What can never be equal, because it is of different types.
fn check_equality(binary: &Binary, known: &dyn Known) -> Option<Finding> {
    let [left, right] = binary.sides.as_ref();
    if let Some((one, other)) = known.texts(left).zip(known.texts(right)) {
        return other_texts(binary, &one, &other);
    }
    let (one, other) = (known.letters(left)?, known.letters(right)?);
    // `null` is compared with to ask whether something is there.
    let is_clear = |letters: &str| !letters.is_empty() && !letters.contains(['l', 'f']);
    if !is_clear(&one) || !is_clear(&other) || one.contains(|letter| other.contains(letter)) {
        return None;
    }
    let holds = if binary.operator == Operator::Equal { "never" } else { "always" };
    let message =
        format!("`{}` {holds} holds: {} is never {}", binary.operator.as_str(), words(&one), words(&other));
    Some(Finding::warning(binary.operator_span, FindingKind::NeverHolds, message).into_error())
}

/// What can never be equal, because it is one of other texts. One that is nearly the other is certainly a mistake.
fn other_texts(binary: &Binary, one: &[Arc<str>], other: &[Arc<str>]) -> Option<Finding> {
    if one.iter().any(|text| other.contains(text)) {
        return None;
    }
    let is_written = |side: &Expression| matches!(side.kind, ExpressionKind::String(_));
    let [left, _] = binary.sides.as_ref();
    let (written, known) = match (one, other) {
        // Of two single texts, what is written out is compared with the other.
        ([written], known) if known.len() > 1 || is_written(left) => (written, known),
        (known, [written]) => (written, known),
        _ => return None,
    };
    let holds = if binary.operator == Operator::Equal { "never" } else { "always" };
    let operator = binary.operator.as_str();
    let message = match known {
        [only] => format!("`{operator}` {holds} holds: the value is always `{only}`, never `{written}`"),
        _ => format!("`{operator}` {holds} holds: the value is never `{written}`"),
    };
    let finding = Finding::warning(binary.operator_span, FindingKind::NeverHolds, message);
    let Some(meant) = closest(written, known.iter().map(|text| &**text)) else {
        return Some(finding);
    };
    let is_certain = known.len() > 1 && is_slip_of(written, meant);
    let finding = if is_certain { finding.into_error() } else { finding };
    Some(finding.help(format!("did you mean `{meant}`?")))
}

fn suggest_concatenation(fault: Finding, binary: &Binary, known: &dyn Known) -> Finding {
    let is_text = |side: &Expression| known.letter(side) == Some('s');
    if binary.operator == Operator::Add && binary.sides.iter().any(is_text) {
        return fault.help("strings are joined with `&`");
    }
    fault
}

/// The keys of a group, where what is known of them is known later than of the rest.
pub(super) fn key_faults(pairs: &[Pair], known: &dyn Known) -> Vec<Finding> {
    pairs.iter().filter_map(|pair| unless(known, "s", &pair.key, "T1003", "a key must be a string")).collect()
}

/// What a sort compares, of which there is more than one.
pub(super) fn sort_faults(terms: &[SortTerm], known: &dyn Known) -> Vec<Finding> {
    let rule = "a sort compares numbers or strings";
    terms.iter().filter_map(|term| unless(known, "ns", &term.expression, "T2008", rule)).collect()
}

fn check_keys(pairs: &[Pair], known: &dyn Known, findings: &mut Vec<Finding>) {
    findings.extend(duplicate_key(pairs));
    findings.extend(key_faults(pairs, known));
}

/// Two keys that are the same text.
fn duplicate_key(pairs: &[Pair]) -> Option<Finding> {
    let text = |pair: &Pair| {
        if let ExpressionKind::String(text) = &pair.key.kind { Some(text.clone()) } else { None }
    };
    let mut seen = HashSet::new();
    let second = pairs.iter().find(|pair| text(pair).is_some_and(|text| !seen.insert(text)))?;
    let message = format!("the key `{}` is given twice", text(second)?);
    Some(Finding::error(second.key.span, FindingKind::WrongOperand, "D1009", message))
}

/// A finding if the type is certain, and none of these.
fn unless(
    known: &dyn Known,
    letters: &str,
    expression: &Expression,
    code: &'static str,
    rule: &str,
) -> Option<Finding> {
    let fits = |found: &String| found.is_empty() || found.contains(|letter| letters.contains(letter));
    let found = known.letters(expression).filter(|found| !fits(found))?;
    let message = format!("{rule}, not {}", words(&found));
    Some(Finding::error(expression.span, FindingKind::WrongOperand, code, message))
}
