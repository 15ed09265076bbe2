//! The process of compiled machines alone: it goes on with executions for a client that does all that they want.
//!
//! It reads requests from its standard input and writes a response to each to its standard output, in their order. It has no network, no
//! clock and no credentials; time comes in with requests. The `main` of its program is one call:
//!
//! ```no_run
//! # use asl_engine::{Program, worker};
//! # fn program(machine: &'static dyn Program) -> std::process::ExitCode {
//! worker::main(&[machine])
//! # }
//! ```
//!
//! # Protocol
//!
//! The first that it writes is its [`GREETING`]. A client whose own is another one was built from other sources, and what it would say may mean
//! something else here.
//!
//! After that come frames. A frame is the number of its bytes, as four bytes of which the lowest comes first, and so many bytes in the form of the
//! [codec](crate::codec): a [`Request`] or a [`Response`]. There are never more than [`LARGEST`] bytes.
//!
//! | request | response |
//! | --- | --- |
//! | [`Start`](Request::Start): an execution of a machine, by its number among those of the program | [`Done`](Response::Done) |
//! | [`Run`](Request::Run): goes on as far as it can, or until others should run | [`Ran`](Response::Ran): how far, and what it wants and tells |
//! | [`Answer`](Request::Answer): what came of an effect | [`Answered`](Response::Answered): whether the execution waited for it |
//! | [`Stop`](Request::Stop): an evaluation that takes long is given up, and goes on with the next `Run` | none |
//! | [`Snapshot`](Request::Snapshot) | [`Snapshot`](Response::Snapshot) |
//! | [`Restore`](Request::Restore) | [`Done`](Response::Done) |
//! | [`Outstanding`](Request::Outstanding) | [`Outstanding`](Response::Outstanding): what the execution waits for |
//! | [`Renew`](Request::Renew): both of these in one | [`Done`](Response::Done) |
//! | [`Forget`](Request::Forget): the execution has no owner any more | [`Done`](Response::Done) |
//! | [`Try`](Request::Try): a single state of a machine | [`Tried`](Response::Tried) |
//! | [`Describe`](Request::Describe) | [`Described`](Response::Described): all machines and their states |
//!
//! The numbers of executions are those of the requests. A request that cannot be met is answered with
//! [`Refused`](Response::Refused), and changes nothing. Requests are read while executions run, so that `Stop` comes in time: it stops those
//! runs of the execution that were asked for before it.
//!
//! The process ends with 0 at the end of its input; with 2, and a text on its standard error, after a frame that is none; and with 1 where
//! its output cannot be written. Evaluations under way are given up in each case.
//!
//! The half of the client are [`Request::to_frame`], [`Frames`] and [`Response::from_frame`]. They do no IO either.

mod executions;
mod protocol;
#[cfg(test)]
mod tests;

pub use protocol::{
    FrameError, Frames, LARGEST, MachineDescription, Ran, Request, Response, StateDescription,
};

use crate::program::Program;
use executions::Executions;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Weak};
use std::thread;

/// What a worker says before anything else: from which sources it was built.
pub const GREETING: &[u8] = concat!("asl worker ", env!("ASL_ENGINE_SOURCES"), "\n").as_bytes();

/// How much stack there is to run on. Only what is used of it takes memory; code that is not optimised uses much.
const STACK: usize = 256 << 20;
/// So many bytes are read at once.
const CHUNK: usize = 64 << 10;

/// Serves executions of these machines until the standard input ends.
#[must_use]
pub fn main(machines: &[&'static dyn Program]) -> ExitCode {
    let greeted = io::stdout().write_all(GREETING).and_then(|()| io::stdout().flush()).map_err(Fault::Output);
    match greeted.and_then(|()| serve(machines, io::stdin().lock(), io::stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // Where this cannot be written either, nothing reads it.
            let _ = writeln!(io::stderr(), "error: {fault}");
            ExitCode::from(fault.code())
        }
    }
}

/// Why a worker ends before its input does.
#[derive(Debug)]
enum Fault {
    Input(io::Error),
    Frame(FrameError),
    Output(io::Error),
    Panicked,
}

impl Fault {
    const fn code(&self) -> u8 {
        match self {
            Self::Frame(_) => 2,
            Self::Input(_) | Self::Output(_) | Self::Panicked => 1,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "requests cannot be read: {error}"),
            Self::Frame(error) => write!(f, "a request is malformed: {error}"),
            Self::Output(error) => write!(f, "responses cannot be written: {error}"),
            Self::Panicked => f.write_str("a machine has panicked"),
        }
    }
}

