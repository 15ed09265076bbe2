//! What JSONata expressions give, as far as that is certain, and references in them that lead nowhere.
//!
//! A field that does not exist is undefined in JSONata, and that is no fault of its own; only a whole expression that is undefined fails.
//! So a reference that leads nowhere is certain to fail only where the whole expression is that reference, or calculates with it.

use super::flow::Facts;
use super::path::{Miss, Presence};
use super::read::{Effect, Finding, Reads, Reference, VariableRead};
use super::{Array, Field, Kinds, Object, Shape};
use crate::definition::{Expression, QueryLanguage};
use crate::ir::{Number, Step};
use crate::jsonata::tree::{self, Kind, StepKind, Yields};
use crate::jsonata::{self, presence};
use crate::path::StepAt;
use std::collections::{BTreeMap, HashSet};

impl Reads<'_> {
    /// What an expression gives.
    pub(super) fn expression(&mut self, expression: &Expression, facts: &Facts) -> Shape {
        let Some(tree) = &expression.tree else { return Shape::UNKNOWN };
        let mut inference =
            Inference { reads: self, facts, expression, bound: bound(tree), missing: Vec::new() };
        let given = inference.infer(tree, true);
        let missing = inference.missing;
        self.variables(tree, expression, facts);
        for (reference, miss, needed) in missing {
            let effect = if needed && given.is_none() { Effect::Fails } else { Effect::Nothing };
            self.found(Finding::Missing { reference, miss, effect });
        }
        given.unwrap_or_default()
    }

    /// Looks for variables that may have no value, unless the expression asks whether they have.
    fn variables(&mut self, tree: &tree::Expression, expression: &Expression, facts: &Facts) {
        let is_doubtful = |name: &str| facts.variables.presence(name) != Presence::Always;
        let read = jsonata::references(tree).into_iter();
        let mut asked = None;
        for read in read.filter(|read| read.is_assigned() && is_doubtful(&read.name)) {
            if !asked.get_or_insert_with(|| presence::asked(tree)).contains(read.name.as_str()) {
                let (name, span) = (read.name, expression.place(read.span));
                self.variable(VariableRead { name, span, language: QueryLanguage::Jsonata }, facts);
            }
        }
    }
}

/// The variables that a condition asks for have a value where it holds, or where it does not.
pub(super) fn with_present(expression: &Expression, is: bool, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    let names = expression.tree.as_ref().map(|tree| presence::present(tree, is)).unwrap_or_default();
    for name in names {
        if facts.variables.presence(name) == Presence::Perhaps
            && let Some(variables) =
                facts.variables.with_present(&[Step::Name(name.to_owned())], &Shape::clone)
        {
            facts.variables = variables;
        }
    }
    facts
}

/// The names that an expression binds itself.
fn bound(tree: &tree::Expression) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut open = vec![tree];
    while let Some(expression) = open.pop() {
        if let Kind::Bind(bind) = &expression.kind {
            names.insert(bind.name.clone());
        }
        if let Kind::Lambda(lambda) = &expression.kind {
            names.extend(lambda.parameters.iter().map(|parameter| parameter.name.clone()));
        }
        if let Kind::Path(path) = &expression.kind {
            let steps = path.steps.iter();
            names.extend(steps.flat_map(|step| step.focus.iter().chain(&step.index).cloned()));
        }
        open.extend(expression.children());
    }
    names
}

struct Inference<'a, 'd> {
    reads: &'a mut Reads<'d>,
    facts: &'a Facts,
    expression: &'a Expression,
    bound: HashSet<String>,
    /// References that lead nowhere; whether the expression needs each of them.
    missing: Vec<(Reference, Miss, bool)>,
}

impl Inference<'_, '_> {
    /// What an expression gives; nothing if it is certainly undefined. `needed` is whether all is undefined if this is.
    fn infer(&mut self, expression: &tree::Expression, needed: bool) -> Option<Shape> {
        let given = self.infer_kind(&expression.kind, needed)?;
        if expression.group.is_some() || expression.keep_array {
            return Some(Shape::UNKNOWN);
        }
        Some(if expression.predicates.is_empty() { given } else { filtered(&given) })
    }

    fn infer_kind(&mut self, kind: &Kind, needed: bool) -> Option<Shape> {
        match kind {
            Kind::String(text) => Some(Shape::constant_string(text)),
            Kind::Number(number) => Some(constant_number(*number)),
            Kind::Boolean(value) => Some(Shape::constant_boolean(*value)),
            Kind::Null => Some(Shape::null()),
            Kind::Negate(value) => self.infer(value, needed).map(|_| Shape::number()),
            Kind::Variable(name) => self.variable(name),
            Kind::Path(path) => self.path(path, needed),
            Kind::Array(array) => Some(self.array(array)),
            Kind::Object(pairs) => Some(self.object(pairs)),
            Kind::Binary(binary) => self.binary(binary, needed),
            Kind::Condition(condition) => self.condition(condition),
            Kind::Block(block) => self.block(block, needed),
            Kind::Call(call) => self.call(call),
            Kind::Regex(_)
            | Kind::Name(_)
            | Kind::Wildcard
            | Kind::Descendants
            | Kind::Parent(_)
            | Kind::Range(_)
            | Kind::Bind(_)
            | Kind::Lambda(_)
            | Kind::Partial(_)
            | Kind::Apply(_)
            | Kind::Transform(_) => Some(Shape::UNKNOWN),
        }
    }

