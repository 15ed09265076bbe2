//! What JSONata expressions give, as far as that is certain, and references in them that lead nowhere.
//!
//! A field that does not exist is undefined in JSONata, which alone is not a fault; only a whole expression that is undefined fails.
//! So a reference that leads nowhere is certain to fail only where the whole expression is that reference, or calculates with it. An
//! operator or function that is given what it never takes fails wherever it is evaluated.

mod call;
mod decided;
mod path;
mod result;
mod scope;
mod types;

use super::flow::Facts;
use super::path::{Miss, Presence};
use super::read::{Effect, Finding, Reads, Reference, VariableRead};
use super::{Array, Field, Object, Shape};
use crate::code::Code;
use crate::definition::{Expression, QueryLanguage};
use crate::diagnostic::{Diagnostic, Severity};
use crate::jsonata::check::{always_given, is_small};
use crate::jsonata::tree::{self, ExpressionKind, Operator, Yields};
use crate::jsonata::{self, Dialect, functions, is_stand_in, presence};
use crate::source::Span;
use crate::vocabulary::{Number, Step};
use asl_value::Value;
use scope::Scope;
use std::collections::{BTreeMap, BTreeSet};
use types::Types;

impl Reads<'_> {
    /// What an expression yields.
    pub(super) fn expression(&mut self, expression: &Expression, facts: &Facts) -> Shape {
        self.evaluated(expression, facts).0
    }

    /// What an expression yields, and whether it is a condition that never holds.
    pub(super) fn evaluated(&mut self, expression: &Expression, facts: &Facts) -> (Shape, bool) {
        let Some(tree) = &expression.tree else { return (Shape::UNKNOWN, false) };
        let mut inference = Inference {
            scope: Scope::of(tree),
            reads: self,
            facts,
            expression,
            types: Types::default(),
            is_sure: true,
            missing: Vec::new(),
            lacks_variable: false,
            needed: BTreeSet::new(),
            calls: 0,
            faults: Vec::new(),
        };
        let given = inference.infer(tree, true);
        let never_holds = decided::never_holds(tree, &inference.types);
        let Inference { missing, lacks_variable, needed, mut faults, .. } = inference;
        // What is said of a place for certain goes before what is said of it with a doubt.
        faults.sort_by_key(|fault| fault.severity != Severity::Error);
        faults.into_iter().for_each(|fault| self.found(Finding::WrongOperand(fault)));
        self.variables(tree, expression, (lacks_variable, &needed), facts);
        for (reference, miss, needed) in missing {
            // A condition that compares what is not there never holds, which cannot have been meant.
            let is_decided = expression.field.ends_with("Condition") && is_false(given.as_ref());
            let effect =
                if needed && (given.is_none() || is_decided) { Effect::Fails } else { Effect::Nothing };
            self.found(Finding::Missing { reference, miss, effect });
        }
        (given.unwrap_or_default(), never_holds)
    }

    /// Looks for variables that may have no value, unless the expression asks whether they have. It has no value itself without those that are
    /// `needed`; `lacks` is whether nothing has assigned one of these.
    fn variables(
        &mut self,
        tree: &tree::Expression,
        expression: &Expression,
        (lacks, needed): (bool, &BTreeSet<String>),
        facts: &Facts,
    ) {
        let is_doubtful = |name: &str| facts.variables.presence(name) != Presence::Always;
        let read = jsonata::references(tree).into_iter();
        let (mut asked, mut asked_itself) = (None, None);
        for read in read.filter(|read| read.is_assigned() && is_doubtful(&read.name)) {
            let is_never = facts.variables.presence(&read.name) == Presence::Never;
            let asked = if is_never {
                asked_itself.get_or_insert_with(|| presence::asked_itself(tree, true))
            } else {
                asked.get_or_insert_with(|| presence::asked(tree))
            };
            // A comparison with what nothing has assigned is decided before it is made.
            let is_decided = is_never && presence::compared(tree).contains(read.name.as_str());
            if is_decided || !asked.contains(read.name.as_str()) {
                let fails = lacks || is_decided || needed.contains(&read.name);
                let (name, span) = (read.name, expression.place(read.span));
                let language = QueryLanguage::Jsonata;
                self.variable(VariableRead { name, span, language, fails }, facts);
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

fn is_false(given: Option<&Shape>) -> bool {
    given.is_some_and(|given| *given == Shape::constant_boolean(false))
}

struct Inference<'a, 'd, 't> {
    reads: &'a mut Reads<'d>,
    facts: &'a Facts,
    expression: &'a Expression,
    /// What the expression binds itself, and what its context is.
    scope: Scope<'t>,
    /// The types of what was looked at.
    types: Types,
    /// What is looked at is evaluated whenever the whole is, items apart.
    is_sure: bool,
    /// References that lead nowhere; whether the expression needs each of them.
    missing: Vec<(Reference, Miss, bool)>,
    /// The expression needs a variable that nothing has assigned on any way.
    lacks_variable: bool,
    /// The variables that the expression needs, if they may have no value.
    needed: BTreeSet<String>,
    /// How many calls of functions of its own were followed.
    calls: usize,
    /// Operators and functions that are given what they never take.
    faults: Vec<Diagnostic>,
}

impl Inference<'_, '_, '_> {
    /// What an expression yields; nothing if it is certainly undefined. `needed` is whether all is undefined if this is.
    fn infer(&mut self, expression: &tree::Expression, needed: bool) -> Option<Shape> {
        let given = self.infer_kind(expression, needed);
        self.check_types(expression, None);
        let mut given = given?;
        for predicate in &expression.predicates {
            given = self.filter(&given, predicate, &path::Written::default(), needed)?;
        }
        if let Some(group) = &expression.group {
            self.group(&group.pairs, &given);
            given = Shape::object(Object::open());
        }
        if expression.keep_array {
            given = Shape::array_of(path::items(&given));
        }
        self.types.insert(expression, &given);
        Some(given)
    }

    fn infer_kind(&mut self, expression: &tree::Expression, needed: bool) -> Option<Shape> {
        match &expression.kind {
            ExpressionKind::String(text) => Some(Shape::constant_string(text)),
            ExpressionKind::Number(number) => Some(constant_number(*number)),
            ExpressionKind::Boolean(value) => Some(Shape::constant_boolean(*value)),
            ExpressionKind::Null => Some(Shape::null()),
            ExpressionKind::Negate(value) => self.infer(value, needed).map(|value| {
                let number = value.only_value().and_then(|value| value.as_f64());
                number.map_or_else(Shape::number, |number| constant_number(-number))
            }),
            ExpressionKind::Variable(name) => Some(self.variable(name, expression.span, needed)),
            ExpressionKind::Path(path) => self.path(path, needed),
            ExpressionKind::Array(array) => Some(self.array(array)),
            ExpressionKind::Object(pairs) => Some(self.object(pairs)),
            ExpressionKind::Binary(binary) => self.binary(binary, needed),
            ExpressionKind::Condition(condition) => self.condition(condition),
            ExpressionKind::Block(block) => self.block(block, needed),
            ExpressionKind::Bind(bind) => {
                let given = self.infer(&bind.value, false);
                self.scope.bind(&bind.name, given.clone().unwrap_or_default());
                given
            }
            ExpressionKind::Call(call) => self.call(call, None, needed),
            ExpressionKind::Apply(sides) => self.apply(sides, needed),
            ExpressionKind::Lambda(lambda) => {
                self.unsure(|inference| inference.lambda(lambda, &[], false, false));
                Some(Shape::UNKNOWN)
            }
            ExpressionKind::Range(sides) => {
                sides.iter().for_each(|side| drop(self.infer(side, false)));
                Some(Shape::UNKNOWN)
            }
            ExpressionKind::Regex(_)
            | ExpressionKind::Name(_)
            | ExpressionKind::Wildcard
            | ExpressionKind::Descendants
            | ExpressionKind::Parent(_)
            | ExpressionKind::Partial(_)
            | ExpressionKind::Transform(_) => Some(Shape::UNKNOWN),
        }
    }

    /// Looks at what may never be evaluated.
    fn unsure<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.is_sure, false);
        let given = work(self);
        self.is_sure = outer;
        given
    }

    fn variable(&mut self, name: &str, span: Span, needed: bool) -> Shape {
        if self.is_out_of_reach(name) {
            self.out_of_reach(name, span, needed);
        }
        if let Some(bound) = self.scope.value(name) {
            return bound;
        }
        if name == "states" || is_stand_in(name) || functions::find(name, Dialect::States).is_some() {
            return Shape::UNKNOWN;
        }
        let assigned = self.facts.variables.step(&Step::Name(name.to_owned()));
        self.lacks_variable |= needed && assigned.is_none();
        if needed && self.facts.variables.presence(name) == Presence::Perhaps {
            self.needed.insert(name.to_owned());
        }
        assigned.unwrap_or_default()
    }

    /// Whether a variable has a value only elsewhere. Outside of the block that binds its name, a function is what it always is:
    /// `$count := $count($items)`.
    fn is_out_of_reach(&self, name: &str) -> bool {
        self.scope.is_out_of_reach(name) && functions::find(name, Dialect::States).is_none()
    }

    /// A variable is read behind the block that binds it.
    fn out_of_reach(&mut self, name: &str, span: Span, needed: bool) {
        if self.facts.variables.presence(name) != Presence::Never {
            return;
        }
        let message = format!("the variable `${name}` has no value here");
        let mut fault = Diagnostic::new(Code::VariableNeverAssigned, self.expression.place(span), message)
            .label("a block `( .. )` binds it for itself alone");
        if !needed || !self.is_sure {
            fault.severity = Severity::Warning;
        }
        self.faults.push(fault);
    }

    fn array(&mut self, array: &tree::Array) -> Shape {
        let mut elements = Vec::new();
        let mut exact = true;
        for item in &array.items {
            let Some(given) = self.infer(item, false) else { continue };
            // Only what is not a sequence stays one element.
            exact &= matches!(
                item.kind,
                ExpressionKind::String(_)
                    | ExpressionKind::Number(_)
                    | ExpressionKind::Boolean(_)
                    | ExpressionKind::Null
                    | ExpressionKind::Object(_)
            ) && item.predicates.is_empty();
            let is_array = matches!(item.kind, ExpressionKind::Array(_));
            elements.push(if is_array { given } else { path::items(&given) });
        }
        let any = || elements.iter().fold(Shape::never(), |any, element| any.join(element));
        Shape::array(if exact { Array::Tuple(elements) } else { Array::Each(any()) })
    }

    fn object(&mut self, pairs: &[tree::Pair]) -> Shape {
        let mut object = Object { fields: BTreeMap::new(), ..Object::default() };
        for pair in pairs {
            self.infer(&pair.key, false);
            let value = self.infer(&pair.value, false);
            match (&pair.key.kind, value) {
                (ExpressionKind::String(name), Some(shape)) => {
                    let field = Field { shape, required: always_given(&pair.value) };
                    object.fields.insert(name.as_str().into(), field);
                }
                (ExpressionKind::String(_), None) => {}
                _ => object.rest = Shape::UNKNOWN,
            }
        }
        Shape::object(object)
    }

    fn binary(&mut self, binary: &tree::Binary, needed: bool) -> Option<Shape> {
        let [left, right] = &*binary.sides;
        match (binary.operator.yields(), binary.operator) {
            (Yields::Number, _) => {
                let (left, right) = (self.infer(left, needed), self.infer(right, needed));
                let (left, right) = left.zip(right)?;
                if self.is_sure && [&left, &right].into_iter().any(is_no_number) {
                    return Some(Shape::never());
                }
                Some(calculated(binary.operator, &left, &right).unwrap_or_else(Shape::number))
            }
            (Yields::String, _) => {
                let (left, right) = (self.infer(left, false), self.infer(right, false));
                let known = left.zip(right).and_then(|(left, right)| joined(&left, &right));
                Some(known.unwrap_or_else(Shape::string))
            }
            // Whether something is there may be the question.
            (Yields::Boolean, Operator::And | Operator::Or) => {
                let known = self.faults.len();
                self.asked(left);
                if binary.operator == Operator::Or {
                    self.faults.iter_mut().skip(known).for_each(as_alternative);
                }
                self.behind(left, right);
                Some(Shape::boolean())
            }
            (Yields::Boolean, _) if is_nothing(left) || is_nothing(right) => {
                self.asked(left);
                self.asked(right);
                Some(Shape::boolean())
            }
            // An order of something and nothing is nothing.
            (Yields::Boolean, operator) if operator.is_order() => {
                let (left, right) = (self.infer(left, needed), self.infer(right, needed));
                left.and(right).map(|_| Shape::boolean())
            }
            // With a side that is nothing it does not hold.
            (Yields::Boolean, operator) => match (self.infer(left, needed), self.infer(right, needed)) {
                (Some(_), Some(_)) => Some(Shape::boolean()),
                _ => Some(Shape::constant_boolean(operator == Operator::NotEqual)),
            },
        }
    }

    /// Where it is asked whether something is there, only what no result of a service ever has is not a question.
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

    /// Looks at what is evaluated where a question says so. What is known from data is wrong for certain only where no data decides
    /// whether it is reached: one field often says what another holds.
    fn behind(&mut self, question: &tree::Expression, part: &tree::Expression) -> Option<Shape> {
        if presence::depends_on_data(question) {
            self.unsure(|inference| inference.asked(part))
        } else {
            self.asked(part)
        }
    }

    fn condition(&mut self, condition: &tree::Condition) -> Option<Shape> {
        self.asked(&condition.condition);
        // What is behind a question was perhaps asked for.
        let then = self.behind(&condition.condition, &condition.then);
        let otherwise = condition.otherwise.as_ref();
        let otherwise = otherwise.and_then(|otherwise| self.behind(&condition.condition, otherwise));
        match (then, otherwise) {
            (Some(then), Some(otherwise)) => Some(then.join(&otherwise)),
            (then, otherwise) => then.or(otherwise),
        }
        .or(Some(Shape::UNKNOWN))
    }

    fn block(&mut self, block: &tree::Block, needed: bool) -> Option<Shape> {
        let Some((last, before)) = block.expressions.split_last() else { return Some(Shape::UNKNOWN) };
        let outer = self.scope.open();
        for expression in before {
            self.infer(expression, false);
        }
        let given = self.infer(last, needed);
        self.scope.close(outer);
        given
    }
}

