//! What is reported of an execution while it runs.

use super::HistoryFile;
use super::arguments::{Format, Log, Options};
use crate::printer::Printer;
use crate::shell::Machine;
use asl_engine::context::ExecutionContext;
use asl_engine::history::{Event, EventDetails, Observer};
use asl_value::{Object, Text, Value};
use std::io::Write;
use std::sync::Arc;

/// The observers of events.
pub(super) fn observers(
    machine: &dyn Machine,
    options: &Options,
    history: Option<&HistoryFile>,
) -> Vec<Arc<dyn Observer>> {
    let mut observers: Vec<Arc<dyn Observer>> = Vec::new();
    if let Some(history) = history {
        observers.push(Arc::new(history.writer.clone()));
    }
    let printer = || Printer::of_states_on_standard_error(machine.states().iter().map(Text::as_str));
    match (options.log, options.format) {
        (Log::Off, _) => {}
        (log, Format::Json) => observers.push(Arc::new(JsonLines { only_errors: log == Log::Error })),
        (Log::All, Format::Human) => observers.push(Arc::new(printer())),
        (Log::Error, Format::Human) => {
            observers.push(Arc::new(printer().only_errors()));
        }
    }
    observers
}

/// Writes each event as a line of JSON: the name of the execution, and the event as `GetExecutionHistory` has it.
struct JsonLines {
    only_errors: bool,
}

impl Observer for JsonLines {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        if self.only_errors && !is_error(&event.details) {
            return;
        }
        let mut line = Object::new();
        line.insert("execution", execution.name.clone());
        if let Value::Object(fields) = event.to_json() {
            line.extend(fields.iter().map(|(name, value)| (name.to_owned(), value.clone())));
        }
        // The reader may be gone, but that must not stop the execution.
        let _ = writeln!(std::io::stderr(), "{}", Value::from(line));
    }
}

fn is_error(details: &EventDetails) -> bool {
    matches!(
        details,
        EventDetails::EvaluationFailed { .. }
            | EventDetails::TaskFailed { .. }
            | EventDetails::TaskTimedOut { .. }
            | EventDetails::MapRunFailed { .. }
            | EventDetails::ExecutionFailed { .. }
            | EventDetails::ExecutionTimedOut
            | EventDetails::ExecutionAborted { .. }
    )
}
