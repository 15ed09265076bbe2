//! The result of a task does not have the field that a path reads.

use asl_runtime::asl_machine;

asl_machine!("definitions/seed.json");

fn main() {}
