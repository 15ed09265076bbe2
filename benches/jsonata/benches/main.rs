//! What an evaluation of a JSONata expression costs, beside the same by hand, beside the crate `jsonata-core`, and beside JSONata on Node.
//!
//! Each expression is evaluated for `$i` from 0 to 89; before that, all of them are compared. Node takes part if the variable
//! `ASL_JSONATA_JS` names the folder of the package `jsonata` (2.0.6) and there is a program `node`.

mod by_hand;
mod core;
mod machine;
mod node;

include!(concat!(env!("OUT_DIR"), "/machines.rs"));

use crate::core::{Codes, Interpreter, Trees};
use asl_benches::{Bench, Measurement, Side, print, verdict};
use asl_runtime::Value;
use asl_runtime::jsonata::{Bindings, Compiled};
use by_hand::Inputs;
use serde_json::Value as Json;
use std::error::Error;
use std::fs;
use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/expressions.rs"));

type Outcome<T> = Result<T, Box<dyn Error>>;
type Evaluated = asl_runtime::jsonata::Result<Option<Value>>;

/// A file of expressions.
struct Set {
    file: &'static str,
    expressions: &'static [(&'static str, &'static Compiled)],
}

/// The values of `$i`.
const TURNS: usize = 90;

/// How many times as much as the others we may cost.
const BY_HAND: f64 = 2.0;
const CORE: f64 = 1.0 / 5.0;
const NODE: f64 = 1.0 / 20.0;

fn main() -> Outcome<ExitCode> {
    let bench = Bench::from_args()?;
    for set in SETS {
        print(set.file);
        Expressions::read(&bench, set)?.measure()?;
    }
    if bench.wants("machine") {
        let file: Json = serde_json::from_str(include_str!("../expressions.json"))?;
        let items = file.pointer("/bindings/items").cloned().unwrap_or_default();
        machines(&bench, &serde_json::json!({ "items": items, "n": machine::TURNS }))?;
    }
    Ok(bench.finish())
}

/// The expressions of a file with everything that they see.
struct Expressions<'a> {
    bench: &'a Bench,
    set: &'a Set,
    inputs: Inputs,
    /// What the expressions see, for each `$i`.
    bindings: Vec<Json>,
}

impl<'a> Expressions<'a> {
    fn read(bench: &'a Bench, set: &'a Set) -> Outcome<Self> {
        let file: Json = serde_json::from_str(&fs::read_to_string(set.file)?)?;
        let all = file.get("bindings").ok_or("there are no bindings")?;
        let one = |name: &str| Value::from(all.get(name).cloned().unwrap_or_default());
        let bindings = (0..TURNS).map(|i| {
            let mut bindings = all.clone();
            if let Some(bindings) = bindings.as_object_mut() {
                bindings.insert("i".to_owned(), i.into());
            }
            bindings
        });
        let inputs = Inputs { acc: one("acc"), n: one("n"), items: one("items") };
        Ok(Self { bench, set, inputs, bindings: bindings.collect() })
    }

    fn measure(&self) -> Outcome<()> {
        let wanted = |name: &str| self.bench.wants(name);
        let expressions: Vec<_> = self.set.expressions.iter().filter(|(name, _)| wanted(name)).collect();
        let texts: Vec<_> = expressions.iter().map(|(name, expression)| (*name, expression.text())).collect();
        let node = node::measure(&texts, &self.bindings, self.bench.quick)?;
        let (mut by_hand, mut core, mut node_ratios) = (Vec::new(), Vec::new(), Vec::new());
        for (name, expression) in expressions {
            by_hand.extend(self.beside_by_hand(name, expression)?);
            let (ours, ratio) = self.beside_core(name, expression)?;
            core.push(ratio);
            if let Some(figures) = node.as_ref().and_then(|node| node.get(*name)) {
                self.agree(name, expression, |at| figures.results.get(at).cloned())?;
                node_ratios.push(ours / figures.nanoseconds);
                print(&format!(
                    "{name:<40} Node {:>7.1} ns  an evaluation, {:.1} times as much",
                    figures.nanoseconds,
                    figures.nanoseconds / ours
                ));
            }
        }
        self.conclude("by hand", &by_hand, BY_HAND);
        self.conclude("jsonata-core", &core, CORE);
        self.conclude("Node", &node_ratios, NODE);
        Ok(())
    }

    fn conclude(&self, other: &str, ratios: &[f64], target: f64) {
        if ratios.is_empty() {
            return;
        }
        let mean = mean(ratios);
        let verdict = verdict(mean, Some(target), "");
        print(&format!(
            "{:<40} {mean:.3} times as much as {other}, geometric mean of {}{verdict}",
            "all",
            ratios.len()
        ));
        self.bench.judge(mean, Some(target));
    }

