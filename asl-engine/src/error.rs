//! How things fail: the two channels of a state's error, what a task may answer, and how an execution ends badly.
//!
//! Most errors can be retried and caught. `States.Runtime` cannot: it ends the execution from wherever it happens, inside
//! of branches and iterations too.

use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder, record, variants};
use asl_language::errors;
use asl_value::{Object, Text, Value};
use std::error::Error as StdError;
use std::fmt;

/// What the function behind a resource answers when it fails: an error name, which retriers and catchers match, and a cause.
///
/// Any error of Rust converts to one named `States.TaskFailed`, so that `?` works in such a function.
///
/// ```
/// # use asl_engine::error as asl_runtime;
/// use asl_runtime::TaskError;
///
/// let error = TaskError::new("CardDeclined", "the card has expired");
/// assert_eq!(error.to_string(), "CardDeclined: the card has expired");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TaskError {
    error: Text,
    cause: Option<String>,
    fatal: bool,
}

record!(TaskError { error, cause, fatal });

impl TaskError {
    /// An error that retriers and catchers see.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::TaskError;
    ///
    /// let error = TaskError::new("GatewayBusy", "try again in a minute");
    /// assert_eq!((error.error(), error.cause()), ("GatewayBusy", Some("try again in a minute")));
    /// # }
    /// ```
    pub fn new(error: impl Into<Text>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: Some(cause.into()), fatal: false }
    }

    /// An error without a cause.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::TaskError;
    ///
    /// assert_eq!(TaskError::named("GatewayBusy").to_string(), "GatewayBusy");
    /// # }
    /// ```
    pub fn named(error: impl Into<Text>) -> Self {
        Self { error: error.into(), cause: None, fatal: false }
    }

    /// `States.Runtime`: an error that nothing catches. The state's name is put before the cause.
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self { error: Text::new_static(errors::RUNTIME), cause: Some(cause.into()), fatal: true }
    }

    pub(crate) const fn from_parts(error: Text, cause: Option<String>, fatal: bool) -> Self {
        Self { error, cause, fatal }
    }

    /// The error name.
    #[must_use]
    pub fn error(&self) -> &str {
        &self.error
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl TaskError {
    /// Whether nothing retries or catches it.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        self.fatal
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_error(f, &self.error, self.cause.as_deref())
    }
}

impl<E: StdError> From<E> for TaskError {
    fn from(error: E) -> Self {
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            cause = format!("{cause}: {inner}");
            source = inner.source();
        }
        Self::new(Text::new_static(errors::TASK_FAILED), cause)
    }
}

/// Why a state failed. Small, because every state's function may return one.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Error, TaskError};
///
/// let error = Error::from(TaskError::new("GatewayBusy", "try again"));
/// assert_eq!(error.to_string(), "GatewayBusy: try again");
/// assert!(!error.is_fatal());
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq)]
struct Details {
    error: Text,
    cause: Option<String>,
    /// Nothing retries or catches it.
    fatal: bool,
    /// The cause gets the name of the state put before it, once.
    located: bool,
    /// The last event before the error leaves its state; 0 until it does.
    event: u64,
    /// An evaluation failed, and that was not reported yet.
    evaluation: Option<FailedEvaluation>,
    /// An evaluation was given up.
    interruption: bool,
}

/// An evaluation that failed.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedEvaluation {
    /// The field whose value it should have given, if it was that of a field.
    pub location: Option<Text>,
}

record!(FailedEvaluation { location });

impl Encode for Error {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        // What was given up is evaluated again, and never kept.
        let Details { error, cause, fatal, located, event, evaluation, interruption: _ } = &*self.0;
        error.encode(to);
        cause.encode(to);
        to.byte(u8::from(*fatal) | u8::from(*located) << 1);
        event.encode(to);
        evaluation.encode(to);
    }
}

impl Decode for Error {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let (error, cause, flags) = (Decode::decode(from)?, Decode::decode(from)?, from.byte()?);
        if flags > 0b11 {
            return Err(from.no_variant("flags of an error", flags));
        }
        let (fatal, located) = (flags & 1 != 0, flags & 2 != 0);
        let (event, evaluation) = (Decode::decode(from)?, Decode::decode(from)?);
        Ok(Self(Box::new(Details { error, cause, fatal, located, event, evaluation, interruption: false })))
    }
}

