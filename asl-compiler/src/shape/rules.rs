//! Choice rules that an earlier rule leaves nothing to: whenever they hold, the earlier one holds.

use super::narrow::{compare_numbers, compare_texts, is};
use crate::definition::{Choice, Comparison, Condition, Operand};
use crate::path::Path;
use crate::vocabulary::{Property, Relation};
use std::cmp::Ordering;

/// Of more rules not all are compared with all.
const RULES: usize = 100;

/// The rules that are never reached, each with an earlier one that holds whenever it does.
pub(super) fn shadowed(choice: &Choice) -> Vec<(usize, usize)> {
    let conditions: Vec<_> = choice.rules.iter().take(RULES).map(|rule| rule.condition.as_ref()).collect();
    let mut found = Vec::new();
    for (condition, number) in conditions.iter().zip(0..) {
        let Some(condition) = condition else { continue };
        let earlier = conditions
            .iter()
            .take(number)
            .position(|earlier| earlier.is_some_and(|earlier| implies(condition, earlier)));
        found.extend(earlier.map(|earlier| (number, earlier)));
    }
    found
}

/// Where the rule is: its first path.
pub(super) fn first_path(condition: &Condition) -> Option<&Path> {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter().find_map(first_path),
        Condition::Not(inner) => first_path(inner),
        Condition::Test { variable, .. } => Some(variable),
        Condition::Expression(_) | Condition::Constant(_) => None,
    }
}

/// Whether `wider` must hold where `condition` holds.
fn implies(condition: &Condition, wider: &Condition) -> bool {
    if let Condition::Or(any) = condition {
        return any.iter().all(|one| implies(one, wider));
    }
    if let Condition::And(all) = wider {
        return all.iter().all(|one| implies(condition, one));
    }
    let by_part = matches!(condition, Condition::And(all) if all.iter().any(|one| implies(one, wider)));
    let to_part = matches!(wider, Condition::Or(any) if any.iter().any(|one| implies(condition, one)));
    by_part
        || to_part
        || match (condition, wider) {
            (Condition::Not(condition), Condition::Not(wider)) => implies(wider, condition),
            (
                Condition::Test { variable, comparison, .. },
                Condition::Test { variable: wider_variable, comparison: wider, .. },
            ) => same(variable, wider_variable) && comparison_implies(comparison, wider),
            _ => false,
        }
}

/// Whether two paths lead to the same place.
fn same(one: &Path, other: &Path) -> bool {
    one.root == other.root && one.selectors == other.selectors && one.ir_steps() == other.ir_steps()
}

fn comparison_implies(comparison: &Comparison, wider: &Comparison) -> bool {
    match (comparison, wider) {
        // What can be compared is there: otherwise the execution has failed.
        (Comparison::Is(Property::Present, present), Comparison::Is(Property::Present, true)) => *present,
        (_, Comparison::Is(Property::Present, wanted)) => *wanted,
        (Comparison::Is(property, value), Comparison::Is(wider, wider_value)) => {
            property == wider && value == wider_value
        }
        (Comparison::StringMatches(parts), Comparison::StringMatches(wider)) => parts == wider,
        (Comparison::Boolean(value), Comparison::Boolean(wider)) => {
            operands((Relation::Equals, value), (Relation::Equals, wider), |one, other| {
                (one == other).then_some(Ordering::Equal)
            })
        }
        (Comparison::String(relation, text), Comparison::String(wider_relation, wider)) => {
            operands((*relation, text), (*wider_relation, wider), |one, other| {
                let (one, other) = (one.value.as_str(), other.value.as_str());
                let placeholder =
                    super::constant::has_placeholder(one) || super::constant::has_placeholder(other);
                if placeholder && one != other { None } else { compare_texts(one, other) }
            })
        }
        (Comparison::Numeric(relation, number), Comparison::Numeric(wider_relation, wider)) => {
            operands((*relation, number), (*wider_relation, wider), |one, other| {
                compare_numbers(*one, *other)
            })
        }
        (Comparison::Timestamp(relation, time), Comparison::Timestamp(wider_relation, wider)) => {
            operands((*relation, time), (*wider_relation, wider), PartialOrd::partial_cmp)
        }
        _ => false,
    }
}

fn operands<T>(
    (relation, operand): (Relation, &Operand<T>),
    (wider_relation, wider): (Relation, &Operand<T>),
    compare: impl Fn(&T, &T) -> Option<Ordering>,
) -> bool {
    match (operand, wider) {
        (Operand::Path(path), Operand::Path(wider)) => relation == wider_relation && same(path, wider),
        (Operand::Constant(operand), Operand::Constant(wider)) => {
            compare(operand, wider).is_some_and(|order| relation_implies(relation, wider_relation, order))
        }
        _ => false,
    }
}

/// Whether `x relation a` says that `x wider b`, where `order` is that of `a` and `b`.
fn relation_implies(relation: Relation, wider: Relation, order: Ordering) -> bool {
    use Relation::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    match (relation, wider) {
        (Equals, wider) => is(wider, Some(order)),
        (LessThan, LessThan | LessThanEquals) | (LessThanEquals, LessThanEquals) => order.is_le(),
        (LessThanEquals, LessThan) => order.is_lt(),
        (GreaterThan, GreaterThan | GreaterThanEquals) | (GreaterThanEquals, GreaterThanEquals) => {
            order.is_ge()
        }
        (GreaterThanEquals, GreaterThan) => order.is_gt(),
        _ => false,
    }
}
