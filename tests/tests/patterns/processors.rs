//! Branches and iterations that take processor time.

use crate::{counting, counting_tolerant, json, meeting};
use asl_runtime::{InMemory, Object, Value};
use std::sync::{Arc, Barrier};

const ARRIVE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Arrive";

/// The functions block their threads until both are there: on one thread they would wait forever.
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

/// Failures on several threads: in shifts, and among iterations that are started there.
#[tokio::test]
async fn as_many_of_many_iterations_may_fail_as_are_tolerated() {
    for (length, count, failing) in [(100, 2, vec![3, 50]), (3000, 3, vec![7, 1500, 2999])] {
        let number = |index| if failing.contains(&index) { 1301 } else { 900 + index % 7 };
        let input = |tolerated: u64| {
            let numbers: Vec<Value> = (0..length).map(|index| number(index).into()).collect();
            Value::from(Object::from_iter([
                ("numbers", Value::from(numbers)),
                ("tolerated", tolerated.into()),
            ]))
        };
        let host = InMemory::new();
        let output: Value = counting_tolerant::run(&host, input(count)).await.unwrap();
        let output = output.as_array().unwrap();
        for (index, value) in (0..).zip(output.iter()) {
            match value.get("Error") {
                Some(error) => assert_eq!((error, number(index)), (&Value::from("Unlucky"), 1301)),
                None => assert_eq!(value.as_i64(), Some(number(index))),
            }
        }
        let error = counting_tolerant::run(&host, input(count - 1)).await.unwrap_err();
        assert_eq!(error.error(), Some("States.ExceedToleratedFailureThreshold"));
    }
}
