//! What the ways to drive an execution cost beside each other, on a runtime with several threads: one that is started beside one that is
//! run, and a Map of very many tasks beside one of many.

use asl_benches::{note, print, verdict};
use asl_runtime::{InMemory, TaskError, Value};
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

#[allow(dead_code, reason = "this program runs some of the machines")]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Done = Result<f64, Box<dyn Error>>;

const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    runtime.block_on(async {
        started(if quick { 1_000 } else { 300_000 }).await?;
        yielding(if quick { [100, 1_000] } else { [10_000, 1_000_000] }).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// An execution that is started, beside the same one that is run.
async fn started(limit: u32) -> Result<(), Box<dyn Error>> {
    let host = InMemory::new();
    let input = || Value::from(serde_json::json!({ "count": 0, "limit": limit }));
    let (mut ran, mut started) = (f64::MAX, f64::MAX);
    for _ in 0..5 {
        let start = Instant::now();
        machines::count::run(&host, input()).await?;
        ran = ran.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        machines::count::start(&host, input()).await?;
        started = started.min(start.elapsed().as_secs_f64());
    }
    let transitions = f64::from(limit) * 2.0 + 1.0;
    let ratio = started / ran;
    print(&format!(
        "an execution that is started            {:.1} ns a transition, run {:.1} ns, ratio {ratio:.2}{}",
        started / transitions * 1e9,
        ran / transitions * 1e9,
        verdict(ratio, Some(1.1), "")
    ));
    let [started, ran] = [started, ran].map(|seconds| format!("{:.1}", seconds / transitions * 1e9));
    let (name, ratio) = ("an execution that is started", format!("{ratio:.2}"));
    note(&["ratio", name, "transition", &started, "run", &ran, &ratio, "", "", "1.1"]);
    Ok(())
}

/// A Map of few tasks and of many, each of which lets others run.
async fn yielding([few, many]: [u32; 2]) -> Result<(), Box<dyn Error>> {
    let ask = |input: Value| async move {
        tokio::task::yield_now().await;
        Ok::<_, TaskError>(input)
    };
    let host = InMemory::new().resource(ASK, ask);
    let mut of_few = f64::MAX;
    for _ in 0..5 {
        of_few = of_few.min(map(&host, few).await?);
    }
    let of_many = map(&host, many).await?;
    let ratio = of_many / of_few;
    print(&format!(
        "Map of {many} tasks that yield        {of_many:.0} ns a task, of {few} {of_few:.0} ns, ratio {ratio:.2}{}",
        verdict(ratio, Some(1.5), "")
    ));
    let (name, other) = (format!("Map of {many} tasks that yield"), format!("of {few}"));
    let [of_many, of_few] = [of_many, of_few].map(|cost| format!("{cost:.0}"));
    note(&["ratio", &name, "task", &of_many, &other, &of_few, &format!("{ratio:.2}"), "", "", "1.5"]);
    Ok(())
}

/// Nanoseconds a task.
async fn map(host: &InMemory, items: u32) -> Done {
    let input = Value::from(Vec::from_iter((0..items).map(|item| Value::from(i64::from(item)))));
    let start = Instant::now();
    let output = machines::ask::run(host, input.clone()).await?;
    let took = start.elapsed().as_secs_f64() * 1e9 / f64::from(items);
    if output == input { Ok(took) } else { Err("the outputs are not the inputs".into()) }
}
