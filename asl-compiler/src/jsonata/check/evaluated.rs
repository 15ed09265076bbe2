//! Calls of built-in functions whose arguments are known: what they give, or that they always fail.
//!
//! In: values. Out: what the function of the runtime makes of them.

use super::{Finding, FindingKind, Known};
use crate::jsonata::tree::{Expression, ExpressionKind};
use asl_jsonata::{Data, Environment, Evaluation, EvaluationLimits, Failure, View, call_builtin, functions};
use asl_value::{Object, Value};

/// Functions that give something else each time, or fail because that is what they are called for.
const NEVER: [&str; 8] = ["assert", "error", "millis", "now", "random", "range", "shuffle", "uuid"];

/// What a call takes that is still tried.
const STEPS: u64 = 10_000;

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
    if NEVER.contains(&name) || arguments.is_empty() {
        return None;
    }
    let arguments: Vec<_> = arguments.into_iter().map(Data::Value).collect();
    let limits = EvaluationLimits::aws().with_steps(STEPS);
    let world = Nothing(Object::new());
    let evaluation = Evaluation::new(&world, &limits);
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
    let ExpressionKind::Call(call) = &expression.kind else { return None };
    let ExpressionKind::Variable(name) = &call.procedure.kind else { return None };
    if is_bound(name) {
        return None;
    }
    let arguments = first.into_iter().chain(&call.arguments).map(|argument| known.value(argument));
    let failure = match evaluate(name, arguments.collect::<Option<_>>()?)? {
        Err(failure) => failure,
        Ok(Data::Unbounded(_)) => {
            let message = format!("`${name}` gives no number that JSON has for these arguments");
            return Some(Finding::warning(expression.span, FindingKind::WrongArguments, message));
        }
        Ok(_) => return None,
    };
    // Types are looked at elsewhere.
    let code = failure.code().filter(|code| code.starts_with('D'))?;
    let message = format!("`${name}` must fail with these arguments: {}", failure.message());
    Some(Finding::error(expression.span, FindingKind::WrongArguments, code, message))
}
