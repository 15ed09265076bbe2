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
    assert_eq!(
        reason("/usr/bin/yes"),
        Err(String::from(
            "The process of the machine made no sense: it was built from other sources of the engine than this program"
        ))
    );
    assert!(reason("/nowhere/worker").is_err());
}
