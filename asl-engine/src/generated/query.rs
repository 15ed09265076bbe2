//! The query language JSONata in states: what expressions see, and what becomes of what they give.
//!
//! In: compiled expressions, each with the field that it is the value of. Out: values of the types that fields need, or
//! `States.QueryEvaluationError` in AWS's words. Never computes anything itself.

use crate::context::{Context, ContextField};
use crate::error::Error;
use crate::generated::choice::rule_for;
use crate::generated::state::{Entered, seconds, wait_seconds, wait_until};
use crate::machine::{Effect, Iterations};
use crate::program::StateId;
use asl_jsonata::{self as jsonata, Data, Environment, Evaluation, Failure};
use asl_language::limits::MAX_SECONDS;
use asl_language::timestamp::Timestamp;
use asl_value::{Number, Object, Text, Value};
use std::time::Duration;

/// A compiled expression.
type Expression = fn(&Evaluation<'_>) -> jsonata::Result<Data>;

/// What the expressions of a state see.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    context: &'a Context<'a>,
    input: &'a Value,
    result: Option<&'a Value>,
    error_output: Option<&'a Value>,
    task_token: bool,
}

impl<'a> Query<'a> {
    /// What every expression of a state sees: its input, variables, and the context object.
    #[must_use]
    #[inline]
    pub const fn new(context: &'a Context<'a>, input: &'a Value) -> Self {
        Self { context, input, result: None, error_output: None, task_token: false }
    }

    /// The same with `$states.result`.
    #[must_use]
    #[inline]
    pub const fn with_result(mut self, result: &'a Value) -> Self {
        self.result = Some(result);
        self
    }

    /// The same with `$states.errorOutput`.
    #[must_use]
    #[inline]
    pub const fn with_error_output(mut self, error_output: &'a Value) -> Self {
        self.error_output = Some(error_output);
        self
    }

