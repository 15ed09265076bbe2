//! A template that has no state machine of that name.

use asl_runtime::asl_machine;

asl_machine!("definitions/shops.yaml", machine = "Refnud");

fn main() {}
