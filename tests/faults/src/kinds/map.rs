//! Map states that iterate over nothing, or in a way that there is not.

use crate::edit::{Editor, plain};
use crate::typo::mistype;
use crate::workflow::StateAt;
use asl_compiler::json::Value;

pub(super) fn mode_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Map") {
        let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
        let Some(config) = processor.and_then(|processor| processor.get("ProcessorConfig")) else { continue };
        for text in ["Mode", "ExecutionType"].iter().filter_map(|field| plain(config, field)) {
            if let Some(typo) = mistype(&text.value, 0) {
                editor.rename(text, &typo);
            }
            editor.rename(text, &text.value.to_ascii_lowercase());
        }
    }
}

/// Whether the iterations are separate executions.
pub(super) fn is_distributed(state: StateAt<'_>) -> bool {
    let config = state.get("ItemProcessor").and_then(|processor| processor.get("ProcessorConfig"));
    let mode = config.and_then(|config| config.get("Mode")).and_then(Value::as_str);
    mode == Some("DISTRIBUTED")
        || ["ItemBatcher", "ResultWriter"].iter().any(|field| state.get(field).is_some())
}

/// A scalar of the context object is not an array.
pub(super) fn items_no_array(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Map") {
        // Beside an `ItemReader` it is not looked at, and a distributed Map takes objects.
        if let Some(path) =
            state.get("ItemsPath").and_then(Value::as_text).filter(|_| state.get("ItemReader").is_none())
        {
            editor.rename(path, "$$.Execution.Id");
            if !is_distributed(state) {
                editor.rename(path, "$$.State");
            }
        }
        if let Some(items) = state.get("Items") {
            for wrong in ["\"x\"", "5", "true", "\"{% 'x' %}\""] {
                editor.replace(items.span, wrong);
            }
        }
    }
}

/// Fields of the objects of a Map, and what they cannot be.
const WRONG: &[(&str, &str, &[&str])] = &[
    (
        "ItemReader",
        "Resource",
        &["5", "\"arn:aws:states:::s3:getObjct\"", "\"arn:aws:states:::dynamodb:getItem\""],
    ),
    ("ItemReader", "ReaderConfig", &["5", "[]"]),
    ("ItemReader", "Parameters", &["5", "{}"]),
    ("ItemBatcher", "MaxItemsPerBatch", &["\"x\"", "-1", "0"]),
    ("ItemBatcher", "MaxInputBytesPerBatch", &["\"x\"", "-1", "0"]),
    ("ResultWriter", "Resource", &["5", "\"arn:aws:states:::s3:putObjct\""]),
];

pub(super) fn field_wrong(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Map") {
        for (field, name, values) in WRONG {
            let Some(value) = state.get(field).and_then(|value| value.get(name)) else { continue };
            values.iter().for_each(|wrong| editor.replace(value.span, wrong));
        }
        let config = state.get("ItemReader").and_then(|reader| reader.get("ReaderConfig"));
        for (name, wrong) in
            [("InputType", "\"CVS\""), ("CSVHeaderLocation", "\"FIRST\""), ("MaxItems", "\"x\"")]
        {
            if let Some(value) = config.and_then(|config| config.get(name)) {
                editor.replace(value.span, wrong);
            }
        }
    }
}
