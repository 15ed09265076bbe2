//! The settings of a Map Run: fields of the definition with their paths and templates evaluated.

use crate::codec::record;
pub use asl_language::map_run::{ExecutionType, InputType, ItemSource, ManifestType, WriterTransformation};
use asl_value::{Text, Value};

/// What only a distributed Map has.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunSettings {
    /// `Label`
    pub label: Option<Text>,
    /// `ExecutionType` of the child executions.
    pub execution_type: ExecutionType,
    /// `ToleratedFailureCount`
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`
    pub tolerated_failure_percentage: Option<f64>,
    /// `ItemReader`
    pub item_reader: Option<ItemReader>,
    /// `ItemBatcher`
    pub item_batcher: Option<ItemBatcher>,
    /// `ResultWriter`
    pub result_writer: Option<ResultWriter>,
}

/// `ItemReader`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemReader {
    /// `Resource`
    pub resource: ItemSource,
    /// `Parameters`
    pub parameters: Value,
    /// `InputType`
    pub input_type: Option<InputType>,
    /// `"Transformation": "LOAD_AND_FLATTEN"`
    pub load_and_flatten: bool,
    /// `ManifestType`
    pub manifest_type: Option<ManifestType>,
    /// `CSVDelimiter`
    pub csv_delimiter: u8,
    /// `CSVHeaders`; `None` where the first row is the header.
    pub csv_headers: Option<Vec<Text>>,
    /// `ItemsPointer`, step by step.
    pub items_pointer: Vec<Text>,
    /// `MaxItems`; 0 means no limit.
    pub max_items: Option<i64>,
}

/// `ItemBatcher`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemBatcher {
    /// `MaxItemsPerBatch`
    pub max_items: Option<u64>,
    /// `MaxInputBytesPerBatch`
    pub max_input_bytes: Option<u64>,
    /// `BatchInput`
    pub batch_input: Option<Value>,
}

/// `ResultWriter`
#[derive(Clone, Debug, PartialEq)]
pub struct ResultWriter {
    /// `Parameters`; `None` without a `Resource`.
    pub parameters: Option<Value>,
    /// `Transformation`
    pub transformation: WriterTransformation,
    /// `"OutputType": "JSONL"`
    pub json_lines: bool,
}

record!(MapRunSettings {
    label,
    execution_type,
    tolerated_failure_count,
    tolerated_failure_percentage,
    item_reader,
    item_batcher,
    result_writer,
});
record!(ItemReader {
    resource,
    parameters,
    input_type,
    load_and_flatten,
    manifest_type,
    csv_delimiter,
    csv_headers,
    items_pointer,
    max_items,
});
record!(ItemBatcher { max_items, max_input_bytes, batch_input });
record!(ResultWriter { parameters, transformation, json_lines });
