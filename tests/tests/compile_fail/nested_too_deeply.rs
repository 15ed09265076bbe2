//! Ten thousand arrays inside of each other do not exhaust the stack of the compiler.

use asl_runtime::asl_machine;

asl_machine!("made/deep.json");

fn main() {}
