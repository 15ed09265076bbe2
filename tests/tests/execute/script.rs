//! The world of a case: functions that answer as the case says, and keep what they were called with.

use crate::Host;
use asl_runtime::{TaskError, Value, VirtualClock};
use serde::Deserialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a resource answers to one call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// The result; by default null.
    #[serde(default)]
    result: Value,
    /// The result is what the resource was called with.
    #[serde(default)]
    echo: bool,
    /// The error name, where the task fails.
    #[serde(default)]
    error: Option<String>,
    /// The cause of the error.
    #[serde(default)]
    cause: Option<String>,
    /// How long the task takes.
    #[serde(default)]
    after_seconds: f64,
}

/// The answers that are left, and the calls so far, by resource.
#[derive(Clone)]
pub(crate) struct Script {
    clock: VirtualClock,
    resources: Arc<Mutex<BTreeMap<String, Resource>>>,
}

#[derive(Default)]
struct Resource {
    answers: VecDeque<Answer>,
    calls: Vec<Value>,
}

impl Script {
    pub(crate) fn new(tasks: &BTreeMap<String, Vec<Answer>>, clock: &VirtualClock) -> Self {
        let resources = tasks.iter().map(|(arn, answers)| {
            (arn.clone(), Resource { answers: answers.iter().cloned().collect(), calls: Vec::new() })
        });
        Self { clock: clock.clone(), resources: Arc::new(Mutex::new(resources.collect())) }
    }

    /// Registers a function for each resource.
    pub(crate) fn register(&self, mut host: Host) -> Host {
        let arns: Vec<_> = self.lock().keys().cloned().collect();
        for arn in arns {
            let (script, resource) = (self.clone(), arn.clone());
            host = host.resource(arn, move |parameters| {
                let (script, answer) = (script.clone(), script.called(&resource, &parameters));
                async move { script.answer(answer?, parameters).await }
            });
        }
        host
    }

    /// What the resources were called with, and which answers were not asked for.
    pub(crate) fn finish(&self) -> (BTreeMap<String, Vec<Value>>, Vec<String>) {
        let resources = self.lock();
        let calls = resources.iter().map(|(arn, resource)| (arn.clone(), resource.calls.clone())).collect();
        let unused = resources.iter().filter(|(_, resource)| !resource.answers.is_empty());
        let unused = unused
            .map(|(arn, resource)| format!("{} answers of {arn} were not asked for", resource.answers.len()));
        (calls, unused.collect())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Resource>> {
        self.resources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self, arn: &str, parameters: &Value) -> Result<Answer, TaskError> {
        let mut resources = self.lock();
        let resource = resources.entry(arn.to_owned()).or_default();
        resource.calls.push(parameters.clone());
        resource
            .answers
            .pop_front()
            .ok_or_else(|| TaskError::new("Test.NoAnswer", format!("{arn} was called too often")))
    }

    async fn answer(&self, answer: Answer, parameters: Value) -> Result<Value, TaskError> {
        if answer.after_seconds > 0.0 {
            self.clock.sleep(Duration::from_secs_f64(answer.after_seconds)).await;
        }
        match (answer.error, answer.cause) {
            (Some(error), Some(cause)) => Err(TaskError::new(error, cause)),
            (Some(error), None) => Err(TaskError::named(error)),
            (None, _) if answer.echo => Ok(parameters),
            (None, _) => Ok(answer.result),
        }
    }
}
