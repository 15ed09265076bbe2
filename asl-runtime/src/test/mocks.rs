//! What answers the tasks of a test.
//!
//! In: a task. Out: the answer of the first mock of its state that fits and is not used up.

use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_value::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What a task gets.
#[derive(Clone)]
pub(super) enum Answer {
    Result(Value),
    Error(TaskError),
    Function(Arc<Function>),
}

type Function = dyn Fn(&Invocation) -> Result<Value, TaskError> + Send + Sync;

impl Answer {
    pub(super) fn function(
        function: impl Fn(&Invocation) -> Result<Value, TaskError> + Send + Sync + 'static,
    ) -> Self {
        Self::Function(Arc::new(function))
    }

    fn to(&self, task: &Invocation) -> Result<Value, TaskError> {
        match self {
            Self::Result(value) => Ok(value.clone()),
            Self::Error(error) => Err(error.clone()),
            Self::Function(function) => function(task),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Result(value) => write!(f, "Result({value})"),
            Self::Error(error) => write!(f, "Error({error:?})"),
            Self::Function(_) => f.write_str("Function"),
        }
    }
}

/// An answer, and which calls it is for.
#[derive(Clone, Debug)]
pub(super) struct Mock {
    /// Only these calls of the state, counted from 0.
    pub(super) calls: Option<(usize, usize)>,
    /// Only this iteration of the Map around the state.
    pub(super) iteration: Option<usize>,
    /// Only calls whose parameters include these.
    pub(super) when: Option<Value>,
    /// How many calls it answers before the next mock does.
    pub(super) times: usize,
    /// How long the task takes.
    pub(super) after: Duration,
    pub(super) answer: Answer,
    /// How many calls it has answered.
    pub(super) used: usize,
}

impl Mock {
    pub(super) const fn new(answer: Answer) -> Self {
        Self { calls: None, iteration: None, when: None, times: 1, after: Duration::ZERO, answer, used: 0 }
    }

    fn fits(&self, call: usize, task: &Invocation) -> bool {
        self.calls.is_none_or(|(first, last)| (first..=last).contains(&call))
            && self.iteration.is_none_or(|iteration| task.iteration() == Some(iteration))
            && self.when.as_ref().is_none_or(|when| includes(task.parameters(), when))
    }

    const fn is_used_up(&self) -> bool {
        self.calls.is_none() && self.used >= self.times
    }
}

/// The answer to one call.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) after: Duration,
    pub(super) result: Result<Value, TaskError>,
}

/// The mocks of a test, by state.
#[derive(Clone, Debug, Default)]
pub(super) struct Mocks {
    states: BTreeMap<String, Mocked>,
}

#[derive(Clone, Debug, Default)]
struct Mocked {
    mocks: Vec<Mock>,
    calls: usize,
}

impl Mocks {
    pub(super) fn push(&mut self, state: &str, mock: Mock) {
        self.states.entry(state.to_owned()).or_default().mocks.push(mock);
    }

    /// Whether the state of a task has mocks.
    pub(super) fn has(&self, task: &Invocation) -> bool {
        self.states.contains_key(task.state().as_str())
    }

    /// Answers a call.
    pub(super) fn answer(&mut self, task: &Invocation) -> Answered {
        match self.states.get_mut(task.state().as_str()) {
            Some(mocked) => mocked.answer(task),
            None => Answered { after: Duration::ZERO, result: Err(not_mocked(task)) },
        }
    }
}

impl Mocked {
    fn answer(&mut self, task: &Invocation) -> Answered {
        let call = self.calls;
        self.calls += 1;
        let fitting = |mock: &Mock| mock.fits(call, task);
        let place = self
            .mocks
            .iter()
            .position(|mock| fitting(mock) && !mock.is_used_up())
            .or_else(|| self.mocks.iter().rposition(fitting));
        match place.and_then(|place| self.mocks.get_mut(place)) {
            Some(mock) => {
                mock.used += 1;
                Answered { after: mock.after, result: mock.answer.to(task) }
            }
            None => Answered { after: Duration::ZERO, result: Err(no_answer(task, call)) },
        }
    }
}

#[cold]
fn not_mocked(task: &Invocation) -> TaskError {
    let (state, resource) = (task.state(), task.resource());
    TaskError::runtime(format!(
        "The test has no mock for the state '{state}', which calls '{resource}': its mocks lack \"{state}\": {{ \"result\": .. }}."
    ))
}

#[cold]
fn no_answer(task: &Invocation, call: usize) -> TaskError {
    let (state, parameters) = (task.state(), task.parameters());
    let iteration = task.iteration().map(|number| format!(" in iteration {number}")).unwrap_or_default();
    TaskError::runtime(format!(
        "The mocks of the state '{state}' have no answer for call {call}{iteration}, counted from 0, with {parameters}."
    ))
}

/// Whether a value has everything that another one has: all fields of an object, and the rest as it is.
pub(super) fn includes(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Object(value), Value::Object(part)) => {
            part.iter().all(|(key, part)| value.get(key).is_some_and(|value| includes(value, part)))
        }
        (Value::Array(value), Value::Array(part)) => {
            value.len() == part.len()
                && value.iter().zip(part.iter()).all(|(value, part)| includes(value, part))
        }
        (value, part) => value == part,
    }
}
