//! An expression while its place in a path is not known yet.

use crate::jsonata::tree::{Expression, ExpressionKind, Label, Path, PathStep, Stage, StepKind};
use crate::source::Span;

/// An expression that may become a step of a path.
#[derive(Debug)]
pub(super) struct PathPart {
    pub(super) expression: Expression,
    /// What it binds as a step; means nothing for a path, and for what becomes no step.
    pub(super) focus: Option<String>,
    pub(super) tuple: bool,
    /// The `%` in it that mean something outside of it; without itself, if it is one.
    pub(super) seeking: Vec<Label>,
    /// The same of its last step, if it is a path.
    pub(super) last_seeking: Vec<Label>,
}

impl PathPart {
    /// Always boxed, because every level of nesting takes stack.
    pub(super) fn new(expression: Expression) -> Box<Self> {
        let (seeking, last_seeking) = (Vec::new(), Vec::new());
        Box::new(Self { expression, focus: None, tuple: false, seeking, last_seeking })
    }

    /// Something that gets its kind later.
    pub(super) fn unfinished() -> Box<Self> {
        Self::new(Expression::new(Span::default(), ExpressionKind::Null))
    }

    pub(super) fn with(mut self: Box<Self>, kind: ExpressionKind) -> Box<Self> {
        self.expression.kind = kind;
        self
    }

    pub(super) fn into_expression(self: Box<Self>) -> Expression {
        self.expression
    }

    /// Seeks what an operand seeks.
    pub(super) fn seek(&mut self, operand: &Self) {
        self.seeking.extend(operand.sought());
    }

    /// All that it seeks, itself included.
    pub(super) fn sought(&self) -> impl Iterator<Item = Label> {
        self.seeking.iter().copied().chain(own(&self.expression))
    }

    pub(super) fn path_mut(&mut self) -> Option<&mut Path> {
        if let ExpressionKind::Path(path) = &mut self.expression.kind { Some(path) } else { None }
    }

    /// Adds steps to the path that it is.
    pub(super) fn extend(&mut self, steps: impl IntoIterator<Item = PathStep>) {
        if let Some(path) = self.path_mut() {
            path.steps.extend(steps);
        }
    }

    /// The path that it is, or a path of it alone.
    pub(super) fn into_path(self: Box<Self>) -> Box<Self> {
        if matches!(self.expression.kind, ExpressionKind::Path(_)) {
            return self;
        }
        let span = self.expression.span;
        let (step, last_seeking) = self.into_step();
        let path = Path { steps: vec![step], keep_singleton_array: false, tuple: false };
        let mut part = Self::new(Expression::new(span, ExpressionKind::Path(path)));
        part.last_seeking = last_seeking;
        part
    }

    /// A step, and what it seeks.
    pub(super) fn into_step(self: Box<Self>) -> (PathStep, Vec<Label>) {
        let mut step = PathStep::new(StepKind::Expression(self.expression));
        step.focus = self.focus;
        step.tuple = self.tuple;
        (step, self.seeking)
    }

    /// The steps of the path that it is, or it as one, and what the last of them seeks.
    pub(super) fn into_steps(self: Box<Self>) -> (Vec<PathStep>, Vec<Label>) {
        if let ExpressionKind::Path(path) = self.expression.kind {
            return (path.steps, self.last_seeking);
        }
        let (step, seeking) = self.into_step_with_stages();
        (vec![step], seeking)
    }

    /// A step whose filters are stages, so that they see the positions of its items.
    pub(super) fn into_step_with_stages(mut self: Box<Self>) -> (PathStep, Vec<Label>) {
        let predicates = std::mem::take(&mut self.expression.predicates);
        let (mut step, seeking) = self.into_step();
        step.stages = predicates.into_iter().map(Stage::Filter).collect();
        (step, seeking)
    }
}

/// The label of a `%`.
pub(super) fn own(expression: &Expression) -> Option<Label> {
    if let ExpressionKind::Parent(label) = expression.kind { Some(label) } else { None }
}
