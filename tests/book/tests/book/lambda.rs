//! `docs/lambda.md`

use super::charge;
use asl_runtime::{InMemory, asl_machine};

asl_machine!("order.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), asl_lambda::Error> {
    let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", charge);
    asl_lambda::run::<order::Machine>(host).await
}
