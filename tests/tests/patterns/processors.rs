//! Branches and iterations that take processor time.

use crate::{counting, json, meeting};
use asl_runtime::{InMemory, Value};
use std::sync::{Arc, Barrier};

const ARRIVE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Arrive";

/// The functions block their threads until both are there: on one thread they would wait for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn functions_of_iterations_run_at_once() {
    let meeting_point = Arc::new(Barrier::new(2));
    let host = InMemory::new().resource(ARRIVE, move |name: Value| {
        let meeting_point = Arc::clone(&meeting_point);
        async move {
            meeting_point.wait();
            Ok(name)
        }
    });
    assert_eq!(meeting::run(&host, json(r#"["a", "b"]"#)).await, Ok(json(r#"["a","b"]"#)));
}

/// Long enough that iterations are worked off in shifts by several threads.
#[tokio::test]
async fn iterations_that_take_time_keep_their_order() {
    let ends: Vec<i64> = (0..100).map(|number| 500 + 37 * number % 1000).collect();
    let input: Value = ends.iter().copied().map(Value::from).collect::<Vec<_>>().into();
    assert_eq!(counting::run(&InMemory::new(), input.clone()).await, Ok(input));
}

#[tokio::test]
async fn an_iteration_that_fails_after_a_while_ends_them_all() {
    let input: Value = (1250..1350).map(Value::from).collect::<Vec<Value>>().into();
    let error = counting::run(&InMemory::new(), input).await.unwrap_err();
    assert_eq!(error.error(), Some("Unlucky"));
}

/// So many that the ones after the first are started by several threads.
#[tokio::test]
async fn many_iterations_keep_their_order() {
    let input: Value = (0..3000).map(|number| Value::from(50 + number % 7)).collect::<Vec<_>>().into();
    assert_eq!(counting::run(&InMemory::new(), input.clone()).await, Ok(input));
}