/// One of two conditions may be there for values of another type. A word that is misspelt is wrong all the same.
fn as_alternative(fault: &mut Diagnostic) {
    if fault.code == Code::ComparisonNeverHolds && fault.help.is_empty() {
        fault.severity = Severity::Warning;
    }
}

/// Whether nothing can be calculated with a value: what follows is never reached with it.
fn is_no_number(shape: &Shape) -> bool {
    shape.kinds().is_some_and(|kinds| kinds.numbers.is_none())
}

/// What an operator yields for two numbers that are known.
fn calculated(operator: Operator, left: &Shape, right: &Shape) -> Option<Shape> {
    let (left, right) = (left.only_value()?.as_f64()?, right.only_value()?.as_f64()?);
    let number = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Remainder | Operator::Concatenate => return None,
        Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or | Operator::In => return None,
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => return None,
    };
    number.is_finite().then(|| constant_number(number))
}

/// Two texts that are known as one.
fn joined(left: &Shape, right: &Shape) -> Option<Shape> {
    let (left, right) = (left.only_value()?, right.only_value()?);
    let text = Value::from(format!("{}{}", left.as_str()?, right.as_str()?));
    is_small(&text).then(|| Shape::of_data(&text))
}

/// Whether it is `null` or an empty text, with which is compared what may not be there.
fn is_nothing(expression: &tree::Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Null)
        || matches!(&expression.kind, ExpressionKind::String(text) if text.is_empty())
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
