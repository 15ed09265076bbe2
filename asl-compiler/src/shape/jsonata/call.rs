//! Calls: what functions give, and what those that take functions hand to them.

use super::Inference;
use super::path::items;
use super::result::{applied, merged, result};
use crate::jsonata::tree::{self, ExpressionKind};
use crate::jsonata::{Dialect, functions, presence};
use crate::shape::Shape;

impl Inference<'_, '_> {
    /// A call; `first` is what it is applied to.
    pub(super) fn call(
        &mut self,
        call: &tree::FunctionCall,
        first: Option<(&tree::Expression, Option<Shape>)>,
        needed: bool,
    ) -> Option<Shape> {
        let ExpressionKind::Variable(name) = &call.procedure.kind else {
            // A missing value is not a function.
            let procedure = self.infer(&call.procedure, needed);
            call.arguments.iter().for_each(|argument| drop(self.infer(argument, false)));
            return procedure.map(|_| Shape::UNKNOWN);
        };
        let is_own = self.scope.binds(name);
        let asks = !is_own && presence::ASKING.contains(&name.as_str());
        let mut given: Vec<Option<Shape>> = first.map(|(_, shape)| shape).into_iter().collect();
        let mut comes_to_nothing = false;
        let mut returned = Shape::UNKNOWN;
        for argument in &call.arguments {
            if let (ExpressionKind::Lambda(lambda), false) = (&argument.kind, is_own)
                && let Some(parameters) = parameters(name, given.first().cloned().flatten().as_ref())
            {
                let needs = needed && is_total(name, call);
                let kept = match name.as_str() {
                    "filter" | "single" => {
                        self.kept(|inference| inference.lambda(lambda, &parameters, needs))
                    }
                    _ => {
                        let body = self.lambda(lambda, &parameters, needs);
                        let kept = body.is_some() || !needs;
                        returned = body.unwrap_or_default();
                        kept
                    }
                };
                comes_to_nothing |= !kept;
                given.push(Some(Shape::UNKNOWN));
            } else if asks {
                given.push(self.asked(argument));
            } else {
                let decides = given.is_empty() && !is_own && passes_nothing_on(name);
                given.push(self.infer(argument, needed && decides));
                comes_to_nothing |= decides && given.first() == Some(&None);
                if let ExpressionKind::Variable(function) = &argument.kind
                    && !self.scope.binds(function)
                {
                    returned = result(function);
                }
            }
        }
        match name.as_str() {
            _ if is_own => Some(Shape::UNKNOWN),
            // No item comes to anything.
            _ if comes_to_nothing => None,
            "merge" => Some(self.merge(&call.arguments)),
            name => Some(applied(name, &given, &returned)),
        }
    }

    /// `$merge([a, b])`
    fn merge(&self, arguments: &[tree::Expression]) -> Shape {
        let [tree::Expression { kind: ExpressionKind::Array(array), .. }] = arguments else {
            return Shape::UNKNOWN;
        };
        let parts: Vec<_> = array.items.iter().map(|item| self.types.shape(item)).collect();
        merged(&parts)
    }

    /// `a ~> f`
    pub(super) fn apply(&mut self, sides: &[tree::Expression; 2], needed: bool) -> Option<Shape> {
        let [first, function] = sides;
        let given = self.infer(first, false);
        if let ExpressionKind::Call(call) = &function.kind {
            let given = self.call(call, Some((first, given)), needed);
            self.check_types(function, Some(first));
            return given;
        }
        if self.is_function(first) {
            // Two functions make a third.
            self.infer(function, false);
            return Some(Shape::UNKNOWN);
        }
        if let ExpressionKind::Variable(name) = &function.kind
            && !self.scope.binds(name)
        {
            return Some(applied(name, &[given], &Shape::UNKNOWN));
        }
        self.infer(function, false);
        Some(Shape::UNKNOWN)
    }

    /// Whether an expression is a function as it is written.
    fn is_function(&self, expression: &tree::Expression) -> bool {
        matches!(expression.kind, ExpressionKind::Lambda(_) | ExpressionKind::Partial(_))
            || matches!(&expression.kind, ExpressionKind::Variable(name)
                if !self.scope.binds(name) && functions::find(name, Dialect::States).is_some())
    }

    /// The body of a function whose parameters are given these.
    pub(super) fn lambda(
        &mut self,
        lambda: &tree::Lambda,
        parameters: &[Shape],
        needed: bool,
    ) -> Option<Shape> {
        let outer = self.scope.open();
        self.scope.bind_parameters(&lambda.parameters, parameters);
        self.scope.enter(None);
        let given = self.infer(&lambda.body, needed);
        self.scope.leave();
        self.scope.close(outer);
        given
    }
}

/// Whether a function returns nothing for nothing.
fn passes_nothing_on(name: &str) -> bool {
    !result(name).is_unknown()
        && !["count", "hash", "millis", "now", "random", "range", "uuid"].contains(&name)
}

/// Whether nothing comes out of a function if nothing comes out of what it calls: `$reduce` gives the only item as it is.
fn is_total(name: &str, call: &tree::FunctionCall) -> bool {
    name != "sort" && (name != "reduce" || call.arguments.len() > 2)
}

/// What a function that takes a function hands to it, where its first argument is that.
fn parameters(name: &str, first: Option<&Shape>) -> Option<Vec<Shape>> {
    let all = first.cloned().unwrap_or_default();
    let item = items(&all);
    Some(match name {
        "map" | "filter" | "single" => vec![item, Shape::number(), all],
        "reduce" => vec![Shape::UNKNOWN, item, Shape::number(), all],
        "sort" => vec![item.clone(), item],
        "each" | "sift" => vec![Shape::UNKNOWN, Shape::string(), all],
        _ => return None,
    })
}