    /// The same with `$states.context.Task`.
    #[must_use]
    #[inline]
    pub const fn with_task_token(mut self) -> Self {
        self.task_token = true;
        self
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// The evaluation fails, or yields nothing, or a function.
    pub fn value(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Value, Error> {
        let evaluation = Evaluation::new(self, self.context.evaluation_limits());
        match expression(&evaluation) {
            // These two by themselves: copying a whole value that has just been written makes the processor wait.
            Ok(Data::Value(Value::Number(number))) => Ok(Value::Number(number)),
            Ok(Data::Value(Value::Bool(value))) => Ok(Value::Bool(value)),
            Ok(Data::Value(value)) => Ok(value),
            Ok(other) => json(other).map_err(|reason| failed(field, text, reason)),
            Err(failure) if failure.is_interruption() => Err(Error::interruption()),
            Err(failure) => Err(threw(field, text, &failure)),
        }
    }

    /// `Condition`
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a boolean.
    pub fn condition(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<bool, Error> {
        self.expect("boolean", field, text, expression, Value::as_bool)
    }

    /// Rules in a row whose conditions compare one expression with texts: the one that holds.
    ///
    /// # Errors
    /// The evaluation fails.
    pub fn rule_for_text(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
        rules: &[(&str, usize)],
    ) -> Result<Option<usize>, Error> {
        let value = self.evaluated(field, text, expression)?;
        Ok(value.view().as_str().and_then(|case| rule_for(rules, case)))
    }

    /// The same with whole numbers.
    ///
    /// # Errors
    /// The evaluation fails.
    pub fn rule_for_integer(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
        rules: &[(i64, usize)],
    ) -> Result<Option<usize>, Error> {
        let value = self.evaluated(field, text, expression)?;
        let case = value.view().as_f64().and_then(Number::from_f64).and_then(Number::as_i64);
        Ok(case.and_then(|case| rule_for(rules, case)))
    }

    fn evaluated(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Data, Error> {
        let evaluation = Evaluation::new(self, self.context.evaluation_limits());
        expression(&evaluation).map_err(|failure| {
            if failure.is_interruption() { Error::interruption() } else { threw(field, text, &failure) }
        })
    }

    /// `Error` or `Cause` of a Fail state.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a string.
    pub fn text(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<Text>, Error> {
        self.expect("string", field, text, expression, as_text).map(Some)
    }

    /// `Items` of an inline Map.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not an array.
    pub fn array(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Value, Error> {
        self.expect("array", field, text, expression, |value| value.as_array().map(|_| value.clone()))
    }

    /// `Items` of a distributed Map, whose items may be the fields of an object.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is neither an array nor an object.
    pub fn array_or_object(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Value, Error> {
        let take = |value: &Value| matches!(value, Value::Array(_) | Value::Object(_)).then(|| value.clone());
        self.expect("array", field, text, expression, take)
    }

    /// `Seconds` of a Wait state.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a whole number of seconds.
    pub fn wait_seconds(&self, field: &'static str, text: &'static str, expression: Expression) -> Entered {
        wait_seconds(self.number_within(field, text, expression, 0, MAX_SECONDS)?)
    }

    /// `Timestamp` of a Wait state.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a timestamp.
    pub fn wait_until(&self, field: &'static str, text: &'static str, expression: Expression) -> Entered {
        let value = self.expect("string", field, text, expression, as_text)?;
        match Timestamp::parse(&value) {
            Some(moment) => wait_until(moment),
            None => Err(Error::query(
                format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {value}"
                ),
                Some(field),
            )),
        }
    }

    /// `TimeoutSeconds` or `HeartbeatSeconds`
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a whole number of seconds that the field allows.
    pub fn seconds(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<Duration>, Error> {
        self.number_within(field, text, expression, 1, MAX_SECONDS).map(seconds)
    }

    /// `MaxConcurrency`: 0 means no limit.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a whole number, or negative.
    pub fn max_concurrency(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<usize>, Error> {
        let number = self.number_within(field, text, expression, 0, u64::MAX)?;
        Ok(usize::try_from(number).ok().filter(|number| *number > 0))
    }

    /// `ToleratedFailureCount`
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a whole number, or negative.
    pub fn count(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<u64>, Error> {
        self.number_within(field, text, expression, 0, u64::MAX).map(Some)
    }

    /// `MaxItemsPerBatch` or `MaxInputBytesPerBatch`
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a whole number above zero.
    pub fn batch_limit(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<u64>, Error> {
        self.number_within(field, text, expression, 1, u64::MAX).map(Some)
    }

    /// `MaxItems`. A negative number is not refused here, but by the reader.
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a whole number.
    pub fn max_items(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<i64>, Error> {
        self.whole_number(field, text, expression).map(Some)
    }

    /// `ToleratedFailurePercentage`
    ///
    /// # Errors
    /// As [`value`](Self::value), or the value is not a number from 0 to 100.
    pub fn percentage(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<Option<f64>, Error> {
        let percentage =
            self.expect("number", field, text, expression, |value| value.as_number().map(Number::as_f64))?;
        if (0.0..=100.0).contains(&percentage) {
            return Ok(Some(percentage));
        }
        Err(out_of_range(field, "must be between 0 and 100."))
    }

    fn number_within(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
        least: u64,
        most: u64,
    ) -> Result<u64, Error> {
        let number = self.whole_number(field, text, expression)?;
        match u64::try_from(number) {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            Ok(_) if least > 0 => Err(out_of_range(field, "must be positive.")),
            Ok(_) => Err(out_of_range(field, "is too large.")),
            Err(_) => Err(out_of_range(field, "cannot be negative.")),
        }
    }

    fn whole_number(
        &self,
        field: &'static str,
        text: &'static str,
        expression: Expression,
    ) -> Result<i64, Error> {
        self.expect("integer", field, text, expression, Value::as_i64)
    }

    /// The value of an expression, taken as the type that its field needs.
    #[inline]
    fn expect<T>(
        &self,
        wanted: &str,
        field: &'static str,
        text: &'static str,
        expression: Expression,
        take: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Error> {
        let value = self.value(field, text, expression)?;
        take(&value).ok_or_else(|| unexpected(field, text, wanted, &value))
    }
}

impl Environment for Query<'_> {
    #[inline]
    fn variables(&self) -> &Object {
        self.context.variables()
    }

    fn input(&self) -> Option<&Value> {
        Some(self.input)
    }

    fn result(&self) -> Option<&Value> {
        self.result
    }

    fn error_output(&self) -> Option<&Value> {
        self.error_output
    }

    fn context(&self) -> Option<Value> {
        let mut context = self.context.get(ContextField::Whole)?;
        if let (Value::Object(fields), true) = (&mut context, self.task_token) {
            fields.extend(self.context.get(ContextField::Task).map(|task| ("Task", task)));
        }
        Some(context)
    }

    fn now_millis(&self) -> i64 {
        self.context.now().milliseconds()
    }

    fn random(&self) -> f64 {
        self.context.random()
    }

    fn goes_on(&self) -> bool {
        self.context.goes_on()
    }
}

/// A Map state without `Items`, or with a template there: they have to be an array.
///
/// # Errors
/// They are none.
pub fn map_over(processor: StateId, items: &Value, input: Value, max_concurrency: Option<usize>) -> Entered {
    let Some(items) = items.as_array() else { return Err(no_array(items)) };
    let items = items.clone();
    Ok(Effect::Map(Box::new(Iterations { processor, items, input, max_concurrency, tolerance: None })))
}

/// The same for a distributed Map, whose items may be the fields of an object.
///
/// # Errors
/// They are neither an array nor an object.
pub fn items_of(items: Value) -> Result<Option<Value>, Error> {
    match items {
        Value::Array(_) | Value::Object(_) => Ok(Some(items)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(no_array(&items)),
    }
}

#[cold]
fn no_array(items: &Value) -> Error {
    Error::query(format!("Map state input must be an array but was: {items}"), None)
}

/// What an evaluation gave as JSON, or why it is none.
fn json(data: Data) -> Result<Value, &'static str> {
    let settled = data.settled();
    if settled.is_function() {
        return Err("returned an unsupported result type.");
    }
    settled.into_json_with_texts().ok_or("returned nothing (undefined).")
}

fn as_text(value: &Value) -> Option<Text> {
    if let Value::String(text) = value { Some(text.clone()) } else { None }
}

#[cold]
fn failed(field: &'static str, text: &str, reason: impl std::fmt::Display) -> Error {
    Error::query(
        format!("The JSONata expression '{text}' specified for the field '{field}' {reason}"),
        Some(field),
    )
}

#[cold]
fn threw(field: &'static str, text: &str, failure: &Failure) -> Error {
    let message = failure.message();
    failed(
        field,
        text,
        match failure.code() {
            Some(code) => format!("threw an error during evaluation. {code}: {message}"),
            None => format!("threw an error during evaluation: {message}"),
        },
    )
}

#[cold]
fn unexpected(field: &'static str, text: &str, wanted: &str, value: &Value) -> Error {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = format!("Expected '{wanted}', but was '{found}' for value: {value}");
    failed(field, text, format!("returned an unexpected result type. {types}"))
}

#[cold]
fn out_of_range(field: &'static str, reason: &str) -> Error {
    let name = field.rsplit('/').next().unwrap_or(field);
    Error::query(format!("{name} {reason}"), Some(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::tests::within;

    /// What a field that holds a number becomes, or why it may not hold it.
    fn of<T>(
        number: Value,
        field: impl FnOnce(&Query<'_>, &'static str, Expression) -> Result<T, Error>,
    ) -> Result<T, String> {
        within(|context| {
            let query = Query::new(&context, &number);
            field(&query, "{% $states.input %}", |evaluation| Ok(evaluation.input().to_data()))
                .map_err(|error| error.cause().unwrap_or_default().to_owned())
        })
    }

    #[test]
    fn numbers_are_held_to_what_their_field_allows() {
        let seconds =
            |number: i64| of(number.into(), |query, text, it| query.seconds("TimeoutSeconds", text, it));
        let most = i64::try_from(MAX_SECONDS).unwrap();
        assert_eq!(seconds(5), Ok(Some(Duration::from_secs(5))));
        assert_eq!(seconds(most), Ok(Some(Duration::from_secs(MAX_SECONDS))));
        assert_eq!(seconds(0), Err("TimeoutSeconds must be positive.".to_owned()));
        assert_eq!(seconds(most + 1), Err("TimeoutSeconds must be positive.".to_owned()));
        assert_eq!(seconds(-1), Err("TimeoutSeconds cannot be negative.".to_owned()));

        let wait = |number: i64| {
            of(number.into(), |query, text, it| query.wait_seconds("Seconds", text, it)).map(drop)
        };
        assert_eq!((wait(0), wait(most)), (Ok(()), Ok(())));
        assert_eq!(wait(most + 1), Err("Seconds is too large.".to_owned()));

        let concurrency = |number: i64| {
            of(number.into(), |query, text, it| query.max_concurrency("MaxConcurrency", text, it))
        };
        assert_eq!((concurrency(0), concurrency(3)), (Ok(None), Ok(Some(3))));

        let share =
            |number: f64| of(number.into(), |query, text, it| query.percentage("A/Percentage", text, it));
        assert_eq!((share(0.0), share(100.0)), (Ok(Some(0.0)), Ok(Some(100.0))));
        assert_eq!(share(100.1), Err("Percentage must be between 0 and 100.".to_owned()));
    }
}
