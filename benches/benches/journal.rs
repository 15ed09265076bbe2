//! What it costs that executions outlive the process: results a second beside a plain file with group commit, and how fast executions
//! come back that wait.

use asl_benches::{note, print, verdict};
use asl_durable::Durable;
use asl_runtime::{InMemory, Value};
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

#[allow(dead_code, reason = "this program runs some of the machines")]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Done<T> = Result<T, Box<dyn Error>>;

const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";
/// So many results there are in an execution: its start, which waits for the disk as well, counts little beside them.
const TASKS: u32 = 100;
/// So many there are in one where other programs are compared with this.
const FEW_TASKS: u32 = 10;
/// The bytes of a row.
const RECORD: usize = 330;

fn main() -> Done<ExitCode> {
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, what, folder] = &*arguments
        && what == COMES_BACK
    {
        return come_back(Path::new(folder));
    }
    if let [_, what, folder, executions] = &*arguments
        && what == FLOWS
    {
        return flows(Path::new(folder), executions.parse()?);
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("journal");
    let is_wanted = |what: &str| {
        let mut names = arguments.iter().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
        names.peek().is_none() || names.any(|name| name == what)
    };
    for (at_once, target) in [(64, 1.25), (1, 1.2)] {
        if is_wanted("results") {
            results(&folder, at_once, target, if quick { 1 } else { 31 })?;
        }
    }
    if is_wanted("waiting") {
        waiting(&folder, if quick { 1_000 } else { 100_000 })?;
    }
    if is_wanted("long") {
        long(&folder, if quick { 100 } else { 3_125 })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Results journalled a second, beside a plain file with group commit.
fn results(folder: &Path, at_once: u32, target: f64, rounds: usize) -> Done<()> {
    empty(folder)?;
    let ask = |_| async { Ok::<_, asl_runtime::TaskError>("x".repeat(200)) };
    let host = Durable::over(InMemory::new().resource(ASK, ask), folder)?;
    let mut figures = Vec::new();
    for _ in 0..rounds {
        let raw = synced(folder, at_once, at_once * TASKS)?;
        figures.push((raw, journalled(&host, at_once, at_once, TASKS)?));
    }
    // Others use the processors and the disk as well: what is compared was measured in the same moment.
    figures.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
    let Some((raw, ours)) = figures.get(figures.len() / 2) else { return Ok(()) };
    print(&format!(
        "results journalled, {at_once:2} executions at once    {ours:.0} a second, raw {raw:.0}, ratio {:.2}{}",
        raw / ours,
        verdict(raw / ours, Some(target), "")
    ));
    let name = format!("results journalled, {at_once} at once");
    let [each, of_raw] = [ours, raw].map(|rate| format!("{:.0}", 1e9 / rate));
    let ratio = format!("{:.2}", raw / ours);
    note(&["ratio", &name, "result", &each, "a plain file", &of_raw, &ratio, "", "", &target.to_string()]);
    Ok(())
}

fn empty(folder: &Path) -> Done<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

/// A record, and who waits for it to be on the disk.
type Waiting = (Vec<u8>, oneshot::Sender<()>);

/// Records a second of a plain file with group commit: as many tasks as there are executions each write a record and wait until it is
/// on the disk, again and again; one thread writes all that waits, and syncs once.
fn synced(folder: &Path, at_once: u32, records: u32) -> Done<f64> {
    let mut file = File::create(folder.join("raw"))?;
    let (send, receive) = mpsc::channel::<Waiting>();
    let writer = thread::spawn(move || {
        while let Ok(first) = receive.recv() {
            let waiting: Vec<_> = std::iter::once(first).chain(receive.try_iter()).collect();
            let bytes: Vec<_> = waiting.iter().flat_map(|(record, _)| record).copied().collect();
            file.write_all(&bytes)?;
            file.sync_data()?;
            for (_, written) in waiting {
                // Those that wait do so to the end.
                let _ = written.send(());
            }
        }
        Ok::<_, std::io::Error>(())
    });
    let took = process(async {
        let start = Instant::now();
        let mut all = Vec::new();
        for _ in 0..at_once {
            let send = send.clone();
            all.push(tokio::spawn(async move {
                for _ in 0..records / at_once {
                    let (written, is_written) = oneshot::channel();
                    send.send((vec![7; RECORD], written))?;
                    is_written.await?;
                }
                Ok::<_, Box<dyn Error + Send + Sync>>(())
            }));
        }
        for one in all {
            one.await?.map_err(|error| error.to_string())?;
        }
        Ok(start.elapsed().as_secs_f64())
    })?;
    drop(send);
    writer.join().map_err(|_| "the writer panicked")??;
    Ok(f64::from(records / at_once * at_once) / took)
}

fn process<T>(work: impl Future<Output = Done<T>>) -> Done<T> {
    tokio::runtime::Builder::new_multi_thread().enable_time().build()?.block_on(work)
}

/// Results of tasks a second.
fn journalled(host: &Durable, at_once: u32, executions: u32, tasks: u32) -> Done<f64> {
    process(async {
        let start = Instant::now();
        let mut all = Vec::new();
        for _ in 0..at_once {
            let host = host.clone();
            all.push(tokio::spawn(async move {
                for _ in 0..executions / at_once {
                    machines::errands::run(&host, errands(tasks)).await?;
                }
                Ok::<_, asl_runtime::ExecutionError>(())
            }));
        }
        for one in all {
            one.await??;
        }
        Ok(f64::from(executions / at_once * at_once * tasks) / start.elapsed().as_secs_f64())
    })
}

/// The input of an execution of so many tasks: it counts up to ten.
fn errands(tasks: u32) -> Value {
    Value::from(serde_json::json!({ "count": 10 - i64::from(tasks), "note": "milk" }))
}

/// The argument of a process that only runs executions, for programs that compare others with this.
const FLOWS: &str = "--flows";

/// Runs executions of ten tasks, 64 at once: how many there were a second.
fn flows(folder: &Path, executions: u32) -> Done<ExitCode> {
    empty(folder)?;
    let ask = |_| async { Ok::<_, asl_runtime::TaskError>("x".repeat(200)) };
    let host = Durable::over(InMemory::new().resource(ASK, ask), folder)?;
    let rate = journalled(&host, 64, executions, FEW_TASKS)? / f64::from(FEW_TASKS);
    print(&format!("{rate:.1}"));
    Ok(ExitCode::SUCCESS)
}

/// The argument of a process that comes back.
const COMES_BACK: &str = "--comes-back";

/// Executions that wait, when their process comes back, which is one of its own: its memory is that of the executions.
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
    let program = std::env::current_exe()?;
    let status = std::process::Command::new(program).arg(COMES_BACK).arg(folder).status()?;
    if status.success() { Ok(()) } else { Err("they did not come back".into()) }
}

fn come_back(folder: &Path) -> Done<ExitCode> {
    process(async {
        let before = resident();
        let start = Instant::now();
        let host = Durable::open(folder)?.machine::<machines::waiting::Machine>();
        let host = host.machine::<machines::errands::Machine>();
        let resumed = host.resume().await?;
        let took = start.elapsed().as_secs_f64();
        let memory = resident().zip(before).map_or(0, |(now, before)| now.saturating_sub(before)) / 1_000_000;
        print(&format!("{} executions that wait came back        {took:.2} s, {memory} MB", resumed.waiting));
        note(&[
            "single",
            &format!("{} executions that wait came back", resumed.waiting),
            &format!("{took:.2}"),
            "s",
        ]);
        note(&["single", "memory of these", &memory.to_string(), "MB"]);
        Ok(ExitCode::SUCCESS)
    })
}

/// The memory of the process, where the system says that.
fn resident() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(text.split(' ').nth(1)?.parse::<usize>().ok()? * 4096)
}

