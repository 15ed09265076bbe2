//! How generated states end, and what they ask for.

mod map_run;

pub use map_run::{
    batch_limit_path, map_items, map_run, max_items_path, tolerated_failure_count_path,
    tolerated_failure_percentage_path,
};

use crate::error::Error;
use crate::generated::path::{At, Path};
use crate::machine::{Effect, Iterations, State, Transition, Until};
use crate::map_run::Tolerance;
use crate::program::StateId;
use crate::task::Task;
use asl_language::limits::MAX_SECONDS;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use std::time::Duration;

/// What entering a state comes to.
pub type Entered = Result<Effect<StateId>, Error>;
/// What resuming a state, or catching its error, comes to.
pub type Left = Result<Transition<StateId>, Error>;
/// The input of an iteration.
pub type Selected = Result<Value, Error>;

/// The number of a state.
#[inline]
pub fn id<S: State>(state: S) -> StateId {
    state.id()
}

/// A state that asked for nothing leads to another.
#[inline]
pub fn go<S: State>(next: S) -> Entered {
    Ok(Effect::Go(Transition::Next(next.id())))
}

/// A state that asked for nothing is the last one.
#[inline]
pub const fn end() -> Entered {
    Ok(Effect::Go(Transition::End))
}

/// A state that has been resumed leads to another.
#[inline]
pub fn leave<S: State>(next: S) -> Left {
    Ok(Transition::Next(next.id()))
}

/// A state that has been resumed is the last one.
#[inline]
pub const fn leave_last() -> Left {
    Ok(Transition::End)
}

/// A Task state asks for its resource.
///
/// # Errors
/// None; all that states ask for looks alike.
pub fn task(
    resource: &'static str,
    parameters: Value,
    timeout: Option<Duration>,
    heartbeat: Option<Duration>,
) -> Entered {
    Ok(Effect::Task(Box::new(Task::new(Text::new_static(resource), parameters).within(timeout, heartbeat))))
}

/// Texts that a definition lists.
#[must_use]
pub fn texts(texts: &[&'static str]) -> Vec<Text> {
    texts.iter().map(|text| Text::new_static(text)).collect()
}

/// `Credentials` of a Task state.
///
/// # Errors
/// Those of the task.
pub fn with_credentials(entered: Entered, credentials: Value) -> Entered {
    let mut effect = entered?;
    if let Effect::Task(task) = &mut effect {
        task.credentials = Some(credentials);
    }
    Ok(effect)
}

/// `Seconds`
pub const fn wait_seconds(seconds: u64) -> Entered {
    Ok(Effect::Wait(Until::Elapsed(Duration::from_secs(seconds))))
}

/// `SecondsPath`: a whole number that is not negative, or such a number in a string.
///
/// # Errors
/// `States.Runtime` in AWS's words.
#[inline]
pub fn wait_seconds_path<'v>(start: impl Into<At<'v>>, path: &'static Path) -> Entered {
    wait_seconds_at(path.find(start.into()), path.0)
}

fn wait_seconds_at(found: Option<&Value>, path: &str) -> Entered {
    let fault = |text: String| Err(Error::runtime(format!("The SecondsPath parameter {text}")));
    let Some(value) = found else { return fault(format!("does not reference an input value: {path}")) };
    match integer(value) {
        None => fault(format!("cannot be parsed as a long value: {path} == {}", plain(value))),
        Some(seconds) => match u64::try_from(seconds) {
            Err(_) => fault(format!("references a negative value: {path} == {seconds}")),
            Ok(seconds) => wait_seconds(seconds),
        },
    }
}

/// `Timestamp`. AWS takes no parts of seconds into account.
pub const fn wait_until(moment: Timestamp) -> Entered {
    Ok(Effect::Wait(Until::Moment(Timestamp::new(moment.seconds(), 0))))
}

/// `TimestampPath`
///
/// # Errors
/// `States.Runtime` in AWS's words.
#[inline]
pub fn wait_until_path<'v>(start: impl Into<At<'v>>, path: &'static Path) -> Entered {
    wait_until_at(path.find(start.into()), path.0)
}

fn wait_until_at(found: Option<&Value>, path: &str) -> Entered {
    let fault = |text: String| Err(Error::runtime(format!("The TimestampPath parameter {text}")));
    let Some(value) = found else { return fault(format!("does not reference an input value: {path}")) };
    match value.as_str().and_then(Timestamp::parse) {
        Some(moment) => wait_until(moment),
        None => fault(format!(
            "does not reference a valid ISO-8601 extended offset date-time format string: {path} == {}",
            plain(value)
        )),
    }
}

