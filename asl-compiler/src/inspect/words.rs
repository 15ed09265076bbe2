//! Inspection: which fields an object may have, which values a field takes, and what they mean.
//!
//! In: the role of an object. Out: words of the language, and a sentence or two about each. Never looks at a definition.

use super::place::Role;
use crate::definition::{StateType, choice_operators};
use crate::state_fields::StateField;

/// The fields of an object.
pub(super) fn fields(role: Role, state_type: Option<StateType>, jsonata: bool) -> Vec<&'static str> {
    match role {
        Role::Machine => MACHINE.to_vec(),
        Role::Branch => vec!["Comment", "StartAt", "States"],
        Role::Processor => vec!["Comment", "ProcessorConfig", "StartAt", "States"],
        Role::ProcessorConfig => vec!["Mode", "ExecutionType"],
        Role::State => match state_type {
            Some(state_type) => StateField::names(state_type, jsonata).collect(),
            None => vec!["Type", "Comment", "QueryLanguage"],
        },
        Role::Rule { nested } => rule_fields(nested, jsonata),
        Role::Catcher if jsonata => vec!["ErrorEquals", "Next", "Assign", "Output", "Comment"],
        Role::Catcher => vec!["ErrorEquals", "Next", "ResultPath", "Assign", "Comment"],
        Role::Retrier => RETRIER.to_vec(),
        Role::Credentials => vec![if jsonata { "RoleArn" } else { "RoleArn.$" }, "RoleArn"],
        Role::ItemReader => {
            vec!["Resource", if jsonata { "Arguments" } else { "Parameters" }, "ReaderConfig"]
        }
        Role::ReaderConfig => by_language(READER_CONFIG, jsonata),
        Role::ItemBatcher => by_language(ITEM_BATCHER, jsonata),
        Role::ResultWriter => {
            vec!["Resource", if jsonata { "Arguments" } else { "Parameters" }, "WriterConfig"]
        }
        Role::WriterConfig => vec!["Transformation", "OutputType"],
        Role::States
        | Role::Branches
        | Role::Rules { .. }
        | Role::Catchers
        | Role::Retriers
        | Role::Errors
        | Role::Assign
        | Role::Parameters
        | Role::Template
        | Role::Field => Vec::new(),
    }
}

const MACHINE: &[&str] = &["Comment", "StartAt", "States", "QueryLanguage", "TimeoutSeconds", "Version"];
const RETRIER: &[&str] = &[
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "Comment",
];
const READER_CONFIG: &[&str] = &[
    "InputType",
    "Transformation",
    "ManifestType",
    "CSVDelimiter",
    "CSVHeaderLocation",
    "CSVHeaders",
    "ItemsPointer",
    "MaxItems",
    "MaxItemsPath",
];
const ITEM_BATCHER: &[&str] = &[
    "MaxItemsPerBatch",
    "MaxItemsPerBatchPath",
    "MaxInputBytesPerBatch",
    "MaxInputBytesPerBatchPath",
    "BatchInput",
];

