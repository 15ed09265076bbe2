//! The distributed Map, lowered: the part of [`Map`](super::Map) that an inline one does not have.

use super::{Seconds, Template};
use crate::vocabulary::{ExecutionType, InputType, ItemSource, ManifestType, WriterTransformation};

/// What a distributed Map has beyond an inline one: each of its items, or each batch of them, is a separate execution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Distributed {
    /// `Label`: names the Map in the ARNs of its child executions; absent means that the runtime makes one.
    pub label: Option<String>,
    /// `ExecutionType` of the `ProcessorConfig`
    pub execution_type: ExecutionType,
    /// `ItemReader`; absent means that the items are in the input, where `ItemsPath` says.
    pub item_reader: Option<ItemReader>,
    /// `ItemBatcher`; absent means that each item is an execution.
    pub item_batcher: Option<ItemBatcher>,
    /// `ResultWriter`; absent means that the result is the array of the outputs.
    pub result_writer: Option<ResultWriter>,
}

/// `ItemReader`: where the items come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ItemReader {
    /// `Resource`
    pub resource: ItemSource,
    /// `Parameters`, with `Bucket` and `Key` or `Prefix`; its `$` is the effective input. The empty object where there are none.
    pub parameters: Template,
    /// `InputType`; absent means that the listed objects are themselves the items, or that `ManifestType` says it all.
    pub input_type: Option<InputType>,
    /// `"Transformation": "LOAD_AND_FLATTEN"`: listed objects are opened, and what is in them are the items.
    pub load_and_flatten: bool,
    /// `ManifestType`; the value `MANIFEST` of `InputType` alone is lowered to [`ManifestType::S3Inventory`].
    pub manifest_type: Option<ManifestType>,
    /// `CSVDelimiter`, by default a comma: the byte itself.
    pub csv_delimiter: u8,
    /// `CSVHeaders`, where `CSVHeaderLocation` is `GIVEN`; `None` is `FIRST_ROW`.
    pub csv_headers: Option<Vec<String>>,
    /// `ItemsPointer`, split at its slashes and with `~1` and `~0` replaced; empty means the whole document.
    pub items_pointer: Vec<String>,
    /// `MaxItems` or `MaxItemsPath`; absent and zero mean no limit.
    pub max_items: Option<Seconds>,
}

/// `ItemBatcher`: several items are one execution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ItemBatcher {
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`
    pub max_items: Option<Seconds>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`
    pub max_input_bytes: Option<Seconds>,
    /// `BatchInput`, which each batch gets; its `$` is the effective input.
    pub batch_input: Option<Template>,
}

/// `ResultWriter`: in which form the results are given, and where they are written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ResultWriter {
    /// `Parameters`, with `Bucket` and `Prefix`; its `$` is the effective input. Absent without a `Resource`: then the results are
    /// the result of the state.
    pub parameters: Option<Template>,
    /// `Transformation` of the `WriterConfig`, by default `NONE` with a `Resource` and `COMPACT` without.
    pub transformation: WriterTransformation,
    /// `"OutputType": "JSONL"` of the `WriterConfig`; otherwise `JSON`.
    pub json_lines: bool,
}
