//! There is no such file.

use asl_runtime::asl_machine;

asl_machine!("definitions/missing.json");

fn main() {}
