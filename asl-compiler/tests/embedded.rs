//! What the compiler says about definitions inside of templates, and where.
//!
//! Each file of `embedded/` is a test: the problems of its machines, as people see them, are the snapshot beside it. The files that templates
//! name are in folders there.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its fixtures, and fails by a panic"
)]

use asl_compiler::embedded::definitions;
use asl_compiler::render::{Style, render};
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, check};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/embedded")
}

fn read(name: &str) -> Result<SourceFile, String> {
    fs::read(root().join(name))
        .map(|text| SourceFile::new(name, text))
        .map_err(|_| format!("no file `{name}`"))
}

/// What there is to say about each machine of a template.
fn described(name: &str) -> String {
    let mut text = String::new();
    for found in definitions(&read(name).unwrap(), &mut read) {
        text.push_str(&format!("==== {}\n", found.name.unwrap()));
        match found.source {
            Err(missing) => text.push_str(&format!("{missing:?}\n")),
            Ok(source) => {
                let problems = check(&source, &Options::default()).diagnostics;
                let shown = problems.iter().map(|found| render(&source, found, Style::Plain));
                text.push_str(&shown.map(|shown| shown + "\n\n").collect::<String>());
            }
        }
    }
    text
}

#[test]
fn every_template_is_diagnosed_as_its_snapshot_says() {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    let (snapshots, templates): (Vec<_>, Vec<_>) =
        paths.into_iter().partition(|path| path.extension().is_some_and(|ending| ending == "snap"));
    for template in templates {
        let name = template.file_name().unwrap().to_str().unwrap();
        insta::with_settings!({
            snapshot_path => root(),
            prepend_module_to_snapshot => false,
            omit_expression => true,
            input_file => &template,
        }, {
            insta::assert_snapshot!(name, described(name));
        });
    }
    for snapshot in snapshots {
        assert!(snapshot.with_extension("").is_file(), "{} is left over", snapshot.display());
    }
}
