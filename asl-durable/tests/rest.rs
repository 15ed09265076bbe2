//! Executions that only wait leave memory, and are there again when something comes for them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests need it")]
mod common;

use asl_durable::Durable;
use asl_runtime::{Compiled, InMemory, Invocation, TaskError, Value, asl_machine};
use common::{Calls, folder, open, until};

asl_machine!(mod sign = "machines/sign.json", allow = ["wait-without-timeout"]);

/// A host whose function keeps the tokens that it is called with.
fn host(tokens: &Calls) -> InMemory {
    let tokens = tokens.clone();
    InMemory::new().function(common::CALL, move |invocation: Invocation| {
        let payload = invocation.parameters().get("Payload").cloned().unwrap_or_default();
        tokens.add(payload.get("token").and_then(Value::as_str).unwrap_or_default());
        async { Ok::<_, TaskError>(Value::Null) }
    })
}

async fn start(host: &Durable, number: u8) -> String {
    let input = Value::from_json(&format!(r#"{{"number":{number}}}"#)).unwrap();
    let machine = Compiled::of::<sign::Machine>();
    host.start_execution(&machine, None, None, input).await.unwrap().to_string()
}

/// Time passes as soon as nothing else happens.
#[tokio::test(start_paused = true)]
async fn an_execution_that_waits_for_long_is_not_in_memory() {
    let folder = folder("rest");
    let tokens = Calls::default();
    let host = open(&folder, host(&tokens)).machine::<sign::Machine>();
    host.resume().await.unwrap();
    let arns = [start(&host, 1).await, start(&host, 2).await];
    until(|| host.parked() == 2).await;
    let tokens = tokens.take();
    host.send_task_heartbeat(&tokens[0]).await.unwrap();
    until(|| host.parked() == 2).await;
    for (arn, token) in arns.iter().zip(&tokens) {
        assert_eq!(host.describe(arn).await.unwrap().end, None);
        host.send_task_success(token, true).await.unwrap();
    }
    for (arn, number) in arns.iter().zip(1..) {
        let output = Value::from_json(&format!(r#"{{"number":{number},"signed":true}}"#)).unwrap();
        assert_eq!(host.end(arn).await.unwrap(), Ok(output));
        let events: Vec<_> = host.history(arn).await.unwrap().iter().map(|event| event.id).collect();
        assert_eq!(events, (1..=8).collect::<Vec<_>>());
    }
    assert_eq!((host.parked(), host.running()), (0, 0));
}
