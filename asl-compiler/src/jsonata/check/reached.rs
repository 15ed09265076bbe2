//! What is evaluated whenever the expression around it is.

use super::certain::certain;
use crate::jsonata::tree::{Expression, ExpressionKind, Group, Operator, Pair, StepKind};

/// The parts of an expression that are evaluated whenever it is. Filters, further steps of paths, bodies of functions, and the branches of
/// conditions may never be.
pub(super) fn always(expression: &Expression) -> Vec<&Expression> {
    let mut parts = match &expression.kind {
        ExpressionKind::Path(path) => match path.steps.first().map(|step| &step.kind) {
            Some(StepKind::Expression(first)) => vec![first],
            Some(StepKind::Sort(_)) | None => Vec::new(),
        },
        ExpressionKind::Object(pairs) => of_pairs(pairs),
        ExpressionKind::Binary(binary) => match (binary.operator, binary.sides.as_ref()) {
            (Operator::And | Operator::Or, [left, _]) => vec![left],
            (_, sides) => sides.iter().collect(),
        },
        ExpressionKind::Condition(condition) => vec![&*condition.condition],
        ExpressionKind::Lambda(_) | ExpressionKind::Transform(_) => Vec::new(),
        ExpressionKind::Negate(_)
        | ExpressionKind::Array(_)
        | ExpressionKind::Range(_)
        | ExpressionKind::Bind(_)
        | ExpressionKind::Block(_) => all(expression),
        ExpressionKind::Call(_) | ExpressionKind::Partial(_) | ExpressionKind::Apply(_) => all(expression),
        ExpressionKind::String(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Boolean(_)
        | ExpressionKind::Null
        | ExpressionKind::Regex(_) => Vec::new(),
        ExpressionKind::Name(_)
        | ExpressionKind::Wildcard
        | ExpressionKind::Descendants
        | ExpressionKind::Parent(_)
        | ExpressionKind::Variable(_) => Vec::new(),
    };
    if let Some(Group { pairs, .. }) = &expression.group {
        parts.extend(of_pairs(pairs));
    }
    parts
}

/// All but the filters and the group.
fn all(expression: &Expression) -> Vec<&Expression> {
    let mut parts = expression.children();
    let group = expression.group.as_ref().map_or(0, |group| 2 * group.pairs.len());
    parts.truncate(parts.len().saturating_sub(expression.predicates.len() + group));
    parts
}

/// The keys, and the values of those that are there in any case.
fn of_pairs(pairs: &[Pair]) -> Vec<&Expression> {
    let values = pairs.iter().filter(|pair| certain(&pair.key) == Some('s')).map(|pair| &pair.value);
    pairs.iter().map(|pair| &pair.key).chain(values).collect()
}
