//! A distributed Map over a large Parquet file holds little of it: a test of its own, because it counts the memory of its process.

#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

#[expect(dead_code, reason = "another test writes files of a single row group")]
#[path = "support/parquet.rs"]
mod parquet;

use asl_runtime::{InMemory, Value, VirtualClock, asl_machine};
use parquet::Column;
use peak_alloc::PeakAlloc;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

asl_machine!("map_run/one_by_one.asl.json");

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The file has so many row groups, each of so many texts of 64 KiB: 64 MiB.
const GROUPS: usize = 64;
const ROWS: i64 = 16;

/// What may be allocated, in MiB: a hundred items, a row group, and its pages.
const MOST: usize = 24;

#[tokio::test]
async fn row_groups_are_read_one_after_the_other() {
    let folder = std::env::temp_dir().join(format!("asl-parquet-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    write(&folder.join("file"));
    let host = InMemory::with_clock(VirtualClock::default()).bucket("data", &folder);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let output = one_by_one::run(&host, Value::empty_object()).await.unwrap();
    let took = MEMORY.peak_usage().saturating_sub(before) / 1024 / 1024;
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(output.to_string(), r#"{"count":1024}"#);
    assert!(took < MOST, "{took} MiB");
}

fn write(path: &Path) {
    let mut file = File::create(path).unwrap();
    file.write_all(b"PAR1").unwrap();
    let (mut at, mut groups) = (4, Vec::new());
    for number in 0..GROUPS {
        let text = format!("{number:04}").repeat(16_384);
        let page = parquet::page((0..ROWS).map(|_| text.as_str()));
        file.write_all(&page).unwrap();
        groups.push((ROWS, vec![(at, page.len())]));
        at += page.len() as u64;
    }
    file.write_all(&parquet::footer(&[Column::Required], 0, &groups)).unwrap();
}
