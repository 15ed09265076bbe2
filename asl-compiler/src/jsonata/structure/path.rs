//! Paths: steps, filters, sorting, and what is bound at a step.

use super::Builder;
use super::part::PathPart;
use crate::jsonata::Fault;
use crate::jsonata::lexer::shown_number;
use crate::jsonata::syntax::{Name, SyntaxNode, Term};
use crate::jsonata::tree::{
    Array, Block, Expression, ExpressionKind, Path, PathStep, SortTerm, Stage, StepKind,
};
use crate::source::Span;

/// A path of one name.
pub(super) fn of_name(span: Span, name: String, keep_array: bool) -> Box<PathPart> {
    let mut expression = Expression::new(span, ExpressionKind::Name(name));
    expression.keep_array = keep_array;
    let mut part = PathPart::new(expression).into_path();
    part.path_mut().into_iter().for_each(|path| path.keep_singleton_array = keep_array);
    part
}

/// Whether an expression is an array constructor whose result is not flattened, or starts with one.
pub(super) fn starts_constructed(expression: &Expression) -> bool {
    if let ExpressionKind::Path(path) = &expression.kind
        && let Some(PathStep { kind: StepKind::Expression(first), .. }) = path.steps.first()
    {
        return is_constructed(first);
    }
    is_constructed(expression)
}

fn is_constructed(expression: &Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Array(Array { constructed: true, .. }))
        || matches!(&expression.kind, ExpressionKind::Block(Block { constructed: true, .. }))
}

impl Builder {
    /// `a.b`
    pub(super) fn map(&mut self, [left, right]: [SyntaxNode; 2]) -> Result<Box<PathPart>, Fault> {
        let left = self.build(left)?;
        let seeks_itself = super::part::own(&left.expression);
        let mut whole = left.into_path();
        whole.seeking.extend(seeks_itself);
        let right = self.build(right)?;
        let (steps, seeking) = right.into_steps();
        whole.extend(steps);
        whole.path_mut().map_or(Ok(()), settle_steps)?;
        whole.last_seeking = seeking;
        self.ancestry.resolve_path(&mut whole)?;
        Ok(whole)
    }

    /// `a[b]`
    pub(super) fn filter(
        &mut self,
        span: Span,
        [left, right]: [SyntaxNode; 2],
    ) -> Result<Box<PathPart>, Fault> {
        let mut part = self.build(left)?;
        if follows_group(&mut part) {
            let message = "A predicate cannot follow a grouping expression in a step";
            return Err(Fault::new("S0209", span, message));
        }
        let filter = self.build(right)?;
        let is_path = part.path_mut().is_some();
        // What is not a path is looked at as the step that it may become.
        let (mut step, mut seeking) = match take_last_step(&mut part) {
            Some(step) => (step, std::mem::take(&mut part.last_seeking)),
            None => std::mem::replace(&mut part, PathPart::unfinished()).into_step(),
        };
        self.ancestry.resolve_filter(&mut step, &filter)?;
        if !filter.seeking.is_empty() {
            seeking.extend(filter.sought());
        }
        let filter = filter.into_expression();
        if is_path {
            step.stages.push(Stage::Filter(filter));
            part.last_seeking = seeking;
            part.extend([step]);
        } else if let StepKind::Expression(mut expression) = step.kind {
            expression.predicates.push(filter);
            part = PathPart::new(expression);
            (part.focus, part.tuple, part.seeking) = (step.focus, step.tuple, seeking);
        }
        Ok(part)
    }

    /// `a^(b)`
    pub(super) fn order_by(&mut self, of: SyntaxNode, terms: Vec<Term>) -> Result<Box<PathPart>, Fault> {
        let mut whole = self.build(of)?.into_path();
        let mut seeking = PathPart::unfinished();
        let mut sorted = Vec::new();
        for Term { descending, expression } in terms {
            sorted.push(SortTerm { descending, expression: self.operand(expression, &mut seeking)? });
        }
        whole.last_seeking = seeking.seeking;
        whole.extend([PathStep::new(StepKind::Sort(sorted))]);
        self.ancestry.resolve_path(&mut whole)?;
        Ok(whole)
    }

