//! Events in the form of `GetExecutionHistory`.

use asl_runtime::Event;
use serde_json::Value;

/// What is data in the details of an event.
const DATA: &[&str] = &["input", "output", "parameters", "assignedVariables"];

/// The details of the events that tell the input of the execution: its start, and the first state.
const BEGINNING: [&str; 2] = ["executionStartedEventDetails", "stateEnteredEventDetails"];

/// An event as the API tells it, with or without its data. The input of the execution is told as it was written.
pub(crate) fn event(event: &Event, input_text: &str, with_data: bool) -> Value {
    let is_beginning = event.previous_event_id == 0;
    let mut event = serde_json::to_value(event).unwrap_or_default();
    if is_beginning {
        for details in BEGINNING {
            if let Some(input) = event.get_mut(details).and_then(|details| details.get_mut("input")) {
                *input = input_text.into();
            }
        }
    }
    if !with_data {
        let details = event.as_object_mut().into_iter().flat_map(|event| event.values_mut());
        for details in details.filter_map(Value::as_object_mut) {
            for data in DATA {
                details.remove(*data);
                details.remove(&format!("{data}Details"));
            }
        }
    }
    event
}
