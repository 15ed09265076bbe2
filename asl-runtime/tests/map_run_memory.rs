//! A distributed Map over a large file holds little of it: a test of its own, because it looks at the memory of its process.
//!
//! The number of lines is `MAP_RUN_LINES`, by default 100,000; a million takes under 200 MB as well.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

use asl_runtime::{InMemory, Value, asl_machine};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

asl_machine!("map_run/stream.asl.json");

/// What a process of this test may take, in KiB.
const MOST: u64 = 200 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_the_number_of_items() {
    let lines = std::env::var("MAP_RUN_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(100_000);
    let folder = std::env::temp_dir().join(format!("asl-map-run-{}", std::process::id()));
    write_lines(&folder.join("data"), lines);
    let done = Arc::new(AtomicU64::new(0));
    let count = done.clone();
    let host = InMemory::new()
        .bucket("data", folder.join("data"))
        .bucket("results", folder.join("results"))
        .resource("arn:aws:lambda:us-east-1:123456789012:function:work", move |row: Value| {
            count.fetch_add(1, Ordering::Relaxed);
            async move { Ok(row.get("id").cloned().unwrap_or_default()) }
        });
    let result = stream::run(&host, ()).await.unwrap();
    assert_eq!(done.load(Ordering::Relaxed), lines);
    assert_eq!(written(&folder.join("results"), &result), lines);
    fs::remove_dir_all(&folder).unwrap();
    if let Some(peak) = peak_memory() {
        assert!(peak < MOST, "{peak} KiB");
    }
}

fn write_lines(folder: &Path, lines: u64) {
    fs::create_dir_all(folder).unwrap();
    let mut file = BufWriter::new(File::create(folder.join("lines.csv")).unwrap());
    writeln!(file, "id,name,text").unwrap();
    for line in 0..lines {
        writeln!(file, "{line},\"name {line}\",{}", "some text that fills the line ".repeat(5)).unwrap();
    }
}

/// The number of lines in the files that the manifest names.
fn written(bucket: &Path, result: &Value) -> u64 {
    let key = result
        .get("ResultWriterDetails")
        .and_then(|details| details.get("Key"))
        .and_then(Value::as_str)
        .unwrap();
    let manifest = Value::from_json(&fs::read_to_string(bucket.join(key)).unwrap()).unwrap();
    let files = manifest
        .get("ResultFiles")
        .and_then(|files| files.get("SUCCEEDED"))
        .and_then(Value::as_array)
        .unwrap();
    let files = files.iter().map(|file| bucket.join(file.get("Key").and_then(Value::as_str).unwrap()));
    files.map(|file| fs::read(file).unwrap().iter().filter(|byte| **byte == b'\n').count() as u64).sum()
}

/// In KiB, on systems that say it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}
