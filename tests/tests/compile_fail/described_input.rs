//! A path into an input that has no such field.

use asl_runtime::asl_machine;

asl_machine!("definitions/described.json", input = "definitions/input.schema.json");

fn main() {}
