//! What an execution costs beside a service that was written by hand and does the same steps: ten calls of a service, one after the other.

use crate::block_on;
use crate::restate::{Restate, free_port};
use asl_restate::Machines;
use asl_runtime::{InMemory, Value, asl_machine};
use restate_sdk::prelude::*;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

asl_machine!(mod steps = "steps.json");

const STEP: &str = "arn:aws:lambda:us-east-1:123456789012:function:Step";
const STEPS: i64 = 10;
/// So many executions are under way at once.
const AT_ONCE: usize = 8;
const EXECUTIONS: usize = 16;
/// So often by each, in turns, so that what else the computer does is shared fairly.
const ROUNDS: usize = 12;

fn step(number: i64) -> i64 {
    number + 1
}

/// The steps, as a service that does one.
struct ByHandTasks;

#[restate_sdk::service]
impl ByHandTasks {
    #[handler]
    async fn step(&self, context: Context<'_>, number: i64) -> Result<i64, HandlerError> {
        // A step that calls something may come to something else when it is done again, and Restate refuses a handler that says two things.
        Ok(context.run(|| async move { Ok(step(number)) }).await?)
    }
}

/// What the machine does, written by hand.
struct ByHand;

#[restate_sdk::workflow]
impl ByHand {
    #[handler]
    async fn run(&self, context: WorkflowContext<'_>, mut number: i64) -> Result<i64, HandlerError> {
        for _ in 0..STEPS {
            number = context.service_client::<ByHandTasksClient<'_>>().step(number).call().await?;
        }
        Ok(number)
    }
}

pub(crate) fn process(port: &str) {
    let host =
        InMemory::new().resource(STEP, |input: Value| async move { Ok(step(input.as_i64().unwrap())) });
    let machines = Machines::on(host).machine::<steps::Machine>();
    let endpoint = machines.bind(Endpoint::builder().bind(ByHandTasks).bind(ByHand)).unwrap().build();
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    block_on(async { HttpServer::new(endpoint).listen_and_serve(address).await });
}

pub(crate) fn measure(restate: &Restate) {
    let port = free_port();
    let process = Command::new(std::env::current_exe().unwrap())
        .args(["overhead", &port.to_string()])
        .stdin(Stdio::null())
        .spawn();
    let mut process = process.unwrap();
    restate.register(port);
    let mut took = [Duration::ZERO; 2];
    let mut worked = [[0; 2]; 2];
    for round in 0..=ROUNDS {
        for (which, service) in ["ByHand", "steps"].into_iter().enumerate() {
            let processes = || [restate.processes().iter().map(|id| ticks(*id)).sum(), ticks(process.id())];
            let before = processes();
            let round_took = executions(restate, service, round);
            // The first round is for warming up.
            if round > 0 {
                took[which] += round_took;
                for (worked, (after, before)) in
                    worked[which].iter_mut().zip(processes().into_iter().zip(before))
                {
                    *worked += after - before;
                }
            }
        }
    }
    let executions = (ROUNDS * EXECUTIONS) as f64;
    for ((service, took), worked) in ["written by hand", "compiled"].into_iter().zip(took).zip(worked) {
        let a_second = executions / took.as_secs_f64();
        let [server, process] = worked.map(|ticks| ticks as f64 * 10.0 / executions);
        println!(
            "{service}: {a_second:.1} executions of {STEPS} steps a second; processor time of each: {server:.1} ms in the server, {process:.1} ms in the process"
        );
    }
    let [by_hand, compiled] = worked.map(|worked| worked.iter().sum::<u64>() as f64);
    println!(
        "{:.2} times the processor time of what is written by hand, and {:.2} times its time",
        compiled / by_hand,
        took[1].as_secs_f64() / took[0].as_secs_f64()
    );
    process.kill().unwrap();
    process.wait().unwrap();
}

/// The processor time of a process, in hundredths of a second; 0 where Linux does not tell.
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

fn executions(restate: &Restate, service: &str, round: usize) -> Duration {
    let began = Instant::now();
    thread::scope(|scope| {
        for lane in 0..AT_ONCE {
            scope.spawn(move || {
                for number in 0..EXECUTIONS / AT_ONCE {
                    let path = format!("/{service}/{round}-{lane}-{number}/run");
                    assert_eq!(restate.call(&path, "1"), (200, (1 + STEPS).to_string()));
                }
            });
        }
    });
    began.elapsed()
}
