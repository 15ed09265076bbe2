//! A process that has many executions under way is killed again and again, at any moment, until all of them have ended: none is lost, all
//! outputs are right, and no task is done again whose result was known to anyone.
//!
//! The process is this program with an argument. What its tasks call is a server in the program that kills it, which counts the calls:
//!
//! - a task is called again, with the same key, only if the process was killed since it was called before;
//! - once something is called that follows from a result, what gave that result is not called again.
//!
//! `ASL_EXECUTIONS` and `ASL_KILLS` are how many there are, for more than a short run; `ASL_SEED` chooses the moments.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

#[path = "common/journey.rs"]
mod calls;

use asl_durable::{Durable, DurableError, Filter};
use asl_runtime::Compiled;
use calls::{
    IDLE, Pool, Server, expected, from_environment, functions, idle, input, journey, name, number, report,
    serve,
};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// So many executions are under way at once.
const AT_ONCE: usize = 64;

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("process") => {
            process(Path::new(&arguments[2]), &arguments[3], number(&arguments[4]), &arguments[5])
        }
        // What a harness would do.
        Some("--list") => {}
        _ => drive(),
    }
}

// ---- The process that is killed.

/// Starts what has not been started, and ends when all of it has ended.
fn process(folder: &Path, server: &str, executions: usize, life: &str) {
    let pool = Arc::new(Pool { address: server.to_owned(), life: life.to_owned(), free: Mutex::default() });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        // They leave memory whenever they wait, and come back.
        let host = Durable::open(folder).unwrap().leave_memory_after(Duration::from_millis(1));
        let host = host.with(|host| functions(host, &pool));
        let host = host.machine::<journey::Machine>().machine::<report::Machine>().machine::<idle::Machine>();
        let resumed = host.resume().await.unwrap();
        assert!(resumed.damaged.is_empty() && resumed.unknown.is_empty(), "{resumed:?}");
        tokio::spawn(answer_tokens(host.clone(), pool));
        let places = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        let mut started = tokio::task::JoinSet::new();
        let all = Filter { most: usize::MAX, ..Filter::default() };
        let known = host.list(&all).await.unwrap();
        let ended: HashSet<_> =
            known.iter().filter(|one| one.stop_date.is_some()).map(|one| &one.name).collect();
        for execution in (0..executions).filter(|execution| !ended.contains(&name(*execution))) {
            let place = Arc::clone(&places).acquire_owned().await.unwrap();
            let host = host.clone();
            started.spawn(async move {
                one(&host, execution).await;
                drop(place);
            });
        }
        while let Some(one) = started.join_next().await {
            one.unwrap();
        }
        // What nothing waits for any more is stopped.
        while host.running() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        host.synced().await.unwrap();
    });
    println!("done");
}

async fn one(host: &Durable, execution: usize) {
    let machine = Compiled::of::<journey::Machine>();
    let name = name(execution);
    let arn = format!("arn:aws:states:local:000000000000:execution:journey:{name}");
    match host.start_execution(&machine, None, Some(name), input(execution)).await {
        Ok(_) | Err(DurableError::ExecutionAlreadyExists(_)) => {}
        Err(error) => panic!("{error}"),
    }
    let end = host.end(&arn).await.unwrap();
    assert!(end.is_ok(), "{arn}: {end:?}");
}

/// Sends results for the tokens that the server has, over and over: it knows when one has arrived.
async fn answer_tokens(host: Durable, pool: Arc<Pool>) {
    loop {
        let tokens = Arc::clone(&pool).ask("tokens".into()).await.unwrap();
        for token in tokens.split_whitespace() {
            // Its task may be over, or not have begun here yet.
            let _ = host.send_task_success(token, "yes").await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

// ---- Who kills.

fn drive() {
    let executions = from_environment("ASL_EXECUTIONS", 60);
    let kills = from_environment("ASL_KILLS", 12);
    let mut chance = from_environment("ASL_SEED", 7) as u64;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("durable")
        .join(format!("kill-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let server = Arc::new(Mutex::new(Server::default()));
    let address = serve(&server);
    let began = Instant::now();
    for life in 0..kills {
        let mut process = begin(&folder, &address, executions, life);
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let moment = Instant::now() + Duration::from_millis(30 + (chance >> 33) % 300);
        let mut is_over = false;
        while Instant::now() < moment && !is_over {
            is_over = process.try_wait().unwrap().is_some();
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = process.kill();
        let status = process.wait().unwrap();
        assert!(!is_over || status.success(), "the process ended by itself: {status}");
        server.lock().unwrap().kills += 1;
        if is_over {
            break;
        }
    }
    let status = begin(&folder, &address, executions, kills).wait().unwrap();
    assert!(status.success(), "{status}");
    let server = server.lock().unwrap();
    assert!(
        server.faults.is_empty(),
        "{} faults: {:#?}",
        server.faults.len(),
        &server.faults[..20.min(server.faults.len())]
    );
    assert_eq!(server.repeats, [], "called twice though no process was killed");
    check(&folder, executions);
    std::fs::remove_dir_all(&folder).unwrap();
    println!(
        "{executions} executions, {} kills, {} tasks, {} of them called again, in {:.1} s: none lost, all outputs right",
        server.kills,
        server.calls.len(),
        server.again,
        began.elapsed().as_secs_f64(),
    );
}

fn begin(folder: &Path, address: &str, executions: usize, life: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .arg("process")
        .arg(folder)
        .arg(address)
        .arg(executions.to_string())
        .arg(life.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// All have ended, with what comes of them in memory.
fn check(folder: &Path, executions: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Durable::open(folder).unwrap();
        let filter = Filter { machine: None, most: usize::MAX, ..Filter::default() };
        let ended = host.list(&filter).await.unwrap();
        // Each has started one report, and something that it did not wait for to the end: where the process was away for that second, it may
        // have been given up before it began.
        let idle = ended.iter().filter(|execution| execution.machine == IDLE).count();
        assert_eq!(ended.len() - idle, 2 * executions);
        assert!(idle <= executions && idle >= executions - executions / 10, "{idle}");
        for execution in &ended {
            let expected = if execution.machine == IDLE { "ABORTED" } else { "SUCCEEDED" };
            assert_eq!(execution.status, expected, "{}", execution.arn);
        }
        for execution in 0..executions {
            let arn = format!("arn:aws:states:local:000000000000:execution:journey:journey-{execution}");
            let output = host.describe(&arn).await.unwrap().end.unwrap().1.unwrap();
            assert_eq!(output, expected(execution), "{arn}");
        }
    });
    eprintln!("{} executions are as they should be", executions);
}
