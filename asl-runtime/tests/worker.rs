//! Machines in a worker: a process that goes on with executions, and what becomes of these where it does not.
#![cfg(all(feature = "worker", unix))]

use asl_runtime::remote::Worker;

fn start(program: &str) -> std::io::Result<Worker> {
    Worker::start(program, |_| (None, None))
}

#[test]
fn what_is_no_worker_is_not_started() {
    let reason = |program: &str| start(program).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(
        reason("/bin/false"),
        Err(String::from("The process of the machine has ended, with exit status: 1"))
    );
    // It says what it is asked, which is not an answer.
    let echo = reason("/bin/cat").expect_err("it is no worker");
    assert!(echo.starts_with("The process of the machine made no sense: "), "{echo}");
    assert!(reason("/nowhere/worker").is_err());
}
