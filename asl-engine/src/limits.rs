//! Limits on what an execution may do, as AWS has them or none (AWS, "Step Functions service quotas").

use crate::codec::record;
use crate::error::{Error, TaskError};
use crate::resource::Resource;
use asl_jsonata::EvaluationLimits;
use asl_language::errors::DATA_LIMIT_EXCEEDED;
use asl_language::limits;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::time::Duration;

/// Limits on executions, set on a host. By default there are [none](Self::none): nothing is measured, and nothing costs time.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::Limits;
///
/// let mut limits = Limits::none();
/// limits.events = Some(10_000);
/// limits.wait_seconds = Some(3600);
/// assert_ne!(limits, Limits::none());
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How large the input and output of states and the results of tasks may be, in bytes of JSON text.
    pub payload_bytes: Option<usize>,
    /// How many events an execution may have.
    pub events: Option<u64>,
    /// How large the values of one `Assign` may be together, in bytes of JSON text.
    pub assigned_bytes: Option<usize>,
    /// How large all variables may be together, in bytes of JSON text.
    pub variable_bytes: Option<usize>,
    /// How long a Wait state may wait, in seconds.
    pub wait_seconds: Option<u64>,
    /// How far the evaluation of a JSONata expression may go.
    pub evaluation: EvaluationLimits,
}

record!(Limits { payload_bytes, events, assigned_bytes, variable_bytes, wait_seconds, evaluation });

