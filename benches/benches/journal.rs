//! What it costs that executions outlive the process: results a second beside a file that is synced as often, and how fast executions come
//! back that wait.

use asl_benches::{print, verdict};
use asl_durable::Durable;
use asl_runtime::{InMemory, Value};
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[allow(dead_code, reason = "this program runs some of the machines")]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Done<T> = Result<T, Box<dyn Error>>;

const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";
/// So many results there are in an execution.
const TASKS: u32 = 10;
/// The bytes of a row.
const RECORD: usize = 330;

fn main() -> Done<ExitCode> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journal");
    let (rounds, executions) = if quick { (1, 64) } else { (3, 2_000) };
    for at_once in [64, 1] {
        let executions = if at_once == 1 { executions / 20 } else { executions };
        let (mut raw, mut ours) = (0.0_f64, 0.0_f64);
        for _ in 0..rounds {
            raw = raw.max(synced(&folder, at_once, executions * TASKS)?);
            ours = ours.max(journalled(&folder, at_once, executions)?);
        }
        let (ratio, target) = if at_once == 1 { (raw / ours, 1.2) } else { (raw / ours, 1.25) };
        print(&format!(
            "results journalled, {at_once:2} executions at once    {ours:.0} a second, raw {raw:.0}, ratio {ratio:.2}{}",
            verdict(ratio, Some(target), "")
        ));
    }
    waiting(&folder, if quick { 1_000 } else { 100_000 })?;
    Ok(ExitCode::SUCCESS)
}

fn empty(folder: &Path) -> Done<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

/// Records a second of a file that is synced after so many of them.
fn synced(folder: &Path, at_once: u32, records: u32) -> Done<f64> {
    empty(folder)?;
    let mut file = File::create(folder.join("raw"))?;
    let record = vec![7; RECORD * at_once as usize];
    let start = Instant::now();
    for _ in 0..records / at_once {
        file.write_all(&record)?;
        file.sync_data()?;
    }
    Ok(f64::from(records) / start.elapsed().as_secs_f64())
}

fn process<T>(work: impl Future<Output = Done<T>>) -> Done<T> {
    tokio::runtime::Builder::new_multi_thread().enable_time().build()?.block_on(work)
}

/// Results of tasks a second.
fn journalled(folder: &Path, at_once: u32, executions: u32) -> Done<f64> {
    empty(folder)?;
    process(async {
        let ask = |_| async { Ok::<_, asl_runtime::TaskError>("x".repeat(200)) };
        let host = Durable::over(InMemory::new().resource(ASK, ask), folder)?;
        let start = Instant::now();
        let mut all = Vec::new();
        for _ in 0..at_once {
            let host = host.clone();
            all.push(tokio::spawn(async move {
                for _ in 0..executions / at_once {
                    let input = Value::from(serde_json::json!({ "count": 0, "note": "milk" }));
                    machines::errands::run(&host, input).await?;
                }
                Ok::<_, asl_runtime::ExecutionError>(())
            }));
        }
        for one in all {
            one.await??;
        }
        Ok(f64::from(executions / at_once * at_once * TASKS) / start.elapsed().as_secs_f64())
    })
}

/// Executions that wait, when their process comes back.
fn waiting(folder: &Path, executions: u32) -> Done<()> {
    empty(folder)?;
    process(async {
        let host = Durable::open(folder)?;
        for _ in 0..executions {
            drop(machines::waiting::start(&host, Value::from(serde_json::json!({ "seconds": 1_000_000 }))));
        }
        while host.at_work() > 0 || host.running() < executions as usize {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        host.synced().await?;
        Ok(())
    })?;
    process(async {
        let start = Instant::now();
        let host = Durable::open(folder)?.machine::<machines::waiting::Machine>();
        let resumed = host.resume().await?;
        let took = start.elapsed().as_secs_f64();
        print(&format!("{} executions that wait came back        {took:.2} s", resumed.waiting));
        Ok(())
    })
}
