use asl_engine::jsonata::{Bindings, Compiled, EvaluationLimits, Failure};
use asl_engine::{Object, Value};

type Entry = &'static Compiled;

/// A part of the stack is kept for what an evaluation calls at its deepest.
const RESERVE: usize = 16 << 20;

/// About so many steps does an interpreter in a millisecond, and evaluations are counted and not timed.
const STEPS: u64 = 20_000;

/// Evaluates an expression.
fn answer(expression: &Entry, request: &Value) -> Object {
    let number = |name: &str| request.get(name).and_then(Value::as_i64).and_then(|number| u32::try_from(number).ok());
    let mut limits = EvaluationLimits::none().with_stack(STACK - RESERVE);
    if let Some(depth) = number("depth") {
        limits = limits.with_depth(depth);
    }
    if let Some(milliseconds) = number("timelimit") {
        limits = limits.with_steps(u64::from(milliseconds) * STEPS);
    }
    let mut bindings = Bindings::new().with_limits(limits);
    for (name, value) in request.get("bindings").and_then(Value::as_object).into_iter().flat_map(|object| object.iter()) {
        bindings = bindings.bind(name.clone(), value.clone());
    }
    described(match request.get("data") {
        Some(data) => bindings.evaluate(expression, data),
        None => bindings.evaluate_alone(expression),
    })
}

fn described(outcome: Result<Option<Value>, Failure>) -> Object {
    let mut answer = Object::new();
    match outcome {
        Ok(Some(value)) => {
            answer.insert("result", value);
        }
        Ok(None) => {
            answer.insert("undefined", true);
        }
        Err(failure) => {
            // The reference implementation uses this code for its bounds.
            answer.insert("error", failure.code().unwrap_or("U1001"));
            answer.insert("message", failure.to_string());
        }
    }
    answer
}