/// There are no fields that end in `Path` in JSONata.
fn by_language(fields: &[&'static str], jsonata: bool) -> Vec<&'static str> {
    fields.iter().copied().filter(|field| !jsonata || !field.ends_with("Path")).collect()
}

fn rule_fields(nested: bool, jsonata: bool) -> Vec<&'static str> {
    let outer: &[&str] = if nested { &[] } else { &["Next", "Assign", "Comment"] };
    if jsonata {
        return outer.iter().copied().chain(["Condition", "Output"]).collect();
    }
    let inner = ["Variable", "And", "Or", "Not"];
    outer.iter().copied().chain(inner).chain(choice_operators()).collect()
}

/// The values that a field takes, where they are few.
pub(super) fn values(role: Role, field: &str) -> &'static [&'static str] {
    match (role, field) {
        (Role::State, "Type") => &["Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"],
        (Role::Machine | Role::State, "QueryLanguage") => &["JSONPath", "JSONata"],
        (Role::ProcessorConfig, "Mode") => &["INLINE", "DISTRIBUTED"],
        (Role::ProcessorConfig, "ExecutionType") => &["STANDARD", "EXPRESS"],
        (Role::Retrier, "JitterStrategy") => &["FULL", "NONE"],
        (Role::ReaderConfig, "InputType") => &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"],
        (Role::ReaderConfig, "Transformation") => &["NONE", "LOAD_AND_FLATTEN"],
        (Role::ReaderConfig, "ManifestType") => &["ATHENA_DATA", "S3_INVENTORY"],
        (Role::ReaderConfig, "CSVDelimiter") => &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"],
        (Role::ReaderConfig, "CSVHeaderLocation") => &["FIRST_ROW", "GIVEN"],
        (Role::WriterConfig, "Transformation") => &["NONE", "COMPACT", "FLATTEN"],
        (Role::WriterConfig, "OutputType") => &["JSON", "JSONL"],
        (Role::ItemReader, "Resource") => {
            &["arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"]
        }
        (Role::ResultWriter, "Resource") => &["arn:aws:states:::s3:putObject"],
        _ => &[],
    }
}

/// What a field means; nothing where the object is one of the user's own.
pub(super) fn field(role: Role, name: &str) -> Option<&'static str> {
    if matches!(role, Role::States | Role::Assign | Role::Parameters | Role::Template) {
        return None;
    }
    let special = match (role, name) {
        (Role::Machine, "TimeoutSeconds") => {
            "How many seconds an execution may take in all. One that takes longer ends as timed out."
        }
        (Role::Catcher, "ResultPath") => {
            "Where in the state's input the Error Output is put, an object of `Error` and `Cause`. Without it the Error Output replaces the input."
        }
        (Role::Catcher, "Next") => "The state that goes on after one of these errors.",
        (Role::Rule { .. }, "Next") => "The state that goes on if the rule is true.",
        (Role::ItemReader, "Resource") => {
            "What reads the items: one object of a bucket, or the list of its objects."
        }
        (Role::ResultWriter, "Resource") => "What writes the results: objects in a bucket.",
        (Role::ItemReader | Role::ResultWriter, "Parameters" | "Arguments") => {
            "The bucket, and in it the key or the prefix."
        }
        (Role::WriterConfig, "Transformation") => {
            "What is kept of each result: all about its execution (`NONE`), only the outputs (`COMPACT`), or the outputs with their arrays opened (`FLATTEN`)."
        }
        (Role::ReaderConfig, "Transformation") => {
            "`LOAD_AND_FLATTEN` opens the objects that are listed: what is in them are the items."
        }
        _ => "",
    };
    if !special.is_empty() {
        return Some(special);
    }
    let of_state = StateField::of(name).map(|field| field.meaning);
    let other = || FIELDS.iter().find(|(field, _)| *field == name).map(|(_, text)| *text);
    of_state.or_else(other).or_else(|| operator(name))
}

fn operator(name: &str) -> Option<&'static str> {
    if !choice_operators().any(|operator| operator == name) {
        return None;
    }
    Some(match name {
        "StringMatches" => {
            "True if the variable is a string that matches this pattern. `*` matches any text, `\\\\*` for a star."
        }
        "IsPresent" => "Whether the path of `Variable` leads to a value at all.",
        name if name.starts_with("Is") => {
            "Whether the variable has this type. It has to be there: ask `IsPresent` before, in an `And`."
        }
        name if name.ends_with("Path") => {
            "Compares the variable with the value that a path selects. Values of another type make the rule false."
        }
        _ => "Compares the variable with this value. A variable of another type makes the rule false.",
    })
}

