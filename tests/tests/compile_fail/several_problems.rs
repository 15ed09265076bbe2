//! All problems are shown, each at its place.

use asl_runtime::asl_machine;

asl_machine!("definitions/several_problems.json");

fn main() {}
