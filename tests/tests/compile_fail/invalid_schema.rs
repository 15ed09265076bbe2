//! The schema of the input is none.

use asl_runtime::asl_machine;

asl_machine!("definitions/described.json", input = "definitions/described.schema.json");

fn main() {}
