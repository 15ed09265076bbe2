//! Logs in the form that Step Functions writes to CloudWatch Logs: a JSON object a line, with `id`, `type`, `details`,
//! `previous_event_id`, `event_timestamp`, `execution_arn` and `redrive_count`.

use asl_engine::context::ExecutionContext;
use asl_engine::history::{Event, Needs, Observer};
use asl_value::{Text, Value};
use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Which events are logged (AWS, "Log levels for Step Functions execution events").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// None.
    #[default]
    Off,
    /// Executions that fail, time out or are stopped.
    Fatal,
    /// The same, and every state, task, branch or iteration that does.
    Error,
    /// All.
    All,
}

impl LogLevel {
    /// The level of this name: `OFF`, `FATAL`, `ERROR` or `ALL`.
    ///
    /// ```
    /// use asl_runtime::monitoring::logs::LogLevel;
    ///
    /// assert_eq!(LogLevel::parse("ERROR"), Some(LogLevel::Error));
    /// assert_eq!(LogLevel::parse("verbose"), None);
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "OFF" => Some(Self::Off),
            "FATAL" => Some(Self::Fatal),
            "ERROR" => Some(Self::Error),
            "ALL" => Some(Self::All),
            _ => None,
        }
    }

    /// The lowest level at which events of this type are logged.
    #[doc(hidden)]
    #[must_use]
    pub fn of(r#type: &str) -> Self {
        let ends_badly = ["Failed", "TimedOut", "Aborted"].iter().any(|end| r#type.ends_with(end));
        match r#type {
            "FailStateEntered" => Self::Error,
            r#type if ends_badly && r#type.starts_with("Execution") => Self::Fatal,
            _ if ends_badly => Self::Error,
            _ => Self::All,
        }
    }
}

/// Writes a line for each event that its level allows.
///
/// Inputs, outputs, parameters and variables are left out unless [`include_execution_data`](Self::include_execution_data) is
/// asked for, as on AWS.
///
/// ```
/// use asl_runtime::InMemory;
/// use asl_runtime::monitoring::logs::{CloudWatchLogs, LogLevel};
///
/// let host = InMemory::new().observe(CloudWatchLogs::new(std::io::stderr(), LogLevel::Error));
/// ```
pub struct CloudWatchLogs<W> {
    writer: Mutex<W>,
    level: LogLevel,
    include_execution_data: bool,
    lost: AtomicU64,
}

impl<W: Write + Send> CloudWatchLogs<W> {
    /// Writes to a file, the standard error, or whatever else takes bytes.
    #[must_use]
    pub const fn new(writer: W, level: LogLevel) -> Self {
        Self { writer: Mutex::new(writer), level, include_execution_data: false, lost: AtomicU64::new(0) }
    }

    /// Writes the data of executions, too.
    #[must_use]
    pub const fn include_execution_data(mut self) -> Self {
        self.include_execution_data = true;
        self
    }

    /// How many lines could not be written. An execution does not end because its log cannot be written.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// The writer, with everything written.
    #[must_use]
    pub fn into_inner(self) -> W {
        self.writer.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self, line: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writeln!(writer, "{line}").and_then(|()| writer.flush()).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<W: Write + Send> Observer for CloudWatchLogs<W> {
    fn needs(&self) -> Needs {
        Needs { successes: self.level == LogLevel::All, data: self.include_execution_data, decisions: false }
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        if let Some(line) = log_line(execution, event, self.level, self.include_execution_data) {
            self.write(&line);
        }
    }
}

impl<W> fmt::Debug for CloudWatchLogs<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatchLogs").field("level", &self.level).finish_non_exhaustive()
    }
}

/// The line of an event without its end, if it is logged at this level.
#[doc(hidden)]
#[must_use]
pub fn log_line(
    execution: &ExecutionContext,
    event: &Event,
    level: LogLevel,
    include_execution_data: bool,
) -> Option<String> {
    let is_logged = level != LogLevel::Off && LogLevel::of(event.type_name()) <= level;
    is_logged.then(|| Record::new(execution, event, include_execution_data).line())
}

/// A line, as its parts.
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) r#type: String,
    pub(crate) details: String,
    pub(crate) previous_event_id: String,
    pub(crate) event_timestamp: String,
    pub(crate) execution_arn: Text,
    pub(crate) redrive_count: String,
}

impl Record {
    pub(crate) fn new(execution: &ExecutionContext, event: &Event, include_execution_data: bool) -> Self {
        let details = event.details(include_execution_data).unwrap_or_default();
        Self {
            id: event.id.to_string(),
            r#type: event.type_name().to_owned(),
            details: Value::from(details).to_string(),
            previous_event_id: event.previous_event_id.to_string(),
            event_timestamp: event.timestamp.milliseconds().to_string(),
            execution_arn: execution.id.clone(),
            redrive_count: execution.redrive_count().to_string(),
        }
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn empty() -> Self {
        let empty = String::new;
        Self {
            id: empty(),
            r#type: empty(),
            details: String::from("{}"),
            previous_event_id: empty(),
            event_timestamp: empty(),
            execution_arn: Text::default(),
            redrive_count: empty(),
        }
    }

    /// The line without its end.
    pub(crate) fn line(&self) -> String {
        let text = |text: &str| Value::from(Text::from(text)).to_string();
        format!(
            r#"{{"id":"{}","type":{},"details":{},"previous_event_id":"{}","event_timestamp":"{}","execution_arn":{},"redrive_count":"{}"}}"#,
            self.id,
            text(&self.r#type),
            self.details,
            self.previous_event_id,
            self.event_timestamp,
            text(&self.execution_arn),
            self.redrive_count
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_that_of_the_worst() {
        for (r#type, level) in [
            ("ExecutionFailed", LogLevel::Fatal),
            ("ExecutionTimedOut", LogLevel::Fatal),
            ("TaskFailed", LogLevel::Error),
            ("LambdaFunctionTimedOut", LogLevel::Error),
            ("MapIterationAborted", LogLevel::Error),
            ("FailStateEntered", LogLevel::Error),
            ("EvaluationFailed", LogLevel::Error),
            ("PassStateEntered", LogLevel::All),
            ("ExecutionSucceeded", LogLevel::All),
        ] {
            assert_eq!(LogLevel::of(r#type), level, "{type}");
        }
    }
}
