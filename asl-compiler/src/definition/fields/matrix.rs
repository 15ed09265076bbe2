//! Which field belongs to which state type and which query language.

use crate::definition::StateType::{self, Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};

/// A field of states.
pub(super) struct Row {
    pub(super) field: &'static str,
    pub(super) states: &'static [StateType],
    pub(super) language: Language,
    /// `null` is the same as leaving it out.
    pub(super) null_is_absent: bool,
}

/// The query languages a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Both,
    JsonPath,
    Jsonata,
}

/// The row of a field.
pub(super) fn row(field: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.field == field)
}

/// The fields of a state type in a query language.
pub(crate) fn fields_of(state_type: StateType, jsonata: bool) -> impl Iterator<Item = &'static str> {
    ROWS.iter().filter(move |row| row.states.contains(&state_type) && row.is_in(jsonata)).map(|row| row.field)
}

impl Row {
    /// Whether states of that query language have the field.
    pub(super) fn is_in(&self, jsonata: bool) -> bool {
        match self.language {
            Language::Both => true,
            Language::JsonPath => !jsonata,
            Language::Jsonata => jsonata,
        }
    }
}

const fn both(field: &'static str, states: &'static [StateType]) -> Row {
    Row { field, states, language: Language::Both, null_is_absent: true }
}

const fn json_path(field: &'static str, states: &'static [StateType]) -> Row {
    Row { field, states, language: Language::JsonPath, null_is_absent: true }
}

const fn jsonata(field: &'static str, states: &'static [StateType]) -> Row {
    Row { field, states, language: Language::Jsonata, null_is_absent: true }
}

/// A field that says something by `null`, or that has to be there.
const fn read(row: Row) -> Row {
    Row { null_is_absent: false, ..row }
}

const ROWS: &[Row] = &[
    read(both("Type", StateType::ALL)),
    both("Comment", StateType::ALL),
    both("QueryLanguage", StateType::ALL),
    both("Next", &[Pass, Task, Wait, Parallel, Map]),
    both("End", &[Pass, Task, Wait, Parallel, Map]),
    read(json_path("InputPath", &[Pass, Task, Choice, Wait, Succeed, Parallel, Map])),
    read(json_path("OutputPath", &[Pass, Task, Choice, Wait, Succeed, Parallel, Map])),
    read(json_path("Parameters", &[Pass, Task, Parallel, Map])),
    read(json_path("ResultSelector", &[Task, Parallel, Map])),
    read(json_path("ResultPath", &[Pass, Task, Parallel, Map])),
    read(json_path("Result", &[Pass])),
    read(jsonata("Arguments", &[Task, Parallel])),
    read(jsonata("Output", &[Pass, Task, Choice, Wait, Succeed, Parallel, Map])),
    read(both("Assign", &[Pass, Task, Choice, Wait, Parallel, Map])),
    both("Retry", &[Task, Parallel, Map]),
    both("Catch", &[Task, Parallel, Map]),
    read(both("Resource", &[Task])),
    both("Credentials", &[Task]),
    both("TimeoutSeconds", &[Task]),
    json_path("TimeoutSecondsPath", &[Task]),
    both("HeartbeatSeconds", &[Task]),
    json_path("HeartbeatSecondsPath", &[Task]),
    both("Seconds", &[Wait]),
    json_path("SecondsPath", &[Wait]),
    both("Timestamp", &[Wait]),
    json_path("TimestampPath", &[Wait]),
    read(both("Choices", &[Choice])),
    both("Default", &[Choice]),
    both("Error", &[Fail]),
    json_path("ErrorPath", &[Fail]),
    both("Cause", &[Fail]),
    json_path("CausePath", &[Fail]),
    read(both("Branches", &[Parallel])),
    read(both("ItemProcessor", &[Map])),
    read(both("Iterator", &[Map])),
    read(json_path("ItemsPath", &[Map])),
    read(jsonata("Items", &[Map])),
    read(both("ItemSelector", &[Map])),
    both("MaxConcurrency", &[Map]),
    json_path("MaxConcurrencyPath", &[Map]),
    both("ItemReader", &[Map]),
    both("ItemBatcher", &[Map]),
    both("ResultWriter", &[Map]),
    both("Label", &[Map]),
    both("ToleratedFailureCount", &[Map]),
    json_path("ToleratedFailureCountPath", &[Map]),
    both("ToleratedFailurePercentage", &[Map]),
    json_path("ToleratedFailurePercentagePath", &[Map]),
];
