//! What a `ResultWriter` has written.

use asl_runtime::Value;
use std::path::Path;

/// The inputs and outputs of the executions that have succeeded, by the files of their Map Run.
pub(crate) fn written(bucket: &Path, output: &Value) -> Vec<(i64, String)> {
    let read = |key: &Value| {
        let text = std::fs::read_to_string(bucket.join(key.as_str().unwrap())).unwrap();
        Value::from_json(&text).unwrap()
    };
    let manifest = read(output.get("ResultWriterDetails").unwrap().get("Key").unwrap());
    let files = manifest.get("ResultFiles").unwrap().get("SUCCEEDED").unwrap().as_array().unwrap();
    let mut results = Vec::new();
    for file in files.iter() {
        for result in read(file.get("Key").unwrap()).as_array().unwrap().iter() {
            let text = |name| result.get(name).unwrap().as_str().unwrap().to_owned();
            results.push((text("Input").parse().unwrap(), text("Output")));
        }
    }
    results.sort_unstable();
    results
}
