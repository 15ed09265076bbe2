//! A case of a test file.
//!
//! In: the JSON of a case, as `docs/testing.md` describes it. Out: a test and what it expects.

use super::difference::Difference;
use super::expectation::Expectation;
use super::mocks::{Answer, Mock};
use super::path::patterns;
use super::{Test, TestRun, known};
use crate::shell::{Compiled, Machine};
use asl_engine::error::TaskError;
use asl_engine::limits::Limits;
use asl_engine::machine::StateMachine;
use asl_engine::program::program;
use asl_language::test_file::{ANSWER, CASE, EXPECT, Field, Holds};
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Value};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A case: an input, mocks, and what is expected.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::Value;
/// use asl_runtime::test::Case;
///
/// let case = Value::from_json(
///     r#"{"mocks": {"Charge": {"error": "CardDeclined"}}, "expect": {"error": "OrderRefused", "path": ["Charge", "Refuse"]}}"#,
/// )?;
/// let (_, differences) = Case::from_json(&case)?.run::<order::Machine>().await?;
/// assert!(differences.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    fields: Object,
    expectation: Expectation,
}

/// What a case says makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError(String);

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CaseError {}

type Read<T> = Result<T, CaseError>;

fn wrong<T>(place: &str, expected: &str) -> Read<T> {
    Err(CaseError(format!("`{place}` is not a valid {expected}")))
}

impl Case {
    /// Reads a case.
    ///
    /// ```
    /// use asl_runtime::Value;
    /// use asl_runtime::test::Case;
    ///
    /// assert_eq!(Case::from_json(&Value::Null).unwrap_err().to_string(), "`case` is not a valid object");
    /// ```
    ///
    /// # Errors
    /// It is not written as `docs/testing.md` wants it.
    pub fn from_json(value: &Value) -> Result<Self, CaseError> {
        let Some(fields) = value.as_object() else { return wrong("case", "object") };
        check(fields, CASE.fields)?;
        let expectation = fields.get("expect").map_or_else(|| Ok(Expectation::default()), expectation)?;
        Ok(Self { fields: fields.clone(), expectation })
    }

    /// Runs it, and finds what is not as expected.
    ///
    /// # Errors
    /// The mocks are not written as `docs/testing.md` wants them, or are those of states that the machine has not.
    pub async fn run<M: StateMachine>(&self) -> Result<(TestRun, Vec<Difference>), CaseError> {
        self.run_on(Arc::new(Compiled(program::<M>()))).await
    }

    /// The same on a machine, wherever it runs.
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    pub async fn run_on(&self, machine: Arc<dyn Machine>) -> Result<(TestRun, Vec<Difference>), CaseError> {
        let run = self.test(machine)?.run().await;
        let differences = self.differences(&run);
        Ok((run, differences))
    }

    /// What of a run of its [test](Self::test) is not as the case expects.
    #[must_use]
    pub fn differences(&self, run: &TestRun) -> Vec<Difference> {
        self.expectation.check(run)
    }

    /// The input, if the case has one.
    ///
    /// ```
    /// use asl_runtime::Value;
    /// use asl_runtime::test::Case;
    ///
    /// let case = Case::from_json(&Value::from_json(r#"{"input": {"total": 7}}"#)?)?;
    /// assert_eq!(case.input().map(Value::to_string).as_deref(), Some(r#"{"total":7}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn input(&self) -> Option<&Value> {
        self.fields.get("input")
    }

    /// The mocks with their states.
    pub(super) fn mocks(&self) -> Result<Vec<(&str, Mock)>, CaseError> {
        let mut all = Vec::new();
        for (state, answers) in object(&self.fields, "mocks")? {
            all.extend(mocks(state, answers)?.into_iter().map(|mock| (state, mock)));
        }
        Ok(all)
    }

    /// The test alone, before it runs.
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    pub fn test(&self, machine: Arc<dyn Machine>) -> Result<Test, CaseError> {
        let mut test = Test::new(Arc::clone(&machine));
        if let Some(input) = self.input() {
            test = test.input(input.clone());
        }
        for (state, mock) in self.mocks()? {
            known(&*machine, state).map_err(CaseError)?;
            test.mocks.push(state, mock);
        }
        if let Some(start) = self.fields.get("start") {
            let Some(start) = start.as_str().and_then(Timestamp::parse) else {
                return wrong("start", "timestamp");
            };
            test = test.start(start);
        }
        for object in list(&self.fields, "objects")? {
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            let (Some(bucket), Some(key), Some(body)) = (text("bucket"), text("key"), text("body")) else {
                return wrong("objects", "list of objects with `bucket`, `key` and `body`");
            };
            test = test.object(bucket, key, body);
        }
        if self.fields.get("limits").and_then(Value::as_bool) == Some(true) {
            test = test.limits(Limits::aws());
        }
        Ok(test)
    }
}

