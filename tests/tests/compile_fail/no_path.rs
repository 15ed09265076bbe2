//! The path is not a string.

use asl_runtime::asl_machine;

asl_machine!(machine);

fn main() {}
