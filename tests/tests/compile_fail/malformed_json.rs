//! The file is not JSON.

use asl_runtime::asl_machine;

asl_machine!("definitions/malformed.json");

fn main() {}