impl From<FrameError> for Fault {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

/// A request, and what stops it.
struct Job {
    request: Request,
    enough: Arc<AtomicBool>,
}

fn serve(
    machines: &[&'static dyn Program],
    input: impl Read,
    output: impl Write + Send,
) -> Result<(), Fault> {
    thread::scope(|scope| {
        let (jobs, to_do) = mpsc::channel();
        let runner = thread::Builder::new()
            .name("executions".into())
            .stack_size(STACK)
            .spawn_scoped(scope, move || run(machines, &to_do, output))
            .map_err(Fault::Output)?;
        let mut stops = Stops::default();
        let read = read(input, &jobs, &mut stops);
        drop(jobs);
        stops.all();
        let ran = runner.join().map_err(|_| Fault::Panicked)?;
        // Where nothing can be written, reading ends because of that.
        ran.and(read)
    })
}

/// Reads requests, and hands them on.
fn read(mut input: impl Read, jobs: &Sender<Job>, stops: &mut Stops) -> Result<(), Fault> {
    let mut frames = Frames::default();
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => return Ok(frames.finish()?),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Fault::Input(error)),
        };
        frames.push(chunk.get(..length).unwrap_or_default());
        while let Some(frame) = frames.next_frame()? {
            let request = Request::from_frame(&frame)?;
            if let Request::Stop { execution } = request {
                stops.stop(execution);
                continue;
            }
            let enough = stops.of(&request);
            if jobs.send(Job { request, enough }).is_err() {
                return Ok(());
            }
        }
    }
}

/// Runs that were asked for and are not over.
#[derive(Default)]
struct Stops {
    runs: HashMap<u64, Vec<Weak<AtomicBool>>>,
}

impl Stops {
    /// What is looked at while a request is met.
    fn of(&mut self, request: &Request) -> Arc<AtomicBool> {
        let enough = Arc::new(AtomicBool::new(false));
        match request {
            Request::Run { execution, .. } => {
                let runs = self.runs.entry(*execution).or_default();
                runs.retain(|run| run.strong_count() > 0);
                runs.push(Arc::downgrade(&enough));
            }
            Request::Forget { execution } => {
                self.runs.remove(execution);
            }
            Request::Start { .. }
            | Request::Answer { .. }
            | Request::Stop { .. }
            | Request::Snapshot { .. }
            | Request::Restore { .. }
            | Request::Renew { .. }
            | Request::Outstanding { .. }
            | Request::Try { .. }
            | Request::Describe => {}
        }
        enough
    }

    fn stop(&self, execution: u64) {
        for run in self.runs.get(&execution).into_iter().flatten().filter_map(Weak::upgrade) {
            run.store(true, Ordering::Relaxed);
        }
    }

    fn all(&self) {
        for execution in self.runs.keys().copied().collect::<std::collections::BTreeSet<_>>() {
            self.stop(execution);
        }
    }
}

/// Meets requests one after the other.
fn run(machines: &[&'static dyn Program], jobs: &Receiver<Job>, mut output: impl Write) -> Result<(), Fault> {
    let mut executions = Executions::new(machines);
    for Job { request, enough } in jobs {
        let response = executions.meet(request, &enough);
        drop(enough);
        let frame = response.to_frame().unwrap_or_else(|error| refusal(&error));
        output.write_all(&frame).and_then(|()| output.flush()).map_err(Fault::Output)?;
    }
    Ok(())
}

/// What is said instead of what is too large to be said.
fn refusal(error: &FrameError) -> Vec<u8> {
    let refused = Response::Refused { reason: format!("the response is malformed: {error}") };
    refused.to_frame().unwrap_or_default()
}
