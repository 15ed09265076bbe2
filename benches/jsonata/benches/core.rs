//! The crate `jsonata-core`, an interpreter, in both of its modes.
//!
//! Its evaluator walks trees and takes variables. Its virtual machine takes no variables, so for it they are fields of the data, and the
//! expressions say so: `$$.items` for `$items`.

use jsonata_core::Expression;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator};
use jsonata_core::value::JValue;
use serde_json::Value as Json;
use std::error::Error;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// An expression, ready to be evaluated by its evaluator for each `$i`.
pub(crate) struct Trees {
    tree: AstNode,
    evaluators: Vec<Evaluator>,
}

/// An expression, ready to be evaluated by its virtual machine for each `$i`.
pub(crate) struct Codes {
    expression: Expression,
    data: Vec<JValue>,
}

/// What an interpreter makes of an expression for one `$i`.
pub(crate) trait Interpreter {
    fn evaluate(&mut self, at: usize) -> Option<JValue>;
}

impl Trees {
    pub(crate) fn new(text: &str, bindings: &[Json]) -> Outcome<Self> {
        let tree = jsonata_core::parser::parse(text)?;
        let mut evaluators = Vec::new();
        for variables in shared(bindings) {
            let mut context = Context::new();
            for (name, value) in variables {
                context.bind(name, value);
            }
            evaluators.push(Evaluator::with_context(context));
        }
        Ok(Self { tree, evaluators })
    }
}

impl Interpreter for Trees {
    fn evaluate(&mut self, at: usize) -> Option<JValue> {
        self.evaluators.get_mut(at)?.evaluate(&self.tree, &JValue::Undefined).ok()
    }
}

impl Codes {
    pub(crate) fn new(text: &str, bindings: &[Json]) -> Outcome<Self> {
        let names = bindings.first().and_then(Json::as_object).into_iter().flatten().map(|(name, _)| name);
        let text = names.fold(text.to_owned(), |text, name| with_field(&text, name));
        let data = shared(bindings).map(|variables| JValue::object(variables.collect()));
        Ok(Self { expression: Expression::compile(&text)?, data: data.collect() })
    }
}

impl Interpreter for Codes {
    fn evaluate(&mut self, at: usize) -> Option<JValue> {
        self.expression.evaluate(self.data.get(at)?).ok()
    }
}

/// The loop of a machine, whose expressions its evaluator evaluates.
pub(crate) struct Machine {
    trees: Vec<AstNode>,
    items: JValue,
    n: JValue,
}

impl Machine {
    pub(crate) fn new(texts: &[String], input: &Json) -> Outcome<Self> {
        let trees =
            texts.iter().map(|text| Ok(jsonata_core::parser::parse(text)?)).collect::<Outcome<_>>()?;
        let variable = |name: &str| JValue::from(input.get(name).cloned().unwrap_or_default());
        Ok(Self { trees, items: variable("items"), n: variable("n") })
    }

    /// The sum that it comes to.
    pub(crate) fn run(&self) -> Option<f64> {
        let [sum, next, more] = self.trees.as_slice() else { return None };
        let (mut acc, mut i) = (JValue::Number(0.0), JValue::Number(0.0));
        loop {
            let mut evaluator = self.evaluator(&acc, &i);
            let evaluate =
                |evaluator: &mut Evaluator, tree| evaluator.evaluate(tree, &JValue::Undefined).ok();
            (acc, i) = (evaluate(&mut evaluator, sum)?, evaluate(&mut evaluator, next)?);
            let Some(JValue::Bool(true)) = evaluate(&mut self.evaluator(&acc, &i), more) else { break };
        }
        if let JValue::Number(sum) = acc { Some(sum) } else { None }
    }

    fn evaluator(&self, acc: &JValue, i: &JValue) -> Evaluator {
        let mut context = Context::new();
        for (name, value) in [("acc", acc), ("i", i), ("items", &self.items), ("n", &self.n)] {
            context.bind(name.to_owned(), value.clone());
        }
        Evaluator::with_context(context)
    }
}

/// The variables of each `$i`, in which all but it is shared.
fn shared(bindings: &[Json]) -> impl Iterator<Item = impl Iterator<Item = (String, JValue)>> {
    let first = bindings.first().and_then(Json::as_object).into_iter().flatten();
    let shared: Vec<_> = first.map(|(name, value)| (name.clone(), JValue::from(value.clone()))).collect();
    bindings.iter().map(move |bindings| {
        let i = bindings.get("i").cloned().unwrap_or_default();
        let own = move |name: &str| (name == "i").then(|| JValue::from(i.clone()));
        shared.clone().into_iter().map(move |(name, value)| {
            let value = own(&name).unwrap_or(value);
            (name, value)
        })
    })
}

/// The expression with a field of the data in place of a variable.
fn with_field(text: &str, variable: &str) -> String {
    let written = format!("${variable}");
    let mut parts = text.split(&written);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // A longer name only starts like this one.
        let longer = part.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        result.push_str(if longer { "$" } else { "$$." });
        result.push_str(variable);
        result.push_str(part);
    }
    result
}
