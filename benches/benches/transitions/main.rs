//! What a transition costs, beside the same logic written by hand.
//!
//! Each machine runs in turns with a function of `by_hand` on the same input; before that, the outputs of both are compared.

mod by_hand;
mod inputs;
mod instructions;

/// The machines, as the build script has compiled them.
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

use asl_benches::{Bench, Measurement, Side};
use asl_runtime::monitoring::logs::{CloudWatchLogs, LogLevel};
use asl_runtime::{ExecutionError, InMemory, Limits, StateMachine, TaskError, Value};
use by_hand::Outcome;
use serde_json::Value as Json;
use std::error::Error;
use std::process::ExitCode;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let bench = Bench::from_args()?;
    let host = InMemory::new().resource(by_hand::CHARGE, |input: Value| async move { charge(&input) });
    if instructions::is_counted(&bench, &host) {
        return Ok(ExitCode::SUCCESS);
    }
    let transitions = Transitions { bench: &bench, host: &host };
    transitions.states()?;
    transitions.documents()?;
    transitions.lanes_and_tasks()?;
    transitions.records()?;
    transitions.watched();
    instructions::count(&bench)?;
    Ok(bench.finish())
}

struct Transitions<'a> {
    bench: &'a Bench,
    host: &'a InMemory,
}

