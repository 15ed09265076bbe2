//! x
asl_runtime::asl_machine!("../seed/machine.json", http_result = "body", allow = ["aws-needs-connection"]);
fn main() {}
