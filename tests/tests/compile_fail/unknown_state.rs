//! A transition leads to a state that does not exist.

use asl_runtime::asl_machine;

asl_machine!("definitions/unknown_state.json");

fn main() {}
