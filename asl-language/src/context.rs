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
    /// `$$.Execution.RedriveTime`: there once the execution was redriven.
    ExecutionRedriveTime,
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

impl ContextField {
    /// The names on the way to it.
    #[must_use]
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &[],
            Self::Execution => &["Execution"],
            Self::ExecutionId => &["Execution", "Id"],
            Self::ExecutionInput => &["Execution", "Input"],
            Self::ExecutionName => &["Execution", "Name"],
            Self::ExecutionRoleArn => &["Execution", "RoleArn"],
            Self::ExecutionStartTime => &["Execution", "StartTime"],
            Self::ExecutionRedriveCount => &["Execution", "RedriveCount"],
            Self::ExecutionRedriveTime => &["Execution", "RedriveTime"],
            Self::StateMachine => &["StateMachine"],
            Self::StateMachineId => &["StateMachine", "Id"],
            Self::StateMachineName => &["StateMachine", "Name"],
            Self::State => &["State"],
            Self::StateName => &["State", "Name"],
            Self::StateEnteredTime => &["State", "EnteredTime"],
            Self::StateRetryCount => &["State", "RetryCount"],
            Self::Task => &["Task"],
            Self::TaskToken => &["Task", "Token"],
            Self::Map => &["Map"],
            Self::MapItem => &["Map", "Item"],
            Self::MapItemIndex => &["Map", "Item", "Index"],
            Self::MapItemKey => &["Map", "Item", "Key"],
            Self::MapItemSource => &["Map", "Item", "Source"],
            Self::MapItemValue => &["Map", "Item", "Value"],
        }
    }
}
