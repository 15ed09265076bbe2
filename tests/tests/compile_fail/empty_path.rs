//! The path is empty.

use asl_runtime::asl_machine;

asl_machine!(pub mod machine = "");

fn main() {}
