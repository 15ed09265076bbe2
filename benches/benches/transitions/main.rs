//! What a transition costs, beside the same logic written by hand.
//!
//! Each machine runs in turns with a function of `by_hand` on the same input; before that, the outputs of both are compared.

mod by_hand;
mod inputs;

/// The machines, as the build script has compiled them.
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

use asl_benches::{Bench, Pair, Side};
use asl_runtime::{ExecutionError, InMemory, StateMachine, TaskError, Value};
use by_hand::Outcome;
use serde_json::Value as Json;
use std::error::Error;
use std::process::ExitCode;

/// The logic of a machine, written by hand.
struct Logic<'a, F> {
    name: &'a str,
    /// The number of transitions in a run.
    transitions: u32,
    /// How many times as much as by hand it may cost.
    target: Option<f64>,
    input: Json,
    by_hand: F,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let bench = Bench::from_args()?;
    let host = InMemory::new().resource(by_hand::CHARGE, |input: Value| async move { charge(&input) });
    states(&bench, &host)?;
    documents(&bench, &host)?;
    lanes_and_tasks(&bench, &host)?;
    Ok(bench.finish())
}

fn states(bench: &Bench, host: &InMemory) -> Result<(), Box<dyn Error>> {
    let input = inputs::count(5000);
    let logic = |name, transitions, target, input| Logic { name, transitions, target, input, by_hand: () };
    compare::<machines::count::Machine, _>(
        bench,
        host,
        logic("loop: Pass, Choice", 10_001, Some(1.5), input.clone()).with(by_hand::count),
    )?;
    compare::<machines::count::Machine, _>(
        bench,
        host,
        logic("loop: in place by hand", 10_001, None, input).with(by_hand::count_in_place),
    )?;
    compare::<machines::chain::Machine, _>(
        bench,
        host,
        logic("chain of 200 Pass states", 201, Some(1.5), inputs::order()).with(by_hand::chain),
    )?;
    compare::<machines::route::Machine, _>(
        bench,
        host,
        logic("Choice of 20 rules", 801, None, inputs::routed(400)).with(by_hand::route),
    )?;
    compare::<machines::hello::Machine, _>(
        bench,
        host,
        logic("one state: a whole execution", 1, None, Json::Null).with(by_hand::hello),
    )
}

fn documents(bench: &Bench, host: &InMemory) -> Result<(), Box<dyn Error>> {
    type Document = machines::document::Machine;
    let [small, large] = [inputs::table(2_000), inputs::table(2_000_000)];
    for (name, input) in
        [("2 KB document, 100 Pass states", &small), ("2 MB document, 100 Pass states", &large)]
    {
        let logic =
            Logic { name, transitions: 101, target: None, input: input.clone(), by_hand: by_hand::document };
        compare::<Document, _>(bench, host, logic)?;
    }
    let name = "2 MB document beside 2 KB document";
    if bench.wants(name) {
        let [ours, baseline] =
            [large, small].map(|input| execution::<Document>(bench, host, &Value::from(input)));
        bench.pair(Pair {
            name,
            unit: "transition",
            units: 101,
            sides: ["2 MB", "2 KB"],
            ours,
            baseline,
            target: Some(2.0),
        });
    }
    Ok(())
}

fn lanes_and_tasks(bench: &Bench, host: &InMemory) -> Result<(), Box<dyn Error>> {
    let logic = |name, transitions, target, input| Logic { name, transitions, target, input, by_hand: () };
    compare::<machines::label::Machine, _>(
        bench,
        host,
        logic("Map of 10,000 items, 3 states each", 30_001, Some(2.0), inputs::parcels(10_000))
            .with(by_hand::label_all),
    )?;
    compare::<machines::fan::Machine, _>(
        bench,
        host,
        logic("Parallel of 50 branches, 4 states each", 201, None, inputs::seed()).with(by_hand::fan),
    )?;
    compare::<machines::charge::Machine, _>(
        bench,
        host,
        logic("1,000 tasks and Choices", 2001, None, inputs::charged(1000)).with(by_hand::charge_all),
    )
}

impl<'a> Logic<'a, ()> {
    fn with<F>(self, by_hand: F) -> Logic<'a, F> {
        let Self { name, transitions, target, input, by_hand: () } = self;
        Logic { name, transitions, target, input, by_hand }
    }
}

/// Measures a machine beside its logic written by hand.
fn compare<M: StateMachine, F>(
    bench: &Bench,
    host: &InMemory,
    logic: Logic<'_, F>,
) -> Result<(), Box<dyn Error>>
where
    F: AsyncFn(Json) -> Outcome,
{
    let Logic { name, transitions, target, input, by_hand } = logic;
    if !bench.wants(name) {
        return Ok(());
    }
    let ours = Value::from(input.clone());
    let output = Json::from(bench.once(run::<M>(host, ours.clone()))?);
    let expected = bench.once(by_hand(input.clone()))?;
    if output != expected {
        return Err(format!("{name}: the machine gives {output}, by hand it is {expected}").into());
    }
    let baseline = bench.side(|| input.clone(), by_hand);
    let ours = execution::<M>(bench, host, &ours);
    bench.pair(Pair {
        name,
        unit: "transition",
        units: transitions,
        sides: ["ours", "by hand"],
        ours,
        baseline,
        target,
    });
    Ok(())
}

fn execution<'a, M: StateMachine>(bench: &'a Bench, host: &'a InMemory, input: &Value) -> Side<'a> {
    let input = input.clone();
    bench.side(move || input.clone(), async |input| run::<M>(host, input).await)
}

async fn run<M: StateMachine>(host: &InMemory, input: Value) -> Result<Value, ExecutionError> {
    asl_runtime::run::<M, _>(host, input).await
}

/// The task of the machine `charge`.
fn charge(input: &Value) -> Result<i64, TaskError> {
    let number = |field| input.get(field).and_then(Value::as_i64);
    match (number("amount"), number("count")) {
        (Some(amount), Some(count)) if amount > 0 => Ok(count + 1),
        _ => Err(TaskError::new("Refused", "there is nothing to charge")),
    }
}
