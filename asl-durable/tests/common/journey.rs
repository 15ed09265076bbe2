//! What is killed again and again is an execution of this machine, which waits for all that there is; and what its tasks call, which notes
//! what was called when, and finds calls that should not have been.

use asl_runtime::{InMemory, Invocation, TaskError, Text, Timestamp, Value, asl_machine};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

asl_machine!(pub mod journey = "../machines/journey.json", allow = ["wait-without-timeout"]);
asl_machine!(pub mod report = "../machines/report.json");
asl_machine!(pub mod idle = "../machines/idle.json");

pub(crate) const REPORT: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:report";
pub(crate) const IDLE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:idle";
pub(crate) const CALL: &str = "arn:aws:lambda:us-east-1:123456789012:function:Call";
pub(crate) const ASK: &str = "arn:aws:lambda:us-east-1:123456789012:function:Ask";
pub(crate) fn number(text: &str) -> usize {
    text.parse().unwrap()
}

pub(crate) fn from_environment(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |value| number(&value))
}

/// The functions of the machine, which ask the server.
pub(crate) fn functions(host: InMemory, pool: &Arc<Pool>) -> InMemory {
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
pub(crate) struct Pool {
    pub(crate) address: String,
    /// The number of this process.
    pub(crate) life: String,
    pub(crate) free: Mutex<Vec<BufReader<TcpStream>>>,
}

impl Pool {
    pub(crate) async fn ask(self: Arc<Self>, line: String) -> Result<String, TaskError> {
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

pub(crate) fn name(execution: usize) -> Text {
    format!("journey-{execution}").into()
}

pub(crate) fn input(execution: usize) -> Value {
    let days: Vec<_> = (0..1 + execution % 3).map(|day| format!("\"{day}\"")).collect();
    let input = format!(r#"{{"seconds": {}, "days": [{}]}}"#, execution % 2, days.join(", "));
    Value::from_json(&input).unwrap()
}

/// What has been called.
#[derive(Default)]
pub(crate) struct Server {
    /// So often has the process been killed.
    pub(crate) kills: usize,
    /// The number of the process that was heard last.
    pub(crate) life: usize,
    /// Each key, with the number of the process that called it last, and when.
    pub(crate) calls: HashMap<String, (usize, Timestamp)>,
    /// How far each execution, and each lane of it, is.
    pub(crate) phases: HashMap<String, usize>,
    pub(crate) steps: HashMap<(String, String), usize>,
    pub(crate) tokens: BTreeMap<String, String>,
    pub(crate) again: usize,
    /// What one process called twice: right only if what the process is reached through lost it in between.
    pub(crate) repeats: Vec<Repeat>,
    pub(crate) faults: Vec<String>,
}

/// Two calls of one process with the same key.
#[derive(Debug, PartialEq)]
pub(crate) struct Repeat {
    pub(crate) what: String,
    pub(crate) first: Timestamp,
    pub(crate) second: Timestamp,
}

/// The time, to the nanosecond.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::new(since.as_secs().try_into().unwrap(), since.subsec_nanos())
}

impl Server {
    pub(crate) fn answer(&mut self, line: &str) -> String {
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
        let second = now();
        if let Some((life, first)) = self.calls.insert(key.to_owned(), (self.life, second)) {
            self.again += 1;
            if life == self.life {
                self.repeats.push(Repeat { what: format!("{execution} {lane} {step}"), first, second });
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

pub(crate) fn phase(lane: &str) -> usize {
    match lane.split('-').next() {
        Some("flight" | "hotel") => 1,
        Some("day") => 2,
        Some("ask") => 3,
        Some("report") => 4,
        _ => 5,
    }
}

pub(crate) fn serve(server: &Arc<Mutex<Server>>) -> String {
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
                    // A line that was cut off belongs to no call.
                    if line.ends_with('\n') {
                        let answer = server.lock().unwrap().answer(&line);
                        // The process that asked may be dead.
                        let _ = connection.get_mut().write_all(format!("{answer}\n").as_bytes());
                    }
                    line.clear();
                }
            });
        }
    });
    address
}

pub(crate) fn expected(execution: usize) -> Value {
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
