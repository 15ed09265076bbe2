//! A layer that writes the events of histories as CloudWatch's logs.

use super::HISTORY;
use crate::monitoring::logs::{CloudWatchLogs, LogLevel, Record};
use std::fmt;
use std::io::Write;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// Writes a line for each event of a history that its level allows; all else that is traced passes it by. The data of executions is in
/// the lines if the host tells it.
///
/// ```
/// use asl_runtime::monitoring::logs::LogLevel;
/// use asl_runtime::monitoring::traces::CloudWatchLayer;
/// use tracing_subscriber::prelude::*;
///
/// let subscriber =
///     tracing_subscriber::registry().with(CloudWatchLayer::new(std::io::stderr(), LogLevel::All));
/// ```
pub struct CloudWatchLayer<W> {
    logs: CloudWatchLogs<W>,
    level: LogLevel,
}

impl<W: Write + Send> CloudWatchLayer<W> {
    /// Writes to a file, the standard error, or whatever else takes bytes.
    #[must_use]
    pub const fn new(writer: W, level: LogLevel) -> Self {
        Self { logs: CloudWatchLogs::new(writer, level), level }
    }
}

impl<S: Subscriber, W: Write + Send + 'static> Layer<S> for CloudWatchLayer<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != HISTORY {
            return;
        }
        let mut fields = Fields(Record::empty());
        event.record(&mut fields);
        if LogLevel::of(&fields.0.r#type) <= self.level {
            self.logs.write(&fields.0.line());
        }
    }
}

struct Fields(Record);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        let record = &mut self.0;
        match field.name() {
            "id" => value.clone_into(&mut record.id),
            "type" | "r#type" => value.clone_into(&mut record.r#type),
            "details" => value.clone_into(&mut record.details),
            "previous_event_id" => value.clone_into(&mut record.previous_event_id),
            "event_timestamp" => value.clone_into(&mut record.event_timestamp),
            "execution_arn" => record.execution_arn = value.into(),
            _ => {}
        }
    }

    /// All fields of these events are texts.
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<W> fmt::Debug for CloudWatchLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatchLayer").field("level", &self.level).finish_non_exhaustive()
    }
}
