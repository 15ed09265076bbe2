//! The extensions for editors, as far as they run without one.

use crate::support::skipped;
use std::path::Path;
use std::process::Command;

#[test]
fn the_extension_for_vs_code_finds_tests_and_draws_pictures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/vscode");
    let mut node = Command::new("node");
    node.arg("--test").arg("test/").current_dir(folder).env("ASL", env!("CARGO_BIN_EXE_asl"));
    match node.output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(error) => skipped(&format!("there is no `node` ({error})")),
    }
}
