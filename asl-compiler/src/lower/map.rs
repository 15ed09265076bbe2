//! What a distributed Map has beyond an inline one.

use super::template;
use super::work::{lower_parameters, optional_seconds};
use crate::definition::{
    InputType, ItemBatcher, ItemReader, Items, Map, Percentage, QueryLanguage, ReaderConfig, ResultWriter,
    WriterConfig,
};
use crate::ir::{self, ExecutionType, ManifestType, WriterTransformation};

pub(super) fn percentage(percentage: &Percentage) -> Option<ir::Percentage> {
    Some(match percentage {
        Percentage::Constant(at) => ir::Percentage::Constant(at.value),
        Percentage::Expression(expression) => ir::Percentage::Expression(template::expression(expression)?),
        Percentage::Path(path) => ir::Percentage::Path(path.lower()),
    })
}

pub(super) fn items(items: Option<&Items>, language: QueryLanguage) -> Option<ir::Items> {
    Some(match (items, language) {
        (Some(Items::Path(path)), _) if path.is_whole() => ir::Items::Whole,
        (Some(Items::Path(path)), _) => ir::Items::Path(path.lower()),
        (Some(Items::Template(template)), _) => ir::Items::Template(template::lower(template)?),
        (None, QueryLanguage::JsonPath) => ir::Items::Whole,
        (None, QueryLanguage::Jsonata) => ir::Items::Input,
    })
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
pub(super) fn optional<T, U>(field: Option<&T>, lower: impl Fn(&T) -> Option<U>) -> Option<Option<U>> {
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
        csv_headers: headers.map(|headers| headers.iter().map(|header| header.value.clone()).collect()),
        items_pointer: config.items_pointer.clone(),
        max_items: optional_seconds(config.max_items.as_ref())?,
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
        max_items: optional_seconds(batcher.max_items_per_batch.as_ref())?,
        max_input_bytes: optional_seconds(batcher.max_input_bytes_per_batch.as_ref())?,
        batch_input: lower_parameters(batcher.batch_input.as_ref())?,
    })
}

fn result_writer(writer: &ResultWriter) -> Option<ir::ResultWriter> {
    let WriterConfig { transformation, json_lines } = writer.config;
    let default = match writer.parameters {
        Some(_) => WriterTransformation::None,
        None => WriterTransformation::Compact,
    };
    Some(ir::ResultWriter {
        parameters: lower_parameters(writer.parameters.as_ref())?,
        transformation: transformation.unwrap_or(default),
        json_lines,
    })
}

#[cfg(test)]
mod tests {
    use crate::ir::{
        Distributed, ExecutionType, InputType, Machine, ManifestType, Percentage, Seconds, Work,
        WriterTransformation,
    };
    use crate::source::SourceFile;
    use crate::vocabulary::ItemSource;
    use crate::{Options, check};

    const PROCESSOR: &str = r#""StartAt": "I", "States": { "I": { "Type": "Succeed" } }"#;

    fn machine(fields: &str, config: &str) -> Machine {
        let text = format!(
            r#"{{ "StartAt": "M", "States": {{ "M": {{ "Type": "Map", {fields}
                "ItemProcessor": {{ {config} {PROCESSOR} }}, "End": true }} }} }}"#
        );
        let analysis = check(&SourceFile::new("machine.asl.json", text), &Options::default());
        analysis.machine.unwrap_or_else(|| panic!("{:?}", analysis.diagnostics))
    }

    fn distributed(fields: &str) -> Distributed {
        let config = r#""ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },"#;
        let Work::Map(map) = &machine(fields, config).states[0].work else { panic!("a Map state") };
        *map.distributed.clone().unwrap()
    }

    #[test]
    fn an_inline_map_keeps_what_it_tolerates() {
        let machine = machine(r#""ToleratedFailureCount": 2, "ToleratedFailurePercentage": 7,"#, "");
        let Work::Map(map) = &machine.states[0].work else { panic!("a Map state") };
        assert_eq!(map.tolerated_failure_count, Some(Seconds::Constant(2)));
        assert_eq!(map.tolerated_failure_percentage, Some(Percentage::Constant(7.0)));
        assert_eq!(map.distributed, None);
    }

    #[test]
    fn a_reader_without_a_mode_makes_a_standard_distributed_map() {
        let fields = r#""ItemBatcher": { "MaxItemsPerBatch": 2 },"#;
        let Work::Map(map) = &machine(fields, "").states[0].work else { panic!("a Map state") };
        assert_eq!(map.distributed.as_ref().unwrap().execution_type, ExecutionType::Standard);
    }

    #[test]
    fn the_defaults_of_a_reader_are_filled_in() {
        let fields = r#""ItemReader": { "Resource": "arn:aws:states:::s3:getObject",
            "Parameters": { "Bucket": "b", "Key": "k" },
            "ReaderConfig": { "InputType": "JSONL", "CSVHeaders": ["unused"] } },"#;
        let distributed = distributed(fields);
        assert_eq!((distributed.execution_type, distributed.label), (ExecutionType::Express, None));
        let reader = distributed.item_reader.unwrap();
        assert_eq!((reader.resource, reader.csv_delimiter), (ItemSource::GetObject, b','));
        assert_eq!((reader.input_type, reader.csv_headers), (Some(InputType::JsonLines), None));
        assert_eq!((reader.items_pointer.len(), reader.load_and_flatten), (0, false));
    }

    #[test]
    fn a_pointer_is_split_and_its_escapes_are_decoded() {
        let fields = r#""ItemReader": { "Resource": "arn:aws:states:::s3:getObject",
            "Parameters": { "Bucket": "b", "Key": "k" },
            "ReaderConfig": { "InputType": "JSON", "ItemsPointer": "/a~1b//~01" } },"#;
        assert_eq!(distributed(fields).item_reader.unwrap().items_pointer, ["a/b", "", "~1"]);
    }

    #[test]
    fn a_manifest_is_an_inventory_unless_it_says_otherwise() {
        for (config, input_type, manifest_type) in [
            (r#""InputType": "MANIFEST""#, None, ManifestType::S3Inventory),
            (r#""ManifestType": "S3_INVENTORY""#, None, ManifestType::S3Inventory),
            (
                r#""InputType": "CSV", "ManifestType": "ATHENA_DATA""#,
                Some(InputType::Csv),
                ManifestType::AthenaData,
            ),
        ] {
            let fields = format!(
                r#""ItemReader": {{ "Resource": "arn:aws:states:::s3:getObject",
                    "Parameters": {{ "Bucket": "b", "Key": "k" }}, "ReaderConfig": {{ {config} }} }},"#
            );
            let reader = distributed(&fields).item_reader.unwrap();
            assert_eq!(
                (reader.input_type, reader.manifest_type),
                (input_type, Some(manifest_type)),
                "{config}"
            );
        }
    }

    #[test]
    fn results_are_compact_unless_they_are_written_to_a_store() {
        let compact = distributed(r#""ResultWriter": { "WriterConfig": { "OutputType": "JSONL" } },"#);
        let writer = compact.result_writer.unwrap();
        assert_eq!((writer.transformation, writer.json_lines), (WriterTransformation::Compact, true));
        let stored = distributed(
            r#""ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b" } },"#,
        );
        let writer = stored.result_writer.unwrap();
        assert_eq!((writer.transformation, writer.json_lines), (WriterTransformation::None, false));
        assert!(writer.parameters.is_some());
    }
}
