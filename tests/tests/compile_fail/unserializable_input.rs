//! The input of an execution is of a type that cannot become JSON.

use asl_runtime::{InMemory, asl_machine};

asl_machine!("definitions/fine.json");

struct Order;

async fn everything(host: InMemory) {
    let _ = fine::run(&host, Order).await;
    let _ = fine::run(&host, &Order).await;
    fine::start(&host, Order);
}

fn main() {
    drop(everything(InMemory::new()));
}