    /// The expression with all bindings. It returns what evaluations return, not a copy.
    fn ours(&self, expression: &'a Compiled) -> impl Fn(usize) -> Evaluated + use<'a> {
        let bindings = bound(&self.bindings);
        move |number| match bindings.get(number % TURNS) {
            Some(bindings) => bindings.evaluate_alone(expression),
            None => Ok(None),
        }
    }

    fn beside_by_hand(&self, name: &str, expression: &'a Compiled) -> Outcome<Option<f64>> {
        let Some(by_hand) = by_hand::find(name) else { return Ok(None) };
        let turns: Vec<_> = (0..TURNS as u64).map(Value::from).collect();
        let hand = |number: usize| by_hand(&self.inputs, turns.get(number % TURNS)?);
        self.agree(name, expression, |at| hand(at).map(|value| json(&value)))?;
        let sides =
            vec![("ours", Bench::plain_side(self.ours(expression))), ("by hand", Bench::plain_side(hand))];
        Ok(evaluation(self.bench, name, sides).ratio)
    }

    /// What we cost, and how many times as much as the faster mode of the interpreter.
    fn beside_core(&self, name: &str, expression: &'a Compiled) -> Outcome<(f64, f64)> {
        let mut codes = Codes::new(expression.text(), &self.bindings)?;
        let mut trees = Trees::new(expression.text(), &self.bindings)?;
        for interpreter in [&mut codes as &mut dyn Interpreter, &mut trees] {
            self.agree(name, expression, |at| {
                serde_json::from_str(&interpreter.evaluate(at)?.to_json_string().ok()?).ok()
            })?;
        }
        let mut codes: Side<'_> = Bench::plain_side(move |number| codes.evaluate(number % TURNS));
        let mut trees: Side<'_> = Bench::plain_side(move |number| trees.evaluate(number % TURNS));
        let faster = if side_cost(&mut codes) < side_cost(&mut trees) {
            ("jsonata-core, codes", codes)
        } else {
            ("jsonata-core, trees", trees)
        };
        let figures =
            evaluation(self.bench, name, vec![("ours", Bench::plain_side(self.ours(expression))), faster]);
        let ours = figures.costs.first().copied().unwrap_or(f64::NAN);
        Ok((ours, figures.ratio.unwrap_or(f64::NAN)))
    }

    /// Whether something has the same results as ours, for each `$i`.
    fn agree(
        &self,
        name: &str,
        expression: &'a Compiled,
        mut other: impl FnMut(usize) -> Option<Json>,
    ) -> Outcome<()> {
        let ours = self.ours(expression);
        for at in 0..TURNS {
            let (ours, theirs) = (ours(at).ok().flatten().map(|value| json(&value)), other(at));
            if ours.is_none() || ours != theirs.map(floating) {
                return Err(format!("{name}: the results differ for {at}").into());
            }
        }
        Ok(())
    }
}

fn evaluation(bench: &Bench, name: &str, sides: Vec<(&str, Side<'_>)>) -> asl_benches::Figures {
    bench.measure(Measurement { name, unit: "evaluation", units: 1, sides, target: None })
}

fn side_cost(side: &mut Side<'_>) -> std::time::Duration {
    side(100).min(side(100))
}

/// The bindings for each `$i`, in which all but it is shared, as it is by hand.
fn bound(bindings: &[Json]) -> Vec<Bindings> {
    let variables = bindings.first().and_then(Json::as_object).into_iter().flatten();
    let shared =
        variables.fold(Bindings::new(), |bound, (name, value)| bound.bind(name.as_str(), value.clone()));
    (0..TURNS as u64).map(|i| shared.clone().bind("i", i)).collect()
}

fn json(value: &Value) -> Json {
    floating(serde_json::to_value(value).unwrap_or_default())
}

/// With all numbers in one form, so that 1 and 1.0 are the same.
fn floating(value: Json) -> Json {
    match value {
        Json::Number(number) => number.as_f64().into(),
        Json::Array(elements) => elements.into_iter().map(floating).collect(),
        Json::Object(members) => members.into_iter().map(|(key, member)| (key, floating(member))).collect(),
        Json::Null | Json::Bool(_) | Json::String(_) => value,
    }
}

fn mean(ratios: &[f64]) -> f64 {
    let logarithms: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    let count = u32::try_from(ratios.len()).unwrap_or(u32::MAX);
    (logarithms / f64::from(count)).exp()
}
