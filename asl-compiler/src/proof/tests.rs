//! What becomes of the fields of distributed Maps.

use crate::ir::{ExecutionType, Machine, Map, Percentage, Seconds, Work};
use crate::source::SourceFile;
use crate::vocabulary::{InputType, ItemSource, ManifestType, WriterTransformation};
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

fn distributed(fields: &str) -> Map {
    let config = r#""ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },"#;
    let Work::Map(map) = &machine(fields, config).states[0].work else { panic!("a Map state") };
    assert!(map.is_distributed());
    *map.clone()
}

#[test]
fn an_inline_map_keeps_what_it_tolerates() {
    let machine = machine(r#""ToleratedFailureCount": 2, "ToleratedFailurePercentage": 7,"#, "");
    let Work::Map(map) = &machine.states[0].work else { panic!("a Map state") };
    assert_eq!(map.tolerated_failure_count, Some(Seconds::Constant(2)));
    assert_eq!(map.tolerated_failure_percentage, Some(Percentage::Constant(7.0)));
    assert!(!map.is_distributed() && map.tolerates_failures());
}

#[test]
fn a_reader_without_a_mode_makes_a_distributed_map() {
    let fields = r#""ItemBatcher": { "MaxItemsPerBatch": 2 },"#;
    let Work::Map(map) = &machine(fields, "").states[0].work else { panic!("a Map state") };
    assert!(map.is_distributed() && map.execution_type.is_none());
}

#[test]
fn the_defaults_of_a_reader_are_filled_in() {
    let fields = r#""ItemReader": { "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": { "Bucket": "b", "Key": "k" },
        "ReaderConfig": { "InputType": "JSONL", "CSVHeaders": ["unused"] } },"#;
    let distributed = distributed(fields);
    assert_eq!((distributed.execution_type, distributed.label), (Some(ExecutionType::Express), None));
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
        assert_eq!((reader.input_type, reader.manifest_type), (input_type, Some(manifest_type)), "{config}");
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
