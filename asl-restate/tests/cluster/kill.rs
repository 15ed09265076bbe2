//! A process that is killed while executions run.

use crate::block_on;
use crate::calls::{
    Pool, Repeat, Server, expected, from_environment, functions, idle, input, journey, name, report, serve,
};
use crate::children::{many, many_children_share_invocations};
use crate::outside::{an_execution_can_be_stopped, work, workers_do_the_tasks_of_activities};
use crate::restate::{Restate, free_port, wait_for};
use asl_restate::Machines;
use asl_runtime::{InMemory, Timestamp, Value};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// So long can a call be on its way, on a busy machine, that was made for a server which has lost its part since.
const ON_ITS_WAY: Duration = Duration::from_secs(3);

/// Serves the machines at a port, as the process of this number.
pub(crate) fn process(port: &str, server: &str, life: &str) {
    let pool = Arc::new(Pool { address: server.to_owned(), life: life.to_owned(), free: Mutex::default() });
    let machines = Machines::on(functions(InMemory::new(), &pool))
        .machine::<journey::Machine>()
        .machine::<report::Machine>()
        .machine::<idle::Machine>()
        .machine::<work::Machine>()
        .machine::<many::Machine>();
    block_on(async { machines.serve(&format!("127.0.0.1:{port}")).await.unwrap() });
}

/// A process, until it is killed.
struct Process(Child);

impl Process {
    fn begin(port: u16, server: &str, life: usize) -> Self {
        let process = Command::new(std::env::current_exe().unwrap())
            .args(["process", &port.to_string(), server, &life.to_string()])
            .stdin(Stdio::null())
            .spawn();
        Self(process.unwrap())
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn drive(restate: &Restate) {
    let executions = from_environment("ASL_EXECUTIONS", 20);
    let kills = from_environment("ASL_KILLS", 4);
    let mut chance = from_environment("ASL_SEED", 7) as u64;
    let server = Arc::new(Mutex::new(Server::default()));
    let (address, port) = (serve(&server), free_port());
    let mut process = Process::begin(port, &address, 0);
    restate.register(port);
    workers_do_the_tasks_of_activities(restate);
    an_execution_can_be_stopped(restate);
    many_children_share_invocations(restate);
    let began = Instant::now();
    for execution in 0..executions {
        restate.start_execution("journey", &name(execution), &input(execution).to_string());
    }
    let is_over = AtomicBool::new(false);
    let mut servers = 0;
    thread::scope(|scope| {
        scope.spawn(|| answer_tokens(restate, &server, &is_over));
        let _over = Over(&is_over);
        for life in 1..=kills {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            thread::sleep(Duration::from_millis(200 + (chance >> 33) % 1500));
            if restate.count() > 1 && life.is_multiple_of(2) {
                let (node, after) = ((chance >> 40) as usize, 200 + (chance >> 20) % 2000);
                restate.restart(node, Duration::from_millis(after));
                servers += 1;
                continue;
            }
            // The port is free only when it has ended.
            process.kill();
            server.lock().unwrap().kills += 1;
            process = Process::begin(port, &address, life);
        }
        for execution in 0..executions {
            let (status, output) = wait_for("an end", || restate.output("journey", &name(execution)));
            let output = Value::from_json(&output).unwrap();
            assert_eq!((status, output), (200, expected(execution)), "{}", name(execution));
        }
    });
    let server = server.lock().unwrap();
    assert_eq!(server.faults, [] as [String; 0]);
    let handovers = restate.handovers();
    // The server that takes a partition over calls again what is under way there. That happens without a kill, too: when a server is slow
    // to say that it lives, and when one is back and has its part again.
    let is_of_handover = |repeat: &&Repeat| {
        let lost_before = |handover: &Timestamp| handover.plus(ON_ITS_WAY) >= repeat.first;
        handovers.iter().any(|handover| lost_before(handover) && *handover <= repeat.second)
    };
    let unexplained: Vec<_> = server.repeats.iter().filter(|repeat| !is_of_handover(repeat)).collect();
    assert_eq!(unexplained, [] as [&Repeat; 0], "called twice though nothing was killed or handed over");
    println!(
        "{executions} executions, {} kills of the process and {servers} of servers, {} handovers, {} tasks, {} of them called again, in {:.1} s: none lost, all outputs right",
        server.kills,
        handovers.len(),
        server.calls.len(),
        server.again,
        began.elapsed().as_secs_f64(),
    );
}

/// Says that it is over, even if that is by a panic.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sends results for the tokens that the server has, over and over: it knows when one has arrived.
fn answer_tokens(restate: &Restate, server: &Mutex<Server>, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        let tokens: Vec<_> = server.lock().unwrap().tokens.values().cloned().collect();
        for token in tokens {
            let body = format!(r#"{{"taskToken":"{token}","output":"\"yes\""}}"#);
            // It may be over already.
            let (status, answer) = restate.call("/journey.callbacks/success", &body);
            assert!(status == 200 || status == 404, "{status}: {answer}");
        }
        thread::sleep(Duration::from_millis(20));
    }
}
