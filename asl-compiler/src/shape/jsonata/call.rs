//! Calls: what functions give, and what those that take functions hand to them.

use super::Inference;
use super::path::{Written, element_or_itself, field, items};
use super::result::{applied, merged, optional, result};
use crate::jsonata::check::{evaluate, is_small};
use crate::jsonata::tree::{self, ExpressionKind};
use crate::jsonata::{Dialect, functions, presence};
use crate::shape::Shape;
use crate::vocabulary::Step;
use asl_value::Value;

impl Inference<'_, '_, '_> {
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
            let given: Vec<_> = call.arguments.iter().map(|argument| self.infer(argument, false)).collect();
            return match written_out(&call.procedure) {
                Some(lambda) => self.own(lambda, &given, needed),
                None => procedure.map(|_| Shape::UNKNOWN),
            };
        };
        let is_own = self.scope.binds(name);
        if self.is_out_of_reach(name) {
            // Nothing is not a function.
            self.out_of_reach(name, call.procedure.span, true);
        }
        let asks = !is_own && presence::takes_nothing(name);
        let first_written = first.as_ref().map(|(written, _)| *written);
        let mut given: Vec<Option<Shape>> = first.map(|(_, shape)| shape).into_iter().collect();
        let mut comes_to_nothing = false;
        let mut returned = Shape::UNKNOWN;
        for (argument, number) in call.arguments.iter().zip(0_usize..) {
            if let (ExpressionKind::Lambda(lambda), false) = (&argument.kind, is_own)
                && let Some(mut parameters) = parameters(name, given.first().cloned().flatten().as_ref())
            {
                if let ("reduce", Some(start)) = (name.as_str(), call.arguments.get(number + 1)) {
                    parameters.splice(..1, [started(start)]);
                }
                let needs = needed && is_total(name, call);
                let kept = match name.as_str() {
                    "filter" | "single" => {
                        self.kept(|inference| inference.lambda(lambda, &parameters, needs, false))
                    }
                    _ => {
                        let body = self.lambda(lambda, &parameters, needs, false);
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
            name if is_own => match self.scope.function(name) {
                Some(lambda) => self.own(lambda, &given, needed),
                None => Some(Shape::UNKNOWN),
            },
            // No item comes to anything.
            _ if comes_to_nothing => None,
            "merge" => Some(self.merge(&call.arguments, &given)),
            "lookup" => self.lookup(call, first_written, &given, needed),
            name => Some(known(name, &given).unwrap_or_else(|| applied(name, &given, &returned))),
        }
    }

    /// A call of a function that the expression makes.
    fn own(&mut self, lambda: &tree::Lambda, given: &[Option<Shape>], needed: bool) -> Option<Shape> {
        if self.calls == CALLS {
            return Some(Shape::UNKNOWN);
        }
        self.calls += 1;
        let given: Vec<_> = given.iter().map(|given| given.clone().unwrap_or_default()).collect();
        self.lambda(lambda, &given, needed, true)
    }

    /// `$lookup(object, 'field')`
    fn lookup(
        &mut self,
        call: &tree::FunctionCall,
        first: Option<&tree::Expression>,
        given: &[Option<Shape>],
        needed: bool,
    ) -> Option<Shape> {
        let mut written = first.into_iter().chain(&call.arguments);
        let (Some(object), Some(key)) = (written.next(), written.next()) else { return Some(Shape::UNKNOWN) };
        let ([Some(holder), ..], ExpressionKind::String(name)) = (given, &key.kind) else {
            return Some(Shape::UNKNOWN);
        };
        let found = field(holder, &Step::Name(name.clone()));
        if found.is_none() {
            let root = self.expression.text.get(object.span.start..object.span.end).unwrap_or_default();
            let written = Written::field(root.to_owned(), name, self.expression.place(key.span));
            self.miss(element_or_itself(holder), &written, needed);
        }
        found
    }

    /// `$merge([a, b])`, or `$merge` of what is an array already.
    fn merge(&self, arguments: &[tree::Expression], given: &[Option<Shape>]) -> Shape {
        let [tree::Expression { kind: ExpressionKind::Array(array), .. }] = arguments else {
            return match given {
                [Some(given)] => optional(&items(given)),
                _ => Shape::UNKNOWN,
            };
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

    /// The body of a function whose parameters are given these. `is_called` where it is looked at for a call of it, and not where it is
    /// written.
    pub(super) fn lambda(
        &mut self,
        lambda: &tree::Lambda,
        parameters: &[Shape],
        needed: bool,
        is_called: bool,
    ) -> Option<Shape> {
        let outer = self.scope.open();
        let frame = self.scope.enter_function(is_called);
        self.scope.bind_parameters(&lambda.parameters, parameters);
        let given = self.infer(&lambda.body, needed);
        self.scope.leave_function(frame);
        self.scope.close(outer);
        given
    }
}

/// No more calls of functions of an expression's own are followed, so that one that calls itself comes to an end.
const CALLS: usize = 16;

/// `(function($x) { $x })`
fn written_out(procedure: &tree::Expression) -> Option<&tree::Lambda> {
    if !procedure.predicates.is_empty() || procedure.group.is_some() {
        return None;
    }
    if let ExpressionKind::Block(block) = &procedure.kind
        && let [only] = block.expressions.as_slice()
    {
        return written_out(only);
    }
    if let ExpressionKind::Lambda(lambda) = &procedure.kind { Some(lambda) } else { None }
}

/// What a function returns for values that are known.
fn known(name: &str, given: &[Option<Shape>]) -> Option<Shape> {
    let values = given.iter().map(|given| given.as_ref()?.only_value()).collect::<Option<Vec<_>>>()?;
    let value = evaluate(name, values)?.ok()?.into_json()?;
    // Of an object it is better known where it comes from.
    (is_small(&value) && !holds_object(&value)).then(|| Shape::of_data(&value))
}

fn holds_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(elements) => elements.iter().any(holds_object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Whether a function returns nothing for nothing.
fn passes_nothing_on(name: &str) -> bool {
    !result(name).is_unknown()
        && !["count", "hash", "millis", "now", "random", "range", "uuid"].contains(&name)
}

/// Whether nothing comes out of a function if nothing comes out of what it calls: `$reduce` returns the only item as it is.
fn is_total(name: &str, call: &tree::FunctionCall) -> bool {
    name != "sort" && (name != "reduce" || call.arguments.len() > 2)
}

/// What `$reduce` hands on at first, as far as what it hands on later is like it.
fn started(start: &tree::Expression) -> Shape {
    if let ExpressionKind::String(_) = start.kind {
        Shape::string()
    } else if let ExpressionKind::Number(_) = start.kind {
        Shape::number()
    } else {
        Shape::UNKNOWN
    }
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
