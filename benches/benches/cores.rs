//! What all processors come to together, beside one: a Map whose iterations call a function that computes, and many executions that are started.
//!
//! Both runtimes take turns, and of each the fastest round counts, which is the one that was disturbed least. The ratio is what an iteration takes of
//! all processors, beside what it takes of one: 1 is a gain of as many times as there are processors, and 1.25 is 0.8 of that.

use asl_benches::{Bench, note, print, verdict};
use asl_runtime::{InMemory, TaskError, Value};
use std::error::Error;
use std::hint::black_box;
use std::num::NonZero;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

#[allow(dead_code, reason = "this program runs some of the machines")]
mod machines {
    include!(concat!(env!("OUT_DIR"), "/machines.rs"));
}

type Outcome<T> = Result<T, Box<dyn Error>>;

const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";
/// Each of them waits for the one before: together they take about 20 microseconds.
const STEPS: u32 = 16_000;
/// So many items has each of many executions.
const FEW: u32 = 10;
const ROUNDS: usize = 7;
/// How many times as much of the processors an iteration may take on all of them.
const TARGET: f64 = 1.25;

fn main() -> Outcome<ExitCode> {
    let bench = Bench::from_args()?;
    let processors = available_parallelism().map_or(1, NonZero::get);
    if processors == 1 {
        print("cores: skipped, because there is one");
        return Ok(ExitCode::SUCCESS);
    }
    let runtimes = [threads(1)?, threads(processors)?];
    let iterations = if bench.quick { 1_000 } else { 100_000 };
    if bench.wants("Map of functions on all cores") {
        let name = format!("Map of {iterations} functions on all cores");
        compare(&bench, &name, &runtimes, processors, iterations, |host| map(host, iterations))?;
    }
    if bench.wants("executions on all cores") {
        let executions = iterations / FEW;
        let name = format!("{executions} executions on all cores");
        compare(&bench, &name, &runtimes, processors, iterations, |host| started(host, executions))?;
    }
    Ok(bench.finish())
}

fn threads(number: usize) -> Outcome<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(number).enable_time().build()?)
}

/// Runs the same on one thread and on all, in turns.
fn compare<F>(
    bench: &Bench,
    name: &str,
    runtimes: &[Runtime; 2],
    processors: usize,
    iterations: u32,
    work: impl Fn(InMemory) -> F,
) -> Outcome<()>
where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let host =
        InMemory::new().resource(ASK, |input: Value| async move { Ok::<_, TaskError>(computed(input)) });
    let mut least = [Duration::MAX; 2];
    for _ in 0..if bench.quick { 1 } else { ROUNDS } {
        for (runtime, least) in runtimes.iter().zip(&mut least) {
            let start = Instant::now();
            // In one of the runtime's threads, so that there is no other beside them.
            runtime.block_on(runtime.spawn(work(host.clone())))??;
            *least = start.elapsed().min(*least);
        }
    }
    let [one, all] = least.map(|least| least.as_secs_f64() * 1e9 / f64::from(iterations));
    #[expect(clippy::cast_precision_loss, reason = "there are not so many processors")]
    let of_all = all * processors as f64;
    let ratio = of_all / one;
    print(&format!(
        "{name:<40} {all:.0} ns an iteration, on one {one:.0} ns: {:.2} times as fast; of all processors {of_all:.0} ns, ratio {ratio:.2}{}",
        one / all,
        verdict(ratio, Some(TARGET), "")
    ));
    bench.judge(ratio, Some(TARGET));
    let [of_all, one] = [of_all, one].map(|cost| format!("{cost:.0}"));
    note(&[
        "ratio",
        name,
        "iteration",
        &of_all,
        "on one",
        &one,
        &format!("{ratio:.2}"),
        "",
        "",
        &TARGET.to_string(),
    ]);
    Ok(())
}

/// What a function does that computes.
fn computed(input: Value) -> Value {
    let mut number = input.as_i64().unwrap_or_default().unsigned_abs();
    for _ in 0..STEPS {
        number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    black_box(number);
    input
}

fn items(number: u32) -> Value {
    Value::from(Vec::from_iter((0..number).map(|item| Value::from(i64::from(item)))))
}

async fn map(host: InMemory, number: u32) -> Result<(), String> {
    let input = items(number);
    let output = machines::ask::run(&host, input.clone()).await.map_err(|error| error.to_string())?;
    if output == input { Ok(()) } else { Err("the outputs are not the inputs".to_owned()) }
}

async fn started(host: InMemory, executions: u32) -> Result<(), String> {
    let input = items(FEW);
    let started: Vec<_> = (0..executions).map(|_| machines::ask::start(&host, input.clone())).collect();
    for execution in started {
        execution.await.map_err(|error| error.to_string())?;
    }
    Ok(())
}
