//! A template with several state machines, and none is chosen.

use asl_runtime::asl_machine;

asl_machine!("definitions/shops.yaml");

fn main() {}
