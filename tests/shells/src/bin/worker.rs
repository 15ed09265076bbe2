//! The machines as a separate process.

use asl_shells_tests::{every, slow};
use std::process::ExitCode;

fn main() -> ExitCode {
    asl_engine::worker::main(&[
        asl_engine::program::<every::Machine>(),
        asl_engine::program::<slow::Machine>(),
    ])
}
