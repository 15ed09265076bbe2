//! The readers of distributed Maps: what is read is one item that grows, or items that become more.

use crate::Case;
use crate::data::Data;
use asl_runtime::{InMemory, Objects, Value, VirtualClock, asl_machine};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

asl_machine!("../../../asl-runtime/tests/map_run/hostile.asl.json");

#[expect(dead_code, clippy::unwrap_used, reason = "tests use the rest, and fail by a panic")]
#[path = "../../../asl-runtime/tests/support/parquet.rs"]
mod parquet;

pub(crate) fn cases() -> Vec<Case> {
    let rows = |data: &Data| format!("a,b\n{}", "1,\"2\"\n".repeat(data.size));
    let lines = |data: &Data| "{\"a\":[1]}\n".repeat(data.size);
    vec![
        case("Csv", "rows", move |data| rows(data).into()),
        case("Csv", "columns", |data| (columns(data.size) + "\nx\n").into()),
        case("Csv", "a cell", |data| format!("a\n\"{}\"\n", "x\"\"".repeat(data.size)).into()),
        case("Csv", "cells without a header", |data| format!("a\n{}\n", ",".repeat(data.size)).into()),
        case("Json", "elements", |data| data.get("items").to_string().into()),
        case("Json", "fields", |data| data.get("object").to_string().into()),
        case("Json", "an element", |data| format!("[{}]", data.get("items")).into()),
        case("JsonLines", "lines", move |data| lines(data).into()),
        case("JsonLines", "a line", |data| data.get("items").to_string().into()),
        case("JsonLines", "empty lines", |data| "\n".repeat(data.size).into()),
        case("JsonLines", "packed lines", move |data| packed(&lines(data))),
        case("Athena", "a manifest", |data| "s3://data/empty\n".repeat(data.size).into()),
        case("Inventory", "a manifest", |data| {
            let files = vec![r#"{"key":"empty"}"#; data.size].join(",");
            format!(r#"{{"destinationBucket":"data","fileFormat":"CSV","fileSchema":"a","files":[{files}]}}"#)
                .into()
        }),
        case("List", "objects", |_| Vec::new()),
        case("Parquet", "rows", |data| table(1, data.size)),
        case("Parquet", "columns", |data| table(data.size, 1)),
    ]
}

/// A Parquet file of so many columns and rows, with a page for each column.
fn table(columns: usize, rows: usize) -> Vec<u8> {
    let page = parquet::page(std::iter::repeat_n("text", rows));
    let places = (0..columns).map(|column| (4 + (column * page.len()) as u64, page.len())).collect();
    let group = (i64::try_from(rows).unwrap_or_default(), places);
    let footer = parquet::footer(&vec![parquet::Column::Required; columns], 0, &[group]);
    [b"PAR1".to_vec(), page.repeat(columns), footer].concat()
}

fn columns(size: usize) -> String {
    (0..size).map(|number| format!("c{number}")).collect::<Vec<_>>().join(",")
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Memory takes everything.
    let _ = encoder.write_all(text.as_bytes());
    encoder.finish().unwrap_or_default()
}

fn case(reader: &'static str, what: &str, file: impl Fn(&Data) -> Vec<u8> + 'static) -> Case {
    Case::new(format!("reader: {reader}, {what}"), move |data: &Data| {
        let store = Objects::new();
        store.insert("data", "file", file(data));
        store.insert("data", "empty", "");
        let many = if reader == "List" { data.size } else { 0 };
        (0..many).for_each(|number| store.insert("data", format!("object {number:05}"), ""));
        let host = InMemory::with_clock(VirtualClock::default()).object_store(store).seed(1);
        let input = Value::from_json(&format!(r#"{{"reader":"{reader}","key":"file"}}"#));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let input = input.map_err(|error| error.to_string())?;
        let output = runtime.block_on(hostile::run(&host, input)).map_err(|error| error.to_string())?;
        match output.get("count") {
            Some(_) => Ok(()),
            None => Err(output.to_string()),
        }
    })
}
