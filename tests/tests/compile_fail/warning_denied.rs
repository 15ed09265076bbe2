//! A warning about the definition is a warning of rustc: `deny(warnings)` makes it an error.

#![deny(warnings)]

use asl_runtime::asl_machine;

asl_machine!("definitions/warned.json");

fn main() {}
