//! What is evaluated whenever the expression around it is.

use super::certain::certain;
use crate::jsonata::tree::{Expression, Group, Kind, Operator, Pair, StepKind};

/// The parts of an expression that are evaluated whenever it is. Filters, further steps of paths, bodies of functions, and the branches of
/// conditions may never be.
pub(super) fn always(expression: &Expression) -> Vec<&Expression> {
    let mut parts = match &expression.kind {
        Kind::Path(path) => match path.steps.first().map(|step| &step.kind) {
            Some(StepKind::Expression(first)) => vec![first],
            Some(StepKind::Sort(_)) | None => Vec::new(),
        },
        Kind::Object(pairs) => of_pairs(pairs),
        Kind::Binary(binary) => match (binary.operator, binary.sides.as_ref()) {
            (Operator::And | Operator::Or, [left, _]) => vec![left],
            (_, sides) => sides.iter().collect(),
        },
        Kind::Condition(condition) => vec![&*condition.condition],
        Kind::Lambda(_) | Kind::Transform(_) => Vec::new(),
        Kind::Negate(_) | Kind::Array(_) | Kind::Range(_) | Kind::Bind(_) | Kind::Block(_) => all(expression),
        Kind::Call(_) | Kind::Partial(_) | Kind::Apply(_) => all(expression),
        Kind::String(_) | Kind::Number(_) | Kind::Boolean(_) | Kind::Null | Kind::Regex(_) => Vec::new(),
        Kind::Name(_) | Kind::Wildcard | Kind::Descendants | Kind::Parent(_) | Kind::Variable(_) => {
            Vec::new()
        }
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
