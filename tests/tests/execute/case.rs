//! One execution: what goes in, what the world answers, and what has to come of it.

use crate::script::{Answer, Script};
use crate::{Host, Run};
use asl_runtime::{Event, EventDetails, ExecutionContext, ExecutionError, InMemory, Value, VirtualClock};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// An element of a `.cases.json` file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case is about, where the input does not say it.
    #[serde(default)]
    name: Option<String>,
    /// The input of the execution; by default `{}`.
    #[serde(default = "Value::empty_object")]
    input: Value,
    /// What resources answer, call by call. A resource that is not here is not registered.
    #[serde(default)]
    tasks: BTreeMap<String, Vec<Answer>>,
    /// The output. Without one the execution has to fail. `{name}` in it, and in the cause, is the name of the execution.
    #[serde(default, deserialize_with = "present")]
    output: Option<Value>,
    /// The output to the letter, where the order of keys or the form of numbers matters.
    #[serde(default)]
    output_text: Option<String>,
    /// The error name.
    #[serde(default)]
    error: Option<String>,
    /// The whole cause; without one there has to be none.
    #[serde(default)]
    cause: Option<String>,
    /// The status of an execution that does not succeed, by default `FAILED`.
    #[serde(default)]
    status: Option<String>,
    /// What each resource was called with, call by call.
    #[serde(default)]
    parameters: Option<BTreeMap<String, Vec<Value>>>,
    /// How long the execution took: seconds, or the least and the most.
    #[serde(default)]
    elapsed_seconds: Option<Elapsed>,
    /// The states in the order in which they were entered.
    #[serde(default)]
    states: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Elapsed {
    Exactly(f64),
    Between(f64, f64),
}

/// A field that is there, be it null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What an execution came to.
struct Outcome {
    /// The name of the execution, which is random.
    name: String,
    result: Result<Value, ExecutionError>,
    elapsed_seconds: f64,
    states: Vec<String>,
    parameters: BTreeMap<String, Vec<Value>>,
    unused: Vec<String>,
}

impl Case {
    /// How messages call it.
    pub(crate) fn title(&self, number: usize) -> String {
        let about = self.name.clone().unwrap_or_else(|| format!("input {}", self.input));
        format!("case {} ({about})", number + 1)
    }

    /// Runs the execution, and says what is not as it should be.
    pub(crate) async fn check(&self, run: Run) -> Vec<String> {
        let outcome = self.run(run).await;
        let mut faults = self.check_result(&outcome);
        if !self.elapsed_seconds.as_ref().is_none_or(|elapsed| elapsed.holds(outcome.elapsed_seconds)) {
            faults.push(format!("it took {} s, not {:?}", outcome.elapsed_seconds, self.elapsed_seconds));
        }
        if self.states.as_ref().is_some_and(|states| *states != outcome.states) {
            faults.push(format!("it went through {:?}", outcome.states));
        }
        if self.parameters.as_ref().is_some_and(|parameters| *parameters != outcome.parameters) {
            faults.push(format!("the resources got {:?}", outcome.parameters));
        }
        faults.extend(outcome.unused);
        faults
    }

    async fn run(&self, run: Run) -> Outcome {
        let clock = VirtualClock::default();
        let start = clock.now();
        let script = Script::new(&self.tasks, &clock);
        let heard = Arc::new(Mutex::new((String::new(), Vec::new())));
        // The seed makes the jitter of retries the same in every run.
        let host: Host = script.register(InMemory::with_clock(clock.clone()).seed(1)).observe({
            let heard = Arc::clone(&heard);
            move |execution: &ExecutionContext, event: &Event| {
                if let EventDetails::StateEntered { name, .. } = &event.details {
                    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                    execution.name.as_str().clone_into(&mut heard.0);
                    heard.1.push(name.to_string());
                }
            }
        });
        let result = run(host, self.input.clone()).await;
        let (name, states) = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (parameters, unused) = script.finish();
        Outcome {
            name,
            result,
            elapsed_seconds: clock.now().since(start).as_secs_f64(),
            states,
            parameters,
            unused,
        }
    }

    fn check_result(&self, outcome: &Outcome) -> Vec<String> {
        let anonymous = |text: &str| text.replace(&outcome.name, "{name}");
        match &outcome.result {
            Ok(output) => self.check_output(&anonymous(&output.to_string())),
            Err(error) => self.check_error(error, error.cause().map(anonymous).as_deref()),
        }
    }

    fn check_output(&self, text: &str) -> Vec<String> {
        let expected = self.output.is_some() || self.output_text.is_some();
        let output = Value::from_json(text).unwrap_or_default();
        let same_value = self.output.as_ref().is_none_or(|expected| *expected == output);
        let same_text = self.output_text.as_ref().is_none_or(|expected| *expected == text);
        if expected && same_value && same_text { Vec::new() } else { vec![format!("the output is {text}")] }
    }

    fn check_error(&self, error: &ExecutionError, cause: Option<&str>) -> Vec<String> {
        let mut faults = Vec::new();
        if error.error() != self.error.as_deref() {
            faults.push(format!("the error is {:?}", error.error()));
        }
        if cause != self.cause.as_deref() {
            faults.push(format!("the cause is {}", Value::from(cause)));
        }
        if error.status().as_str() != self.status.as_deref().unwrap_or("FAILED") {
            faults.push(format!("the status is {}", error.status()));
        }
        faults
    }
}

impl Elapsed {
    fn holds(&self, seconds: f64) -> bool {
        match self {
            Self::Exactly(expected) => (seconds - expected).abs() < 1e-6,
            Self::Between(least, most) => (*least..=*most).contains(&seconds),
        }
    }
}
