//! `docs/restate.md`

use super::charge;
use asl_restate::Machines;
use asl_runtime::{InMemory, asl_machine};

asl_machine!("order.asl.json");

#[tokio::main]
async fn main() -> Result<(), asl_restate::Error> {
    let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", charge);
    Machines::on(host).machine::<order::Machine>().serve("127.0.0.1:9080").await
}
