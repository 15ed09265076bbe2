//! Runs cases, as many at a time as there are processors.
//!
//! In: suites, and the worker that has their machines. Out: what came of each case, in their order.

use super::case;
use super::suite::{Case, Suite};
use crate::machines;
use asl_runtime::remote::Worker;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Values may be nested deeply. Only what is used of a stack takes memory.
const STACK: usize = 256 << 20;

/// What ends an execution that has met a fault of its own, or a task without a mock.
const RUNTIME: &str = "States.Runtime";

/// What came of a case.
#[derive(Clone, Debug)]
pub(crate) struct Tested {
    /// How it went, or why that is not known.
    pub(crate) answer: Result<Map<String, Value>, String>,
    any_end: bool,
}

/// What came of the cases of each suite.
pub(crate) type Results = Vec<Vec<Tested>>;

impl Tested {
    /// Whether all was as expected.
    pub(crate) fn passed(&self) -> bool {
        match &self.answer {
            Ok(_) if self.any_end => self.text("error") != Some(RUNTIME),
            Ok(_) => self.differences().is_empty(),
            Err(_) => false,
        }
    }

    /// What was not as expected.
    pub(crate) fn differences(&self) -> &[Value] {
        if self.any_end {
            return &[];
        }
        self.field("differences").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// How long it took.
    pub(crate) fn taken(&self) -> Duration {
        let milliseconds = self.field("milliseconds").and_then(Value::as_f64).unwrap_or_default();
        Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
    }

    /// Something about how it went.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.answer.as_ref().ok()?.get(name)
    }

    /// The same, if it is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name).and_then(Value::as_str)
    }
}

/// Runs all cases, each within the time limit.
pub(super) fn run(suites: &[Suite], program: Option<&Path>, time_limit: Duration) -> Results {
    let cases: Vec<(&Suite, &Case)> =
        suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case))).collect();
    let results: Vec<Mutex<Option<Tested>>> = cases.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        // Each has a separate process, which a case may take with it.
        let worker = program.map(machines::start);
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let (Some((suite, case)), Some(result)) = (cases.get(place), results.get(place)) else { return };
            let tested = test(worker.as_ref(), suite, case, time_limit);
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(tested);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(cases.len());
    thread::scope(|scope| {
        for _ in 0..workers {
            if thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_err() {
                work();
            }
        }
    });
    let mut results =
        results.into_iter().map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner));
    let mut of_suite = |suite: &Suite| results.by_ref().take(suite.cases.len()).flatten().collect();
    suites.iter().map(&mut of_suite).collect()
}

fn test(worker: Option<&Result<Worker, String>>, suite: &Suite, case: &Case, time_limit: Duration) -> Tested {
    let answer = match (suite.machine, worker) {
        (Some(machine), Some(Ok(worker))) => case::run(worker, machine, &case.content, time_limit),
        (Some(_), Some(Err(reason))) => Err(reason.clone()),
        _ => Err(String::from("the definition has errors")),
    };
    Tested { answer, any_end: case.any_end }
}
