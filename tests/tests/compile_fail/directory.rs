//! The path leads to a folder.

use asl_runtime::asl_machine;

asl_machine!("definitions");

fn main() {}
