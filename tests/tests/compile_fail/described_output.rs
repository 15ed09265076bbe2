//! A field that the output does not have.

use asl_runtime::asl_machine;

asl_machine!("definitions/output.json", input = "definitions/order.schema.json");

fn total(found: &output::Output) -> i64 {
    found.totl
}

fn main() {}
