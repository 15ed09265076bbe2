//! What an expression knows besides the data: the variables that it binds itself, and its context.

use crate::jsonata::tree::{Expression, ExpressionKind, Lambda, Parameter};
use crate::shape::Shape;
use std::collections::{HashMap, HashSet};

/// The names that an expression binds, those at hand with what they hold.
#[derive(Debug)]
pub(super) struct Scope<'t> {
    /// How often each name is bound by `:=`, or otherwise without a value that is known.
    bound: HashMap<&'t str, usize>,
    /// The names that are bound for the items of a path.
    of_items: HashSet<&'t str>,
    /// The functions that are bound to names, by the names.
    functions: HashMap<&'t str, &'t Lambda>,
    /// Where what the innermost function has bound starts among the values.
    frame: usize,
    /// How many functions what is looked at is in.
    depth: usize,
    /// The innermost last.
    values: Vec<(String, Shape)>,
    /// What names are looked up in, and how that is written; the innermost last.
    contexts: Vec<Option<(Shape, String)>>,
}

impl<'t> Scope<'t> {
    /// The scope of a whole expression.
    pub(super) fn of(tree: &'t Expression) -> Self {
        let mut scope = Self {
            bound: HashMap::new(),
            of_items: HashSet::new(),
            functions: HashMap::new(),
            frame: 0,
            depth: 0,
            values: Vec::new(),
            contexts: Vec::new(),
        };
        let mut open = vec![tree];
        while let Some(expression) = open.pop() {
            let mut add = |name: &'t str| *scope.bound.entry(name).or_default() += 1;
            if let ExpressionKind::Bind(bind) = &expression.kind {
                add(&bind.name);
                if let ExpressionKind::Lambda(lambda) = &bind.value.kind {
                    scope.functions.insert(&bind.name, lambda);
                }
            }
            if let ExpressionKind::Lambda(lambda) = &expression.kind {
                lambda.parameters.iter().for_each(|parameter| add(&parameter.name));
            }
            if let ExpressionKind::Path(path) = &expression.kind {
                for name in path.steps.iter().flat_map(|step| step.focus.iter().chain(&step.index)) {
                    add(name);
                    scope.of_items.insert(name);
                }
            }
            open.extend(expression.children());
        }
        scope
    }

    /// The function that a name is bound to wherever it is bound.
    pub(super) fn function(&self, name: &str) -> Option<&'t Lambda> {
        self.functions.get(name).copied().filter(|_| self.is_bound_once(name))
    }

    fn is_bound_once(&self, name: &str) -> bool {
        self.bound.get(name) == Some(&1)
    }

    /// Whether the expression binds the name, and only in blocks that have ended, or have not begun.
    pub(super) fn is_out_of_reach(&self, name: &str) -> bool {
        // A function is called when it is called.
        self.depth == 0
            && self.binds(name)
            && !self.of_items.contains(name)
            && !self.values.iter().any(|(bound, _)| bound == name)
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
                let known = self.values.iter().enumerate().rev().find(|(_, (bound, _))| bound == name);
                // A function sees what is around it, and not what is where it is called.
                let known = known.filter(|(place, _)| *place >= self.frame || self.is_bound_once(name));
                known
                    .map(|(_, (_, shape))| shape.clone())
                    .or_else(|| self.binds(name).then_some(Shape::UNKNOWN))
            }
        }
    }

    /// `:=`. A function that reads a name that is bound again later sees what it holds then.
    pub(super) fn bind(&mut self, name: &str, shape: Shape) {
        let is_only = self.is_bound_once(name);
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

    /// Enters a function; the answer leaves it.
    pub(super) fn enter_function(&mut self, is_called: bool) -> usize {
        self.depth += 1;
        self.contexts.push(None);
        if is_called { std::mem::replace(&mut self.frame, self.values.len()) } else { self.frame }
    }

    pub(super) fn leave_function(&mut self, frame: usize) {
        self.depth -= 1;
        self.contexts.pop();
        self.frame = frame;
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