/// Whether what has no parts is what it has to be. Fields that are not known are left to who reads whole files.
fn check(fields: &Object, known: &[Field]) -> Read<()> {
    for field in known {
        let (Some(value), Some(expected)) = (fields.get(field.name), field.holds.expected()) else {
            continue;
        };
        let fits = match field.holds {
            Holds::Text | Holds::OneOf(_) => value.as_str().is_some(),
            Holds::Whole => whole(value).is_some(),
            Holds::Seconds => duration(field.name, value).is_ok(),
            Holds::Flag => value.as_bool().is_some(),
            Holds::Time => value.as_str().is_some_and(|text| Timestamp::parse(text).is_some()),
            Holds::Anything
            | Holds::Array
            | Holds::Named(_)
            | Holds::List(_)
            | Holds::Map(_)
            | Holds::Mocks
            | Holds::Path => true,
        };
        if !fits {
            return wrong(field.name, expected);
        }
    }
    Ok(())
}

/// The fields of an object that may be missing.
fn object<'a>(fields: &'a Object, name: &str) -> Read<Vec<(&'a str, &'a Value)>> {
    match fields.get(name) {
        None => Ok(Vec::new()),
        Some(value) => match value.as_object() {
            Some(object) => Ok(object.iter().collect()),
            None => wrong(name, "object"),
        },
    }
}

fn list<'a>(fields: &'a Object, name: &str) -> Read<&'a [Value]> {
    match fields.get(name) {
        None => Ok(&[]),
        Some(Value::Array(array)) => Ok(array),
        Some(_) => wrong(name, "array"),
    }
}

fn expectation(value: &Value) -> Read<Expectation> {
    let Some(fields) = value.as_object() else { return wrong("expect", "object") };
    check(fields, EXPECT.fields)?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut sent = Vec::new();
    for (state, calls) in object(fields, "sent")? {
        let Some(calls) = calls.as_array() else { return wrong("sent", "object of arrays") };
        sent.push((state.to_owned(), calls.to_vec()));
    }
    let mut retries = Vec::new();
    for (state, number) in object(fields, "retries")? {
        let Some(number) = whole(number) else { return wrong("retries", "object of whole numbers") };
        retries.push((state.to_owned(), number));
    }
    Ok(Expectation {
        status: text("status"),
        output: fields.get("output").cloned(),
        includes: fields.get("includes").cloned(),
        error: text("error"),
        cause: text("cause"),
        path: match fields.get("path") {
            None => None,
            Some(path) => Some(patterns(path).map_or_else(|| wrong("path", "list of states"), Ok)?),
        },
        sent,
        retries,
        passed: match fields.get("seconds") {
            None => None,
            Some(seconds) => Some(duration("seconds", seconds)?),
        },
    })
}

/// The mocks of a state: one answer, a list of answers, or answers by the numbers of the calls, as `"0"` and `"1-2"`.
fn mocks(state: &str, answers: &Value) -> Read<Vec<Mock>> {
    match answers {
        Value::Array(answers) => answers.iter().map(|answer| mock(state, answer)).collect(),
        Value::Object(object) if !object.is_empty() && object.keys().all(|key| calls(key).is_some()) => {
            object
                .iter()
                .map(|(key, answer)| Ok(Mock { calls: calls(key), ..mock(state, answer)? }))
                .collect()
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Ok(vec![mock(state, answers)?])
        }
    }
}

/// `"3"` or `"3-5"`
fn calls(text: &str) -> Option<(usize, usize)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.parse().ok()?, last.parse().ok()?))
}

fn mock(state: &str, answer: &Value) -> Read<Mock> {
    let Some(fields) = answer.as_object() else { return wrong(&format!("mocks.{state}"), "answer") };
    check(fields, ANSWER.fields)?;
    let number = |name: &str| match fields.get(name) {
        None => Ok(None),
        Some(value) => match whole(value).and_then(|number| usize::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => wrong(name, "whole number"),
        },
    };
    let mut mock = Mock::new(answer_of(state, fields)?);
    mock.iteration = number("iteration")?;
    mock.times = number("times")?.unwrap_or(1);
    mock.when = fields.get("when").cloned();
    if let Some(after) = fields.get("after") {
        mock.after = duration("after", after)?;
    }
    Ok(mock)
}

/// `{"result": ..}`, or `{"error": .., "cause": ..}`
fn answer_of(state: &str, fields: &Object) -> Read<Answer> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    match (fields.get("result"), text("error"), text("cause")) {
        (Some(result), None, _) => Ok(Answer::Result(result.clone())),
        (None, Some(error), Some(cause)) => Ok(Answer::Error(TaskError::new(error, cause))),
        (None, Some(error), None) => Ok(Answer::Error(TaskError::named(error))),
        _ => wrong(&format!("mocks.{state}"), "answer: it has either a `result` or an `error`"),
    }
}

fn whole(value: &Value) -> Option<u64> {
    value.as_i64().and_then(|number| u64::try_from(number).ok())
}

fn duration(place: &str, value: &Value) -> Read<Duration> {
    let seconds = value.as_number().map(|number| number.as_f64());
    match seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        Some(duration) => Ok(duration),
        None => wrong(place, "number of seconds"),
    }
}