impl Limits {
    /// No limits.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            payload_bytes: None,
            events: None,
            assigned_bytes: None,
            variable_bytes: None,
            wait_seconds: None,
            evaluation: EvaluationLimits::none(),
        }
    }

    /// In separate memory, where there are any.
    pub(crate) fn boxed(self) -> Option<Box<Self>> {
        Some(self).filter(|limits| *limits != Self::none()).map(Box::new)
    }

    /// The limits of a Standard workflow on AWS. Measuring takes time in proportion to the size of the data of every state.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Limits;
    ///
    /// assert_eq!(Limits::aws().payload_bytes, Some(262_144));
    /// # }
    /// ```
    #[must_use]
    pub const fn aws() -> Self {
        Self {
            payload_bytes: Some(limits::AWS_PAYLOAD_BYTES),
            events: Some(limits::AWS_EVENTS),
            assigned_bytes: Some(limits::AWS_PAYLOAD_BYTES),
            variable_bytes: Some(limits::AWS_VARIABLE_BYTES),
            wait_seconds: Some(limits::AWS_WAIT_SECONDS),
            evaluation: EvaluationLimits::aws(),
        }
    }

    /// The result of a task, if it is not too large. The error can be caught (recorded from AWS, against its documents).
    #[doc(hidden)]
    pub fn result(&self, resource: &str, result: Value) -> Result<Value, TaskError> {
        match self.payload_bytes.is_some_and(|most| result.json_length() > most) {
            true => Err(too_large(match Resource::parse(resource) {
                // The action is not named (measured on AWS).
                Resource::Service { service, .. } if service.starts_with("aws-sdk:") => service,
                Resource::Service { .. } | Resource::Lambda | Resource::Activity | Resource::Other => {
                    resource
                }
            })),
            false => Ok(result),
        }
    }

    /// Whether the output of a state is not too large. The error cannot be caught.
    #[doc(hidden)]
    pub fn output(&self, state: &str, output: &Value) -> Result<(), Error> {
        match self.payload_bytes.is_some_and(|most| output.json_length() > most) {
            true => Err(Error::from(too_large(state)).into_fatal()),
            false => Ok(()),
        }
    }

    /// Whether an execution may go on after this many events. The last one is that of its failure.
    #[doc(hidden)]
    pub fn events(&self, events: u64) -> Result<(), Error> {
        match self.events {
            Some(most) if events + 1 >= most => {
                let cause = format!("The execution reached the maximum number of history events ({most}).");
                Err(Error::runtime(cause).without_place())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether a Wait state may wait from now till then.
    #[doc(hidden)]
    pub fn wait(&self, now: Timestamp, due: Timestamp) -> Result<(), Error> {
        match self.wait_seconds.is_some_and(|most| due.since(now) > Duration::from_secs(most)) {
            true => Err(Error::runtime("Wait state delay is too long.")),
            false => Ok(()),
        }
    }

    /// Whether variables may be assigned. Only values count, not names.
    #[doc(hidden)]
    pub fn variables(&self, state: &str, assigned: &Object, all: &Object) -> Result<(), Error> {
        let together =
            |variables: &Object| variables.iter().map(|(_, value)| value.json_length()).sum::<usize>();
        let over = |limit: Option<usize>, variables| {
            together(variables).checked_sub(limit?).filter(|over| *over > 0)
        };
        if let Some(over) = over(self.assigned_bytes, assigned) {
            return Err(Error::variable_limit_exceeded(format!(
                "Variable size limit exceeded. State '{state}' assigned variables that exceed the limit by {over} bytes."
            )));
        }
        if let Some(over) = over(self.variable_bytes, all) {
            return Err(Error::variable_limit_exceeded(format!(
                "Execution total variable size limit exceeded. State '{state}' assigned variables that exceed the total execution limit by {over} bytes."
            )));
        }
        Ok(())
    }
}

#[cold]
fn too_large(what: &str) -> TaskError {
    let cause = "returned a result with a size exceeding the maximum number of bytes service limit.";
    TaskError::new(Text::new_static(DATA_LIMIT_EXCEEDED), format!("The state/task '{what}' {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_takes_strings_up_to_its_limit_with_their_quotes() {
        let text = |length| Value::from("x".repeat(length));
        assert!(Limits::aws().result("r", text(262_142)).is_ok());
        let error = Limits::aws().result("r", text(262_143)).unwrap_err();
        assert_eq!((error.error(), error.is_fatal()), ("States.DataLimitExceeded", false));
        let error = Limits::aws().result("arn:aws:states:::aws-sdk:s3:getObject", text(262_143)).unwrap_err();
        assert!(error.cause().unwrap().starts_with("The state/task 'aws-sdk:s3' returned"), "{error}");
        assert!(Limits::aws().output("s", &text(262_143)).unwrap_err().is_fatal());
        assert!(Limits::none().output("s", &text(262_143)).is_ok());
    }

    #[test]
    fn only_the_values_of_variables_count() {
        let assigned = |lengths: &[usize]| -> Object {
            lengths
                .iter()
                .enumerate()
                .map(|(at, length)| (format!("name{at}"), "x".repeat(*length)))
                .collect()
        };
        assert!(Limits::aws().variables("s", &assigned(&[131_070, 131_070]), &Object::new()).is_ok());
        let error = Limits::aws().variables("s", &assigned(&[131_071, 131_071]), &Object::new()).unwrap_err();
        assert!(error.cause().unwrap().ends_with("by 2 bytes."));
    }

    /// The event that says so is the last one that an execution may have.
    #[test]
    fn events_have_a_limit_on_aws_alone() {
        assert_eq!(Limits::aws().events(24_998), Ok(()));
        let error = Limits::aws().events(24_999).unwrap_err();
        assert!(error.to_string().contains("maximum number of history events (25000)"), "{error}");
        assert_eq!(Limits::none().events(1_000_000), Ok(()));
    }

    #[test]
    fn a_wait_is_too_long_on_aws_alone() {
        let (now, days) = (Timestamp::new(1_700_000_000, 0), 24 * 60 * 60);
        let until = |count: u64| now.plus(Duration::from_secs(count * days));
        assert_eq!(Limits::aws().wait(now, until(24_855)), Ok(()));
        let cause = Limits::aws().wait(now, until(24_856)).unwrap_err().to_string();
        assert!(cause.ends_with("Wait state delay is too long."), "{cause}");
        assert_eq!(Limits::none().wait(now, until(24_856)), Ok(()));
    }
}
