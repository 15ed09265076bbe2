//! Events in the form of `GetExecutionHistory`.

use asl_runtime::Event;
use serde_json::Value;

/// What is data in the details of an event.
const DATA: &[&str] = &["input", "output", "parameters", "assignedVariables"];

/// An event as the API tells it, with or without its data.
pub(crate) fn event(event: &Event, with_data: bool) -> Value {
    let mut event = serde_json::to_value(event).unwrap_or_default();
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
