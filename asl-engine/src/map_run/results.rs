//! The results of a Map Run that become the result of its state.
//!
//! In: child executions that have ended. Out: the result of the Map state, in the order of the items. An execution that failed and is
//! tolerated has none.

use super::settings::WriterTransformation;
use crate::codec::record;
use crate::context::ExecutionContext;
use crate::error::{ExecutionError, Status};
use crate::execution::{ChildEnd, ChildStart};
use crate::generated::template::object;
use asl_value::{Object, Value};

/// Results that are kept until the run is over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Collected {
    pub(crate) transformation: WriterTransformation,
    pub(crate) results: Vec<Option<Value>>,
}

record!(Collected { transformation, results });

impl Collected {
    pub(crate) fn new(transformation: Option<WriterTransformation>) -> Self {
        Self { transformation: transformation.unwrap_or(WriterTransformation::Compact), results: Vec::new() }
    }

    pub(crate) fn put(&mut self, child: &ChildStart, ended: &ChildEnd) {
        let result = match self.transformation {
            WriterTransformation::None => Some(record(&child.context, ended)),
            WriterTransformation::Compact | WriterTransformation::Flatten => {
                ended.result.as_ref().ok().cloned()
            }
        };
        let index = usize::try_from(child.index).unwrap_or(usize::MAX);
        if self.results.len() <= index {
            self.results.resize(index + 1, None);
        }
        if let Some(place) = self.results.get_mut(index) {
            *place = result;
        }
    }

    /// What there is, which has no other owner any more.
    pub(crate) fn finish(&mut self) -> Value {
        let results = std::mem::take(&mut self.results).into_iter().flatten();
        match self.transformation {
            WriterTransformation::None | WriterTransformation::Compact => results.collect::<Vec<_>>().into(),
            WriterTransformation::Flatten => results.flat_map(flattened).collect::<Vec<_>>().into(),
        }
    }
}

/// The elements of an array, or the value itself.
#[must_use]
pub fn flattened(value: Value) -> Vec<Value> {
    match value {
        Value::Array(elements) => elements.to_vec(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => vec![value],
    }
}

/// All that is known about a child execution that has ended, as AWS describes it in result files.
#[must_use]
pub fn record(execution: &ExecutionContext, ended: &ChildEnd) -> Value {
    let result = &ended.result;
    let status = result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded);
    let included = || object([("Included", true.into())]);
    let mut fields = Object::new();
    if let Err(error) = result {
        fields.extend(error.cause().map(|cause| ("Cause", cause)));
        fields.extend(error.error().map(|name| ("Error", name)));
    }
    fields.insert("ExecutionArn", execution.id.clone());
    fields.insert("Input", execution.input.to_string());
    fields.insert("InputDetails", included());
    fields.insert("Name", execution.name.clone());
    if let Ok(output) = result {
        fields.insert("Output", output.to_string());
        fields.insert("OutputDetails", included());
    }
    fields.insert("RedriveCount", execution.redrive_count());
    if result.is_ok() {
        fields.insert("RedriveStatus", "NOT_REDRIVABLE");
        fields.insert("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
    } else {
        fields.insert("RedriveStatus", "REDRIVABLE");
    }
    fields.insert("StartDate", execution.start_time.to_string());
    fields.insert("StateMachineArn", execution.state_machine_id.clone());
    fields.insert("Status", status.as_str());
    fields.insert("StopDate", ended.stop_date.to_string());
    fields.into()
}