/// An execution of 25,000 events that was interrupted, when its process comes back.
fn long(folder: &Path, tasks: u32) -> Done<()> {
    empty(folder)?;
    let hangs = move |_: Value| std::future::pending::<Result<&str, asl_runtime::TaskError>>();
    let arn = process(async {
        let left = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(tasks));
        let counts = std::sync::Arc::clone(&left);
        let ask = move |_| {
            let is_over = counts.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) == 1;
            async move {
                if is_over {
                    std::future::pending::<()>().await;
                }
                Ok::<_, asl_runtime::TaskError>("x".repeat(200))
            }
        };
        let host = Durable::over(InMemory::new().resource(ASK, ask), folder)?;
        let machine = asl_runtime::Compiled::of::<machines::errands::Machine>();
        let arn = host.start_execution(&machine, None, None, errands(tasks)).await?;
        while left.load(std::sync::atomic::Ordering::Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        host.synced().await?;
        Ok(arn)
    })?;
    process(async {
        let start = Instant::now();
        let host = Durable::over(InMemory::new().resource(ASK, hangs), folder)?;
        let host = host.machine::<machines::errands::Machine>();
        host.resume().await?;
        let took = start.elapsed().as_secs_f64() * 1000.0;
        // The oldest are not told any more.
        let events = host.history(&arn).await?.last().map_or(0, |event| event.id);
        print(&format!(
            "an execution of {events} events came back        {took:.1} ms{}",
            verdict(took, Some(50.0), " ms")
        ));
        note(&[
            "single",
            &format!("an execution of {events} events came back"),
            &format!("{took:.1}"),
            "ms",
            "50",
        ]);
        Ok(())
    })
}
