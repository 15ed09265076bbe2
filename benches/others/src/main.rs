//! Executions of ten tasks, one after the other, with 64 executions at once: on `asl-durable`, and the same flow on other libraries that
//! keep what executions have done on SQLite.
//!
//! In: the program of the benchmark `journal`, a folder, and how many executions there are. Out: how many there were a second. The three
//! take turns. All of them sync each commit; with `--as-they-come` the others do what they do if nothing is said, which is less.

use durare::{DurableContext, DurableEngine, SqliteProvider as Steps, WorkflowOptions};
use duroxide::providers::sqlite::SqliteProvider as Queues;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{ActivityContext, Client, OrchestrationContext, OrchestrationRegistry};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

const AT_ONCE: usize = 64;
const TASKS: usize = 10;
const ROUNDS: usize = 3;

/// What is wanted.
struct Wanted {
    program: PathBuf,
    folder: PathBuf,
    executions: usize,
    /// Each commit is on the disk before anything follows from it.
    is_synced: bool,
}

fn main() -> Done<()> {
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let is_synced = !arguments.iter().any(|argument| argument == "--as-they-come");
    arguments.retain(|argument| argument != "--as-they-come");
    let [program, folder, executions] = &*arguments else {
        return Err("usage: PROGRAM FOLDER EXECUTIONS [--as-they-come]".into());
    };
    let wanted =
        Wanted { program: program.into(), folder: folder.into(), executions: executions.parse()?, is_synced };
    let mut ratios: [Vec<f64>; 2] = Default::default();
    for _ in 0..ROUNDS {
        let ours = ours(&wanted)?;
        let others = [in_runtime(|| duroxide(&wanted))?, in_runtime(|| durare(&wanted))?];
        println!("asl-durable {ours:.1} a second, duroxide {:.1}, durare {:.1}", others[0], others[1]);
        ratios.iter_mut().zip(others).for_each(|(ratios, other)| ratios.push(ours / other));
    }
    for (name, mut ratios) in ["duroxide", "durare"].into_iter().zip(ratios) {
        ratios.sort_by(f64::total_cmp);
        println!("{:.1} times as many as {name}", ratios[ROUNDS / 2]);
    }
    Ok(())
}

/// Executions a second here.
fn ours(wanted: &Wanted) -> Done<f64> {
    let output = Command::new(&wanted.program)
        .arg("--flows")
        .arg(fresh(&wanted.folder, "asl")?)
        .arg(wanted.executions.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn in_runtime<F: Future<Output = Done<f64>>>(work: impl FnOnce() -> F) -> Done<f64> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work())
}

/// A new folder for one of them.
fn fresh(folder: &Path, name: &str) -> Done<PathBuf> {
    let folder = folder.join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What a task answers.
fn answer() -> String {
    "x".repeat(200)
}

/// Who is told of the ends of executions, by their names, so that no one has to ask again and again.
type Ends = Arc<Mutex<HashMap<String, oneshot::Sender<()>>>>;

/// Executions a second on duroxide.
async fn duroxide(wanted: &Wanted) -> Done<f64> {
    let file = fresh(&wanted.folder, "duroxide")?.join("executions.db");
    let store = Queues::new(&format!("sqlite:{}?mode=rwc", file.display()), None).await?;
    if wanted.is_synced {
        sync_all(store.get_pool()).await?;
    }
    let store = Arc::new(store);
    let ends = Ends::default();
    let told = Arc::clone(&ends);
    let activities = ActivityRegistry::builder()
        .register("Ask", |_: ActivityContext, _: String| async { Ok(answer()) })
        .register("Last", move |context: ActivityContext, _: String| {
            let end = told.lock().unwrap_or_else(PoisonError::into_inner).remove(context.instance_id());
            if let Some(end) = end {
                let _ = end.send(());
            }
            async { Ok(answer()) }
        })
        .build();
    let orchestrations = OrchestrationRegistry::builder()
        .register("Errands", |context: OrchestrationContext, note: String| async move {
            for _ in 1..TASKS {
                context.schedule_activity("Ask", note.clone()).await?;
            }
            context.schedule_activity("Last", note).await
        })
        .build();
    // With more of them its transactions lock each other out, and it lets executions fail for that reason.
    let options = RuntimeOptions {
        orchestration_concurrency: 1,
        worker_concurrency: 1,
        dispatcher_min_poll_interval: Duration::from_millis(5),
        ..RuntimeOptions::default()
    };
    let runtime = Runtime::start_with_options(store.clone(), activities, orchestrations, options).await;
    let client = Arc::new(Client::new(store));
    let start = Instant::now();
    let mut all = Vec::new();
    for one in 0..AT_ONCE {
        let (client, ends) = (Arc::clone(&client), Arc::clone(&ends));
        let count = share(wanted.executions, one);
        all.push(tokio::spawn(async move {
            for number in 0..count {
                let name = format!("errands-{one}-{number}");
                let (end, ended) = oneshot::channel();
                ends.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), end);
                client.start_orchestration(&*name, "Errands", "milk").await?;
                // One that has failed says nothing.
                tokio::time::timeout(Duration::from_secs(60), ended).await??;
            }
            Done::Ok(())
        }));
    }
    for one in all {
        one.await??;
    }
    let took = start.elapsed().as_secs_f64();
    runtime.shutdown(Some(1_000)).await;
    Ok(wanted.executions as f64 / took)
}

/// Lets all connections of a pool sync each commit.
async fn sync_all(pool: &SqlitePool) -> Done<()> {
    let mut all = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        let mut one = pool.acquire().await?;
        sqlx::query("PRAGMA synchronous = FULL").execute(&mut *one).await?;
        all.push(one);
    }
    Ok(())
}

#[durare::workflow]
async fn errands(context: DurableContext, _note: String) -> durare::Result<String> {
    let mut last = String::new();
    for _ in 0..TASKS {
        last = context.step("ask", || async { Ok::<_, durare::Error>(answer()) }).await?;
    }
    Ok(last)
}

/// Executions a second on durare.
async fn durare(wanted: &Wanted) -> Done<f64> {
    let file = fresh(&wanted.folder, "durare")?.join("executions.db");
    // As it does by itself, but for the syncs.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if wanted.is_synced { SqliteSynchronous::Full } else { SqliteSynchronous::Normal })
        .busy_timeout(Duration::from_secs(60));
    let pool = SqlitePoolOptions::new().max_connections(5).connect_with(options).await?;
    let engine = Arc::new(DurableEngine::new(Arc::new(Steps::from_pool(pool))).await?);
    engine.launch().await?;
    let start = Instant::now();
    let mut all = Vec::new();
    for one in 0..AT_ONCE {
        let engine = Arc::clone(&engine);
        let count = share(wanted.executions, one);
        all.push(tokio::spawn(async move {
            for number in 0..count {
                let name = WorkflowOptions::with_id(format!("errands-{one}-{number}"));
                engine.start_with(Errands, String::from("milk"), name).await?.await?;
            }
            Done::Ok(())
        }));
    }
    for one in all {
        one.await??;
    }
    let took = start.elapsed().as_secs_f64();
    engine.shutdown(Duration::from_secs(1)).await?;
    Ok(wanted.executions as f64 / took)
}

/// How many of the executions one of those that start them has.
fn share(executions: usize, one: usize) -> usize {
    executions / AT_ONCE + usize::from(one < executions % AT_ONCE)
}
