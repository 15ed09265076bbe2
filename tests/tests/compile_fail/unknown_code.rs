//! A warning that does not exist cannot be switched off.

use asl_runtime::asl_machine;

asl_machine!("definitions/warned.json", allow = ["aws-needs-conection"]);

fn main() {}
