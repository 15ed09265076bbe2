//! `asl.toml` beside the definition says the profile, and what is not reported.

use asl_runtime::asl_machine;

asl_machine!("project/fetch.asl.json");

fn main() {}