impl Transitions<'_> {
    fn states(&self) -> Done {
        use machines::{chain, codes, count, hello, route, sums};
        let input = inputs::count(5000);
        self.compare::<count::Machine>("loop", 10_001, Some(1.5), &input, by_hand::count)?;
        self.compare::<count::Machine>(
            "loop, in place by hand",
            10_001,
            None,
            &input,
            by_hand::count_in_place,
        )?;
        self.compare::<chain::Machine>("chain of 200", 201, Some(1.5), &inputs::order(), by_hand::chain)?;
        self.compare::<route::Machine>(
            "choice of 20 rules",
            801,
            None,
            &inputs::routed(400),
            by_hand::route,
        )?;
        let texts = inputs::codes(1000);
        self.compare::<codes::Machine>("choice of 1,000 texts", 2001, Some(1.5), &texts, by_hand::codes)?;
        self.compare::<hello::Machine>(
            "whole execution of one state",
            1,
            Some(5.0),
            &Json::Null,
            by_hand::hello,
        )?;
        self.compare::<sums::Machine>(
            "JSONata, sums of 90 items",
            2002,
            Some(2.0),
            &inputs::basket(90, 1000),
            by_hand::sums,
        )
    }

    fn documents(&self) -> Done {
        type Machine = machines::document::Machine;
        let [small, large] = [inputs::table(2_000), inputs::table(2_000_000)];
        self.compare::<Machine>("document of 2 KB, 100 states", 101, None, &small, by_hand::document)?;
        self.compare::<Machine>("document of 2 MB, 100 states", 101, None, &large, by_hand::document)?;
        let name = "document of 2 MB beside 2 KB";
        if self.bench.wants(name) {
            let side = |name, input: &Json| (name, self.execution::<Machine>(input));
            let sides = vec![side("2 MB", &large), side("2 KB", &small)];
            self.bench.measure(Measurement {
                name,
                unit: "transition",
                units: 101,
                sides,
                target: Some(2.0),
            });
        }
        Ok(())
    }

    fn lanes_and_tasks(&self) -> Done {
        use machines::{charge, fan, grid, label, long_fan};
        let parcels = inputs::parcels(10_000);
        self.compare::<label::Machine>(
            "map of 10,000 items",
            30_001,
            Some(2.0),
            &parcels,
            by_hand::label_all,
        )?;
        self.compare::<grid::Machine>(
            "map of 100 maps of 100",
            20_101,
            Some(1.0),
            &inputs::grid(100),
            by_hand::grid,
        )?;
        self.compare::<fan::Machine>("parallel of 50 branches", 201, None, &inputs::seed(), by_hand::fan)?;
        self.compare::<long_fan::Machine>(
            "parallel of 50 branches of 20",
            1001,
            Some(1.0),
            &inputs::seed(),
            by_hand::long_fan,
        )?;
        self.compare::<charge::Machine>(
            "tasks, 1,000",
            2001,
            Some(2.0),
            &inputs::charged(1000),
            by_hand::charge_all,
        )
    }

    fn records(&self) -> Done {
        use machines::{group, join, merge, sort};
        let (wide, records) = (inputs::wide(10_000), inputs::records(200));
        self.compare::<merge::Machine>("merge of 500 KB", 2, Some(1.0), &wide, by_hand::merge)?;
        self.compare::<group::Machine>("200 records grouped", 1, Some(1.0), &records, by_hand::group)?;
        self.compare::<sort::Machine>("200 records sorted", 1, Some(1.0), &records, by_hand::sort)?;
        self.compare::<join::Machine>("200 records joined", 1, Some(1.0), &records, by_hand::join)
    }

    /// What watching and limiting cost, beside the same execution without them or on a smaller document.
    fn watched(&self) {
        let logs = |level| InMemory::new().observe(CloudWatchLogs::new(std::io::sink(), level));
        let (plain, errors, all) = (InMemory::new(), logs(LogLevel::Error), logs(LogLevel::All));
        let limited = InMemory::new().limits(Limits::aws());
        let [small, medium, large] = [1_000, 100_000, 1_000_000].map(inputs::table);
        self.beside("logs of errors, 1 MB", Some(1.5), [("logs", &errors, &large), ("none", &plain, &large)]);
        self.beside("logs of all, 1 MB", Some(1.5), [("1 MB", &all, &large), ("1 KB", &all, &small)]);
        self.beside(
            "limits of AWS, 100 KB",
            Some(2.0),
            [("limits", &limited, &medium), ("none", &plain, &medium)],
        );
    }

    /// Measures the document's machine on two hosts.
    fn beside(&self, name: &str, target: Option<f64>, sides: [(&'static str, &InMemory, &Json); 2]) {
        if !self.bench.wants(name) {
            return;
        }
        let side = |(name, host, input): (&'static str, _, &Json)| {
            let (host, input): (&InMemory, Value) = (host, Value::from(input.clone()));
            let side = self.bench.side(
                move || input.clone(),
                async move |input| run::<machines::document::Machine>(host, input).await,
            );
            (name, side)
        };
        let sides = sides.map(side).into_iter().collect();
        self.bench.measure(Measurement { name, unit: "transition", units: 101, sides, target });
    }

    /// Measures a machine beside its logic written by hand.
    fn compare<M: StateMachine>(
        &self,
        name: &str,
        transitions: u32,
        target: Option<f64>,
        input: &Json,
        by_hand: impl AsyncFn(Json) -> Outcome,
    ) -> Done {
        if !self.bench.wants(name) {
            return Ok(());
        }
        let output = Json::from(self.bench.once(run::<M>(self.host, Value::from(input.clone())))?);
        let expected = self.bench.once(by_hand(input.clone()))?;
        if output != expected {
            return Err(format!("{name}: the machine returns {output}, by hand it is {expected}").into());
        }
        let sides = vec![
            ("ours", self.execution::<M>(input)),
            ("by hand", self.bench.side(|| input.clone(), by_hand)),
        ];
        self.bench.measure(Measurement { name, unit: "transition", units: transitions, sides, target });
        Ok(())
    }

    fn execution<M: StateMachine>(&self, input: &Json) -> Side<'_> {
        let input = Value::from(input.clone());
        self.bench.side(move || input.clone(), async |input| run::<M>(self.host, input).await)
    }
}

async fn run<M: StateMachine>(host: &InMemory, input: Value) -> Result<Value, ExecutionError> {
    asl_runtime::run::<M>(host, input).await
}

/// The task of the machine `charge`.
fn charge(input: &Value) -> Result<i64, TaskError> {
    let number = |field| input.get(field).and_then(Value::as_i64);
    match (number("amount"), number("count")) {
        (Some(amount), Some(count)) if amount > 0 => Ok(count + 1),
        _ => Err(TaskError::new("Refused", "there is nothing to charge")),
    }
}
