//! Executions that wait for long by the clock of the machine: little of them is in memory meanwhile, and nothing of that is seen. Time passes
//! as soon as nothing else happens.

use asl_runtime::{InMemory, Status, TaskError, Value, asl_machine};
use serde_json::json;
use std::sync::atomic::{AtomicI64, Ordering};

asl_machine!("machines/patient.asl.json");

/// Counts the calls, and returns their number with what was charged.
fn host() -> InMemory {
    let calls = AtomicI64::new(0);
    InMemory::new().resource(
        "arn:aws:lambda:us-east-1:123456789012:function:Charge",
        move |charged: Value| {
            let call = calls.fetch_add(1, Ordering::Relaxed) + 1;
            async move { Ok::<_, TaskError>(Value::from(json!({ "call": call, "charged": charged }))) }
        },
    )
}

#[tokio::test(start_paused = true)]
async fn an_execution_goes_on_after_days_with_all_that_it_had() {
    for id in ["A-1", &"long ".repeat(1000)] {
        let input = json!({ "id": id, "seconds": 864_000 });
        let output = patient::run(&host(), input.clone()).await.unwrap();
        let first = json!({ "call": 1, "charged": input });
        let again = json!({ "call": 2, "charged": { "first": first, "id": id } });
        assert_eq!(serde_json::Value::from(output), again);
    }
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_waits_for_too_long_times_out() {
    let error = patient::run(&host(), json!({ "id": 1, "seconds": 10_000_000 })).await.unwrap_err();
    assert_eq!((error.status(), error.error()), (Status::TimedOut, Some("States.Timeout")));
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_waits_is_stopped() {
    let mut execution = patient::start(&host(), json!({ "id": 1, "seconds": 864_000 }));
    while let Some(progress) = execution.watch().await {
        if progress.state == Some(patient::State::Rest) {
            execution.stop(Some("Enough"), Some("it takes days"));
        }
    }
    let error = execution.await.unwrap_err();
    assert_eq!(
        (error.status(), error.error(), error.cause()),
        (Status::Aborted, Some("Enough"), Some("it takes days"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_waiting_execution_may_be_polled_at_any_time() {
    let host = host();
    let mut execution = std::pin::pin!(patient::run(&host, json!({ "id": 1, "seconds": 864_000 })));
    for _ in 0..100 {
        let poll =
            std::future::poll_fn(|context| std::task::Poll::Ready(execution.as_mut().poll(context))).await;
        assert!(poll.is_pending());
    }
    assert_eq!(execution.await.unwrap().get("call").and_then(Value::as_i64), Some(2));
}
