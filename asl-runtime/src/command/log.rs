//! What is told of an execution while it runs.

use super::arguments::{Format, Log, Options};
use crate::context::ExecutionContext;
use crate::history::{Event, EventDetails, History, Observer};
use crate::host::InMemory;
use crate::machine::StateMachine;
use crate::printer::Printer;
use crate::value::{Object, Value};
use std::io::Write;

/// Adds those to the host who are to hear about events.
pub(super) fn observe<M: StateMachine>(
    host: InMemory,
    options: &Options,
    history: Option<&History>,
) -> InMemory {
    let host = match history {
        Some(history) => host.observe(history.clone()),
        None => host,
    };
    match (options.log, options.format) {
        (Log::Off, _) => host,
        (log, Format::Json) => host.observe(JsonLines { only_errors: log == Log::Error }),
        (Log::All, Format::Human) => host.observe(Printer::on_standard_error::<M::State>()),
        (Log::Error, Format::Human) => host.observe(Printer::on_standard_error::<M::State>().only_errors()),
    }
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
        // Nobody may be reading any more, which is no reason to stop the execution.
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
