//! The file is not UTF-8.

use asl_runtime::asl_machine;

asl_machine!("definitions/invalid_utf8.json");

fn main() {}
