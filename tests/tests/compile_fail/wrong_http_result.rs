//! A value that the argument does not have.

use asl_runtime::asl_machine;

asl_machine!("definitions/fine.json", http_result = "envelop");

fn main() {}
