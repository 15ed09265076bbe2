//! The same work counted in instructions, which are the same however busy the machine is: what a machine takes beside its logic by hand, and how that
//! grows with four times the data.
//!
//! `valgrind` counts them, in a process for each: this program, with the name of what it is to do. Without `valgrind` nothing is counted.

use super::{by_hand, inputs, machines};
use asl_benches::{Bench, counted, note, print, verdict};
use asl_runtime::{InMemory, StateMachine, Value};
use by_hand::Outcome;
use serde_json::Value as Json;
use std::error::Error;
use std::hint::black_box;
use std::process::Command;

/// What the arguments of a process begin with that is to be counted: then come the name of the work, its size, and whose it is.
const COUNTED: &str = "--counted";
const OURS: &str = "ours";
const BY_HAND: &str = "by-hand";
/// So many times the data.
const MORE: u32 = 4;
/// How many times as much a transition may take then.
const GROWTH: f64 = 1.25;

/// Does work of a size on a host, by a machine or by hand.
type Counted = dyn Fn(&Bench, &InMemory, u32, &str);

/// Work of a size.
struct Work {
    name: &'static str,
    size: u32,
    transitions: fn(u32) -> u32,
    /// How many times as many instructions as by hand it may take.
    target: Option<f64>,
    work: Box<Counted>,
}

impl Work {
    fn new<M: StateMachine>(
        name: &'static str,
        size: u32,
        transitions: fn(u32) -> u32,
        target: Option<f64>,
        input: fn(u32) -> Json,
        by_hand: impl AsyncFn(Json) -> Outcome + 'static,
    ) -> Self {
        let work = move |bench: &Bench, host: &InMemory, size: u32, whose: &str| {
            let input = input(size);
            if whose == OURS {
                let input = Value::from(input);
                let once = || drop(black_box(bench.once(super::run::<M>(host, input.clone()))));
                // What is made once is not counted.
                once();
                counted(&once);
            } else {
                let once = || drop(black_box(bench.once(by_hand(input.clone()))));
                once();
                counted(&once);
            }
        };
        Self { name, size, transitions, target, work: Box::new(work) }
    }

    fn all() -> Vec<Self> {
        let mut all = Self::states();
        all.extend(Self::lanes());
        all
    }

    fn states() -> Vec<Self> {
        use machines::{charge, collect, count, hello, route};
        vec![
            Self::new::<hello::Machine>(
                "whole execution",
                1,
                |_| 1,
                Some(5.0),
                |_| Json::Null,
                by_hand::hello,
            ),
            Self::new::<count::Machine>(
                "loop",
                1000,
                |n| 2 * n + 1,
                Some(1.5),
                inputs::count,
                by_hand::count,
            ),
            Self::new::<route::Machine>(
                "choice",
                2000,
                |n| 2 * n + 1,
                Some(1.0),
                inputs::routed,
                by_hand::route,
            ),
            Self::new::<charge::Machine>(
                "tasks",
                500,
                |n| 2 * n + 1,
                Some(2.0),
                inputs::charged,
                by_hand::charge_all,
            ),
            Self::new::<collect::Machine>(
                "a variable that is appended to",
                500,
                |n| 2 * n + 2,
                None,
                |limit| serde_json::json!({ "limit": limit }),
                by_hand::collect,
            ),
            Self::new::<machines::sums::Machine>(
                "JSONata",
                50,
                |n| 2 * n + 2,
                Some(2.0),
                |turns| inputs::basket(90, turns),
                by_hand::sums,
            ),
        ]
    }

    fn lanes() -> Vec<Self> {
        use machines::{fan, grid, label, long_fan};
        vec![
            Self::new::<label::Machine>(
                "map",
                2500,
                |n| 3 * n + 1,
                Some(1.0),
                inputs::parcels,
                by_hand::label_all,
            ),
            Self::new::<grid::Machine>(
                "map of maps",
                25,
                |n| 2 * n * n + n + 1,
                Some(1.0),
                inputs::grid,
                by_hand::grid,
            ),
            Self::new::<fan::Machine>(
                "parallel of 50 branches",
                1,
                |_| 201,
                Some(1.0),
                |_| inputs::seed(),
                by_hand::fan,
            ),
            Self::new::<long_fan::Machine>(
                "parallel of 50 branches of 20",
                1,
                |_| 1001,
                Some(1.0),
                |_| inputs::seed(),
                by_hand::long_fan,
            ),
        ]
    }
}

/// Does the work that the arguments name, if they do: this process is counted then.
pub(super) fn is_counted(bench: &Bench, host: &InMemory) -> bool {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [flag, name, size, whose] = arguments.as_slice() else { return false };
    if flag != COUNTED {
        return false;
    }
    let size = size.parse().unwrap_or(1);
    for work in Work::all().iter().filter(|work| work.name == name) {
        (work.work)(bench, host, size, whose);
    }
    true
}

/// Counts all of it.
pub(super) fn count(bench: &Bench) -> Result<(), Box<dyn Error>> {
    if !bench.wants("instructions") {
        return Ok(());
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        print("instructions: skipped, because `valgrind` is not there");
        return Ok(());
    }
    for Work { name, size, transitions, target, .. } in Work::all() {
        let each = |size, whose| -> Result<f64, Box<dyn Error>> {
            Ok(instructions(name, size, whose)? / f64::from(transitions(size)))
        };
        let (ours, by_hand) = (each(size, OURS)?, each(size, BY_HAND)?);
        let ratio = ours / by_hand;
        let verdict = verdict(ratio, target, "");
        print(&format!(
            "instructions, {name:<32} ours {ours:>7.0}  by hand {by_hand:>7.0}  a transition, ratio {ratio:.2}{verdict}"
        ));
        bench.judge(ratio, target);
        let growth = if size == 1 { None } else { Some(each(size * MORE, OURS)? / ours) };
        if let Some(growth) = growth {
            let kind = if growth <= GROWTH { "linear" } else { "FASTER than linear" };
            print(&format!(
                "    growth is {kind}: with {MORE} times the data a transition takes {growth:.2} times as many"
            ));
            bench.judge(growth, Some(GROWTH));
        }
        let [ours, by_hand] = [ours, by_hand].map(|figure| format!("{figure:.0}"));
        let (ratio, growth) = (format!("{ratio:.2}"), growth.map(|growth| format!("{growth:.2}")));
        let target = target.map(|target| target.to_string()).unwrap_or_default();
        note(&["instructions", name, &ours, &by_hand, &ratio, &target, &growth.unwrap_or_default()]);
    }
    Ok(())
}

/// The instructions of one run.
fn instructions(name: &str, size: u32, whose: &str) -> Result<f64, Box<dyn Error>> {
    let counted = asl_benches::instructions(&[COUNTED, name, &size.to_string(), whose])?;
    counted.ok_or_else(|| "`valgrind` is not there".into())
}