impl Details {
    /// Of an error that retriers and catchers see.
    const fn new(error: Text, cause: Option<String>) -> Self {
        Self { error, cause, fatal: false, located: false, event: 0, evaluation: None, interruption: false }
    }
}

impl Error {
    /// An error that retriers and catchers see, with the cause as it is.
    #[doc(hidden)]
    pub fn catchable(error: impl Into<Text>, cause: Option<String>) -> Self {
        Self(Box::new(Details { located: true, ..Details::new(error.into(), cause) }))
    }

    /// `States.QueryEvaluationError`; `location` is the field.
    #[doc(hidden)]
    #[cold]
    pub fn query(cause: String, location: Option<&'static str>) -> Self {
        let error = Text::new_static(errors::QUERY_EVALUATION_ERROR);
        let evaluation = Some(FailedEvaluation { location: location.map(Text::new_static) });
        Self(Box::new(Details { evaluation, ..Details::new(error, Some(cause)) }))
    }

    /// `States.Runtime`.
    #[doc(hidden)]
    #[cold]
    pub fn runtime(cause: impl Into<String>) -> Self {
        let error = Text::new_static(errors::RUNTIME);
        Self(Box::new(Details { fatal: true, ..Details::new(error, Some(cause.into())) }))
    }

    /// `States.ReferencePathConflict`. Recorded by AWS; whether a Catch sees it is not: here it does, as the specification
    /// says of the error that it calls `States.ResultPathMatchFailure`.
    #[doc(hidden)]
    #[cold]
    pub fn reference_path_conflict(cause: String) -> Self {
        let error = Text::new_static(errors::REFERENCE_PATH_CONFLICT);
        Self(Box::new(Details::new(error, Some(cause))))
    }

    /// `States.DataLimitExceeded` of an `Assign`.
    #[doc(hidden)]
    #[cold]
    pub fn variable_limit_exceeded(cause: String) -> Self {
        Self::catchable(Text::new_static(errors::DATA_LIMIT_EXCEEDED), Some(cause)).into_fatal()
    }

    /// The same error, which nothing catches.
    #[doc(hidden)]
    #[must_use]
    pub fn into_fatal(mut self) -> Self {
        self.0.fatal = true;
        self
    }

    /// The same error, without a state before its cause.
    #[doc(hidden)]
    #[must_use]
    pub fn without_place(mut self) -> Self {
        self.0.located = true;
        self
    }

    /// An evaluation was given up because it takes long. Nothing sees this: it is evaluated again.
    #[cold]
    pub(crate) fn interruption() -> Self {
        Self(Box::new(Details {
            interruption: true,
            ..Details::new(Text::new_static(errors::RUNTIME), None)
        }))
    }

    /// Whether an evaluation was given up because it takes long.
    #[must_use]
    pub(crate) const fn is_interruption(&self) -> bool {
        self.0.interruption
    }

    /// The same, if the events since `from` have moved on.
    #[must_use]
    pub(crate) fn renumbered(mut self, from: u64, by: u64) -> Self {
        self.0.event = crate::turn::renumbered(self.0.event, from, by);
        self
    }

    /// `States.Timeout`, which has no cause.
    #[doc(hidden)]
    pub fn timeout() -> Self {
        Self::catchable(Text::new_static(errors::TIMEOUT), None)
    }

    /// The error name.
    #[must_use]
    pub fn error(&self) -> &str {
        &self.0.error
    }

    /// The error name, unless it is that of a Fail state without one.
    #[doc(hidden)]
    pub fn name(&self) -> Option<Text> {
        (!self.0.error.is_empty()).then(|| self.0.error.clone())
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Whether nothing retries or catches it.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        self.0.fatal
    }

    /// Puts the state before the cause, as AWS does for errors of a state's own processing.
    #[doc(hidden)]
    #[must_use]
    pub fn in_state(mut self, name: &str, entered_event: u64) -> Self {
        if !self.0.located {
            let cause = self.0.cause.take().unwrap_or_default();
            let place = format!(
                "An error occurred while executing the state '{name}' (entered at the event id #{entered_event})."
            );
            self.0.cause = Some(format!("{place} {cause}"));
            self.0.located = true;
        }
        self
    }

    /// The evaluation that failed, once.
    #[doc(hidden)]
    pub fn take_evaluation(&mut self) -> Option<FailedEvaluation> {
        self.0.evaluation.take()
    }

    /// Notes the event that the error follows: the last one before it.
    #[doc(hidden)]
    #[must_use]
    pub fn after_event(mut self, event: u64) -> Self {
        self.0.event = self.0.event.max(event);
        self
    }

