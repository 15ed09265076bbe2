//! What rustc says about `asl_machine!` where it cannot do its work: `compile_fail/*.rs`, each with its text beside it.
//!
//! `TRYBUILD=overwrite` writes the texts anew. Lines and columns in definitions are left out of them by trybuild; the compiler's own
//! tests have them.

use std::fs::{self, File};
use std::io;
use std::path::Path;

const HUGE: u64 = 100 * 1024 * 1024;
const DEEP: usize = 10_000;

#[test]
fn faults_are_told_in_the_words_of_the_definition() {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail/made");
    make_large_definitions(&made).unwrap();
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
    // The cases are compiled when they are dropped.
    drop(cases);
    fs::remove_dir_all(made).unwrap();
}

fn make_large_definitions(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // A file of zeros takes no place on the disk.
    File::create(folder.join("huge.json"))?.set_len(HUGE)?;
    fs::write(folder.join("deep.json"), format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)))
}