    fn variable(&self, name: &str) -> Option<Shape> {
        if self.bound.contains(name) || name == "states" {
            return Some(Shape::UNKNOWN);
        }
        // What nobody assigns may be a function, or is reported as a variable.
        Some(self.facts.variables.step(&Step::Name(name.to_owned())).unwrap_or_default())
    }

    /// Where a path starts: the shape there, the start as it is written, and how many steps it takes.
    fn root(&self, path: &tree::Path) -> Option<(Shape, String, usize)> {
        let name = |number: usize| match &path.steps.get(number)?.kind {
            StepKind::Expression(expression) if is_plain(path.steps.get(number)?, expression) => {
                Some(&expression.kind)
            }
            StepKind::Expression(_) | StepKind::Sort(_) => None,
        };
        let Kind::Variable(variable) = name(0)? else { return None };
        if variable != "states" || self.bound.contains("states") {
            return Some((self.variable(variable)?, format!("${variable}"), 1));
        }
        let Kind::Name(field) = name(1)? else { return None };
        let shape = match field.as_str() {
            "input" => self.facts.data.clone(),
            "result" => self.reads.scope.result.clone()?,
            "errorOutput" => self.reads.scope.error_output.clone()?,
            "context" => context(self.facts),
            _ => return None,
        };
        Some((shape, format!("$states.{field}"), 2))
    }

    fn path(&mut self, path: &tree::Path, needed: bool) -> Option<Shape> {
        let Some((mut shape, root, taken)) = self.root(path) else { return Some(Shape::UNKNOWN) };
        let mut steps = Vec::new();
        let mut source = None;
        for step in path.steps.iter().skip(taken) {
            let StepKind::Expression(expression) = &step.kind else { return Some(Shape::UNKNOWN) };
            let (Kind::Name(name), false) = (&expression.kind, step.tuple || expression.group.is_some())
            else {
                return Some(Shape::UNKNOWN);
            };
            let object = shape.kinds().and_then(|kinds| kinds.object.as_ref());
            source = object.and_then(|object| object.source).or(source);
            let name = Step::Name(name.clone());
            steps.push(StepAt { span: self.expression.place(expression.span), step: name.clone() });
            if shape.is_never() {
                return Some(shape);
            }
            let Some(next) = field(&shape, &name) else {
                let miss = Miss { step: steps.len() - 1, holder: element_or_itself(shape), source };
                let text = format!("{root}{}", super::report::steps_text(&steps));
                self.missing.push((Reference { text, root, steps }, miss, needed));
                return None;
            };
            let is_filtered = !step.stages.is_empty() || !expression.predicates.is_empty();
            shape = if is_filtered { filtered(&next) } else { next };
        }
        Some(if path.keep_singleton_array { Shape::UNKNOWN } else { shape })
    }

    fn array(&mut self, array: &tree::Array) -> Shape {
        let mut elements = Vec::new();
        let mut exact = true;
        for item in &array.items {
            let given = self.infer(item, false);
            // Only what is no sequence stays one element.
            exact &= matches!(
                item.kind,
                Kind::String(_) | Kind::Number(_) | Kind::Boolean(_) | Kind::Null | Kind::Object(_)
            ) && item.predicates.is_empty();
            elements.extend(given);
        }
        Shape::array(if exact { Array::Tuple(elements) } else { Array::Each(Shape::UNKNOWN) })
    }

    fn object(&mut self, pairs: &[tree::Pair]) -> Shape {
        let mut object = Object { fields: BTreeMap::new(), ..Object::default() };
        for pair in pairs {
            let value = self.infer(&pair.value, false);
            match (&pair.key.kind, value) {
                (Kind::String(name), Some(shape)) => {
                    object.fields.insert(name.as_str().into(), Field { shape, required: false });
                }
                (Kind::String(_), None) => {}
                _ => object.rest = Shape::UNKNOWN,
            }
        }
        Shape::object(object)
    }

    fn binary(&mut self, binary: &tree::Binary, needed: bool) -> Option<Shape> {
        let [left, right] = &*binary.sides;
        match binary.operator.yields() {
            Yields::Number => {
                let (left, right) = (self.infer(left, needed), self.infer(right, needed));
                left.and(right).map(|_| Shape::number())
            }
            Yields::String => {
                self.infer(left, false);
                self.infer(right, false);
                Some(Shape::string())
            }
            // Whether something is there may be the question.
            Yields::Boolean => {
                self.asked(left);
                self.asked(right);
                Some(Shape::boolean())
            }
        }
    }