/// A Parallel state asks for its branches.
///
/// # Errors
/// None; all that states ask for looks alike.
pub fn parallel<S: State>(branches: &'static [S], input: Value) -> Entered {
    // A loop is far less to compile than an iterator.
    let mut ids = Vec::with_capacity(branches.len());
    for branch in branches {
        ids.push(branch.id());
    }
    parallel_of(ids, input)
}

const fn parallel_of(branches: Vec<StateId>, input: Value) -> Entered {
    Ok(Effect::Parallel { branches, input })
}

/// A Map state asks for its iterations.
///
/// # Errors
/// `States.Runtime`: the items are not array.
pub fn map(
    processor: StateId,
    items: &Value,
    items_path: &'static str,
    input: Value,
    max_concurrency: Option<usize>,
) -> Entered {
    let Some(items) = items.as_array() else {
        return Err(Error::runtime(format!("Reference path \"{items_path}\" must point to array.")));
    };
    let items = items.clone();
    Ok(Effect::Map(Box::new(Iterations { processor, items, input, max_concurrency, tolerance: None })))
}

/// An inline Map that says how many of its iterations may fail, which is looked at after the Map has started.
///
/// AWS documents these fields for distributed Maps only, and accepts them in inline ones (recorded). There a failed iteration is
/// one object with `Error` and `Cause` in the result, as the workflows that AWS publishes with such a Map expect it.
///
/// # Errors
/// Those of the Map.
pub fn tolerating(entered: Entered, tolerance: &dyn Fn() -> Result<Tolerance, Error>) -> Entered {
    let mut effect = entered?;
    if let Effect::Map(iterations) = &mut effect {
        iterations.tolerance = Some(tolerance());
    }
    Ok(effect)
}

/// `MaxConcurrency`: 0 means no limit.
#[must_use]
pub const fn max_concurrency(number: usize) -> Option<usize> {
    if number == 0 { None } else { Some(number) }
}

/// `MaxConcurrencyPath`
///
/// # Errors
/// `States.Runtime` in AWS's words.
pub fn max_concurrency_path(value: &Value, path: &'static str) -> Result<Option<usize>, Error> {
    match integer(value) {
        None => Err(Error::runtime(format!(
            "The MaxConcurrencyPath field refers to value \"{}\" which is not a valid integer: {path}",
            plain(value)
        ))),
        Some(number) => match usize::try_from(number) {
            Ok(number) => Ok(max_concurrency(number)),
            Err(_) => Err(Error::runtime("MaxConcurrency cannot be negative.")),
        },
    }
}

/// `TimeoutSeconds` or `HeartbeatSeconds`
#[must_use]
pub const fn seconds(seconds: u64) -> Option<Duration> {
    Some(Duration::from_secs(seconds))
}

/// `TimeoutSecondsPath` or `HeartbeatSecondsPath`
///
/// # Errors
/// `States.Runtime`: the value is not a whole number of seconds that the field allows.
pub fn seconds_path(
    value: &Value,
    field: &'static str,
    path: &'static str,
) -> Result<Option<Duration>, Error> {
    let number = value.as_i64().and_then(|number| u64::try_from(number).ok());
    match number.filter(|number| (1..=MAX_SECONDS).contains(number)) {
        Some(number) => Ok(seconds(number)),
        None => Err(Error::runtime(format!(
            "The {field} field refers to value \"{}\" which is not a valid integer between 1 and {MAX_SECONDS}: {path}",
            plain(value)
        ))),
    }
}

/// A Fail state.
///
/// # Errors
/// Always: that is what it is for. Without an `Error` the name is empty.
#[cold]
pub fn fail(error: Option<Text>, cause: Option<Text>) -> Entered {
    Err(Error::catchable(error.unwrap_or_default(), cause.map(|cause| cause.to_string())))
}

/// `Error` or `Cause` of a Fail state.
#[must_use]
pub fn text(text: &'static str) -> Option<Text> {
    Some(Text::new_static(text))
}

/// `ErrorPath` or `CausePath` of a Fail state.
///
/// # Errors
/// `States.Runtime`: the value is not a string.
pub fn text_path(value: &Value, field: &'static str, path: &'static str) -> Result<Option<Text>, Error> {
    match value {
        Value::String(text) => Ok(Some(text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(Error::runtime(format!(
                "The JSONPath '{path}' specified for the field '{field}' must reference a string, but was: {value}"
            )))
        }
    }
}

/// The result of `http:invoke` as the option `http_result = "body"` wants it: the response body, or null where there is none.
#[must_use]
pub fn response_body(result: Value) -> Value {
    result.get("ResponseBody").cloned().unwrap_or_default()
}

/// A state was resumed that asks for nothing.
///
/// # Errors
/// Always.
#[cold]
pub fn never_asked() -> Left {
    Err(Error::runtime("the state asked for nothing, so there is nothing to resume"))
}

/// A whole number, or the text of one.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.is_integer() => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value in an error text: strings without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
