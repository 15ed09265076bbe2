//! A template with more than one state machine.

use asl_runtime::asl_machine;

asl_machine!("definitions/template.yaml");
asl_machine!(mod other = "definitions/template.yaml", machine = "Refnd");
asl_machine!(mod lost = "definitions/template.yaml", machine = "Lost");
asl_machine!("definitions/template.yaml", machine = "Refund");

fn main() {}
