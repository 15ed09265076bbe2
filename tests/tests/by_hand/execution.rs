//! The handle of an execution: start, watch, stop, await.

use crate::call::State;
use crate::{CALL, CHARGE, call, json, nap, order, virtual_host};
use asl_runtime::{ExecutionError, InMemory, Status, TaskError, Value, VirtualClock};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// Says when it is dropped.
struct Guard(Arc<AtomicBool>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn an_execution_is_started_and_awaited() {
    let host = virtual_host().resource(CALL, |input: Value| async move { Ok(Value::from(vec![input])) });
    let execution = call::start(&host, 1);
    assert_eq!(execution.name().len(), 36);
    assert_eq!(execution.progress().status, Status::Running);
    assert_eq!(execution.await, Ok(json("[1]")));
}

#[tokio::test]
async fn an_execution_is_watched_up_to_its_end() {
    let go_on = Arc::new(Notify::new());
    let host = virtual_host().resource(CALL, {
        let go_on = Arc::clone(&go_on);
        move |_| {
            let go_on = Arc::clone(&go_on);
            async move {
                go_on.notified().await;
                Ok(Value::Null)
            }
        }
    });
    let mut execution = call::start(&host, ());
    let first = execution.watch().await.unwrap();
    assert_eq!((first.status, first.state), (Status::Running, Some(State::Call)));
    assert_eq!(execution.progress(), first);
    go_on.notify_one();
    let last = execution.watch().await.unwrap();
    assert_eq!((last.status, last.state), (Status::Succeeded, Some(State::Call)));
    assert_eq!(execution.watch().await, None);
    assert_eq!(execution.await, Ok(Value::Null));
}

#[tokio::test]
async fn a_stopped_execution_cancels_its_task() {
    let dropped = Arc::new(AtomicBool::new(false));
    let host = virtual_host().resource(CALL, {
        let dropped = Arc::clone(&dropped);
        move |_| {
            let guard = Guard(Arc::clone(&dropped));
            async move {
                let _guard = guard;
                pending::<()>().await;
                Ok(Value::Null)
            }
        }
    });
    let mut execution = call::start(&host, ());
    execution.watch().await.unwrap();
    assert!(!dropped.load(Ordering::SeqCst));
    execution.stop(Some("Halt"), Some("enough is enough"));
    let error = execution.await.unwrap_err();
    assert_eq!(
        (error.status(), error.error(), error.cause()),
        (Status::Aborted, Some("Halt"), Some("enough is enough"))
    );
    assert_eq!(error.to_string(), "execution ABORTED: Halt: enough is enough");
    assert!(dropped.load(Ordering::SeqCst));
}

#[tokio::test]
async fn stopping_without_a_reason_and_after_the_end() {
    let host = virtual_host().resource(CALL, |_| pending::<Result<Value, TaskError>>());
    let mut execution = call::start(&host, ());
    execution.stop(None, None);
    let error = execution.await.unwrap_err();
    assert_eq!((error.status(), error.error(), error.cause()), (Status::Aborted, None, None));
    assert_eq!(error.to_string(), "execution ABORTED");

    let host = virtual_host().resource(CALL, |input: Value| async move { Ok(input) });
    let mut execution = call::start(&host, 1);
    while execution.watch().await.is_some() {}
    execution.stop(Some("Late"), None);
    assert_eq!(execution.await, Ok(1.into()));
}

#[tokio::test]
async fn an_execution_whose_handle_is_dropped_runs_on() {
    let (done, finished) = tokio::sync::oneshot::channel();
    let done = Arc::new(std::sync::Mutex::new(Some(done)));
    let host = virtual_host().resource(CALL, move |_| {
        let done = Arc::clone(&done);
        async move {
            tokio::task::yield_now().await;
            let done = done.lock().unwrap().take();
            Ok(Value::from(done.is_some_and(|done| done.send(()).is_ok())))
        }
    });
    drop(call::start(&host, ()));
    assert_eq!(finished.await, Ok(()));
}

#[tokio::test]
async fn executions_on_one_virtual_clock_share_its_time() {
    let clock = VirtualClock::default();
    let (start, host) = (clock.now(), InMemory::with_clock(clock.clone()));
    let executions: Vec<_> = (0..20).map(|number| nap::start(&host, number)).collect();
    for (number, execution) in (0..).zip(executions) {
        assert_eq!(execution.await, Ok(Value::from(number)));
    }
    assert_eq!(clock.now().seconds() - start.seconds(), 3600);
}

#[tokio::test]
async fn input_that_is_no_json_is_an_error_of_the_execution() {
    let error = order::run_json(&virtual_host(), "{\"amount\": }").await.unwrap_err();
    assert_eq!((error.status(), error.error()), (Status::Failed, Some("InvalidExecutionInput")));
    assert_eq!(
        error.cause(),
        Some("Invalid State Machine Execution Input: 'expected value at line 1 column 12'")
    );
}

#[tokio::test]
async fn input_that_a_path_does_not_fit_names_state_field_and_path() {
    let error = order::run_json(&virtual_host(), "{}").await.unwrap_err();
    let cause = "An error occurred while executing the state 'Charge Card' (entered at the event id #4). The JSONPath '$.amount' \
        specified for the field 'amount.$' could not be found in the input '{\"defaults\":{\"currency\":\"EUR\"}}'";
    assert_eq!((error.error(), error.cause()), (Some("States.Runtime"), Some(cause)));
}

#[tokio::test]
async fn a_resource_that_is_not_registered_is_named() {
    let error = order::run_json(&virtual_host(), r#"{"amount": 1}"#).await.unwrap_err();
    assert!(error.cause().is_some_and(|cause| cause.contains(CHARGE)), "{error}");
}

#[tokio::test]
async fn an_error_of_rust_is_a_failed_task() {
    let host = virtual_host().resource(CALL, |_| async { Ok(Value::from("x".parse::<u32>()?)) });
    let error = call::run(&host, ()).await.unwrap_err();
    assert_eq!(
        (error.error(), error.cause()),
        (Some("States.TaskFailed"), Some("invalid digit found in string"))
    );
}

#[tokio::test]
#[expect(clippy::unreachable, reason = "the task of this test panics")]
async fn a_panic_of_a_task_is_its_error_and_harms_nothing_else() {
    let host = virtual_host()
        .resource(CALL, |_| async { if true { unreachable!("a task panics") } else { Ok(Value::Null) } });
    let error = call::start(&host, ()).await.unwrap_err();
    assert_eq!(error.error(), Some(asl_runtime::PANIC));
    assert_eq!(error.cause(), Some("internal error: entered unreachable code: a task panics"));
    assert!(call::run(&host, ()).await.is_err(), "the host goes on");
}

/// Types convert to inputs and from outputs.
#[tokio::test]
async fn inputs_and_outputs_are_any_serde_type() -> Result<(), ExecutionError> {
    let host = virtual_host().resource(CALL, |input: Value| async move { Ok(input) });
    assert_eq!(call::run(&host, Some("text")).await?, "text".into());
    assert_eq!(call::run(&host, serde_json::json!({"a": [1]})).await?, json(r#"{"a":[1]}"#));
    let numbers = Value::from_serialize(&[1, 2]).unwrap();
    assert_eq!(call::run(&host, numbers).await?.to::<Vec<u8>>().unwrap(), [1, 2]);
    Ok(())
}
