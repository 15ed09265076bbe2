//! The fields of the context object (AWS, "Accessing execution data from the Context object").

/// A field of the context object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContextField {
    /// `$$`
    Whole,
    /// `$$.Execution`
    Execution,
    /// `$$.Execution.Id`
    ExecutionId,
    /// `$$.Execution.Input`
    ExecutionInput,
    /// `$$.Execution.Name`
    ExecutionName,
    /// `$$.Execution.RoleArn`
    ExecutionRoleArn,
    /// `$$.Execution.StartTime`
    ExecutionStartTime,
    /// `$$.Execution.RedriveCount`
    ExecutionRedriveCount,
    /// `$$.StateMachine`
    StateMachine,
    /// `$$.StateMachine.Id`
    StateMachineId,
    /// `$$.StateMachine.Name`
    StateMachineName,
    /// `$$.State`
    State,
    /// `$$.State.Name`
    StateName,
    /// `$$.State.EnteredTime`
    StateEnteredTime,
    /// `$$.State.RetryCount`
    StateRetryCount,
    /// `$$.Task`
    Task,
    /// `$$.Task.Token`
    TaskToken,
    /// `$$.Map`
    Map,
    /// `$$.Map.Item`
    MapItem,
    /// `$$.Map.Item.Index`
    MapItemIndex,
    /// `$$.Map.Item.Key`: in a distributed Map over an object, the key of the field.
    MapItemKey,
    /// `$$.Map.Item.Source`: in a distributed Map, where the item comes from.
    MapItemSource,
    /// `$$.Map.Item.Value`
    MapItemValue,
}
