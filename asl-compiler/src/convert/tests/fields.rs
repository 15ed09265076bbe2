//! A field that no conversion knows would be left as it was.

use crate::convert::{Manner, to_jsonata};
use crate::options::Options;
use crate::source::SourceFile;
use crate::state_fields::{Holds, StateField};
use asl_language::state_type::StateType;

#[test]
fn every_field_with_data_is_converted() {
    let options = Options { ignore_data: true, ..Options::default() };
    let fields = StateType::ALL
        .iter()
        .flat_map(|state_type| StateField::of_states(*state_type, false).map(|field| (*state_type, field)));
    let mut left = Vec::new();
    for (state_type, field) in fields {
        let Some(value) = value(field) else { continue };
        let source = SourceFile::new("t.asl.json", definition(state_type, field, value));
        let text = match to_jsonata(&source, &options, Manner { approximately: true, variables: true }) {
            Ok(conversion) => conversion.text,
            Err(refusal) => format!("{PATH} {refusal:?}"),
        };
        let is_there = text.contains(&format!("\"{}\":", field.name));
        if text.contains(PATH) || is_there && !field.is_in(true) {
            left.push(format!("{state_type} {}: {text}", field.name));
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

const PATH: &str = "$.of_test";

/// A value with [`PATH`] in it; none for what has nothing to do with data, or is there anyway.
fn value(field: &StateField) -> Option<&'static str> {
    match field.holds {
        Holds::Path => Some(r#""$.of_test""#),
        Holds::Credentials => Some(r#"{ "RoleArn.$": "$.of_test" }"#),
        Holds::Parameters | Holds::Template | Holds::Variables => {
            // What is in a `Result` is taken as it is.
            (field.name != "Result").then_some(r#"{ "a.$": "$.of_test" }"#)
        }
        Holds::ItemBatcher => {
            Some(r#"{ "MaxItemsPerBatchPath": "$.of_test", "BatchInput": { "a.$": "$.of_test" } }"#)
        }
        Holds::ItemReader => Some(
            r#"{ "Resource": "arn:aws:states:::s3:getObject", "Parameters": { "Bucket": "b", "Key.$": "$.of_test" },
                "ReaderConfig": { "InputType": "JSON", "MaxItemsPath": "$.of_test" } }"#,
        ),
        Holds::ResultWriter => Some(
            r#"{ "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket.$": "$.of_test" } }"#,
        ),
        Holds::Catchers => {
            Some(r#"[{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.of_test", "Next": "B" }]"#)
        }
        Holds::Word
        | Holds::Number
        | Holds::State
        | Holds::Items
        | Holds::Retriers
        | Holds::Rules
        | Holds::Branches
        | Holds::Processor => None,
    }
}

/// A machine with a state that has the field, and all that its type needs.
fn definition(state_type: StateType, field: &StateField, value: &str) -> String {
    const SUCCEED: &str = r#"{ "Type": "Succeed" }"#;
    let scope = format!(r#"{{ "StartAt": "I", "States": {{ "I": {SUCCEED} }} }}"#);
    let needed = match state_type {
        StateType::Pass | StateType::Succeed | StateType::Fail => String::new(),
        // What is found by a path takes the place of what is written.
        StateType::Wait if ["SecondsPath", "TimestampPath"].contains(&field.name) => String::new(),
        StateType::Wait => r#""Seconds": 1,"#.to_owned(),
        StateType::Task => r#""Resource": "arn:aws:lambda:us-east-1:123456789012:function:F","#.to_owned(),
        StateType::Choice => {
            r#""Choices": [{ "Variable": "$.a", "IsPresent": true, "Next": "B" }],"#.to_owned()
        }
        StateType::Parallel => format!(r#""Branches": [{scope}],"#),
        StateType::Map => format!(r#""ItemProcessor": {scope},"#),
    };
    let next = match state_type {
        StateType::Succeed | StateType::Fail | StateType::Choice => "",
        StateType::Pass | StateType::Task | StateType::Wait | StateType::Parallel | StateType::Map => {
            r#""Next": "B","#
        }
    };
    let last = match state_type {
        StateType::Succeed | StateType::Fail => String::new(),
        StateType::Choice
        | StateType::Pass
        | StateType::Task
        | StateType::Wait
        | StateType::Parallel
        | StateType::Map => format!(r#", "B": {SUCCEED}"#),
    };
    let fields = format!(r#""Type": "{state_type}", {needed} {next} "{}": {value}"#, field.name);
    format!(r#"{{ "StartAt": "A", "States": {{ "A": {{ {fields} }}{last} }} }}"#)
}
