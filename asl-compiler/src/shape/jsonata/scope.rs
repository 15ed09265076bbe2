//! What an expression knows besides the data: the variables that it binds itself, and its context.

use crate::jsonata::tree::{Expression, ExpressionKind, Parameter};
use crate::shape::Shape;
use std::collections::HashMap;

/// The names that an expression binds, those at hand with what they hold.
#[derive(Debug)]
pub(super) struct Scope {
    /// How often each name is bound by `:=`, or otherwise without a value that is known.
    bound: HashMap<String, usize>,
    /// The innermost last.
    values: Vec<(String, Shape)>,
    /// What names are looked up in, and how that is written; the innermost last.
    contexts: Vec<Option<(Shape, String)>>,
}

impl Scope {
    /// The scope of a whole expression.
    pub(super) fn of(tree: &Expression) -> Self {
        let mut bound = HashMap::new();
        let mut open = vec![tree];
        while let Some(expression) = open.pop() {
            let mut add = |name: &String| *bound.entry(name.clone()).or_default() += 1;
            if let ExpressionKind::Bind(bind) = &expression.kind {
                add(&bind.name);
            }
            if let ExpressionKind::Lambda(lambda) = &expression.kind {
                lambda.parameters.iter().for_each(|parameter| add(&parameter.name));
            }
            if let ExpressionKind::Path(path) = &expression.kind {
                path.steps.iter().flat_map(|step| step.focus.iter().chain(&step.index)).for_each(add);
            }
            open.extend(expression.children());
        }
        Self { bound, values: Vec::new(), contexts: Vec::new() }
    }

    /// Whether the expression binds the name somewhere.
    pub(super) fn binds(&self, name: &str) -> bool {
        self.bound.contains_key(name)
    }

    /// What a name holds that the expression binds; unknown where the expression binds it somewhere else.
    pub(super) fn value(&self, name: &str) -> Option<Shape> {
        match name {
            "" => Some(self.context().map_or(Shape::UNKNOWN, |(shape, _)| shape)),
            "$" => Some(Shape::UNKNOWN),
            name => {
                let known = self.values.iter().rev().find(|(bound, _)| bound == name);
                known.map(|(_, shape)| shape.clone()).or_else(|| self.binds(name).then_some(Shape::UNKNOWN))
            }
        }
    }

    /// `:=`. A function that reads a name that is bound again later sees what it holds then.
    pub(super) fn bind(&mut self, name: &str, shape: Shape) {
        let is_only = self.bound.get(name) == Some(&1);
        self.values.push((name.to_owned(), if is_only { shape } else { Shape::UNKNOWN }));
    }

    /// The parameters of a function, those without a shape unknown.
    pub(super) fn bind_parameters(&mut self, parameters: &[Parameter], shapes: &[Shape]) {
        let shapes = shapes.iter().cloned().chain(std::iter::repeat(Shape::UNKNOWN));
        self.values.extend(parameters.iter().map(|parameter| parameter.name.clone()).zip(shapes));
    }

    /// Opens a scope; the answer closes it.
    pub(super) const fn open(&self) -> usize {
        self.values.len()
    }

    /// Forgets what was bound since the scope was opened.
    pub(super) fn close(&mut self, outer: usize) {
        self.values.truncate(outer);
    }

    /// What names are looked up in, if that is known, and how it is written.
    pub(super) fn context(&self) -> Option<(Shape, String)> {
        self.contexts.last().cloned().flatten()
    }

    /// Whether items are looked at, or a function is that may be called for them.
    pub(super) const fn has_context(&self) -> bool {
        !self.contexts.is_empty()
    }

    pub(super) fn enter(&mut self, context: Option<(Shape, String)>) {
        self.contexts.push(context);
    }

    pub(super) fn leave(&mut self) {
        self.contexts.pop();
    }
}
