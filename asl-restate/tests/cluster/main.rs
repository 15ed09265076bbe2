//! Executions on a real server of Restate, whose process is killed again and again, at any moment, until all of them have ended: none is
//! lost, all outputs are right, and no task is done again whose result was known to anyone.
//!
//! The process is this program with an argument. What its tasks call is a server in the program that kills it, which counts the calls:
//!
//! - a task is called again, with the same key, only if the process was killed since it was called before;
//! - once something is called that follows from a result, what gave that result is not called again.
//!
//! `ASL_EXECUTIONS` and `ASL_KILLS` are how many there are, for more than a short run; `ASL_SEED` chooses the moments. With `ASL_NODES=3` there are
//! three servers, and every other kill is that of one of them. With `ASL_OVERHEAD` it measures instead what an execution costs beside a service that was written by hand.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]
#![expect(clippy::print_stdout, reason = "a program for people")]

#[path = "../../../asl-durable/tests/common/journey.rs"]
mod calls;
mod children;
#[path = "../support/http.rs"]
mod http;
mod kill;
mod outside;
mod overhead;
#[expect(dead_code, reason = "a client asks by the addresses")]
#[path = "../support/restate.rs"]
mod restate;

use std::path::PathBuf;

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("process") => kill::process(&arguments[2], &arguments[3], &arguments[4]),
        Some("overhead") => overhead::process(&arguments[2]),
        // What a harness would do.
        Some("--list") => {}
        _ => {
            let folder =
                PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("restate-{}", std::process::id()));
            let nodes = calls::from_environment("ASL_NODES", 1);
            let Some(restate) = restate::Restate::start(&folder, nodes) else {
                println!("skipped: there is no `restate-server` on the path");
                return;
            };
            match std::env::var_os("ASL_OVERHEAD") {
                Some(_) => overhead::measure(&restate),
                None => kill::drive(&restate),
            }
        }
    }
}

/// Runs a future to its end, as a process that serves does.
fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(future);
}
