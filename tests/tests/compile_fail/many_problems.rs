//! More problems than are shown: the rest is counted.

use asl_runtime::asl_machine;

asl_machine!("definitions/many_problems.json");

fn main() {}
