//! The file is no JSON.

use asl_runtime::asl_machine;

asl_machine!("definitions/malformed.json");

fn main() {}
