//! Conditions in a row that compare one expression with constants: it is evaluated once for all of them.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of the many kinds of expressions few are looked up or constant"
)]

use crate::checked::{Case, Condition, Expression, Rule};
use crate::jsonata::tree::{Expression as Tree, ExpressionKind, Operator, StepKind};
use std::sync::Arc;

/// Up to here every whole number is a number of JSONata.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Splits the conditions of such rules.
pub(super) fn find(rules: &mut [Rule]) {
    let are_together = |one: &Rule, next: &Rule| match (parts(one), parts(next)) {
        (Some((one, value, case)), Some((next, other, another))) => {
            one.text.get(value.span.range()) == next.text.get(other.span.range()) && case.is_like(&another)
        }
        _ => false,
    };
    for run in rules.chunk_by_mut(|one, next| are_together(one, next)) {
        if run.len() < Case::MANY {
            continue;
        }
        // What an error says is the text of the rule that is evaluated, which is the first.
        let first = run
            .first()
            .and_then(parts)
            .map(|(expression, value, _)| Expression { tree: Arc::new(value.clone()), ..expression.clone() });
        let Some(first) = first else { continue };
        for rule in run {
            if let Some((.., case)) = parts(rule) {
                rule.condition = Condition::Equals { value: first.clone(), case };
            }
        }
    }
}

/// The expression of a rule that compares something with a constant, what it compares, and what with.
fn parts(rule: &Rule) -> Option<(&Expression, &Tree, Case)> {
    let Condition::Expression(expression) = &rule.condition else { return None };
    let (value, case) = compared(&expression.tree)?;
    Some((expression, value, case))
}

fn compared(tree: &Tree) -> Option<(&Tree, Case)> {
    let ExpressionKind::Binary(binary) = &tree.kind else { return None };
    let [value, constant] = &*binary.sides;
    let is_comparison = binary.operator == Operator::Equal && is_bare(tree) && is_bare(constant);
    if !is_comparison || !is_looked_up(value) {
        return None;
    }
    Some((value, case(&constant.kind)?))
}

fn case(constant: &ExpressionKind) -> Option<Case> {
    match constant {
        ExpressionKind::String(text) => Some(Case::Text(text.clone())),
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within the range")]
        ExpressionKind::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
            Some(Case::Integer(*number as i64))
        }
        _ => None,
    }
}

/// Whether nothing follows it.
const fn is_bare(tree: &Tree) -> bool {
    tree.predicates.is_empty() && tree.group.is_none() && !tree.keep_array
}

/// Whether it is a variable, or fields of one: each evaluation yields the same.
fn is_looked_up(tree: &Tree) -> bool {
    is_bare(tree)
        && match &tree.kind {
            ExpressionKind::Variable(_) | ExpressionKind::Name(_) => true,
            ExpressionKind::Path(path) => {
                !path.tuple
                    && path.steps.iter().all(|step| {
                        step.stages.is_empty()
                            && matches!(&step.kind, StepKind::Expression(step) if is_looked_up(step))
                    })
            }
            _ => false,
        }
}
