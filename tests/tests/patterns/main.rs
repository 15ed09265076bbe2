//! Work that others do: callbacks, activities, executions of other machines, functions on all processors.

mod callbacks;
mod children;
mod processors;

use asl_runtime::{InMemory, Value, VirtualClock, asl_machine};

asl_machine!("approval.asl.json");
asl_machine!("review.asl.json");
asl_machine!("parent.asl.json");
asl_machine!("child.asl.json");
asl_machine!("meeting.asl.json");
asl_machine!("counting.asl.json");
asl_machine!("counting_tolerant.asl.json");

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap_or_default()
}

fn virtual_host() -> InMemory {
    InMemory::with_clock(VirtualClock::default())
}
