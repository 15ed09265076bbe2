//! The shapes of the fields of the context object.

use super::flow::Facts;
use super::{Object, Shape};
use crate::vocabulary::ContextField;

/// The shape of a field of the context object.
pub(super) fn field(field: ContextField, facts: &Facts) -> Shape {
    use ContextField as F;
    match field {
        F::ExecutionInput => facts.execution.clone(),
        F::MapItemValue => facts.item.clone(),
        F::ExecutionId
        | F::ExecutionName
        | F::ExecutionRoleArn
        | F::ExecutionStartTime
        | F::ExecutionRedriveTime
        | F::StateMachineId
        | F::StateMachineName
        | F::StateName
        | F::StateEnteredTime
        | F::TaskToken
        | F::MapItemKey
        | F::MapItemSource => Shape::string(),
        F::ExecutionRedriveCount | F::StateRetryCount | F::MapItemIndex => Shape::number(),
        F::Whole | F::Execution | F::StateMachine | F::State | F::Task | F::Map | F::MapItem => {
            Shape::object(Object::open())
        }
    }
}

/// The field as users write it, if it holds data.
pub(super) fn text(field: ContextField) -> &'static str {
    if field == ContextField::MapItemValue { "$$.Map.Item.Value" } else { "$$.Execution.Input" }
}