    /// Where it is asked whether something is there, only what no result of a service ever has is no question.
    fn asked(&mut self, expression: &tree::Expression) -> Option<Shape> {
        let known = self.missing.len();
        let given = self.infer(expression, false);
        let new = self.missing.split_off(known);
        self.missing.extend(new.into_iter().filter(|(reference, miss, _)| {
            let step = reference.steps.get(miss.step);
            miss.is_of_result() && step.is_some_and(|step| miss.is_foreign(&step.step))
        }));
        given
    }

    fn condition(&mut self, condition: &tree::Condition) -> Option<Shape> {
        self.asked(&condition.condition);
        // What is behind a question was perhaps asked for.
        let then = self.asked(&condition.then);
        let otherwise = condition.otherwise.as_ref().and_then(|otherwise| self.asked(otherwise));
        match (then, otherwise) {
            (Some(then), Some(otherwise)) => Some(then.join(&otherwise)),
            (then, otherwise) => then.or(otherwise),
        }
        .or(Some(Shape::UNKNOWN))
    }

    fn block(&mut self, block: &tree::Block, needed: bool) -> Option<Shape> {
        match block.expressions.as_slice() {
            [only] => self.infer(only, needed),
            [.., last] => self.infer(last, needed),
            [] => Some(Shape::UNKNOWN),
        }
    }

    fn call(&mut self, call: &tree::Call) -> Option<Shape> {
        let Kind::Variable(name) = &call.procedure.kind else { return Some(Shape::UNKNOWN) };
        if self.bound.contains(name) {
            return Some(Shape::UNKNOWN);
        }
        for argument in &call.arguments {
            if presence::ASKING.contains(&name.as_str()) {
                self.asked(argument);
            } else {
                self.infer(argument, false);
            }
        }
        Some(result(name))
    }
}

fn is_plain(step: &tree::Step, expression: &tree::Expression) -> bool {
    step.stages.is_empty() && !step.tuple && expression.predicates.is_empty() && expression.group.is_none()
}

/// `$states.context`
fn context(facts: &Facts) -> Shape {
    let strings =
        |names: &[&'static str]| names.iter().map(|name| (*name, Shape::string())).collect::<Vec<_>>();
    let mut execution = strings(&["Id", "Name", "RoleArn", "StartTime"]);
    execution.push(("Input", facts.execution.clone()));
    let execution = Object { rest: Shape::UNKNOWN, ..Object::closed(execution) };
    Shape::object(Object {
        rest: Shape::UNKNOWN,
        ..Object::closed([("Execution", Shape::object(execution))])
    })
}

fn constant_number(number: f64) -> Shape {
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
    let number = if number.fract() == 0.0 && number.abs() < 1e15 {
        Number::Int(number as i64)
    } else {
        Number::Float(number)
    };
    Shape::constant_number(number)
}

/// A field of a value, or of each element of an array; nothing if there is none.
fn field(shape: &Shape, name: &Step) -> Option<Shape> {
    let Some(kinds) = shape.kinds() else { return Some(Shape::UNKNOWN) };
    let own = Shape::of(Kinds { object: kinds.object.clone(), ..Kinds::default() }).step(name);
    let Some(array) = &kinds.array else { return own };
    let element = array.element();
    if element.is_never() {
        return Some(Shape::UNKNOWN);
    }
    // The values of all elements are one sequence.
    field(&element, name).map(|_| Shape::UNKNOWN).or(own)
}

/// What the fields of an array are looked for in.
fn element_or_itself(shape: Shape) -> Shape {
    let array = shape.kinds().and_then(|kinds| kinds.array.as_ref()).map(Array::element);
    array.unwrap_or(shape)
}

/// What is left of a value after a filter or an index.
fn filtered(shape: &Shape) -> Shape {
    match shape.kinds() {
        Some(kinds) if kinds.array.is_none() => shape.clone(),
        Some(kinds) => kinds.array.as_ref().map_or(Shape::UNKNOWN, |array| {
            let element = array.element();
            element.join(&Shape::array_of(element.clone()))
        }),
        None => Shape::UNKNOWN,
    }
}

/// What a function gives if it gives anything.
fn result(name: &str) -> Shape {
    match name {
        "string" | "substring" | "substringBefore" | "substringAfter" | "uppercase" | "lowercase"
        | "trim" | "pad" | "join" | "replace" | "base64encode" | "base64decode" | "encodeUrlComponent"
        | "encodeUrl" | "decodeUrlComponent" | "decodeUrl" | "formatNumber" | "formatBase"
        | "formatInteger" | "now" | "fromMillis" | "uuid" | "hash" | "type" => Shape::string(),
        "number" | "abs" | "floor" | "ceil" | "round" | "power" | "sqrt" | "random" | "parseInteger"
        | "sum" | "max" | "min" | "average" | "count" | "length" | "millis" | "toMillis" => Shape::number(),
        "boolean" | "not" | "exists" | "contains" => Shape::boolean(),
        _ => Shape::UNKNOWN,
    }
}
