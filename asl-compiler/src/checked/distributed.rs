//! What a distributed Map reads, how it batches, and what it writes.

use super::{Seconds, Template};
use crate::vocabulary::{InputType, ItemSource, ManifestType, WriterTransformation};

/// `ItemReader`: where the items come from.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemReader {
    /// `Resource`
    pub resource: ItemSource,
    /// `Parameters`, with `Bucket` and `Key` or `Prefix`; its `$` is the effective input. The empty object where there are none.
    pub parameters: Template,
    /// `InputType`; absent means that the listed objects are themselves the items, or that `ManifestType` says it all.
    pub input_type: Option<InputType>,
    /// `"Transformation": "LOAD_AND_FLATTEN"`: listed objects are opened, and what is in them are the items.
    pub load_and_flatten: bool,
    /// `ManifestType`; the value `MANIFEST` of `InputType` alone becomes [`ManifestType::S3Inventory`].
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
pub struct ItemBatcher {
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`
    pub max_items: Option<Seconds>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`
    pub max_input_bytes: Option<Seconds>,
    /// `BatchInput`, which each batch gets; its `$` is the effective input.
    pub batch_input: Option<Template>,
}

/// `ResultWriter`: in which form the results are given, and where they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultWriter {
    /// `Parameters`, with `Bucket` and `Prefix`; its `$` is the effective input. Absent without a `Resource`: then the results are
    /// the result of the state.
    pub parameters: Option<Template>,
    /// `Transformation` of the `WriterConfig`, by default `NONE` with a `Resource` and `COMPACT` without.
    pub transformation: WriterTransformation,
    /// `"OutputType": "JSONL"` of the `WriterConfig`; otherwise `JSON`.
    pub json_lines: bool,
}
