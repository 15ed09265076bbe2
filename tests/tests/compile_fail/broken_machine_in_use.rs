//! A definition at fault is the only error, whatever the program does with the machine.

use asl_runtime::{Execution, InMemory, State as _, StateMachine, asl_machine};

asl_machine!(pub mod machine = "definitions/unknown_state.json");

async fn everything(host: InMemory) {
    let _ = machine::run(&host, 1).await;
    let _ = machine::run_json(&host, "{}").await;
    let execution: Execution<machine::State> = machine::start(&host, ());
    let _ = execution.await;
    for state in machine::State::ALL {
        println!("{state} {state:?} {}", state.name());
    }
    match machine::State::from_name("Validate") {
        Some(machine::State::Validate) => {}
        Some(machine::State::ChargeCard) | None => {}
    }
    let _ = (machine::Machine::START_AT, <machine::Machine as StateMachine>::NAME, machine::Machine);
}

fn main() {
    drop(everything(InMemory::new()));
}
