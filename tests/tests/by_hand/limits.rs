//! Executions that would never end or never stop growing.

use crate::{CALL, call, deeper, endless, virtual_host};
use asl_runtime::{InMemory, Status, Value};

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::from(vec![inner]))
}

#[tokio::test]
async fn data_that_nests_ever_deeper_ends_the_execution() {
    let error = deeper::run(&virtual_host(), ()).await.unwrap_err();
    let cause = error.cause().unwrap();
    assert_eq!((error.status(), error.error()), (Status::Failed, Some("States.Runtime")));
    assert!(
        cause.contains("the state 'Nest'") && cause.ends_with("nested more than 127 levels deep."),
        "{cause}"
    );
}

#[tokio::test]
async fn a_result_that_nests_too_deeply_ends_the_execution() {
    let host = virtual_host().resource(CALL, |_| async { Ok(nested(128)) });
    assert_eq!(call::run(&host, ()).await.unwrap_err().error(), Some("States.Runtime"));
    let host = virtual_host().resource(CALL, |_| async { Ok(nested(127)) });
    assert_eq!(call::run(&host, ()).await, Ok(nested(127)));
}

#[tokio::test]
async fn an_endless_loop_can_be_stopped() {
    // On a virtual clock no time passes while it is busy, so it is not timed out.
    let mut execution = endless::start(&virtual_host(), Value::empty_object());
    execution.watch().await.unwrap();
    execution.stop(None, Some("it never ends"));
    let error = execution.await.unwrap_err();
    assert_eq!((error.status(), error.cause()), (Status::Aborted, Some("it never ends")));
}

#[tokio::test]
async fn an_endless_loop_is_timed_out() {
    let error = endless::run(&InMemory::new(), Value::empty_object()).await.unwrap_err();
    assert_eq!((error.status(), error.error()), (Status::TimedOut, Some("States.Timeout")));
}
