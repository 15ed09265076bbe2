//! Machines that wait for cases: a line of JSON in for an execution, a line of JSON out with what came of it.
#![allow(clippy::all, reason = "this file is generated")]

use asl_runtime::test::{Case, CaseError, Difference, Step, TestRun};
use asl_runtime::{Array, BoxFuture, Object, Value};
use std::io::{BufRead, Write};

type Outcome = Result<(TestRun, Vec<Difference>), CaseError>;
type Run = fn(Case) -> BoxFuture<'static, Outcome>;

fn main() {
    // Values may be nested deeply, and code that is not optimised needs much of the stack.
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(work);
    if worker.map_or(true, |worker| worker.join().is_err()) {
        std::process::exit(101);
    }
}

fn work() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let request = Value::from_json(&line).expect("a request is JSON");
        let number = request.get("machine").and_then(Value::as_i64).and_then(|number| usize::try_from(number).ok());
        let run = number.and_then(|number| MACHINES.get(number)).expect("the number of a machine");
        let start = std::time::Instant::now();
        let outcome = match Case::from_json(request.get("case").expect("a case")) {
            Ok(case) => runtime.block_on(run(case)),
            Err(error) => Err(error),
        };
        let mut answer = answer(outcome);
        answer.insert("milliseconds", start.elapsed().as_secs_f64() * 1000.0);
        let mut output = std::io::stdout().lock();
        writeln!(output, "{}", Value::from(answer)).expect("somebody reads");
        output.flush().expect("somebody reads");
    }
}

fn answer(outcome: Outcome) -> Object {
    let mut answer = Object::new();
    let (run, differences) = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            answer.insert("fault", error.to_string());
            return answer;
        }
    };
    answer.insert("status", run.status().as_str());
    match run.result() {
        Ok(output) => {
            answer.insert("output", output.clone());
        }
        Err(error) => {
            answer.extend(error.error().map(|name| ("error", name)));
            answer.extend(error.cause().map(|cause| ("cause", cause)));
        }
    }
    answer.insert("path", run.steps().iter().map(Step::to_json).collect::<Array>());
    answer.insert("differences", differences.iter().map(difference).collect::<Array>());
    answer.insert("coverage", run.coverage().to_json());
    answer
}

fn difference(difference: &Difference) -> Value {
    let mut object = Object::new();
    object.insert("place", difference.place.as_str());
    object.extend(difference.expected.clone().map(|value| ("expected", value)));
    object.extend(difference.found.clone().map(|value| ("found", value)));
    object.into()
}
