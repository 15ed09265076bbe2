//! Functions of the parameters alone, which are done in the middle of a turn where they need no more time than that.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use asl_runtime::{InMemory, TaskError, Value, asl_machine};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

asl_machine!(mod charges = "machines/charges.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

fn input(limit: u64) -> Value {
    Value::from_json(&format!(r#"{{"count": 0, "limit": {limit}}}"#)).unwrap()
}

fn count(parameters: &Value) -> i64 {
    parameters.get("count").and_then(Value::as_i64).unwrap()
}

#[tokio::test]
async fn tasks_that_are_done_at_once_let_others_run() {
    let host = InMemory::new()
        .resource(CHARGE, |parameters: Value| async move { Ok::<_, TaskError>(count(&parameters) + 1) });
    let turns = Arc::new(AtomicU64::new(0));
    let taken = Arc::clone(&turns);
    let others = tokio::spawn(async move {
        loop {
            taken.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let output = charges::run(&host, input(10_000)).await.unwrap();
    others.abort();
    assert_eq!(output.to_string(), r#"{"count":10000,"limit":10000}"#);
    assert!(turns.load(Ordering::Relaxed) > 100, "others had {turns:?} turns");
}

#[tokio::test]
async fn a_task_that_takes_longer_than_its_first_moment_is_done_once() {
    let calls = Arc::new(AtomicU64::new(0));
    let called = Arc::clone(&calls);
    let host = InMemory::new().resource(CHARGE, move |parameters: Value| {
        called.fetch_add(1, Ordering::Relaxed);
        async move {
            // Every third one is not ready at once, and some of these more than once.
            for _ in 0..count(&parameters) % 3 {
                tokio::task::yield_now().await;
            }
            Ok::<_, TaskError>(count(&parameters) + 1)
        }
    });
    charges::run(&host, input(1_000)).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 1_000);
}

#[tokio::test]
async fn a_panic_is_an_error_of_the_task() {
    // Before there is a future, and in it.
    let early = InMemory::new().resource(CHARGE, |parameters: Value| {
        assert!(count(&parameters) < 3, "broken at once");
        async move { Ok::<_, TaskError>(count(&parameters) + 1) }
    });
    let late = InMemory::new().resource(CHARGE, |parameters: Value| async move {
        match count(&parameters) {
            3 => panic!("broken later"),
            count => Ok::<_, TaskError>(count + 1),
        }
    });
    for (host, cause) in [(early, "broken at once"), (late, "broken later")] {
        let output = charges::run(&host, input(10)).await.unwrap();
        assert_eq!(count(&output), 3);
        let broken = output.get("broken").unwrap();
        assert_eq!(broken.get("Cause").and_then(Value::as_str), Some(cause));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_watches_sees_the_state_whose_task_is_done() {
    let (begun, begins) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let goes_on = Mutex::new(goes_on);
    let host = InMemory::new().resource(CHARGE, move |parameters: Value| {
        begun.send(()).unwrap();
        goes_on.lock().unwrap().recv().unwrap();
        async move { Ok::<_, TaskError>(count(&parameters) + 1) }
    });
    let execution = charges::start(&host, input(3));
    for _ in 0..3 {
        begins.recv().unwrap();
        assert_eq!(execution.progress().state, Some(charges::State::Charge));
        go_on.send(()).unwrap();
    }
    assert_eq!(count(&execution.await.unwrap()), 3);
}