    /// `a@$b`, whose step keeps its array in `a@$b[]`.
    pub(super) fn focus(
        &mut self,
        of: SyntaxNode,
        name: Name,
        keep_array: bool,
    ) -> Result<Box<PathPart>, Fault> {
        let mut part = self.build(of)?;
        let fault = |code, message| Err(Fault::new(code, name.span, message));
        let last = part.path_mut().and_then(|path| path.steps.last_mut());
        let filtered = last.as_ref().is_some_and(|step| !step.stages.is_empty() || has_predicates(step));
        if filtered || !part.expression.predicates.is_empty() {
            return fault("S0215", "A context variable binding must precede any predicates on a step");
        }
        let Some(last) = part.path_mut().and_then(|path| path.steps.last_mut()) else {
            part.focus = Some(name.name);
            part.tuple = true;
            return Ok(part);
        };
        match &mut last.kind {
            StepKind::Expression(expression) => expression.keep_array |= keep_array,
            StepKind::Sort(_) => {
                let message = "A context variable binding must precede the 'order-by' clause on a step";
                return fault("S0216", message);
            }
        }
        last.focus = Some(name.name);
        last.tuple = true;
        Ok(part)
    }

    /// `a#$b`
    pub(super) fn index(&mut self, of: SyntaxNode, name: Name) -> Result<Box<PathPart>, Fault> {
        let mut part = self.build(of)?;
        if part.path_mut().is_none() {
            let span = part.expression.span;
            let (step, last_seeking) = part.into_step_with_stages();
            let path = Path { steps: vec![step], keep_singleton_array: false, tuple: false };
            part = PathPart::new(Expression::new(span, ExpressionKind::Path(path)));
            part.last_seeking = last_seeking;
        }
        if let Some(step) = part.path_mut().and_then(|path| path.steps.last_mut()) {
            step.tuple = true;
            if step.stages.is_empty() {
                step.index = Some(name.name);
            } else {
                step.stages.push(Stage::Index(name.name));
            }
        }
        Ok(part)
    }
}

fn take_last_step(part: &mut PathPart) -> Option<PathStep> {
    part.path_mut()?.steps.pop()
}

/// Whether the step that a filter would filter is grouped already.
fn follows_group(part: &mut PathPart) -> bool {
    let Some(path) = part.path_mut() else { return part.expression.group.is_some() };
    path.steps.last().is_some_and(|step| match &step.kind {
        StepKind::Expression(expression) => expression.group.is_some(),
        StepKind::Sort(_) => false,
    })
}

fn has_predicates(step: &PathStep) -> bool {
    matches!(&step.kind, StepKind::Expression(expression) if !expression.predicates.is_empty())
}

/// What holds for a path as far as it is known: literals are not steps, strings are names, and the array constructors at its ends
/// are not flattened.
fn settle_steps(path: &mut Path) -> Result<(), Fault> {
    for step in &mut path.steps {
        if let StepKind::Expression(expression) = &mut step.kind {
            settle_step(expression)?;
            path.keep_singleton_array |= expression.keep_array;
        }
    }
    mark_constructed(path.steps.first_mut());
    mark_constructed(path.steps.last_mut());
    Ok(())
}

fn settle_step(expression: &mut Expression) -> Result<(), Fault> {
    if let ExpressionKind::String(text) = &mut expression.kind {
        expression.kind = ExpressionKind::Name(std::mem::take(text));
    }
    let Some(literal) = literal(&expression.kind) else { return Ok(()) };
    let message = format!("The literal value {literal} cannot be used as a step within a path expression");
    Err(Fault::new("S0213", expression.span, message))
}

/// A literal that is not a string.
fn literal(kind: &ExpressionKind) -> Option<String> {
    if let ExpressionKind::Number(number) = kind {
        Some(shown_number(*number))
    } else if let ExpressionKind::Boolean(value) = kind {
        Some(value.to_string())
    } else {
        matches!(kind, ExpressionKind::Null).then(|| "null".to_owned())
    }
}

fn mark_constructed(step: Option<&mut PathStep>) {
    if let Some(PathStep {
        kind: StepKind::Expression(Expression { kind: ExpressionKind::Array(array), .. }),
        ..
    }) = step
    {
        array.constructed = true;
    }
}
