//! Calls of built-in functions whose arguments are known: what they give, or that they always fail.
//!
//! In: values. Out: what the function of the runtime makes of them, if that takes little time and little memory: a definition is checked,
//! and not run.

use super::arguments::named_call;
use super::{Finding, FindingKind, Known};
use crate::jsonata::tree::Expression;
use asl_jsonata::{Data, Environment, Evaluation, EvaluationLimits, Failure, View, call_builtin, functions};
use asl_value::{Object, Size, Value};

/// Functions that give something else each time, or fail because that is what they are called for.
const NEVER: [&str; 8] = ["assert", "error", "millis", "now", "random", "range", "shuffle", "uuid"];

/// How far a call may go that is still tried: what it takes and returns is of no more than [`SIZE`].
const LIMITS: EvaluationLimits = {
    let mut limits = EvaluationLimits::aws().with_steps(10_000);
    limits.size = SIZE;
    limits.padding = Some(SIZE as usize);
    limits
};

/// How many values there are in what is known, where each sixteen bytes of a text count as one more.
const SIZE: u32 = 1_000;

/// Whether a value is small enough to be kept for each part of an expression that has it.
pub(crate) fn is_small(value: &Value) -> bool {
    value.size().weight <= SIZE
}

/// What is left of the size of a small value that is put together.
pub(crate) struct Room(u32);

impl Room {
    pub(crate) const fn new() -> Self {
        Self(SIZE)
    }

    /// Takes the room of one more part; nothing if there is too little.
    pub(crate) fn take(&mut self, size: Size) -> Option<()> {
        self.0 = self.0.checked_sub(size.weight)?;
        Some(())
    }
}

/// No world around a call.
struct Nothing(Object);

impl Environment for Nothing {
    fn variables(&self) -> &Object {
        &self.0
    }

    fn now_millis(&self) -> i64 {
        0
    }

    fn random(&self) -> f64 {
        0.0
    }
}

/// What a built-in function makes of these; nothing if that is not known.
pub(crate) fn evaluate(name: &str, arguments: Vec<Value>) -> Option<Result<Data, Failure>> {
    let builtin = functions::ALL.iter().find(|builtin| builtin.name == name)?;
    if NEVER.contains(&name) || arguments.is_empty() || !arguments.iter().all(is_small) {
        return None;
    }
    let arguments: Vec<_> = arguments.into_iter().map(Data::Value).collect();
    let world = Nothing(Object::new());
    let evaluation = Evaluation::new(&world, &LIMITS);
    let given = call_builtin(&evaluation, builtin, View::Nothing, &arguments).map(Data::settled);
    // A limit that is lower than that of the runtime says nothing.
    (given.is_ok() || given.as_ref().is_err_and(|failure| failure.code().is_some())).then_some(given)
}

/// A call that fails with what is known to be given to it. `first` is what it is applied to.
pub(super) fn fault(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
    known: &dyn Known,
) -> Option<Finding> {
    let (name, _, arguments) = named_call(expression, first)?;
    if is_bound(name) {
        return None;
    }
    let arguments = arguments.into_iter().map(|argument| known.value(argument));
    let failure = match evaluate(name, arguments.collect::<Option<_>>()?)? {
        Err(failure) => failure,
        Ok(Data::Unbounded(_)) => {
            let message = format!("`${name}` does not return a number that JSON has for these arguments");
            return Some(Finding::warning(expression.span, FindingKind::WrongArguments, message));
        }
        Ok(_) => return None,
    };
    // Types are looked at elsewhere.
    let code = failure.code().filter(|code| code.starts_with('D'))?;
    let message = format!("`${name}` must fail with these arguments: {}", failure.message());
    Some(Finding::error(expression.span, FindingKind::WrongArguments, code, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, arguments: Vec<Value>) -> Option<String> {
        Some(evaluate(name, arguments)?.expect("a value").into_json().expect("a JSON value").to_string())
    }

    #[test]
    fn small_calls_are_evaluated() {
        assert_eq!(given("uppercase", vec![Value::from("a")]).as_deref(), Some("\"A\""));
        assert_eq!(given("pad", vec![Value::from("a"), Value::from(3_i64)]).as_deref(), Some("\"a  \""));
        let found = evaluate("number", vec![Value::from("a")]).expect("something is known");
        assert_eq!(found.expect_err("it is not a number").code(), Some("D3030"));
    }

    #[test]
    fn large_ones_are_not() {
        let text = |length: usize| Value::from("a".repeat(length));
        // What would be made is large, or what is given is.
        assert_eq!(given("pad", vec![text(0), Value::from(262_144_i64)]), None);
        assert_eq!(given("replace", vec![text(900), Value::from("a"), text(900)]), None);
        assert_eq!(given("join", vec![Value::from(vec![text(9_000), text(9_000)])]), None);
        assert_eq!(given("uppercase", vec![text(100_000)]), None);
    }
}
