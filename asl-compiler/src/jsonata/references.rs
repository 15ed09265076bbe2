//! What an expression takes from outside of it.
//!
//! In: the [tree](super::tree). Out: its variables that it does not bind itself. Never knows what there is outside.

use super::functions::{self, Dialect};
use super::is_stand_in;
use super::tree::{Expression, ExpressionKind, Path, PathStep, Stage, StepKind};
use crate::source::Span;
use std::collections::BTreeSet;

/// A mention of a variable from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name without the `$`; `$` itself is empty, and `$$` is `$`.
    pub name: String,
    /// Its place, with the `$`.
    pub span: Span,
    /// It is called.
    pub called: bool,
    /// The names that follow it, filters left out: `input`, `a` and `b` in `$states.input.a[0].b`.
    pub fields: Vec<Field>,
}

impl Reference {
    /// Whether only an `Assign` can give what is read, in an expression of a state.
    #[must_use]
    pub fn is_assigned(&self) -> bool {
        let name = self.name.as_str();
        !self.called
            && !matches!(name, "" | "$" | "states")
            && !is_stand_in(name)
            && functions::find(name, Dialect::States).is_none()
    }
}

/// A field that follows a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its place.
    pub span: Span,
}

/// The variables of an expression that are bound nowhere in it, `$` and `$$` and functions among them, in the order of the text.
#[must_use]
pub fn references(expression: &Expression) -> Vec<Reference> {
    let mut bound = BTreeSet::new();
    collect_bound(expression, &mut bound);
    let mut found = Vec::new();
    collect(expression, false, &mut found);
    found.retain(|reference| !bound.contains(reference.name.as_str()));
    found.sort_by_key(|reference| reference.span);
    found
}

/// The names that an expression binds anywhere.
pub(crate) fn bound(expression: &Expression) -> BTreeSet<&str> {
    let mut bound = BTreeSet::new();
    collect_bound(expression, &mut bound);
    bound
}

/// The names that an expression binds anywhere: by `:=`, as parameters, as focus or position.
pub(super) fn collect_bound<'e>(expression: &'e Expression, bound: &mut BTreeSet<&'e str>) {
    if let ExpressionKind::Bind(bind) = &expression.kind {
        bound.insert(&bind.name);
    } else if let ExpressionKind::Lambda(lambda) = &expression.kind {
        bound.extend(lambda.parameters.iter().map(|parameter| parameter.name.as_str()));
    } else if let ExpressionKind::Path(path) = &expression.kind {
        path.steps.iter().for_each(|step| collect_bound_by_step(step, bound));
    }
    expression.children().into_iter().for_each(|child| collect_bound(child, bound));
}

fn collect_bound_by_step<'e>(step: &'e PathStep, bound: &mut BTreeSet<&'e str>) {
    bound.extend(step.focus.as_deref());
    bound.extend(step.index.as_deref());
    bound.extend(step.stages.iter().filter_map(|stage| match stage {
        Stage::Index(name) => Some(name.as_str()),
        Stage::Filter(_) => None,
    }));
}

fn collect(expression: &Expression, called: bool, found: &mut Vec<Reference>) {
    let first = found.len();
    if let ExpressionKind::Variable(name) = &expression.kind {
        found.push(Reference { name: name.clone(), span: expression.span, called, fields: Vec::new() });
    }
    let procedure = procedure(expression);
    for child in expression.children() {
        let called = procedure.is_some_and(|procedure| std::ptr::eq(procedure, child));
        collect(child, called, found);
    }
    if let (ExpressionKind::Path(path), Some(reference)) = (&expression.kind, found.get_mut(first))
        && let Some(fields) = fields_after_variable(path)
    {
        reference.fields = fields;
    }
}

/// What an expression calls.
fn procedure(expression: &Expression) -> Option<&Expression> {
    if let ExpressionKind::Call(call) = &expression.kind {
        Some(&call.procedure)
    } else if let ExpressionKind::Partial(partial) = &expression.kind {
        Some(&partial.procedure)
    } else {
        None
    }
}

/// The names that follow the variable at the start of a path.
fn fields_after_variable(path: &Path) -> Option<Vec<Field>> {
    let (first, rest) = path.steps.split_first()?;
    let StepKind::Expression(Expression { kind: ExpressionKind::Variable(_), .. }) = &first.kind else {
        return None;
    };
    let name = |step: &PathStep| {
        if let StepKind::Expression(Expression { kind: ExpressionKind::Name(name), span, .. }) = &step.kind {
            Some(Field { name: name.clone(), span: *span })
        } else {
            None
        }
    };
    Some(rest.iter().map_while(name).collect())
}
