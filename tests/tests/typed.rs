//! Rust types as the data of executions: inputs, what functions return, outputs, and the types that a schema becomes.

use asl_runtime::{InMemory, Status, TaskError, Value, asl_machine};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

asl_machine!("typed/order.asl.json", input = "typed/order.schema.json");
asl_machine!("typed/quote.asl.json", input = "typed/order.schema.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Receipt {
    order: String,
    charged: f64,
}

async fn charge(input: Value) -> Result<Receipt, TaskError> {
    let input: order::Input = input.to()?;
    let charged = input.lines.iter().map(|line| line.price * line.quantity as f64).sum();
    Ok(Receipt { order: input.id, charged })
}

fn host() -> InMemory {
    InMemory::new().resource(CHARGE, charge)
}

fn input() -> order::Input {
    order::Input {
        id: "A-1".into(),
        r#type: None,
        lines: vec![order::Line { price: 2.5, quantity: 4 }],
        note: None,
        labels: None,
        more: None,
    }
}

#[tokio::test]
async fn types_go_in_and_come_out() {
    let receipt = Receipt { order: "A-1".into(), charged: 10.0 };
    let output = order::run(&host(), input()).await.unwrap();
    assert_eq!(output.to::<Receipt>().unwrap(), receipt);
    let borrowed = input();
    let output = order::run(&host(), &borrowed).await.unwrap();
    assert_eq!(output.to::<Receipt>().unwrap(), receipt);
    assert_eq!(order::start(&host(), &borrowed).await.unwrap().to::<Receipt>().unwrap(), receipt);
    let text = r#"{ "id": "A-1", "lines": [{ "price": 2.5, "quantity": 4 }] }"#;
    assert_eq!(order::run_json(&host(), text).await.unwrap().to::<Receipt>().unwrap(), receipt);
    let input = json!({ "id": "A-1", "lines": [{ "price": 2.5, "quantity": 4 }] });
    assert_eq!(order::run(&host(), &input).await.unwrap().to::<Receipt>().unwrap(), receipt);
    order::test().input(input).mock("Charge", Ok(&receipt)).run().await.assert_output(&receipt);
}

#[tokio::test]
async fn what_is_known_of_the_output_is_a_type() {
    let input = json!({ "id": "A-1", "lines": [{ "price": 2.5, "quantity": 4 }] });
    let output: quote::Output = quote::run(&InMemory::new(), &input).await.unwrap().to().unwrap();
    let valid = quote::Valid { days: 30, renewable: false };
    assert_eq!(output, quote::Output { id: "A-1".into(), lines: 1.0, valid });
    let text = r#"{"id":"A-1","lines":1.0,"valid":{"days":30,"renewable":false}}"#;
    assert_eq!(serde_json::to_string(&output).unwrap(), text);
}

#[tokio::test]
async fn what_cannot_be_converted_fails_the_execution() {
    let keys = BTreeMap::from([((1, 2), 3)]);
    let error = order::run(&host(), &keys).await.unwrap_err();
    assert_eq!(error.error(), Some("InvalidExecutionInput"));
    let mut execution = order::start(&host(), &keys);
    assert_eq!((execution.progress().status, execution.progress().state), (Status::Failed, None));
    assert_eq!(execution.watch().await, None);
    assert_eq!(execution.await, Err(error));
    let error = order::run(&host(), 7).await.unwrap_err();
    assert_eq!((error.error(), error.cause()), (Some("States.TaskFailed"), Some("expected an object")));
}

#[test]
fn a_schema_becomes_types_that_read_and_write_json() {
    let text = r#"{"id":"A-1","type":"gift card","lines":[],"labels":{"a":1},"more":"x"}"#;
    let read: order::Input = serde_json::from_str(text).unwrap();
    let expected = order::Input {
        r#type: Some(order::Type::GiftCard),
        lines: Vec::new(),
        labels: Some(BTreeMap::from([("a".into(), 1)])),
        more: Some("x".into()),
        ..input()
    };
    assert_eq!(read, expected);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    for (text, reason) in [
        (r#"{"id":"A-1"}"#, "missing field `lines`"),
        (r#"{"id":7,"lines":[]}"#, "`id`: invalid type: integer `7`, expected a string"),
        (r#"{"id":"A-1","lines":[{"price":1}]}"#, "`lines`: missing field `quantity`"),
        (r#"{"id":"A-1","lines":[],"type":"x"}"#, "`type`: expected `standard` or `gift card`"),
        ("[]", "expected an object"),
    ] {
        let error = Value::from_json(text).unwrap().to::<order::Input>().unwrap_err();
        assert_eq!(error.to_string(), reason);
    }
}
