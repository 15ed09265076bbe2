//! Inspection: which fields an object may have, which values a field takes, and what they mean.
//!
//! In: the role of an object. Out: words of the language, and a sentence or two about each. Never looks at a definition.

use super::place::Role;
use crate::definition::{StateType, choice_operators, state_fields};

/// The fields of an object.
pub(super) fn fields(role: Role, state_type: Option<StateType>, jsonata: bool) -> Vec<&'static str> {
    match role {
        Role::Machine => MACHINE.to_vec(),
        Role::Branch => vec!["Comment", "StartAt", "States"],
        Role::Processor => vec!["Comment", "ProcessorConfig", "StartAt", "States"],
        Role::ProcessorConfig => vec!["Mode", "ExecutionType"],
        Role::State => match state_type {
            Some(state_type) => state_fields(state_type, jsonata).collect(),
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
        (Role::State, "Type") => TYPES,
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

const TYPES: &[&str] = &["Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"];

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
    FIELDS.iter().find(|(field, _)| *field == name).map(|(_, text)| *text).or_else(|| operator(name))
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

const FIELDS: &[(&str, &str)] = &[
    ("And", "True if all of these rules are."),
    (
        "Arguments",
        "What is passed to the resource or the branches; JSONata expressions in it are evaluated. Without it, the state's input.",
    ),
    (
        "Assign",
        "Assigns values to variables, which this scope and the ones inside see from the next state on. The values are computed from what was known before.",
    ),
    ("BackoffRate", "The delay is multiplied with this after every attempt. 2 by default."),
    ("BatchInput", "Passed to every batch, beside its `Items`."),
    ("Branches", "Separate machines that run at once, each with the state's input. One error ends them all."),
    ("CSVDelimiter", "What separates the columns. `COMMA` by default."),
    ("CSVHeaderLocation", "Where the names of the columns are: in the first row, or in `CSVHeaders`."),
    ("CSVHeaders", "The names of the columns, if they are not in the first row."),
    (
        "Catch",
        "What happens after an error that was not or no longer retried: the first catcher that names it leads on.",
    ),
    ("Cause", "A text for people about the error."),
    ("CausePath", "Where the text for people about the error is found: a path or an intrinsic function."),
    ("Choices", "The rules, tried in their order: the first that is true decides."),
    ("Comment", "A text for people. It has no effect."),
    ("Condition", "A JSONata expression that says whether the rule is true. It has to return a boolean."),
    ("Credentials", "The role with which AWS calls the resource, maybe of another account."),
    (
        "Default",
        "The state that goes on if no rule is true. Without it the state then fails with `States.NoChoiceMatched`.",
    ),
    ("End", "`true`: the execution, branch or iteration ends after this state."),
    ("Error", "The name of the error, which catchers outside can name."),
    (
        "ErrorEquals",
        "The names of the errors that this is for. `States.ALL` is for all, and must be alone and last; `States.TaskFailed` is for all errors of a task but the timeout.",
    ),
    ("ErrorPath", "Where the name of the error is found: a path or an intrinsic function."),
    ("ExecutionType", "What kind of executions the iterations of a distributed Map are."),
    (
        "HeartbeatSeconds",
        "A task that shows no sign of life for so long fails with `States.HeartbeatTimeout`. Less than `TimeoutSeconds`.",
    ),
    ("HeartbeatSecondsPath", "Where the number of seconds between signs of life is found in the input."),
    (
        "InputPath",
        "The part of the input that the state works with. `null` is an empty object; `$`, all of it, is the default.",
    ),
    ("InputType", "What is in the object that is read."),
    ("IntervalSeconds", "The delay before the first retry. 1 by default."),
    ("ItemBatcher", "Passes several items at once to the executions of a distributed Map."),
    (
        "ItemProcessor",
        "The machine that runs for each item, inline or each time as a separate execution (`ProcessorConfig`).",
    ),
    ("ItemReader", "Reads the items of a distributed Map from a bucket."),
    (
        "ItemSelector",
        "The input of each iteration, instead of the bare item. It sees the item as `$$.Map.Item.Value`, or `$states.context.Map.Item.Value`.",
    ),
    ("Items", "The items: a JSON array, or a JSONata expression that returns one."),
    ("ItemsPath", "Where the array of items is in the input. All of the input by default."),
    ("ItemsPointer", "A JSON pointer to the array in a file where the items are."),
    ("Iterator", "The old name of `ItemProcessor`."),
    ("JitterStrategy", "`FULL`: the delay is a random one, up to the one that was computed."),
    ("Label", "Names the executions of a distributed Map."),
    ("ManifestType", "What kind of manifest lists the files."),
    ("MaxAttempts", "How many retries there are. 3 by default; 0 means none."),
    (
        "MaxConcurrency",
        "How many iterations run at once. 0, the default, is as many as there is room for; 1 is one after the other.",
    ),
    ("MaxConcurrencyPath", "Where the number of iterations that run at once is found in the input."),
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
    ("Next", "The state that goes on. A name of this scope: no transition leads into or out of a branch."),
    ("Not", "True if this rule is false."),
    ("Or", "True if one of these rules is."),
    (
        "Output",
        "The output of the state; JSONata expressions in it are evaluated. Without it, the result, or for a state without one its input.",
    ),
    ("OutputPath", "The part of the result that is the output. `$`, all of it, is the default."),
    ("OutputType", "How results are written: one JSON array, or one line per result."),
    (
        "Parameters",
        "What is passed to the resource, or for a Pass its result. A key that ends in `.$` has a path or a call of an intrinsic function as its value.",
    ),
    ("ProcessorConfig", "Where iterations run."),
    (
        "QueryLanguage",
        "What paths and expressions are written in: `JSONPath`, the default, or `JSONata`. That of the machine holds for all states that say nothing else.",
    ),
    ("ReaderConfig", "What is in the object, and how it is read."),
    (
        "Resource",
        "Who does the work: the ARN of a function or an activity, or of an integration, `arn:aws:states:::service:action`.",
    ),
    ("Result", "The result of a Pass state, as it is written here."),
    (
        "ResultPath",
        "Where in the input the result is put. `$`, the default, replaces the input; `null` throws the result away.",
    ),
    ("ResultSelector", "Takes what is wanted of the raw result, before `ResultPath`."),
    ("ResultWriter", "Writes the results of a distributed Map to a bucket."),
    ("Retry", "When and how often the state is tried again after an error."),
    ("RoleArn", "The ARN of the role."),
    ("Seconds", "How many seconds to wait."),
    ("SecondsPath", "Where the number of seconds is found in the input."),
    ("StartAt", "The first state. A name of this scope."),
    ("States", "The states by their names, which are unique across the whole machine."),
    ("TimeoutSeconds", "A task that takes longer fails with `States.Timeout`."),
    ("TimeoutSecondsPath", "Where the number of seconds that the task may take is found in the input."),
    ("Timestamp", "The moment to wait for, as in `2026-08-14T01:59:00Z`."),
    ("TimestampPath", "Where the moment to wait for is found in the input."),
    (
        "ToleratedFailureCount",
        "How many items may fail. One more, and the Map fails with `States.ExceedToleratedFailureThreshold`.",
    ),
    ("ToleratedFailureCountPath", "Where the number of items that may fail is found in the input."),
    ("ToleratedFailurePercentage", "How large a part of the items may fail, from 0 to 100."),
    (
        "ToleratedFailurePercentagePath",
        "Where the part of the items that may fail, from 0 to 100, is found in the input.",
    ),
    (
        "Type",
        "What the state does: `Pass`, `Task`, `Choice`, `Wait`, `Succeed`, `Fail`, `Parallel` or `Map`.",
    ),
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
            for name in StateType::ALL.iter().flat_map(|state_type| state_fields(*state_type, jsonata)) {
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
