//! `Items` of a Map that may not be an array: JSONata makes one value of a sequence of one, and nothing of an empty one.

use super::Checker;
use crate::code::Code;
use crate::definition::{Items, Map, Template};
use crate::diagnostic::Diagnostic;
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::{Bind, Expression, ExpressionKind, Stage, StepKind, Yields};

pub(super) fn check(map: &Map, checker: &mut Checker<'_>) {
    let Items::Template(Template::Expression(expression)) = &map.items else { return };
    let Some(what) = expression.tree.as_ref().and_then(|tree| sequence(tree, &mut Vec::new())) else {
        return;
    };
    let message = format!("{what} may return a single item, or nothing, but `Items` needs an array");
    checker.diagnostics.push(
        Diagnostic::new(Code::ItemsMayBeOne, expression.span, message)
            .label("a sequence of one is its item")
            .help(format!("write `{{% [{}] %}}`", expression.text)),
    );
}

/// What makes a sequence of any length, if the expression is that. `bound` is what was bound before it, the innermost last.
fn sequence<'e>(expression: &'e Expression, bound: &mut Vec<&'e Bind>) -> Option<String> {
    if expression.keep_array || expression.group.is_some() {
        return None;
    }
    if !expression.predicates.is_empty() {
        return filters(&expression.predicates).then(|| "a filter".to_owned());
    }
    if let ExpressionKind::Path(path) = &expression.kind {
        let last = path.steps.last().filter(|_| !path.keep_singleton_array)?;
        let filters_after = last.stages.iter().any(|stage| match stage {
            Stage::Filter(filter) => !is_index(filter),
            Stage::Index(_) => false,
        });
        return match &last.kind {
            _ if filters_after => Some("a filter".to_owned()),
            StepKind::Expression(last) => sequence(last, bound),
            StepKind::Sort(_) => None,
        };
    }
    if let ExpressionKind::Apply(sides) = &expression.kind {
        let [_, function] = sides.as_ref();
        return sequence(function, bound);
    }
    if let ExpressionKind::Block(block) = &expression.kind {
        let (last, before) = block.expressions.split_last()?;
        bound.extend(before.iter().filter_map(binding));
        return sequence(last, bound);
    }
    if let ExpressionKind::Variable(name) = &expression.kind {
        let at = bound.iter().rposition(|bind| bind.name == *name)?;
        // What was bound later is not seen there.
        let value = &bound.drain(at..).next()?.value;
        return sequence(value, bound);
    }
    if let ExpressionKind::Condition(condition) = &expression.kind {
        let mut branches = std::iter::once(&condition.then).chain(&condition.otherwise);
        return branches.find_map(|branch| sequence(branch, &mut bound.clone()));
    }
    if let ExpressionKind::Call(call) = &expression.kind { called(&call.procedure) } else { None }
}

fn called(procedure: &Expression) -> Option<String> {
    let ExpressionKind::Variable(name) = &procedure.kind else { return None };
    functions::find(name, Dialect::States)?.is_sequence.then(|| format!("`${name}`"))
}

fn binding(expression: &Expression) -> Option<&Bind> {
    if let ExpressionKind::Bind(bind) = &expression.kind { Some(bind) } else { None }
}

fn filters(predicates: &[Expression]) -> bool {
    predicates.iter().any(|predicate| !is_index(predicate))
}

/// An index leads to one item, which may be an array. A variable is the same for all items, so that it is one as well.
fn is_index(filter: &Expression) -> bool {
    if let ExpressionKind::Path(path) = &filter.kind {
        let first = path.steps.first().map(|step| &step.kind);
        return matches!(first, Some(StepKind::Expression(first)) if is_variable(first));
    }
    if let ExpressionKind::Binary(binary) = &filter.kind {
        return binary.operator.yields() == Yields::Number;
    }
    matches!(filter.kind, ExpressionKind::Number(_) | ExpressionKind::Negate(_)) || is_variable(filter)
}

/// A variable with a name: `$` is the item itself.
fn is_variable(expression: &Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Variable(name) if !name.is_empty())
}
