//! The type of the input is the one that the schema describes, even where the definition is at fault.

use asl_runtime::asl_machine;

asl_machine!(pub mod fine = "definitions/fine.json", input = "definitions/order.schema.json");
asl_machine!(pub mod broken = "definitions/described.json", input = "definitions/order.schema.json");

fn main() {
    let _ = fine::Input { id: 7, count: None };
    let _ = fine::Input { id: String::from("A-1"), amount: None };
    let _ = broken::Input { id: String::from("A-1"), count: Some(1) };
}
