//! An argument that the macro does not have.

use asl_runtime::asl_machine;

asl_machine!("definitions/fine.json", http_reslt = "body");

fn main() {}
