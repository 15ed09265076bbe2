//! What the page of the command shows of build scripts.

fn main() {
    asl_compiler::build::compile("machine.asl.json");
}
