//! What an execution that waits takes of the memory: many of them at once, each in a Wait state on the system's clock.
//!
//! The memory is what the operating system counts for the process (`/proc/self/statm`; without it the program says so and ends),
//! before and after they are started, divided by their number.

use asl_benches::print;
use asl_runtime::{InMemory, Value};
use std::error::Error;
use std::fs;
use std::future::poll_fn;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

include!(concat!(env!("OUT_DIR"), "/machines.rs"));

/// The size of a page; Linux has no other on the machines that this is run on.
const PAGE: usize = 4096;
const TARGET: usize = 1024;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let executions = if quick { 10_000 } else { 1_000_000 };
    if resident().is_none() {
        print("there is no /proc/self/statm to read the memory from");
        return Ok(ExitCode::SUCCESS);
    }
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
        let host = InMemory::new();
        let before = resident().unwrap_or_default();
        let start = Instant::now();
        let mut running = Vec::with_capacity(executions);
        let wait = Arc::new(AtomicUsize::new(0));
        for number in 0..executions {
            let (host, waits) = (host.clone(), Arc::clone(&wait));
            let input = Value::from(i64::try_from(number).unwrap_or_default());
            running.push(tokio::spawn(async move {
                let mut execution = pin!(waiting::run(&host, input));
                let has_begun = |context: &mut Context<'_>| Poll::Ready(execution.as_mut().poll(context).is_pending());
                waits.fetch_add(usize::from(poll_fn(has_begun).await), Ordering::Relaxed);
                execution.await
            }));
        }
        while wait.load(Ordering::Relaxed) < executions {
            tokio::task::yield_now().await;
        }
        let elapsed = start.elapsed();
        let bytes = resident().unwrap_or_default().saturating_sub(before) / executions;
        let met = if bytes <= TARGET { "met" } else { "missed" };
        print(&format!(
            "{executions} executions in Wait      {bytes} bytes each, target <= {TARGET}: {met}; started in {:.1} s",
            elapsed.as_secs_f64()
        ));
        drop(running);
    });
    Ok(ExitCode::SUCCESS)
}

fn resident() -> Option<usize> {
    let text = fs::read_to_string("/proc/self/statm").ok()?;
    Some(text.split(' ').nth(1)?.parse::<usize>().ok()? * PAGE)
}
