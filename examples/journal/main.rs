//! A host of its own, without any runtime: it writes each answer to a text file before anything follows from it. When it is started again
//! after a crash, it tells a new execution the answers that the file has, and goes on from there.
//!
//! The file has a line for the start of the execution, and one for each answer. What the machine computes is not in it: that comes of the
//! answers again.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]
#![expect(clippy::wildcard_enum_match_arm, reason = "there may be more wants than this host can do")]

use asl_runtime::engine::{EffectId, Execution, Outcome, Pace, Perform, Shared, Start, Timer, Want, program};
use asl_runtime::{ExecutionContext, TaskError, Timestamp, Value, asl_machine};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

asl_machine!(mod trip = "machine.json");

type Fault = Box<dyn Error>;

/// What came of an effect, and when.
type Answer = (EffectId, Outcome, Timestamp);

/// What the execution waits for.
enum Open {
    Task(Shared<Perform>),
    Timer(Timer, Timestamp),
}

/// `journal FILE [CRASH_AFTER]`: the second argument is for seeing a crash, after so many answers have been written.
fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| String::from("trip.journal"));
    let crash_after = arguments.next().map(|number| number.parse::<usize>()).transpose()?;
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = text.lines();
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let started = match lines.next() {
        Some(line) => serde_json::from_str(line)?,
        None => write(&mut file, json!({ "start": now().to_string(), "input": { "traveller": "Ana" } }))?,
    };
    let recorded = lines.map(read_answer).collect::<Result<Vec<_>, _>>()?;
    eprintln!("{} answers are known already", recorded.len());
    let output = drive(start(&started)?, recorded, &mut file, crash_after)?;
    println!("{output}");
    Ok(())
}

/// Drives the execution to its end, by the answers that are known, and by new ones.
fn drive(
    start: Start,
    recorded: Vec<Answer>,
    file: &mut File,
    crash_after: Option<usize>,
) -> Result<Value, Fault> {
    let mut now = start.context.start_time;
    let mut execution = Execution::start(program::<trip::Machine>(), start);
    let (mut recorded, mut open, mut written) = (recorded.into_iter(), BTreeMap::new(), 0);
    loop {
        // The time is that of the last answer, so that a replay sees the same.
        while execution.run(now, &Pace::Endless).is_more() {}
        for want in execution.wants() {
            match want {
                Want::Perform(task) => drop(open.insert(task.effect.clone(), Open::Task(task))),
                Want::Timer { effect, timer, due } => drop(open.insert(effect, Open::Timer(timer, due))),
                Want::Cancel { effect } => drop(open.remove(&effect)),
                Want::Ended(result) => return Ok(result?),
                other => return Err(format!("this host cannot do {other:?}").into()),
            }
        }
        let (effect, outcome, moment) = match recorded.next() {
            Some(answer) => answer,
            None => {
                let (effect, outcome) = next_answer(&open)?;
                let moment = self::now();
                write(file, json!({ "effect": effect, "outcome": outcome, "now": moment.to_string() }))?;
                written += 1;
                if crash_after == Some(written) {
                    std::process::abort();
                }
                (effect, outcome, moment)
            }
        };
        now = moment;
        open.remove(&effect);
        execution.answer(&effect, outcome, now);
    }
}

/// Does the first task there is, or waits for the first timer.
fn next_answer(open: &BTreeMap<EffectId, Open>) -> Result<(EffectId, Outcome), Fault> {
    let mut timers = Vec::new();
    for (effect, open) in open {
        match open {
            Open::Task(task) => return Ok((effect.clone(), Outcome::Ended(perform(task)))),
            Open::Timer(timer, due) => timers.push((*due, effect, *timer)),
        }
    }
    let (due, effect, timer) = timers.into_iter().min().ok_or("the execution waits for nothing")?;
    std::thread::sleep(due.since(now()));
    Ok((effect.clone(), Outcome::Fired(timer)))
}

/// The functions of this host. The first flight is full; the name of the effect tells attempts apart.
fn perform(task: &Perform) -> Result<Value, TaskError> {
    eprintln!("{}: {} does {}", task.effect, task.state, task.task.resource);
    match (task.state.as_str(), task.effect.attempt) {
        ("Flight", 0) => Err(TaskError::new("Full", "the first flight is full")),
        ("Flight", _) => Ok("AB 123".into()),
        ("Hotel", _) => Ok("Room 7".into()),
        ("Pay", _) => Ok(420.into()),
        (other, _) => Err(TaskError::runtime(format!("nothing does `{other}`"))),
    }
}

/// How the execution started, by the first line of the journal.
fn start(line: &Json) -> Result<Start, Fault> {
    let moment = text(line, "start").and_then(Timestamp::parse).ok_or("the journal has no start")?;
    let context = ExecutionContext {
        id: "arn:aws:states:local:000000000000:execution:trip:1".into(),
        name: "1".into(),
        input: Value::from(line.get("input").cloned().unwrap_or_default()),
        role_arn: "arn:aws:iam::000000000000:role/local".into(),
        start_time: moment,
        state_machine_id: "arn:aws:states:local:000000000000:stateMachine:trip".into(),
        state_machine_name: "trip".into(),
        redrive: None,
        is_synchronous: false,
    };
    // This machine has no task tokens; one that has them needs numbers here that cannot be guessed, kept in the first line.
    Ok(Start::new(context, [1, 2]))
}

fn read_answer(line: &str) -> Result<Answer, Fault> {
    let line: Json = serde_json::from_str(line)?;
    let moment = text(&line, "now").and_then(Timestamp::parse).ok_or("an answer has no time")?;
    let part = |name| line.get(name).cloned().unwrap_or_default();
    Ok((serde_json::from_value(part("effect"))?, serde_json::from_value(part("outcome"))?, moment))
}

fn text<'a>(line: &'a Json, name: &str) -> Option<&'a str> {
    line.get(name)?.as_str()
}

/// Writes a line, and returns when it is on the disk.
fn write(file: &mut File, line: Json) -> Result<Json, Fault> {
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()?;
    Ok(line)
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
