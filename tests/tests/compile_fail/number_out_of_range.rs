//! A number is larger than any that can be kept.

use asl_runtime::asl_machine;

asl_machine!("definitions/number_out_of_range.json");

fn main() {}
