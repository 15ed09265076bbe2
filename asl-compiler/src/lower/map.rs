//! What a distributed Map has beyond an inline one.

use super::template;
use super::work::{parameters, seconds};
use crate::definition::{
    InputType, ItemBatcher, ItemReader, Map, Percentage, ReaderConfig, ResultWriter, WriterConfig,
};
use crate::ir::{self, ExecutionType, ManifestType, WriterTransformation};

pub(super) fn percentage(percentage: &Percentage) -> ir::Percentage {
    match percentage {
        Percentage::Constant(percentage) => ir::Percentage::Constant(*percentage),
        Percentage::Path(path) => ir::Percentage::Path(path.lower()),
    }
}

/// The outer `Option` is whether it could be lowered, the inner whether the Map is a distributed one.
#[expect(clippy::option_option, reason = "an inline Map and one that cannot be lowered are two things")]
pub(super) fn distributed(map: &Map) -> Option<Option<ir::Distributed>> {
    if !map.is_distributed() {
        return Some(None);
    }
    let distributed = ir::Distributed {
        label: map.label.as_ref().map(|label| label.value.clone()),
        execution_type: map.execution_type.map_or(ExecutionType::Standard, |at| at.value),
        item_reader: optional(map.item_reader.as_ref(), item_reader)?,
        item_batcher: optional(map.item_batcher.as_ref(), item_batcher)?,
        result_writer: optional(map.result_writer.as_ref(), result_writer)?,
    };
    Some(Some(distributed))
}

/// The outer `Option` is whether it could be lowered, the inner whether there is one.
#[expect(clippy::option_option, reason = "an absent field and one that cannot be lowered are two things")]
fn optional<T, U>(field: Option<&T>, lower: impl Fn(&T) -> Option<U>) -> Option<Option<U>> {
    match field {
        Some(field) => lower(field).map(Some),
        None => Some(None),
    }
}

fn item_reader(reader: &ItemReader) -> Option<ir::ItemReader> {
    let config = &reader.config;
    let (input_type, manifest_type) = input_type(config);
    let headers = config.csv_headers.as_ref();
    Some(ir::ItemReader {
        resource: reader.source?,
        parameters: template::lower(reader.parameters.as_ref()?)?,
        input_type,
        load_and_flatten: config.load_and_flatten.is_some(),
        manifest_type,
        csv_delimiter: config.csv_delimiter.unwrap_or(b','),
        csv_headers: headers
            .map(|headers| headers.iter().map(|header| header.value.clone()).collect()),
        items_pointer: config.items_pointer.clone(),
        max_items: config.max_items.as_ref().map(seconds),
    })
}

/// What is in the objects, and who lists them.
const fn input_type(config: &ReaderConfig) -> (Option<ir::InputType>, Option<ManifestType>) {
    match (config.input_type, config.manifest_type) {
        (Some(InputType::Manifest), None) | (_, Some(ManifestType::S3Inventory)) => {
            (None, Some(ManifestType::S3Inventory))
        }
        (Some(InputType::Items(input_type)), manifest_type) => (Some(input_type), manifest_type),
        (Some(InputType::Manifest) | None, manifest_type) => (None, manifest_type),
    }
}

fn item_batcher(batcher: &ItemBatcher) -> Option<ir::ItemBatcher> {
    Some(ir::ItemBatcher {
        max_items: batcher.max_items_per_batch.as_ref().map(seconds),
        max_input_bytes: batcher.max_input_bytes_per_batch.as_ref().map(seconds),
        batch_input: parameters(batcher.batch_input.as_ref())?,
    })
}

fn result_writer(writer: &ResultWriter) -> Option<ir::ResultWriter> {
    let WriterConfig { transformation, json_lines } = writer.config;
    let default = match writer.parameters {
        Some(_) => WriterTransformation::None,
        None => WriterTransformation::Compact,
    };
    Some(ir::ResultWriter {
        parameters: parameters(writer.parameters.as_ref())?,
        transformation: transformation.unwrap_or(default),
        json_lines,
    })
}