/// What a state type does.
pub(super) const fn state_type(state_type: StateType) -> &'static str {
    match state_type {
        StateType::Pass => "passes its input on, changed by its fields",
        StateType::Task => "asks a resource to do something, and goes on with its answer",
        StateType::Choice => "goes on with the first rule that is true",
        StateType::Wait => "waits for a time, or until a moment",
        StateType::Succeed => "ends the execution, branch or iteration with success",
        StateType::Fail => "ends the execution, branch or iteration with an error",
        StateType::Parallel => "runs its branches at once; its result is the array of their outputs",
        StateType::Map => "runs its processor for each item; its result is the array of their outputs",
    }
}

/// The fields that states do not have.
const FIELDS: &[(&str, &str)] = &[
    ("And", "True if all of these rules are."),
    ("BackoffRate", "The delay is multiplied with this after every attempt. 2 by default."),
    ("BatchInput", "Passed to every batch, beside its `Items`."),
    ("CSVDelimiter", "What separates the columns. `COMMA` by default."),
    ("CSVHeaderLocation", "Where the names of the columns are: in the first row, or in `CSVHeaders`."),
    ("CSVHeaders", "The names of the columns, if they are not in the first row."),
    ("Condition", "A JSONata expression that says whether the rule is true. It has to return a boolean."),
    (
        "ErrorEquals",
        "The names of the errors that this is for. `States.ALL` is for all, and must be alone and last; `States.TaskFailed` is for all errors of a task but the timeout.",
    ),
    ("ExecutionType", "What kind of executions the iterations of a distributed Map are."),
    ("InputType", "What is in the object that is read."),
    ("IntervalSeconds", "The delay before the first retry. 1 by default."),
    ("ItemsPointer", "A JSON pointer to the array in a file where the items are."),
    ("JitterStrategy", "`FULL`: the delay is a random one, up to the one that was computed."),
    ("ManifestType", "What kind of manifest lists the files."),
    ("MaxAttempts", "How many retries there are. 3 by default; 0 means none."),
    ("MaxDelaySeconds", "The longest delay between two attempts."),
    ("MaxInputBytesPerBatch", "How large the input of a batch may be."),
    ("MaxInputBytesPerBatchPath", "Where the size of a batch's input is found."),
    ("MaxItems", "Only so many items are read."),
    ("MaxItemsPath", "Where the number of items that are read is found."),
    ("MaxItemsPerBatch", "How many items a batch has at most."),
    ("MaxItemsPerBatchPath", "Where the number of items of a batch is found."),
    (
        "Mode",
        "`INLINE`: iterations are a part of this execution. `DISTRIBUTED`: each is a separate execution, with its own history.",
    ),
    ("Not", "True if this rule is false."),
    ("Or", "True if one of these rules is."),
    ("OutputType", "How results are written: one JSON array, or one line per result."),
    ("ProcessorConfig", "Where iterations run."),
    ("ReaderConfig", "What is in the object, and how it is read."),
    ("RoleArn", "The ARN of the role."),
    ("StartAt", "The first state. A name of this scope."),
    ("States", "The states by their names, which are unique across the whole machine."),
    ("Variable", "A path to the value that is compared."),
    ("Version", "The version of the language: `1.0`."),
    ("WriterConfig", "What is written of each result, and how."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_text() {
        let roles = [
            Role::Machine,
            Role::Branch,
            Role::Processor,
            Role::ProcessorConfig,
            Role::Rule { nested: false },
            Role::Catcher,
            Role::Retrier,
            Role::ItemReader,
            Role::ReaderConfig,
            Role::ItemBatcher,
            Role::ResultWriter,
            Role::WriterConfig,
        ];
        for jsonata in [false, true] {
            for name in StateType::ALL.iter().flat_map(|state_type| StateField::names(*state_type, jsonata)) {
                assert!(field(Role::State, name).is_some(), "{name}");
            }
            for role in roles {
                for name in fields(role, None, jsonata) {
                    assert!(field(role, name).is_some(), "{role:?} {name}");
                }
            }
        }
    }
}
