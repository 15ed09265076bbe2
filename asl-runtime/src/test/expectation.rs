//! What a test expects of its execution.
//!
//! In: a [`TestRun`]. Out: where it differs. What nothing is said about is not looked at, but for one thing: an execution that fails though
//! no error is expected.

use super::difference::{Compare, Difference, compare};
use super::path::{StepPattern, fit, patterns_to_json, seen};
use super::run::TestRun;
use asl_engine::error::{ExecutionError, Status};
use asl_value::{Array, Value};
use std::time::Duration;

/// What is expected.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Expectation {
    pub(super) status: Option<String>,
    pub(super) output: Option<Value>,
    /// Fields that the output has beside others.
    pub(super) includes: Option<Value>,
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) path: Option<Vec<StepPattern>>,
    /// By state, the parameters of its calls.
    pub(super) sent: Vec<(String, Vec<Value>)>,
    pub(super) retries: Vec<(String, u64)>,
    pub(super) passed: Option<Duration>,
}

impl Expectation {
    /// Finds the differences.
    pub(super) fn check(&self, run: &TestRun) -> Vec<Difference> {
        let mut differences = self.check_end(run);
        differences.extend(self.path.iter().flat_map(|path| check_path(path, run)));
        for (state, calls) in &self.sent {
            let (expected, found): (Array, Array) =
                (calls.iter().cloned().collect(), run.sent(state).iter().cloned().collect());
            let place = format!("sent.{state}");
            differences.extend(compare(&place, &expected.into(), &found.into(), Compare::All));
        }
        for (state, expected) in &self.retries {
            let (expected, found) = (Value::from(*expected), Value::from(run.retries(state)));
            differences.extend(compare(&format!("retries.{state}"), &expected, &found, Compare::All));
        }
        if let Some(expected) = self.passed {
            let (expected, found) = (seconds(expected), seconds(run.passed()));
            differences.extend(compare("seconds", &expected, &found, Compare::All));
        }
        differences
    }

    /// The status, and the output or the error.
    fn check_end(&self, run: &TestRun) -> Vec<Difference> {
        let expects_error = self.error.is_some() || self.cause.is_some();
        let expected = match &self.status {
            Some(status) => status.as_str(),
            None if !expects_error => Status::Succeeded.as_str(),
            // A timeout has an error too.
            None if run.error().is_some() => run.status().as_str(),
            None => Status::Failed.as_str(),
        };
        let mut differences =
            compare("status", &Value::from(expected), &run.status().as_str().into(), Compare::All);
        match run.result() {
            Ok(output) => differences.extend(self.check_output(output)),
            Err(error) => differences.extend(self.check_error(error, differences.is_empty())),
        }
        differences
    }

    fn check_output(&self, found: &Value) -> Vec<Difference> {
        let mut differences = Vec::new();
        if let Some(expected) = &self.output {
            differences.extend(compare("output", expected, found, Compare::All));
        }
        if let Some(expected) = &self.includes {
            differences.extend(compare("output", expected, found, Compare::Included));
        }
        if let Some(error) = &self.error {
            differences.push(Difference::new("error", Some(error.as_str().into()), None));
        }
        differences
    }

    /// Where the execution should not have failed at all, it helps to see why it did.
    fn check_error(&self, found: &ExecutionError, should_fail: bool) -> Vec<Difference> {
        let part = |place: &str, expected: &Option<String>, found: Option<&str>| {
            let found = found.map(Value::from);
            let expected = expected.as_deref().map(Value::from);
            let matters = expected.is_some() || (!should_fail && found.is_some());
            (matters && expected != found).then(|| Difference::new(place, expected, found))
        };
        let error = part("error", &self.error, found.error());
        let cause = part("cause", &self.cause, found.cause());
        let output = self.output.as_ref().filter(|_| should_fail);
        let output = output.map(|expected| Difference::new("output", Some(expected.clone()), None));
        error.into_iter().chain(cause).chain(output).collect()
    }
}

/// Where the way through the states is another one.
pub(super) fn check_path(path: &[StepPattern], run: &TestRun) -> Vec<Difference> {
    if fit(path, run.steps()) {
        return Vec::new();
    }
    compare("path", &patterns_to_json(path), &seen(path, run.steps()), Compare::All)
}

/// Whole numbers stay whole.
fn seconds(duration: Duration) -> Value {
    match duration.subsec_nanos() {
        0 => duration.as_secs().into(),
        _ => duration.as_secs_f64().into(),
    }
}
