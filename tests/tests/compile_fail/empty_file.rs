//! There is nothing in the file.

use asl_runtime::asl_machine;

asl_machine!("definitions/empty.json");

fn main() {}
