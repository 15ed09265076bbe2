//! What executions that AWS ran look like.

use asl_graph::{Ran, Status, Summary};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The executions that were recorded on AWS, in the folder that this variable names, or where they lie beside the project.
fn recorded() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/history");
    let folder = std::env::var_os("ASL_RECORDED").map_or(beside, PathBuf::from);
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

#[test]
fn every_visit_of_a_recorded_execution_has_come_to_its_end() {
    let Some(recorded) = recorded() else {
        return skipped("there are no recorded executions; `ASL_RECORDED` names a folder of them");
    };
    let mut read = 0;
    for entry in fs::read_dir(recorded).expect("a folder").flatten() {
        let text = fs::read(entry.path()).expect("a file");
        let case: Value = serde_json::from_slice(&text).expect("JSON");
        if let Some(summary) = case.get("history").and_then(Summary::read) {
            read += 1;
            check(&entry.file_name().to_string_lossy(), &case, &summary);
        }
    }
    assert!(read > 0, "there is no history");
}

fn check(name: &str, case: &Value, summary: &Summary) {
    let definition = case["definition"].to_string();
    for (state, ran) in summary.states() {
        let ended = ran.succeeded + ran.caught + ran.failed + ran.aborted;
        assert_eq!((ran.entered, ran.active, ran.waiting), (ended, 0, 0), "{name}: {state}: {ran:?}");
        // Nothing is caught or tried again by a machine that does not say so.
        assert!(ran.caught == 0 || definition.contains("Catch"), "{name}: {state}: {ran:?}");
        assert!(ran.retries == 0 || definition.contains("Retry"), "{name}: {state}: {ran:?}");
    }
    let has = |status: Status| summary.states().any(|(_, ran): (_, &Ran)| ran.status() == status);
    match case["status"].as_str() {
        Some("SUCCEEDED") => assert!(!has(Status::Aborted), "{name}"),
        Some("FAILED") => assert!(has(Status::Failed), "{name}"),
        _ => {}
    }
}
