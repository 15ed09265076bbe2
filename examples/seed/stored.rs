//! Remembers what the workflow stored, and reads it back.
//!
//! In: the events of an execution. Out: the item, as the table has it.

use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::{Event, EventDetails, ExecutionContext, Integration, Invocation, Object, Observer, Value};
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

/// The parameters of the last `putItem`.
#[derive(Debug, Default)]
pub(crate) struct Stored(Mutex<Value>);

impl Observer for Stored {
    fn event(&self, _execution: &ExecutionContext, event: &Event) {
        if let EventDetails::TaskScheduled { resource, parameters, .. } = &event.details
            && resource.ends_with(":dynamodb:putItem")
        {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = parameters.clone();
        }
    }
}

impl Stored {
    /// Asks the table for the item with the key that was stored.
    pub(crate) async fn read_back(&self, dynamodb: &DynamoDb) -> Result<Value, Box<dyn Error>> {
        let put = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let id = put.get("Item").and_then(|item| item.get("Id"));
        let parameters = json!({
            "TableName": put.get("TableName"),
            "Key": {"Id": id},
            "ConsistentRead": true,
        });
        let task = Invocation::new("arn:aws:states:::dynamodb:getItem", parameters);
        let found =
            dynamodb.invoke(task).await.map_err(|error| format!("cannot read the item back: {error}"))?;
        let item = found.get("Item").and_then(Value::as_object).ok_or("the item is not in the table")?;
        // The attributes of an item have no order.
        let attributes: BTreeMap<_, _> = item.iter().collect();
        Ok(attributes.into_iter().map(|(name, value)| (name, value.clone())).collect::<Object>().into())
    }
}
