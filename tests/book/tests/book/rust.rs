//! `docs/rust.md`

use super::charge;
use asl_runtime::{InMemory, Value, asl_machine, jsonata};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::error::Error;

asl_machine!("order.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

#[derive(Serialize)]
struct Order {
    id: String,
    total: u32,
}

#[derive(Deserialize)]
struct Receipt {
    charged: u32,
}

#[tokio::test]
async fn data_has_types_of_the_program() -> Result<(), Box<dyn Error>> {
    let host = InMemory::new().resource(CHARGE, charge);
    let receipt: Receipt = order::run(&host, &Order { id: "A-1".into(), total: 60 }).await?.to()?;
    assert_eq!(receipt.charged, 60);
    Ok(())
}

#[tokio::test]
async fn data_has_types_of_the_definition() -> Result<(), Box<dyn Error>> {
    asl_machine!(mod order = "../../machine.asl.json", input = "../../machine.schema.json");
    let (host, input) = (InMemory::new(), order::Input { number: 21 });
    let output: order::Output = order::run(&host, &input).await?.to()?;
    assert_eq!(Value::from(output), 42.into());
    Ok(())
}

#[test]
fn an_expression_is_a_function() {
    let data = json!({ "Account": { "Order": { "Product": [{ "Price": 2, "Quantity": 3 }, { "Price": 4, "Quantity": 1 }] } } });
    let total = jsonata!("Account.Order.Product.(Price * Quantity) ~> $sum()");
    assert_eq!(total.evaluate(&Value::from(data)).expect("a number"), Some(10.into()));
}

/// Compiled and not called: it looks for credentials.
async fn host() -> InMemory {
    use asl_runtime::integrations::dynamodb::DynamoDb;
    use asl_runtime::integrations::http::HttpInvoke;

    let host = InMemory::new()
        .integration(HttpInvoke::new())
        .integration(DynamoDb::from_env().await)
        .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", charge);
    host.limits(asl_runtime::Limits::aws())
}
