//! The settings of a Map Run: fields of the definition with their paths and templates evaluated.

pub use asl_language::map_run::{ExecutionType, InputType, ItemSource, ManifestType, WriterTransformation};
use asl_value::Value;

/// What only a distributed Map has.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunSettings {
    /// `Label`
    pub label: Option<&'static str>,
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
    pub csv_headers: Option<&'static [&'static str]>,
    /// `ItemsPointer`, step by step.
    pub items_pointer: &'static [&'static str],
    /// `MaxItems`; 0 is no limit.
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
