//! A file of 100 MB is not read.

use asl_runtime::asl_machine;

asl_machine!("made/huge.json");

fn main() {}
