//! The order of the tutorial in a Rust program: the definition is compiled, and a function of the program charges the card.

#![expect(clippy::print_stdout, reason = "a program for people")]

use asl_runtime::{InMemory, TaskError, Value, asl_machine};
use serde_json::json;

asl_machine!("order.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

/// Charges the card of an order. An error has the name that `Retry` and `Catch` look for.
async fn charge(order: Value) -> Result<Value, TaskError> {
    let total = order.get("total").and_then(Value::as_i64).unwrap_or_default();
    if total > 500 {
        return Err(TaskError::new("GatewayBusy", "try again later"));
    }
    Ok(json!({ "charged": total }).into())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let host = InMemory::new().resource(CHARGE, charge);
    let input = json!({ "order": "A-1", "lines": [{ "price": 20, "quantity": 3 }] });
    println!("{}", order::run(&host, input).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_busy_gateway_is_tried_three_more_times() {
        let run = order::test()
            .input(json!({ "order": "A-2", "lines": [{ "price": 300, "quantity": 2 }] }))
            .mock_with("Charge", |_| Err::<Value, _>(TaskError::new("GatewayBusy", "")))
            .run()
            .await;
        assert_eq!(run.sent("Charge").len(), 4);
        // 2, 4 and 8 seconds between them, on a virtual clock.
        assert_eq!(run.passed().as_secs(), 14);
    }
}
