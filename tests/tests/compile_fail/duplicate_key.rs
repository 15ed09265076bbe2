//! A field is there twice.

use asl_runtime::asl_machine;

asl_machine!("definitions/duplicate_key.json");

fn main() {}
