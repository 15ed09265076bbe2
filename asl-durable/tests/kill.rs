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

use asl_durable::{Durable, DurableError, Filter};
use asl_runtime::{Compiled, InMemory, Invocation, TaskError, Text, Value, asl_machine};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

asl_machine!(mod journey = "machines/journey.json", allow = ["wait-without-timeout"]);
asl_machine!(mod report = "machines/report.json");
asl_machine!(mod idle = "machines/idle.json");

const REPORT: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:report";
const IDLE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:idle";
const CALL: &str = "arn:aws:lambda:us-east-1:123456789012:function:Call";
const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";
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

fn number(text: &str) -> usize {
    text.parse().unwrap()
}

fn from_environment(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| number(&value))
}

// ---- The process that is killed.

/// The functions of the machine, which ask the server.
fn functions(host: InMemory, pool: &Arc<Pool>) -> InMemory {
    let pool = Arc::clone(pool);
    let asking = Arc::clone(&pool);
    let call = move |invocation: Invocation| {
        let pool = Arc::clone(&pool);
        async move {
            let parameters = invocation.parameters();
            let text = |name: &str| parameters.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
            let (key, attempt) = (invocation.idempotency_key(), invocation.attempt());
            let (execution, lane, fail) = (text("execution"), text("lane"), text("fail"));
            let step = parameters.get("step").cloned().unwrap_or_default();
            let answer = pool.ask(format!("call {key} {execution} {lane} {step} {fail} {attempt}")).await?;
            match answer.split_once(' ') {
                Some(("ok", value)) => Ok(Value::from(value)),
                Some((error, cause)) => Err(TaskError::new(error, cause)),
                None => Err(TaskError::named(answer)),
            }
        }
    };
    let ask = move |invocation: Invocation| {
        let pool = Arc::clone(&asking);
        async move {
            let payload = invocation.parameters().get("Payload").cloned().unwrap_or_default();
            let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
            let (execution, token) = (text("execution"), text("token"));
            let key = invocation.idempotency_key();
            Arc::clone(&pool).ask(format!("call {key} {execution} ask 1 - 0")).await?;
            pool.ask(format!("token {execution} {token}")).await
        }
    };
    host.function(CALL, call)
        .function(ASK, ask)
        .state_machine::<report::Machine>(REPORT)
        .state_machine::<idle::Machine>(IDLE)
}

/// Connections to the server.
struct Pool {
    address: String,
    /// The number of this process.
    life: String,
    free: Mutex<Vec<BufReader<TcpStream>>>,
}

impl Pool {
    async fn ask(self: Arc<Self>, line: String) -> Result<String, TaskError> {
        let asked = tokio::task::spawn_blocking(move || {
            let free = self.free.lock().unwrap().pop();
            let mut connection = match free {
                Some(connection) => connection,
                None => BufReader::new(TcpStream::connect(&self.address)?),
            };
            connection.get_mut().write_all(format!("{} {line}\n", self.life).as_bytes())?;
            let mut answer = String::new();
            connection.read_line(&mut answer)?;
            self.free.lock().unwrap().push(connection);
            Ok::<_, std::io::Error>(answer.trim_end().to_owned())
        });
        asked.await.unwrap().map_err(|error| TaskError::new("Network", error.to_string()))
    }
}

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
        // What nobody waits for any more is stopped.
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

fn name(execution: usize) -> Text {
    format!("journey-{execution}").into()
}

