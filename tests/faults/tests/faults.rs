//! At least 97 % of all faults have to be found, each at its line and as an error if it is certain to fail, and of no kind far fewer.
//!
//! The definitions are the examples and fixtures of this workspace, and those in `../shared/conformance/workflows` where that folder
//! exists.

#![allow(clippy::unwrap_used, reason = "a test reads its fixtures, and fails by a panic")]

use asl_compiler::Options;
use asl_faults::{Judge, KINDS, Score, Workflow, sample};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The JSON files in a folder and its folders.
fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            definitions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Of each kind up to so many faults are made in a definition.
fn score(paths: &[PathBuf], each: usize) -> Score {
    let mut score = Score::default();
    for path in paths {
        let Some(workflow) = Workflow::read(&path.display().to_string(), &fs::read_to_string(path).unwrap())
        else {
            continue;
        };
        let judge = Judge::new(&workflow, Options::default());
        for kind in KINDS {
            sample(kind.inject(&workflow), each).iter().for_each(|fault| score.count(&judge, fault));
        }
    }
    score
}

/// The least percentage of all faults that have to be found, those that are certain as errors.
const ALL: usize = 97;

/// `weakest` is the least percentage of each kind.
fn require_percent(paths: &[PathBuf], each: usize, weakest: usize) {
    let score = score(paths, each);
    assert!(score.all() > 1000, "there are too few definitions");
    let weak: Vec<_> = score.weak(weakest).collect();
    assert!(
        weak.is_empty() && !score.is_below(ALL),
        "too few are found, fewest of {weak:?}\n{}",
        score.show(3)
    );
}

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

#[test]
fn faults_in_the_definitions_of_this_workspace_are_found() {
    let mut paths = Vec::new();
    definitions(&workspace().join("examples"), &mut paths);
    definitions(&workspace().join("tests/fixtures/expand"), &mut paths);
    definitions(&workspace().join("asl-compiler/tests/diagnostics/none"), &mut paths);
    let paths = [paths, own()].concat();
    require_percent(&paths, 4, 75);
}

/// Definitions that have room for every kind of fault which others have no room for.
fn own() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    definitions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("definitions"), &mut paths);
    paths
}

#[test]
fn newer_kinds_of_faults_have_room_somewhere() {
    let score = score(&own(), 50);
    let first = KINDS.iter().position(|kind| kind.name == "expression-with-other-signs").unwrap();
    let newer: Vec<_> = KINDS.iter().skip(first).map(|kind| kind.name).collect();
    let without: Vec<_> = newer.iter().filter(|name| !score.kinds.contains_key(**name)).collect();
    assert!(without.is_empty(), "there are no faults of the kinds {without:?}");
    let weak: Vec<_> = score.weak(ALL).filter(|name| newer.contains(name)).collect();
    assert!(weak.is_empty(), "too few are found of {weak:?}\n{}", score.show(3));
}

#[test]
fn faults_in_published_workflows_are_found() {
    let folder = workspace().join("../shared/conformance/workflows");
    if !folder.is_dir() {
        skipped(&format!("there is no folder `{}`", folder.display()));
        return;
    }
    let mut paths = Vec::new();
    definitions(&folder, &mut paths);
    require_percent(&paths, 1, 85);
}

#[test]
fn faults_are_made_alike_each_time() {
    let path = workspace().join("asl-compiler/tests/diagnostics/none/everything_of_json_path.asl.json");
    let workflow = Workflow::read("everything.asl.json", &fs::read_to_string(path).unwrap()).unwrap();
    for kind in KINDS {
        let faults = kind.inject(&workflow);
        assert_eq!(faults, kind.inject(&workflow));
        for fault in &faults {
            assert!(fault.text != workflow.source().text(), "{}: {}", kind.name, fault.what);
        }
    }
}
