//! Parameters that a service refuses.

use asl_runtime::asl_machine;

asl_machine!("definitions/refused_parameters.json");

fn main() {}