fn input(execution: usize) -> Value {
    let days: Vec<_> = (0..1 + execution % 3).map(|day| format!("\"{day}\"")).collect();
    let input = format!(r#"{{"seconds": {}, "days": [{}]}}"#, execution % 2, days.join(", "));
    Value::from_json(&input).unwrap()
}

// ---- The server, and who kills.

/// What has been called.
#[derive(Default)]
struct Server {
    /// So often has the process been killed.
    kills: usize,
    /// The number of the process that was heard last.
    life: usize,
    /// Each key, with the number of the process that called it last.
    calls: HashMap<String, usize>,
    /// How far each execution, and each lane of it, is.
    phases: HashMap<String, usize>,
    steps: HashMap<(String, String), usize>,
    tokens: BTreeMap<String, String>,
    again: usize,
    faults: Vec<String>,
}

impl Server {
    fn answer(&mut self, line: &str) -> String {
        let words: Vec<_> = line.split_whitespace().collect();
        let Some((life, words)) = words.split_first() else { return String::from("ok -") };
        let life = number(life);
        if life < self.life {
            // It was killed, and this came late.
            return String::from("Dead -");
        }
        self.life = life;
        match words[..] {
            ["call", key, execution, lane, step, fail, attempt] => {
                self.call(key, execution, lane, number(step), fail, number(attempt))
            }
            ["token", execution, token] => {
                self.tokens.insert(execution.to_owned(), token.to_owned());
                String::from("ok asked")
            }
            ["tokens"] => self.tokens.values().cloned().collect::<Vec<_>>().join(" "),
            _ => {
                self.faults.push(format!("`{line}` makes no sense"));
                String::from("ok -")
            }
        }
    }

    fn call(
        &mut self,
        key: &str,
        execution: &str,
        lane: &str,
        step: usize,
        fail: &str,
        attempt: usize,
    ) -> String {
        if let Some(life) = self.calls.insert(key.to_owned(), self.life) {
            self.again += 1;
            if life == self.life {
                self.faults
                    .push(format!("{execution} {lane} {step} was called twice though nobody was killed"));
            }
        }
        let phase = phase(lane);
        let far = self.phases.entry(execution.to_owned()).or_default();
        if phase < *far {
            self.faults.push(format!("{execution} went back from {far} to {lane} {step}"));
        }
        *far = phase.max(*far);
        let far = self.steps.entry((execution.to_owned(), lane.to_owned())).or_default();
        if step < *far {
            self.faults.push(format!("{execution} {lane} went back from {far} to {step}"));
        }
        *far = step.max(*far);
        if phase > 3 {
            self.tokens.remove(execution);
        }
        if fail != "-" {
            return format!("{fail} it is so");
        }
        // Some have to be tried again.
        if lane == "flight" && step == 1 && attempt == 0 && execution.ends_with(['3', '7']) {
            return String::from("Busy for a moment");
        }
        format!("ok {lane}/{step}")
    }
}

fn phase(lane: &str) -> usize {
    match lane.split('-').next() {
        Some("flight" | "hotel") => 1,
        Some("day") => 2,
        Some("ask") => 3,
        Some("report") => 4,
        _ => 5,
    }
}

fn serve(server: &Arc<Mutex<Server>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = Arc::clone(server);
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let (server, connection) = (Arc::clone(&server), connection.unwrap());
            std::thread::spawn(move || {
                let mut connection = BufReader::new(connection);
                let mut line = String::new();
                while connection.read_line(&mut line).is_ok_and(|length| length > 0) {
                    // A line that was cut is nobody's.
                    if line.ends_with('\n') {
                        let answer = server.lock().unwrap().answer(&line);
                        // Whoever asked may be dead.
                        let _ = connection.get_mut().write_all(format!("{answer}\n").as_bytes());
                    }
                    line.clear();
                }
            });
        }
    });
    address
}

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
        // Each has started one report, and something that it did not wait for to the end.
        assert_eq!(ended.len(), 3 * executions);
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

fn expected(execution: usize) -> Value {
    let days = 1 + execution % 3;
    let list = |text: &dyn Fn(usize) -> String| (0..days).map(text).collect::<Vec<_>>().join(", ");
    let text = format!(
        r#"{{"seconds": {}, "days": [{}], "booked": ["flight/2", "hotel/2"], "visits": [{}], "confirmed": "yes",
            "report": {{"output": "report/1"}}, "stamps": [{}]}}"#,
        execution % 2,
        list(&|day| format!("\"{day}\"")),
        list(&|day| format!("\"day-{day}/1\"")),
        list(&|day| format!("\"stamp-{day}/1\"")),
    );
    Value::from_json(&text).unwrap()
}