    /// The event that the error follows.
    #[doc(hidden)]
    pub const fn event(&self) -> u64 {
        self.0.event
    }

    /// The Error Output that a catcher gets: `{"Error": .., "Cause": ..}`. What is missing is null, except that timeouts have an empty
    /// cause (recorded from AWS).
    #[doc(hidden)]
    pub fn output(&self) -> Value {
        let cause = match &self.0.cause {
            Some(cause) => cause.as_str().into(),
            None if self.0.error == errors::TIMEOUT => Text::new_static("").into(),
            None => Value::Null,
        };
        let error = self.name().into();
        Object::from_distinct(vec![(Text::new_static("Error"), error), (Text::new_static("Cause"), cause)])
            .into()
    }
}

impl From<TaskError> for Error {
    fn from(error: TaskError) -> Self {
        let TaskError { error, cause, fatal } = error;
        Self(Box::new(Details { fatal, located: !fatal, ..Details::new(error, cause) }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_error(f, self.error(), self.cause())
    }
}

impl StdError for Error {}

/// How an execution ended that did not succeed.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::{Outcome, EffectId, Want};
/// use asl_runtime::Status;
///
/// let mut execution = order::started();
/// execution.wants();
/// let stop = Outcome::Stopped { error: Some("Cancelled".into()), cause: None };
/// execution.answer(&EffectId::EXECUTION, stop, execution.context().start_time);
/// let Some(Want::Ended(Err(error))) = execution.wants().pop() else { panic!("it has ended") };
/// assert_eq!((error.status(), error.error(), error.cause()), (Status::Aborted, Some("Cancelled"), None));
/// assert_eq!(error.to_string(), "execution ABORTED: Cancelled");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionError {
    status: Status,
    error: Option<Text>,
    cause: Option<String>,
}

record!(ExecutionError { status, error, cause });

/// The status of an execution, in the words of AWS's `DescribeExecution`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::Status;
///
/// assert_eq!(Status::TimedOut.to_string(), "TIMED_OUT");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It runs.
    Running,
    /// It ended with an output.
    Succeeded,
    /// It ended with an error that nothing caught.
    Failed,
    /// It took longer than the `TimeoutSeconds` of its machine.
    TimedOut,
    /// It was stopped.
    Aborted,
}

variants!(Status { 0 Running, 1 Succeeded, 2 Failed, 3 TimedOut, 4 Aborted });

impl Status {
    /// The name in AWS's interface: `TIMED_OUT`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Status;
    ///
    /// assert_eq!(Status::Succeeded.as_str(), "SUCCEEDED");
    /// # }
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ExecutionError {
    #[doc(hidden)]
    pub fn timed_out() -> Self {
        Self { status: Status::TimedOut, error: Some(Text::new_static(errors::TIMEOUT)), cause: None }
    }

    pub(crate) const fn from_parts(status: Status, error: Option<Text>, cause: Option<String>) -> Self {
        Self { status, error, cause }
    }

    #[doc(hidden)]
    pub const fn aborted(error: Option<Text>, cause: Option<String>) -> Self {
        Self { status: Status::Aborted, error, cause }
    }

    /// The input is not JSON.
    #[doc(hidden)]
    pub fn invalid_input(reason: &impl fmt::Display) -> Self {
        let cause = format!("Invalid State Machine Execution Input: '{reason}'");
        Self {
            status: Status::Failed,
            error: Some(Text::new_static("InvalidExecutionInput")),
            cause: Some(cause),
        }
    }

    /// `Failed`, `TimedOut` or `Aborted`.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The error name, as `States.Timeout`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The cause. For an error in a definition or its data it names the state, the field and the path.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl From<Error> for ExecutionError {
    fn from(error: Error) -> Self {
        let name = error.name();
        Self { status: Status::Failed, error: name, cause: error.0.cause }
    }
}

impl fmt::Display for ExecutionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "execution {}", self.status)?;
        for text in [self.error(), self.cause()].into_iter().flatten() {
            write!(f, ": {text}")?;
        }
        Ok(())
    }
}

impl StdError for ExecutionError {}

fn write_error(f: &mut fmt::Formatter<'_>, error: &str, cause: Option<&str>) -> fmt::Result {
    match cause {
        None => f.write_str(error),
        Some(cause) => write!(f, "{error}: {cause}"),
    }
}
