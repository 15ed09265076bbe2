//! Operators with a side that they never take.

use super::certain::{word, words};
use super::{Finding, FindingKind, Known};
use crate::jsonata::tree::{Binary, Expression, ExpressionKind, Operator, Pair};
use std::collections::HashSet;

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
        findings.extend(left_fault.or_else(right_fault));
    } else if let ExpressionKind::Object(pairs) = &expression.kind {
        check_keys(pairs, known, findings);
    } else if let ExpressionKind::Apply(sides) = &expression.kind {
        let [_, function] = sides.as_ref();
        findings.extend(unless(known, "f", function, "T2006", "the right side of `~>` must be a function"));
    }
    expression.group.iter().for_each(|group| check_keys(&group.pairs, known, findings));
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
    let (one, other) = (known.letters(left)?, known.letters(right)?);
    // `null` is compared with to ask whether something is there.
    let is_clear = |letters: &str| !letters.is_empty() && !letters.contains(['l', 'f']);
    if !is_clear(&one) || !is_clear(&other) || one.contains(|letter| other.contains(letter)) {
        return None;
    }
    let holds = if binary.operator == Operator::Equal { "never" } else { "always" };
    let message =
        format!("`{}` {holds} holds: {} is never {}", binary.operator.as_str(), words(&one), words(&other));
    Some(Finding::warning(binary.operator_span, FindingKind::NeverHolds, message))
}

fn suggest_concatenation(fault: Finding, binary: &Binary, known: &dyn Known) -> Finding {
    let is_text = |side: &Expression| known.letter(side) == Some('s');
    if binary.operator == Operator::Add && binary.sides.iter().any(is_text) {
        return fault.help("strings are joined with `&`");
    }
    fault
}

fn check_keys(pairs: &[Pair], known: &dyn Known, findings: &mut Vec<Finding>) {
    findings.extend(duplicate_key(pairs));
    findings.extend(
        pairs.iter().filter_map(|pair| unless(known, "s", &pair.key, "T1003", "a key must be a string")),
    );
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
