//! A machine in a program's own hands: its pure steps, its states as values, the handle of an execution, and its events.

mod events;
mod execution;
mod limits;
mod states;
mod steps;

use asl_runtime::{InMemory, Value, VirtualClock, asl_machine};

asl_machine!("order.asl.json");
asl_machine!("call.asl.json");
asl_machine!("deeper.asl.json", allow = ["comparison-never-holds"]);
asl_machine!("endless.asl.json");
asl_machine!("nap.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";
const CALL: &str = "arn:aws:lambda:us-east-1:123456789012:function:Call";

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap_or_default()
}

fn virtual_host() -> InMemory {
    InMemory::with_clock(VirtualClock::default())
}
