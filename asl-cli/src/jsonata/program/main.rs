//! Expressions that wait for requests: a line of JSON in for an evaluation, a line of JSON out with what came of it.
#![allow(clippy::all, reason = "this file is generated")]

use asl_runtime::jsonata::{Bindings, Compiled, EvaluationLimits, Failure};
use asl_runtime::{Object, Value};
use std::io::{BufRead, Write};
use std::time::Duration;

/// Code that is not optimised needs much of the stack. A part of it is kept for what an evaluation calls at its deepest.
const STACK: usize = 512 << 20;
const RESERVE: usize = 16 << 20;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || answer(&line).to_string());
        // An evaluation that panics has written why; the next is not its business.
        let answer = worker.expect("a thread").join();
        let answer = answer.unwrap_or_else(|_| r#"{"fault":"the evaluation panicked"}"#.to_owned());
        let mut output = std::io::stdout().lock();
        writeln!(output, "{answer}").expect("somebody reads");
        output.flush().expect("somebody reads");
    }
}

fn answer(line: &str) -> Value {
    let request = Value::from_json(line).expect("a request is JSON");
    let number = |name: &str| request.get(name).and_then(Value::as_i64).and_then(|number| u32::try_from(number).ok());
    let number_of_expression = number("expression").expect("the number of an expression") as usize;
    let expression = EXPRESSIONS.get(number_of_expression).copied().flatten().expect("an expression");
    let mut limits = EvaluationLimits::none().with_stack(STACK - RESERVE);
    if let Some(depth) = number("depth") {
        limits = limits.with_depth(depth);
    }
    if let Some(milliseconds) = number("timelimit") {
        limits = limits.with_time(Duration::from_millis(milliseconds.into()));
    }
    let mut bindings = Bindings::new().with_limits(limits);
    for (name, value) in request.get("bindings").and_then(Value::as_object).into_iter().flat_map(|object| object.iter()) {
        bindings = bindings.bind(name.clone(), value.clone());
    }
    let outcome = match request.get("data") {
        Some(data) => bindings.evaluate(expression, data),
        None => bindings.evaluate_alone(expression),
    };
    described(outcome)
}

fn described(outcome: Result<Option<Value>, Failure>) -> Value {
    let mut answer = Object::new();
    match outcome {
        Ok(Some(value)) => {
            answer.insert("result", value);
        }
        Ok(None) => {
            answer.insert("undefined", true);
        }
        Err(failure) => {
            // The reference implementation gives its bounds this code.
            answer.insert("error", failure.code().unwrap_or("U1001"));
            answer.insert("message", failure.to_string());
        }
    }
    answer.into()
}
