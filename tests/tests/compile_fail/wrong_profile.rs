//! What AWS refuses is an error under its profile.

use asl_runtime::asl_machine;

asl_machine!("definitions/warned.json", profile = "aws");

fn main() {}
